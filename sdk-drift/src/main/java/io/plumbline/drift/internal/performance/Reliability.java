package io.plumbline.drift.internal.performance;

/** Weighted means, and how far scores are from the shares that they promise. */
public final class Reliability {
  private static final int BINS = 10;

  private Reliability() {}

  /** The weighted mean; NaN without a row. */
  public static double mean(double[] values, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int row = 0; row < values.length; row++) {
      sum += values[row] * weights[row];
      weight += weights[row];
    }
    return weight == 0 ? Double.NaN : sum / weight;
  }

  /** The expected calibration error over ten bins of equal width; NaN without a row. */
  public static double error(double[] scores, double[] labels, double[] weights) {
    double[] gap = new double[BINS];
    double all = 0;
    for (int row = 0; row < scores.length; row++) {
      if (!(scores[row] >= 0 && scores[row] <= 1)) {
        throw new IllegalStateException(
            "a score is " + scores[row] + "; only probabilities have a calibration error");
      }
      int bin = Math.min(BINS - 1, (int) (scores[row] * BINS));
      gap[bin] += weights[row] * (scores[row] - labels[row]);
      all += weights[row];
    }
    double sum = 0;
    for (double distance : gap) {
      sum += Math.abs(distance);
    }
    return all == 0 ? Double.NaN : sum / all;
  }
}
