package io.plumbline.drift.internal.compat;

/** Student's t distribution and the two-sample test of means, scipy's {@code ttest_ind}. */
final class Student {
  private static final double TINY = 1e-300;

  private Student() {}

  /**
   * Tests whether two means are equal, two-sided.
   *
   * @param pooled one variance for both samples (Student); false for one each (Welch)
   */
  static TestResult test(double[] x, double[] y, boolean pooled) {
    double n = x.length;
    double m = y.length;
    double difference = NumpySum.mean(x) - NumpySum.mean(y);
    double vx = variance(x, 1);
    double vy = variance(y, 1);
    double error;
    double dof;
    if (pooled) {
      dof = n + m - 2;
      double both = ((n == 1 ? 0 : (n - 1) * vx) + (m == 1 ? 0 : (m - 1) * vy)) / dof;
      error = Math.sqrt(both * (1 / n + 1 / m));
    } else {
      double ex = vx / n;
      double ey = vy / m;
      dof = (ex + ey) * (ex + ey) / (ex * ex / (n - 1) + ey * ey / (m - 1));
      error = Math.sqrt(ex + ey);
    }
    double t = difference / error;
    return new TestResult(pooled ? "pooled variance" : "Welch", t, twoSided(t, dof));
  }

  /**
   * The mean of the squared distances from the mean, over n - ddof; NaN where that is not above 0.
   */
  static double variance(double[] values, int ddof) {
    if (values.length <= ddof) {
      return Double.NaN;
    }
    double mean = NumpySum.mean(values);
    double[] squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = (values[i] - mean) * (values[i] - mean);
    }
    return NumpySum.of(squares) / (values.length - ddof);
  }

  /** P(|T| &gt; |t|). */
  static double twoSided(double t, double dof) {
    if (Double.isNaN(t) || !(dof > 0)) {
      return Double.NaN;
    }
    if (Double.isInfinite(t)) {
      return 0;
    }
    if (t == 0) {
      return 1;
    }
    double a = dof / 2;
    double square = t * t / dof;
    double x = 1 / (1 + square);
    double front = Math.exp(-a * Math.log1p(square) - 0.5 * Math.log1p(1 / square));
    front *= gammaRatio(a) / Math.sqrt(Math.PI);
    return x < (a + 1) / (a + 2.5)
        ? front * fraction(a, 0.5, x) / a
        : 1 - front * fraction(0.5, a, square * x) * 2;
  }

  /** Γ(a + 1/2) / Γ(a), by Stirling's series with the large parts taken off by hand. */
  private static double gammaRatio(double a) {
    double ratio = 1;
    double z = a;
    for (; z < 20; z++) {
      ratio *= z / (z + 0.5);
    }
    double log = z * Math.log1p(0.5 / z) + 0.5 * Math.log(z) - 0.5 + rest(z + 0.5) - rest(z);
    return ratio * Math.exp(log);
  }

  private static double rest(double z) {
    double square = z * z;
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / z;
  }

  /**
   * The continued fraction of the incomplete beta function, by Lentz's method. Source: W. H. Press
   * and others, Numerical Recipes, section 6.4.
   */
  private static double fraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / nonZero(1 - (a + b) * x / (a + 1));
    double value = d;
    for (int m = 1; m < 1_000_000; m++) {
      double even = m * (b - m) * x / ((a - 1 + 2 * m) * (a + 2 * m));
      d = 1 / nonZero(1 + even * d);
      c = nonZero(1 + even / c);
      value *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 1 + 2 * m));
      d = 1 / nonZero(1 + odd * d);
      c = nonZero(1 + odd / c);
      double step = d * c;
      value *= step;
      if (Math.abs(step - 1) < 4e-16) {
        break;
      }
    }
    return value;
  }

  private static double nonZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}
