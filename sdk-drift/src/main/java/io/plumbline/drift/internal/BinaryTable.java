package io.plumbline.drift.internal;

import io.plumbline.drift.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a binary evaluation, by ascending score. */
public final class BinaryTable implements Table {
  private static final int AUC = 0;
  private static final int LOG_LOSS = 1;
  private static final int BRIER = 2;
  private static final int ACCURACY = 3;
  private static final int PRECISION = 4;
  private static final int RECALL = 5;
  private static final int F1 = 6;
  private static final int LIFT = 7; // and following, one for each fraction

  /** 2^-52: the distance from 1 to the next double, which numpy calls the eps of the type. */
  private static final double EPSILON = Math.ulp(1.0);

  private final Options options;
  private final Rows rows;
  private final double[] scores;
  private final boolean[] labels;

  /** Where each group of equal scores starts, and the number of rows at the end. */
  private final int[] groupStarts;

  /** The first row that counts as predicted positive. */
  private final int cut;

  /**
   * What the user chose, and what all rows together say about the scores; one for a table and all
   * its slices.
   *
   * @param probabilities whether all scores of the evaluation lie in [0, 1]
   * @param threshold the score from which on a row counts as predicted positive; null = 0.5 if the
   *     scores are probabilities
   * @param liftFractions the shares of top rows to compute the lift for
   * @param metrics the names of all metrics
   */
  private record Options(
      boolean probabilities,
      @Nullable Double threshold,
      List<Double> liftFractions,
      List<String> metrics) {

    boolean decides() {
      return threshold != null || probabilities;
    }
  }

  private BinaryTable(Options options, Rows rows, double[] scores, boolean[] labels) {
    this.options = options;
    this.rows = rows;
    this.scores = scores;
    this.labels = labels;
    this.groupStarts = groupStarts(scores);
    Double threshold = options.threshold();
    this.cut = firstAtLeast(threshold == null ? 0.5 : threshold, scores);
  }

  /** Makes a table of checked, finite scores; the arrays are neither kept nor changed. */
  public static BinaryTable of(
      double[] scores,
      boolean[] labels,
      double @Nullable [] weights,
      @Nullable Double threshold,
      List<Double> liftFractions) {
    Rows rows = Rows.of(scores.length, ScoreOrder.ascending(scores), weights);
    double[] sorted = Rows.pick(scores, rows.numbers());
    boolean[] sortedLabels = new boolean[rows.size()];
    for (int i = 0; i < sortedLabels.length; i++) {
      sortedLabels[i] = labels[rows.numbers()[i]];
    }
    boolean probabilities = sorted[0] >= 0 && sorted[sorted.length - 1] <= 1;
    List<String> metrics =
        new ArrayList<>(
            List.of("auc", "log_loss", "brier", "accuracy", "precision", "recall", "f1"));
    liftFractions.forEach(fraction -> metrics.add(MetricKeys.lift(fraction)));
    Options options =
        new Options(probabilities, threshold, List.copyOf(liftFractions), List.copyOf(metrics));
    return new BinaryTable(options, rows, sorted, sortedLabels);
  }

  @Override
  public int rows() {
    return rows.size();
  }

  @Override
  public List<String> metrics() {
    return options.metrics();
  }

  @Override
  public double[] values(int @Nullable [] counts) {
    double[] values = new double[options.metrics().size()];
    Arrays.fill(values, Double.NaN);
    TieGroups groups = groups(counts);
    values[AUC] = groups.auc();
    for (int i = 0; i < options.liftFractions().size(); i++) {
      values[LIFT + i] = groups.lift(options.liftFractions().get(i));
    }
    if (options.probabilities()) {
      addProbabilityMetrics(values, counts, groups.positives() + groups.negatives());
    }
    if (options.decides()) {
      addDecisionMetrics(values, counts, groups);
    }
    return values;
  }

  /**
   * Log loss: the mean of -ln p where the label is 1 and of -ln (1 - p) where it is 0, both
   * arguments clipped to [ε, 1 - ε] with ε = 2^-52, as scikit-learn does for doubles. Brier score:
   * the mean of (p - label)².
   */
  private void addProbabilityMetrics(double[] values, int @Nullable [] counts, double total) {
    Sum logs = new Sum();
    Sum squares = new Sum();
    for (int i = 0; i < scores.length; i++) {
      double weight = rows.weight(i, counts);
      if (weight > 0) {
        double ofLabel = labels[i] ? scores[i] : 1 - scores[i];
        double clipped = Math.min(Math.max(ofLabel, EPSILON), 1 - EPSILON);
        logs.add(-weight * Math.log(clipped));
        double miss = labels[i] ? 1 - scores[i] : scores[i];
        squares.add(weight * miss * miss);
      }
    }
    values[LOG_LOSS] = logs.value() / total;
    values[BRIER] = squares.value() / total;
  }

