package io.plumbline.drift.internal.compat;

/**
 * P(D &lt; x) of the one-sample Kolmogorov-Smirnov statistic as the probability that a Poisson
 * process stays between two lines, from one of their 2n + 2 crossings to the next.
 *
 * <p>Source: J. Pomeranz, Exact cumulative distribution of the Kolmogorov-Smirnov statistic for
 * small samples, Communications of the ACM 17 (1974), algorithm 487.
 */
final class Pomeranz {
  private static final double SCALE = 0x1p128;

  private final int n;
  private final int whole;
  private final double fraction;
  private final double smaller;
  private int exponent;

  private Pomeranz(double x, int n) {
    double t = n * x;
    this.n = n;
    this.whole = (int) Math.floor(t);
    this.fraction = t - whole;
    this.smaller = Math.min(fraction, 1 - fraction);
  }

  static double cdf(double x, int n) {
    return new Pomeranz(x, n).cdf();
  }

  private double cdf() {
    double[] ways = new double[n + 1];
    ways[0] = 1;
    int low = 0;
    int high = 0;
    for (int i = 1; i <= 2 * n + 1; i++) {
      double[] poisson = powers((crossing(i) - crossing(i - 1)) / n);
      int from = Math.max(0, lowest(i));
      int to = Math.min(n, highest(i));
      double[] next = new double[n + 1];
      double largest = 0;
      for (int j = from; j <= to; j++) {
        for (int l = low; l <= Math.min(high, j); l++) {
          next[j] += ways[l] * poisson[j - l];
        }
        largest = Math.max(largest, next[j]);
      }
      ways = scaled(next, largest);
      low = from;
      high = to;
    }
    return timesFactorial(ways[n]);
  }

  /** Where the i-th crossing is: 0, g, 1 - g, 1 + g, ..., n. */
  private double crossing(int i) {
    if (i == 0 || i == 2 * n + 1) {
      return i == 0 ? 0 : n;
    }
    int step = i / 2; // both crossings of a step are as far from a whole number
    return i % 2 == 1 ? step + smaller : step - smaller;
  }

  /** floor(crossing - t) + 1, in whole numbers: rounding must not move a line. */
  private int lowest(int i) {
    int up = fraction > 0 ? 1 : 0;
    if (i == 2 * n + 1) {
      return n - whole - up + 1;
    }
    boolean far = fraction > 0.5;
    return i % 2 == 1 ? (i - 1) / 2 - whole + (far ? 0 : 1) : i / 2 - whole - up + 1;
  }

  /** ceil(crossing + t) - 1. */
  private int highest(int i) {
    int up = fraction > 0 ? 1 : 0;
    if (i == 2 * n + 1) {
      return n + whole + up - 1;
    }
    boolean far = fraction > 0.5;
    return i % 2 == 1 ? (i - 1) / 2 + whole + up - 1 : i / 2 + whole - (far ? 0 : 1);
  }

  /** mean^k / k!, the probabilities of a Poisson variable without their common factor. */
  private double[] powers(double mean) {
    double[] powers = new double[n + 1];
    powers[0] = 1;
    for (int k = 1; k <= n; k++) {
      powers[k] = powers[k - 1] * mean / k;
    }
    return powers;
  }

  private double[] scaled(double[] ways, double largest) {
    if (largest > 0 && largest < 1 / SCALE) {
      for (int j = 0; j < ways.length; j++) {
        ways[j] *= SCALE;
      }
      exponent -= 128;
    }
    return ways;
  }

  private double timesFactorial(double value) {
    double p = value;
    for (int i = 1; i <= n; i++) {
      if (p > SCALE) {
        p /= SCALE;
        exponent += 128;
      }
      p *= i;
    }
    return Math.scalb(p, exponent);
  }
}
