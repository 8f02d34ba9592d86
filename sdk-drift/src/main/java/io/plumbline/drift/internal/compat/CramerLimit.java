package io.plumbline.drift.internal.compat;

/**
 * The limit law of the Cramér-von Mises statistic: Σ Γ(k+1/2)/Γ(k+1) √(4k+1) exp(-q) K(q) / (π^1.5
 * √x), q = (4k+1)²/16x, with the Bessel function K of order 1/4.
 *
 * <p>Source: S. Csörgő and J. J. Faraway, The exact and asymptotic distributions of Cramér-von
 * Mises statistics, Journal of the Royal Statistical Society B 58 (1996), equation 1.3.
 */
final class CramerLimit {
  private static final double STEP = 1.0 / 32;

  private CramerLimit() {}

  static double cdf(double x) {
    double total = 0;
    double gamma = Math.sqrt(Math.PI); // Γ(k + 1/2) / Γ(k + 1)
    for (int k = 0; ; k++) {
      double y = 4.0 * k + 1;
      double q = y * y / (16 * x);
      double term = gamma / (Math.pow(Math.PI, 1.5) * Math.sqrt(x)) * Math.sqrt(y) * bessel(q);
      total += term;
      // scipy stops here too, although the terms left out may be seen in the ninth digit.
      if (Math.abs(term) < 1e-7) {
        return total;
      }
      gamma *= (k + 0.5) / (k + 1);
    }
  }

  /**
   * exp(-q) K(q), from the integral of exp(-q cosh t) cosh(t/4) over t from 0. The trapezoidal rule
   * converges faster than any power of its step on it.
   */
  private static double bessel(double q) {
    double sum = Math.exp(-2 * q) / 2;
    for (int i = 1; ; i++) {
      double t = i * STEP;
      double term = Math.exp(-q - q * Math.cosh(t)) * Math.cosh(t / 4);
      sum += term;
      if (term <= sum * 1e-18) {
        return sum * STEP;
      }
    }
  }
}
