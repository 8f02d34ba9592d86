package io.plumbline.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** The same measurement, made several times. */
final class Spread {
  private final double[] sorted;

  Spread(double... values) {
    this.sorted = values.clone();
    Arrays.sort(sorted);
  }

  double median() {
    int n = sorted.length;
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "(median of %d, %.4g to %.4g)",
        sorted.length,
        sorted[0],
        sorted[sorted.length - 1]);
  }
}
