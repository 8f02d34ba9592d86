package io.plumbline.drift;

import io.plumbline.drift.internal.performance.Isotonic;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * Turns a score into the probability that the row is positive, learned from reference rows whose
 * truth is known. Immutable.
 *
 * <p>The isotonic map is the non-decreasing function nearest to the labels, scikit-learn's {@code
 * IsotonicRegression(out_of_bounds="clip")}: straight between the scores it has seen, flat beyond.
 */
public final class CalibrationMap {
  private final DoubleUnaryOperator map;

  private CalibrationMap(DoubleUnaryOperator map) {
    this.map = map;
  }

  /** For scores that are calibrated probabilities already. */
  public static CalibrationMap identity() {
    return new CalibrationMap(score -> score);
  }

  /**
   * Fits the isotonic map on rows.
   *
   * @param scores finite
   * @param labels one for each score
   * @throws IllegalArgumentException if there is no row, if lengths differ, or if a score is NaN or
   *     infinite
   */
  public static CalibrationMap isotonic(double[] scores, boolean[] labels) {
    Checks.finite("scores", scores);
    Checks.sameLength("labels", labels.length, "scores", scores.length);
    double[] targets = new double[scores.length];
    double[] weights = new double[scores.length];
    Arrays.fill(weights, 1);
    for (int row = 0; row < targets.length; row++) {
      targets[row] = labels[row] ? 1 : 0;
    }
    return new CalibrationMap(Isotonic.fit(scores, targets, weights)::at);
  }

  /**
   * Fits the isotonic map on what a profile knows of its scores.
   *
   * @throws IllegalArgumentException if it has no row
   */
  public static CalibrationMap isotonic(Calibration calibration) {
    return isotonic(calibration.rows(), calibration.positives());
  }

  /**
   * Fits the isotonic map on counts by bin of the score, each bin at its middle: what a reference
   * profile holds.
   *
   * @param rows how many rows each bin of [0, 1] has, bins of equal width
   * @param positives how many of them were positive
   * @throws IllegalArgumentException if there is no row, if lengths differ, or if a bin has more
   *     positives than rows
   */
  public static CalibrationMap isotonic(List<Long> rows, List<Long> positives) {
    Checks.sameLength("positives", positives.size(), "rows", rows.size());
    int size = (int) rows.stream().filter(count -> count > 0).count();
    if (size == 0) {
      throw new IllegalArgumentException("rows has no row; a calibration needs labelled rows");
    }
    double[] middles = new double[size];
    double[] shares = new double[size];
    double[] weights = new double[size];
    int filled = 0;
    for (int bin = 0; bin < rows.size(); bin++) {
      long count = rows.get(bin);
      long positive = positives.get(bin);
      if (count < 0 || positive < 0 || positive > count) {
        throw new IllegalArgumentException(
            "bin " + bin + " has " + positive + " positives of " + count + " rows");
      }
      if (count > 0) {
        middles[filled] = (bin + 0.5) / rows.size();
        shares[filled] = (double) positive / count;
        weights[filled++] = count;
      }
    }
    return new CalibrationMap(Isotonic.fit(middles, shares, weights)::at);
  }

  /** The probability that a row of this score is positive, 0 to 1. */
  public double probability(double score) {
    return Math.min(1, Math.max(0, map.applyAsDouble(score)));
  }
}
