package io.plumbline.drift.internal.performance;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Metrics from expected counts: a row of probability p is p of a positive and 1 - p of a negative
 * one. Rows come by falling score.
 *
 * <p>Source: NannyML's confidence-based performance estimation; its curves count to five decimals.
 */
public final class SoftCounts {
  private final Calibrated calibration = new Calibrated();
  private double truePositives;
  private double falsePositives;
  private double trueNegatives;
  private double falseNegatives;

  private double positives;
  private double rows;
  private double area;
  private double precisionArea;
  private double lastTrue;
  private double lastFalse;

  /**
   * Adds rows of one score.
   *
   * @param score their score
   * @param selected how many of them are predicted positive
   * @param others how many are not
   * @param probability that one of them is positive, calibrated
   */
  public void add(double score, double selected, double others, double probability) {
    calibration.add(score, selected + others, probability);
    truePositives += selected * probability;
    falsePositives += selected * (1 - probability);
    trueNegatives += others * (1 - probability);
    falseNegatives += others * probability;
    positives += (selected + others) * probability;
    rows += selected + others;
    double nowTrue = fiveDecimals(positives);
    double nowFalse = fiveDecimals(rows - positives);
    area += (nowFalse - lastFalse) * (nowTrue + lastTrue) / 2;
    precisionArea += (nowTrue - lastTrue) * nowTrue / rows;
    lastTrue = nowTrue;
    lastFalse = nowFalse;
  }

  private static double fiveDecimals(double count) {
    return Math.rint(count * 1e5) / 1e5;
  }

  /**
   * The metrics by key; those that are 0 / 0 are left out, but for the ratios that NannyML sets to
   * 0.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (lastTrue > 0 && lastFalse > 0) {
      metrics.put("auc", area / lastTrue / lastFalse);
    }
    if (lastTrue > 0) {
      metrics.put("average_precision", precisionArea / lastTrue);
    }
    metrics.put("accuracy", (truePositives + trueNegatives) / rows);
    metrics.put("precision", ratio(truePositives, truePositives + falsePositives));
    metrics.put("recall", ratio(truePositives, truePositives + falseNegatives));
    metrics.put("specificity", ratio(trueNegatives, trueNegatives + falsePositives));
    metrics.put(
        "f1", ratio(truePositives, truePositives + 0.5 * (falsePositives + falseNegatives)));
    metrics.put("positive_rate", positives / rows);
    metrics.put("decision_rate", (truePositives + falsePositives) / rows);
    if (calibration.isKnown()) {
      metrics.put("calibration_error", calibration.error());
    }
    return metrics;
  }

  private static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  /** Mean score against mean probability, over ten bins of the score; see {@link Reliability}. */
  private static final class Calibrated {
    private static final int BINS = 10;

    private final double[] distance = new double[BINS];
    private double rows;
    private boolean probabilities = true;

    void add(double score, double count, double probability) {
      if (!(score >= 0 && score <= 1)) {
        probabilities = false;
        return;
      }
      distance[Math.min(BINS - 1, (int) (score * BINS))] += count * (score - probability);
      rows += count;
    }

    boolean isKnown() {
      return probabilities && rows > 0;
    }

    double error() {
      double sum = 0;
      for (double one : distance) {
        sum += Math.abs(one);
      }
      return sum / rows;
    }
  }
}
