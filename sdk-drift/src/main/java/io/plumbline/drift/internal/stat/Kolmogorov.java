package io.plumbline.drift.internal.stat;

/** The limit of the Kolmogorov-Smirnov statistic's distribution. */
public final class Kolmogorov {
  private Kolmogorov() {}

  /**
   * The p-value of a statistic of two samples, with Stephens' correction for finite ones.
   *
   * <p>Source: M. A. Stephens, Use of the Kolmogorov-Smirnov, Cramér-von Mises and Related
   * Statistics Without Extensive Tables, JRSS B 32 (1970).
   */
  public static double p(double statistic, long n, long m) {
    double effective = (double) n / (n + m) * m;
    double root = Math.sqrt(effective);
    return tail((root + 0.12 + 0.11 / root) * statistic);
  }

  private static double tail(double lambda) {
    if (lambda <= 0) {
      return 1;
    }
    if (lambda < 1.18) {
      double sum = 0;
      for (int k = 1; k <= 9; k += 2) {
        sum += Math.exp(-k * k * Math.PI * Math.PI / (8 * lambda * lambda));
      }
      return Math.max(0, 1 - Math.sqrt(2 * Math.PI) / lambda * sum);
    }
    double sum = 0;
    for (int k = 1; k <= 6; k++) {
      sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * lambda * lambda);
    }
    return Math.min(1, sum);
  }
}
