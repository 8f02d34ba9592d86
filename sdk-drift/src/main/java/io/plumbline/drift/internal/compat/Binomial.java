package io.plumbline.drift.internal.compat;

/**
 * Binomial and hypergeometric probabilities that keep their digits for large numbers.
 *
 * <p>Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000).
 */
final class Binomial {
  private static final double[] STIRLING = {
    1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360
  };
  private static final double[] SMALL = smallErrors();

  private Binomial() {}

  /** The probability of k successes in n trials of probability p. */
  static double probability(long k, long n, double p) {
    return probability(k, n, p, n * p - k);
  }

  /**
   * The same, where the caller knows the distance of the mean n p from k better than n p tells.
   *
   * @param beyond n p - k
   */
  static double probability(long k, long n, double p, double beyond) {
    if (k < 0 || k > n) {
      return 0;
    }
    if (p <= 0 || p >= 1) {
      return k == (p <= 0 ? 0 : n) ? 1 : 0;
    }
    if (k == 0) {
      return Math.exp(n * Math.log1p(-p));
    }
    if (k == n) {
      return Math.exp(n * Math.log(p));
    }
    double log =
        stirlingError(n)
            - stirlingError(k)
            - stirlingError(n - k)
            - deviance((double) k, beyond)
            - deviance((double) (n - k), -beyond);
    return Math.exp(log) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
  }

  /**
   * The probability of {@code k} marked ones among {@code drawn} of a population with {@code
   * marked} marked and {@code other} other ones.
   */
  static double hypergeometric(long k, long marked, long other, long drawn) {
    if (k < Math.max(0, drawn - other) || k > Math.min(drawn, marked)) {
      return 0;
    }
    if (drawn == 0 || drawn == marked + other) {
      return 1;
    }
    double p = (double) drawn / (marked + other);
    return probability(k, marked, p)
        * probability(drawn - k, other, p)
        / probability(drawn, marked + other, p, 0);
  }

  /** x ln(x / mean) + mean - x, where the mean lies {@code beyond} above x; never negative. */
  private static double deviance(double x, double beyond) {
    double mean = x + beyond;
    if (Math.abs(beyond) >= 0.1 * (x + mean)) {
      return x * Math.log(x / mean) + beyond;
    }
    double v = -beyond / (x + mean);
    double sum = -beyond * v;
    double term = 2 * x * v;
    for (int j = 1; ; j++) {
      term *= v * v;
      double next = sum + term / (2 * j + 1);
      if (next == sum) {
        return sum;
      }
      sum = next;
    }
  }

  /** What Stirling's formula for ln n! lacks. */
  private static double stirlingError(long n) {
    return n < SMALL.length ? SMALL[(int) n] : series((double) n);
  }

  private static double series(double n) {
    double error = 0;
    for (int i = STIRLING.length - 1; i >= 0; i--) {
      error = error / (n * n) + STIRLING[i];
    }
    return error / n;
  }

  private static double[] smallErrors() {
    // From a large number down by ln n! = ln (n+1)! - ln(n+1), in a form without cancellation.
    double[] errors = new double[31];
    double above = series(errors.length);
    for (int n = errors.length - 1; n > 0; n--) {
      above += (n + 0.5) * Math.log1p(1.0 / n) - 1;
      errors[n] = above;
    }
    return errors;
  }
}
