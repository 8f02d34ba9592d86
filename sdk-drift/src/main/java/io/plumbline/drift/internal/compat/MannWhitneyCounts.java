package io.plumbline.drift.internal.compat;

/** How often the Mann-Whitney statistic has each value, over all orders of rows without ties. */
final class MannWhitneyCounts {
  private MannWhitneyCounts() {}

  /** P(U &gt;= u). */
  static double sf(long u, int n, int m) {
    int few = Math.min(n, m);
    int many = Math.max(n, m);
    int size = few * many;
    double[] counts = counts(few, many, size);
    // The law is symmetric about half of n m; the lower half has the counts without cancellation.
    double above = 0;
    double all = 0;
    for (int k = 0; k <= size; k++) {
      double count = counts[Math.min(k, size - k)];
      all += count;
      above += k >= u ? count : 0;
    }
    return above / all;
  }

  /**
   * The coefficients of the Gaussian binomial C(n + m, n): the product of (1 - x^(m+i)) / (1 - x^i)
   * for i to n, of which the lower half is kept.
   */
  private static double[] counts(int few, int many, int size) {
    int half = size / 2 + 1;
    double[] counts = new double[half];
    counts[0] = 1;
    for (int i = 1; i <= few; i++) {
      for (int k = half - 1; k >= many + i; k--) {
        counts[k] -= counts[k - many - i];
      }
      for (int k = i; k < half; k++) {
        counts[k] += counts[k - i];
      }
    }
    return counts;
  }
}