  /** Metrics of the decision "positive from the threshold on"; a division by zero gives zero. */
  private void addDecisionMetrics(double[] values, int @Nullable [] counts, TieGroups groups) {
    Sum hits = new Sum();
    Sum falseAlarms = new Sum();
    for (int i = cut; i < scores.length; i++) {
      (labels[i] ? hits : falseAlarms).add(rows.weight(i, counts));
    }
    double truePositives = hits.value();
    double falsePositives = falseAlarms.value();
    double positives = groups.positives();
    double right = truePositives + (groups.negatives() - falsePositives);
    values[ACCURACY] = Math.min(1, right / (positives + groups.negatives()));
    values[PRECISION] = ratio(truePositives, truePositives + falsePositives);
    values[RECALL] = Math.min(1, ratio(truePositives, positives));
    values[F1] = ratio(2 * truePositives, truePositives + falsePositives + positives);
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  @Override
  public String whyUndefined(int metric) {
    if (metric == AUC) {
      return "all " + rows() + " rows have the label " + (labels[0] ? 1 : 0) + "; it needs both";
    }
    if (metric >= LIFT) {
      return "no row has the label 1";
    }
    String range = "the scores lie between " + lowHigh() + ", not in [0, 1]";
    return metric == LOG_LOSS || metric == BRIER
        ? range + ": it needs probabilities"
        : range + ": name the score from which on a row is positive with threshold(...)";
  }

  private String lowHigh() {
    return scores[0] + " and " + scores[scores.length - 1];
  }

  @Override
  public @Nullable Interval interval(int metric, double value, double level) {
    if (rows.weights() != null) {
      return null;
    }
    long positives = count(0, true);
    long hits = count(cut, true);
    return switch (metric) {
      case AUC ->
          positives < 2 || rows() - positives < 2
              ? null
              : Intervals.deLong(groups(null), value, level);
      case ACCURACY -> wilson(hits + cut - (positives - hits), rows(), level);
      case PRECISION -> wilson(hits, rows() - cut, level);
      case RECALL -> wilson(hits, positives, level);
      default -> null;
    };
  }

  private static @Nullable Interval wilson(long successes, long trials, double level) {
    return trials == 0 ? null : Intervals.wilson(successes, trials, level);
  }

  /** Returns how many rows from a position on have a label. */
  private long count(int from, boolean label) {
    long count = 0;
    for (int i = from; i < labels.length; i++) {
      count += labels[i] == label ? 1 : 0;
    }
    return count;
  }

  @Override
  public String whyNoInterval(int metric) {
    boolean closedForm =
        metric == AUC || metric == ACCURACY || metric == PRECISION || metric == RECALL;
    if (!closedForm) {
      return "it has no closed-form interval; ask for bootstrap(1000, seed)";
    }
    if (rows.weights() != null) {
      return "with weights no closed form holds; ask for bootstrap(1000, seed)";
    }
    return switch (metric) {
      case AUC -> "DeLong's interval needs two rows of each class";
      case PRECISION -> "no row is predicted positive";
      default -> "no row has the label 1";
    };
  }

  @Override
  public @Nullable RocPoints roc() {
    TieGroups groups = groups(null);
    return groups.positives() == 0 || groups.negatives() == 0 ? null : groups.roc();
  }

  @Override
  public List<@Nullable Table> split(int[] codes, int size) {
    List<@Nullable Table> tables = new ArrayList<>(size);
    for (int[] positions : rows.positionsByCode(codes, size)) {
      tables.add(positions.length == 0 ? null : at(positions));
    }
    return tables;
  }

  private BinaryTable at(int[] positions) {
    boolean[] picked = new boolean[positions.length];
    for (int i = 0; i < positions.length; i++) {
      picked[i] = labels[positions[i]];
    }
    return new BinaryTable(options, rows.at(positions), Rows.pick(scores, positions), picked);
  }

  private TieGroups groups(int @Nullable [] counts) {
    int size = groupStarts.length - 1;
    double[] score = new double[size];
    double[] positive = new double[size];
    double[] negative = new double[size];
    for (int group = 0; group < size; group++) {
      Sum ofPositive = new Sum();
      Sum ofNegative = new Sum();
      for (int i = groupStarts[group]; i < groupStarts[group + 1]; i++) {
        (labels[i] ? ofPositive : ofNegative).add(rows.weight(i, counts));
      }
      score[group] = scores[groupStarts[group]];
      positive[group] = ofPositive.value();
      negative[group] = ofNegative.value();
    }
    return new TieGroups(score, positive, negative);
  }

  private static int[] groupStarts(double[] scores) {
    int[] starts = new int[scores.length + 1];
    int groups = 0;
    for (int i = 0; i < scores.length; i++) {
      if (i == 0 || scores[i] != scores[i - 1]) {
        starts[groups++] = i;
      }
    }
    starts[groups] = scores.length;
    return Arrays.copyOf(starts, groups + 1);
  }

  private static int firstAtLeast(double threshold, double[] scores) {
    int low = 0;
    int high = scores.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (scores[middle] < threshold) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
