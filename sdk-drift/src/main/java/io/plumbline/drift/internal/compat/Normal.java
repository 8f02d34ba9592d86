package io.plumbline.drift.internal.compat;

import io.plumbline.drift.internal.stat.ChiSquare;

/** The standard normal distribution's tails, by the chi-square distribution of z². */
final class Normal {
  private Normal() {}

  /** P(Z &gt; z). */
  static double sf(double z) {
    double half = ChiSquare.sf(z * z, 1) / 2;
    return z < 0 ? 1 - half : half;
  }

  static double cdf(double z) {
    return sf(-z);
  }
}
