package io.plumbline.drift.internal.profile;

import java.util.Arrays;

/** Different finite numbers in increasing order, each with how many rows have it. */
final class Runs {
  private final double[] values;
  private final long[] weights;
  private final long total;

  private Runs(double[] values, long[] weights, int size) {
    this.values = Arrays.copyOf(values, size);
    this.weights = Arrays.copyOf(weights, size);
    this.total = Arrays.stream(this.weights).sum();
  }

  /** Runs of numbers in increasing order. */
  static Runs of(double[] sorted) {
    long[] ones = new long[sorted.length];
    Arrays.fill(ones, 1);
    return of(sorted, ones);
  }

  /** Runs of numbers in increasing order, each standing for some rows. */
  static Runs of(double[] sorted, long[] weights) {
    double[] values = new double[sorted.length];
    long[] sums = new long[sorted.length];
    int size = 0;
    for (int i = 0; i < sorted.length; i++) {
      // The two zeros are one value.
      if (size > 0 && values[size - 1] == sorted[i]) {
        sums[size - 1] += weights[i];
      } else {
        values[size] = sorted[i] + 0.0;
        sums[size++] = weights[i];
      }
    }
    return new Runs(values, sums, size);
  }

  int size() {
    return values.length;
  }

  double value(int index) {
    return values[index];
  }

  long weight(int index) {
    return weights[index];
  }

  long total() {
    return total;
  }

  /** The least value that is not below this share of the rows; there must be a row. */
  double quantile(double share) {
    double rank = share * total;
    long seen = 0;
    for (int i = 0; i < values.length; i++) {
      seen += weights[i];
      if (seen >= rank) {
        return values[i];
      }
    }
    return values[values.length - 1];
  }
}
