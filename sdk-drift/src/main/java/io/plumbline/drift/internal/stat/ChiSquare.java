package io.plumbline.drift.internal.stat;

/**
 * The chi-square distribution, from the regularized incomplete gamma function.
 *
 * <p>Sources: W. H. Press and others, Numerical Recipes, section 6.2, for the series and the
 * continued fraction; C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000),
 * for a leading factor that keeps its digits when the degrees of freedom are many.
 */
public final class ChiSquare {
  private static final double EPSILON = 0x1p-53;
  private static final double TINY = 1e-300;

  // Stirling's series for the logarithm of the gamma function, from the term of 1/a on.
  private static final double[] STIRLING = {
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360
  };

  private ChiSquare() {}

  /**
   * Returns the probability that a chi-square variable is above {@code statistic}: the p-value of a
   * test. The relative error is below 1e-12 down to 1e-300.
   *
   * @param statistic any number; 1 is returned for what is not positive, NaN for NaN
   * @param dof degrees of freedom, at least 1
   */
  public static double sf(double statistic, int dof) {
    if (dof < 1) {
      throw new IllegalArgumentException("degrees of freedom must be at least 1, not " + dof);
    }
    if (Double.isNaN(statistic)) {
      return Double.NaN;
    }
    if (statistic <= 0) {
      return 1;
    }
    if (statistic == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double a = dof / 2.0;
    double x = statistic / 2;
    double leading = leading(a, x);
    return x < a + 1 ? 1 - leading * series(a, x) : leading * a * fraction(a, x);
  }

  /**
   * Returns the value that a chi-square variable exceeds with a given probability: the critical
   * value of a test.
   *
   * @param tail between 0 and 1, both excluded; not below 1e-300
   * @param dof degrees of freedom, at least 1
   */
  public static double critical(double tail, int dof) {
    if (!(tail >= 1e-300 && tail < 1)) {
      throw new IllegalArgumentException("a tail must lie between 1e-300 and 1, not " + tail);
    }
    double high = Math.max(1, dof);
    while (sf(high, dof) > tail) {
      high *= 2;
    }
    double low = 0;
    // Halving is slow but cannot fail; it ends when no double lies between the two.
    for (double middle = high / 2; low < middle && middle < high; middle = low + (high - low) / 2) {
      if (sf(middle, dof) > tail) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** x^a e^-x / Γ(a + 1), without the cancellation of its logarithms. */
  private static double leading(double a, double x) {
    return Math.exp(-deviance(a, x) - stirlingError(a)) / Math.sqrt(2 * Math.PI * a);
  }

  /** a ln(a / x) + x - a, never negative. */
  static double deviance(double a, double x) {
    double difference = a - x;
    if (Math.abs(difference) >= 0.1 * (a + x)) {
      return a * Math.log(a / x) - difference;
    }
    double v = difference / (a + x);
    double sum = difference * v;
    double term = 2 * a * v;
    for (int j = 1; ; j++) {
      term *= v * v;
      double next = sum + term / (2 * j + 1);
      if (next == sum) {
        return sum;
      }
      sum = next;
    }
  }

  /** What Stirling's formula for ln Γ(a + 1) lacks; a is a multiple of one half. */
  static double stirlingError(double a) {
    if (a > 15) {
      double error = 0;
      for (int i = STIRLING.length - 1; i >= 0; i--) {
        error = error / (a * a) + STIRLING[i];
      }
      return error / a;
    }
    boolean whole = a == Math.rint(a);
    double gamma = whole ? 1 : Math.sqrt(Math.PI);
    for (double factor = whole ? 1 : 0.5; factor <= a; factor++) {
      gamma *= factor;
    }
    return Math.log(gamma) - (a + 0.5) * Math.log(a) + a - 0.5 * Math.log(2 * Math.PI);
  }

  /** The lower tail over the leading factor: 1 + x/(a+1) + x²/((a+1)(a+2)) + ... */
  private static double series(double a, double x) {
    double sum = 1;
    double term = 1;
    for (double n = a + 1; term > sum * EPSILON; n++) {
      term *= x / n;
      sum += term;
    }
    return sum;
  }

  /** The upper tail over a times the leading factor, by Lentz's method. */
  private static double fraction(double a, double x) {
    double b = x + 1 - a;
    double c = 1 / TINY;
    double d = 1 / b;
    double value = d;
    double step = 0;
    for (long i = 1; Math.abs(step - 1) > 2 * EPSILON; i++) {
      double numerator = -i * (i - a);
      b += 2;
      d = nonZero(numerator * d + b);
      c = nonZero(b + numerator / c);
      d = 1 / d;
      step = d * c;
      value *= step;
    }
    return value;
  }

  private static double nonZero(double value) {
    return Math.abs(value) < TINY ? TINY : value;
  }
}
