package io.plumbline.drift.internal.stat;

/**
 * Distances between two distributions over the same cells: p the reference's shares, q the current
 * ones; both add up to 1.
 */
public final class Distances {
  private static final double LN_2 = Math.log(2);

  private Distances() {}

  /**
   * The population stability index, the sum of (q - p) ln(q / p); no share may be 0 on one side
   * only.
   *
   * <p>Source: B. Yurdakul, Statistical Properties of Population Stability Index (2018): without
   * drift it is about (1/n + 1/m) times a chi-square variable of one degree of freedom less than
   * cells.
   */
  public static double psi(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i] == q[i] ? 0 : (q[i] - p[i]) * Math.log(q[i] / p[i]);
    }
    return sum;
  }

  /** The Kullback-Leibler divergence of q from p in nats, the sum of p ln(p / q). */
  public static double kl(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += p[i] == 0 ? 0 : p[i] * Math.log(p[i] / q[i]);
    }
    return Math.max(0, sum);
  }

  /** The Jensen-Shannon distance to base 2, from 0 to 1: the square root of the divergence. */
  public static double js(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double middle = (p[i] + q[i]) / 2;
      sum += p[i] == 0 ? 0 : p[i] * Math.log(p[i] / middle);
      sum += q[i] == 0 ? 0 : q[i] * Math.log(q[i] / middle);
    }
    return Math.sqrt(Math.max(0, Math.min(1, sum / 2 / LN_2)));
  }

  /**
   * The Hellinger distance, from 0 to 1, as the root of half the sum of (√p - √q)²: the form with a
   * product loses all digits near 0.
   */
  public static double hellinger(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      double difference = Math.sqrt(p[i]) - Math.sqrt(q[i]);
      sum += difference * difference;
    }
    return Math.min(1, Math.sqrt(sum / 2));
  }

  /** The total variation, from 0 to 1: half the sum of |p - q|. */
  public static double totalVariation(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.abs(p[i] - q[i]);
    }
    return Math.min(1, sum / 2);
  }
}
