package io.plumbline.drift;

import io.plumbline.drift.internal.ScoreOrder;
import io.plumbline.drift.internal.performance.SoftCounts;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Estimates how well a binary model does before any label has come: confidence-based performance
 * estimation. Each row of calibrated probability p counts as p of a positive and 1 - p of a
 * negative row.
 *
 * <pre>{@code
 * CalibrationMap map = CalibrationMap.isotonic(referenceScores, referenceLabels);
 * Cbpe estimate = Cbpe.of(map, windowCounts);                    // every row, without any row
 * Cbpe exact = Cbpe.of(map, scores, decisions);                  // from rows, NannyML's numbers
 * Cbpe logged = Cbpe.of(map, predictionRecords, 0.5);            // from the rows of a sampled log
 * double precision = estimate.value("precision");
 * }</pre>
 *
 * It holds while rows change but what a score means does not (covariate shift); when the meaning
 * changes (concept drift), only labels tell. Metrics: {@code auc, average_precision, accuracy,
 * precision, recall, specificity, f1}, as NannyML 0.13 estimates them, and {@code positive_rate},
 * the expected class balance, {@code decision_rate}, the share predicted positive, and {@code
 * calibration_error}: over ten bins of the score of equal width, the mean distance between the mean
 * score and the mean probability. Immutable.
 */
public final class Cbpe {
  private static final Set<String> UNDEFINED =
      Set.of("auc", "average_precision", "calibration_error");

  private final long rows;
  private final Map<String, Double> metrics;
  private final double binningError;

  private Cbpe(long rows, Map<String, Double> metrics, double binningError) {
    this.rows = rows;
    this.metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    this.binningError = binningError;
  }

  /**
   * Estimates from rows.
   *
   * @param scores finite, as the model gave them
   * @param positive whether each row is predicted positive
   * @throws IllegalArgumentException if there is no row, if lengths differ, or if a score is NaN or
   *     infinite
   */
  public static Cbpe of(CalibrationMap map, double[] scores, boolean[] positive) {
    Objects.requireNonNull(map, "map");
    Checks.finite("scores", scores);
    Checks.sameLength("positive", positive.length, "scores", scores.length);
    double[] weights = new double[scores.length];
    Arrays.fill(weights, 1);
    return of(map, scores, positive, weights);
  }

  private static Cbpe of(
      CalibrationMap map, double[] scores, boolean[] positive, double[] weights) {
    SoftCounts counts = new SoftCounts();
    int[] order = ScoreOrder.ascending(scores);
    for (int i = order.length - 1; i >= 0; i--) {
      int row = order[i];
      double weight = weights[row];
      double probability = map.probability(scores[row]);
      counts.add(scores[row], positive[row] ? weight : 0, positive[row] ? 0 : weight, probability);
    }
    return new Cbpe(scores.length, counts.metrics(), 0);
  }

  /**
   * Estimates from rows of a prediction log. A row that the log kept with probability r counts as 1
   * / r rows, so that a log that keeps some rows rather than others gives the figures of all.
   *
   * @param threshold the score from which on a row is predicted positive
   * @throws IllegalArgumentException if there is no row
   */
  public static Cbpe of(
      CalibrationMap map, Collection<PredictionRecord> predictions, double threshold) {
    Objects.requireNonNull(map, "map");
    double[] scores = predictions.stream().mapToDouble(PredictionRecord::score).toArray();
    Checks.finite("predictions", scores);
    double[] weights = predictions.stream().mapToDouble(PredictionRecord::weight).toArray();
    return of(map, scores, decisions(scores, threshold), weights);
  }

  /**
   * Estimates from rows that are predicted positive from a threshold on.
   *
   * @param scores finite, as the model gave them
   */
  public static Cbpe of(CalibrationMap map, double[] scores, double threshold) {
    return of(map, scores, decisions(scores, threshold));
  }

  private static boolean[] decisions(double[] scores, double threshold) {
    boolean[] positive = new boolean[scores.length];
    for (int row = 0; row < scores.length; row++) {
      positive[row] = scores[row] >= threshold;
    }
    return positive;
  }

  /**
   * Estimates from what was counted of a window: no row is needed.
   *
   * @throws IllegalArgumentException if the scores of its rows were not counted, or not of all of
   *     them, as by a log that was sampled; or if no row has a score
   */
  public static Cbpe of(CalibrationMap map, WindowCounts window) {
    return of(
        map,
        window
            .scores()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the window has not the scores of all its "
                            + window.rows()
                            + " rows; they are counted while serving, with a threshold, or from a"
                            + " log that is not sampled")));
  }

  /**
   * What is expected of a window of a model: empty if its profile has no calibration, or if the
   * window has not the scores of all its rows, or no score at all.
   */
  public static Optional<Cbpe> expected(Profile profile, WindowCounts window) {
    Optional<ScoreHistogram> scores = window.scores().filter(known -> known.rows() > 0);
    return profile
        .calibration()
        .filter(calibration -> calibration.rows().stream().anyMatch(rows -> rows > 0))
        .flatMap(known -> scores.map(some -> of(CalibrationMap.isotonic(known), some)));
  }

  /**
   * Estimates from counts, each row taken for one in the middle of its bin. Rows without a score
   * are left out.
   *
   * @throws IllegalArgumentException if the histogram is empty
   */
  public static Cbpe of(CalibrationMap map, ScoreHistogram histogram) {
    SoftCounts counts = new SoftCounts();
    long rows = 0;
    double error = 0;
    for (int bin = histogram.bins() - 1; bin >= 0; bin--) {
      long selected = histogram.selected(bin);
      long others = histogram.others(bin);
      if (selected + others > 0) {
        double middle = (bin + 0.5) / histogram.bins();
        double probability = map.probability(middle);
        double low = map.probability((double) bin / histogram.bins());
        double high = map.probability((bin + 1.0) / histogram.bins());
        counts.add(middle, (double) selected, (double) others, probability);
        rows += selected + others;
        error += (double) (selected + others) * Math.max(high - probability, probability - low);
      }
    }
    if (rows == 0) {
      throw new IllegalArgumentException("the histogram is empty; there is nothing to estimate");
    }
    return new Cbpe(rows, counts.metrics(), error / rows);
  }

  /** The number of rows with a score; of a sampled log, those that it kept. */
  public long rows() {
    return rows;
  }

  /** The estimated metrics by key; those that are 0 / 0 are left out. Unmodifiable. */
  public Map<String, Double> metrics() {
    return metrics;
  }

  /**
   * Returns one estimated metric; NaN if it is 0 / 0.
   *
   * @throws IllegalArgumentException if there is no metric of that key
   */
  public double value(String key) {
    Double value = metrics.get(key);
    if (value == null && !UNDEFINED.contains(key)) {
      throw new IllegalArgumentException(
          "no metric \"" + key + "\" is estimated; there are " + metrics.keySet());
    }
    return value == null ? Double.NaN : value;
  }

  /**
   * How far the mean probability of the rows can be from what it would be without bins: the mean
   * over the rows of the most that the calibrated probability changes between the middle and an
   * edge of their bin. Accuracy and positive rate are off by no more; precision by no more than
   * this over the decision rate, recall by twice this over the positive rate, AUC by this over the
   * rarer class's share, calibration error by this and half the width of a bin. 0 for an estimate
   * from rows.
   */
  public double binningError() {
    return binningError;
  }

  @Override
  public String toString() {
    return "estimated performance of " + rows + " rows: " + metrics;
  }
}
