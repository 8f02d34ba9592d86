package io.plumbline.drift.internal.compat;

import java.util.Arrays;

/** The two-sample Kolmogorov-Smirnov test as scipy's {@code ks_2samp} has it, two-sided. */
final class KolmogorovSmirnov {
  private static final int LARGEST_EXACT = 10_000;

  private KolmogorovSmirnov() {}

  /** Compares two samples without NaN, sorted ascending. */
  static TestResult test(double[] x, double[] y) {
    double d = statistic(x, y);
    long n = x.length;
    long m = y.length;
    if (Math.max(n, m) <= LARGEST_EXACT) {
      long common = gcd(n, m);
      long multiple = n / common * m;
      long steps = (long) Math.rint(d * multiple);
      double exact = (double) steps / multiple;
      double p = exact(n, m, common, steps);
      if (p >= 0 && p <= 1) {
        return new TestResult("exact", exact, p);
      }
      d = exact;
    }
    double effective = (double) Math.max(n, m) * Math.min(n, m) / (n + m);
    double p = KolmogorovLimit.sf(d, (long) Math.rint(effective));
    return new TestResult("asymptotic", d, Math.min(1, Math.max(0, p)));
  }

  /** The largest distance between the two distribution functions, from above or below. */
  static double statistic(double[] x, double[] y) {
    double above = 0;
    double below = 0;
    int i = 0;
    int j = 0;
    while (i < x.length || j < y.length) {
      double value = j == y.length || (i < x.length && x[i] <= y[j]) ? x[i] : y[j];
      while (i < x.length && x[i] <= value) {
        i++;
      }
      while (j < y.length && y[j] <= value) {
        j++;
      }
      double difference = (double) i / x.length - (double) j / y.length;
      above = Math.max(above, difference);
      below = Math.max(below, -difference);
    }
    return Math.max(above, below);
  }

  /** P(D &gt;= steps / lcm(n, m)) over all orders of the rows, which are equally likely. */
  private static double exact(long n, long m, long common, long steps) {
    if (steps == 0) {
      return 1;
    }
    return n == m ? square(n, steps) : touching(Math.max(n, m), Math.min(n, m), common, steps);
  }

  /**
   * For samples of one size: 2 Σ (-1)^(k+1) C(2n, n - k h) / C(2n, n), each factor divided by the
   * one before, from the inside out, so that nothing overflows.
   */
  private static double square(long n, long h) {
    double p = 0;
    for (long k = n / h; k >= 0; k--) {
      double ratio = 1;
      for (long j = 0; j < h; j++) {
        ratio = (n - k * h - j) * ratio / (n + k * h + j + 1);
      }
      p = ratio * (1 - p);
    }
    return 2 * p;
  }

  /**
   * The share of lattice paths from (0, 0) to (n, m) that touch one of the lines |x/n - y/m| =
   * steps / lcm. A path to (i, j) came from (i-1, j) with probability i / (i + j), so the shares of
   * a column follow from those of the column before it.
   *
   * <p>Source: T. Viehmann, Numerically more stable computation of the p-values for the two-sample
   * Kolmogorov-Smirnov test, arXiv 2102.08037 (2021).
   */
  private static double touching(long n, long m, long common, long steps) {
    long nStep = m / common; // how far a step along n leads to the line
    long mStep = n / common;
    double[] touched = new double[(int) m + 1];
    int low = 0;
    int high = (int) Math.min(ceilDiv(steps, mStep), m + 1); // exclusive: rows inside both lines
    Arrays.fill(touched, high, touched.length, 1);
    for (long i = 1; i <= n; i++) {
      int from = (int) Math.min(Math.max(Math.floorDiv(nStep * i - steps, mStep) + 1, 0), m);
      int to = (int) Math.min(ceilDiv(nStep * i + steps, mStep), m + 1);
      if (to <= from) {
        return 1;
      }
      Arrays.fill(touched, low, from, 1); // what left the band has touched its lower line
      double share = from == 0 ? 0 : 1;
      for (int j = from; j < to; j++) {
        share = (touched[j] * i + share * j) / (i + j);
        touched[j] = share;
      }
      low = from;
      high = to;
    }
    return touched[high - 1];
  }

  private static long ceilDiv(long a, long b) {
    return -Math.floorDiv(-a, b);
  }

  static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
