package io.plumbline.drift;

import io.plumbline.drift.internal.ScoreOrder;
import io.plumbline.drift.internal.performance.SoftCounts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Estimates how well a binary model does before any label has come: confidence-based performance
 * estimation. Each row of calibrated probability p counts as p of a positive and 1 - p of a
 * negative row.
 *
 * <pre>{@code
 * CalibrationMap map = CalibrationMap.isotonic(referenceScores, referenceLabels);
 * Cbpe estimate = Cbpe.of(map, histogram);                       // kilobytes, in the process
 * Cbpe exact = Cbpe.of(map, scores, decisions);                  // from rows, NannyML's numbers
 * double precision = estimate.value("precision");
 * }</pre>
 *
 * It holds while rows change but what a score means does not (covariate shift); when the meaning
 * changes (concept drift), only labels tell. Metrics: {@code auc, average_precision, accuracy,
 * precision, recall, specificity, f1}, as NannyML 0.13 estimates them, and {@code positive_rate},
 * the expected class balance, and {@code decision_rate}, the share predicted positive. Immutable.
 */
public final class Cbpe {
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
    SoftCounts counts = new SoftCounts();
    int[] order = ScoreOrder.ascending(scores);
    for (int i = order.length - 1; i >= 0; i--) {
      int row = order[i];
      counts.add(positive[row] ? 1 : 0, positive[row] ? 0 : 1, map.probability(scores[row]));
    }
    return new Cbpe(scores.length, counts.metrics(), 0);
  }

  /**
   * Estimates from rows that are predicted positive from a threshold on.
   *
   * @param scores finite, as the model gave them
   */
  public static Cbpe of(CalibrationMap map, double[] scores, double threshold) {
    boolean[] positive = new boolean[scores.length];
    for (int row = 0; row < scores.length; row++) {
      positive[row] = scores[row] >= threshold;
    }
    return of(map, scores, positive);
  }

  /**
   * Estimates from counts, each row taken for one in the middle of its bin.
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
        double probability = map.probability((bin + 0.5) / histogram.bins());
        double low = map.probability((double) bin / histogram.bins());
        double high = map.probability((bin + 1.0) / histogram.bins());
        counts.add((double) selected, (double) others, probability);
        rows += selected + others;
        error += (double) (selected + others) * Math.max(high - probability, probability - low);
      }
    }
    if (rows == 0) {
      throw new IllegalArgumentException("the histogram is empty; there is nothing to estimate");
    }
    return new Cbpe(rows, counts.metrics(), error / rows);
  }

  /** The number of rows. */
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
    if (value == null && !key.equals("auc") && !key.equals("average_precision")) {
      throw new IllegalArgumentException(
          "no metric \"" + key + "\" is estimated; there are " + metrics.keySet());
    }
    return value == null ? Double.NaN : value;
  }

  /**
   * How far the mean probability of the rows can be from what it would be without bins: the mean
   * over the rows of the most that the calibrated probability changes between the middle and an
   * edge of their bin. Accuracy and positive rate are off by no more; precision by no more than
   * this over the decision rate. 0 for an estimate from rows.
   */
  public double binningError() {
    return binningError;
  }

  @Override
  public String toString() {
    return "estimated performance of " + rows + " rows: " + metrics;
  }
}
