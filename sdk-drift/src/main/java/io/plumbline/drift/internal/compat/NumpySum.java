package io.plumbline.drift.internal.compat;

/**
 * Sums in the order of numpy, whose rounding some of the tools' answers depend on: 1 - sum decides
 * in NannyML whether there is an overflow bin at all.
 */
final class NumpySum {
  private static final int BLOCK = 128;

  private NumpySum() {}

  /**
   * Returns the sum of all values, pairwise over blocks of 128 that are summed by eight
   * accumulators.
   *
   * <p>Source: N. J. Higham, The accuracy of floating point summation, SIAM J. Sci. Comput. 14
   * (1993), with the block size of numpy's {@code add.reduce}.
   */
  static double of(double[] values) {
    return of(values, 0, values.length);
  }

  static double mean(double[] values) {
    return of(values) / values.length;
  }

  private static double of(double[] values, int from, int count) {
    if (count < 8) {
      double sum = -0.0;
      for (int i = from; i < from + count; i++) {
        sum += values[i];
      }
      return sum + 0.0;
    }
    if (count <= BLOCK) {
      return block(values, from, count);
    }
    int half = count / 2;
    half -= half % 8;
    return of(values, from, half) + of(values, from + half, count - half);
  }

  private static double block(double[] values, int from, int count) {
    double[] part = new double[8];
    System.arraycopy(values, from, part, 0, 8);
    int i = 8;
    for (; i < count - count % 8; i += 8) {
      for (int lane = 0; lane < 8; lane++) {
        part[lane] += values[from + i + lane];
      }
    }
    double sum =
        ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    for (; i < count; i++) {
      sum += values[from + i];
    }
    return sum;
  }
}
