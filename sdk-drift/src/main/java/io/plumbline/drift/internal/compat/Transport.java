package io.plumbline.drift.internal.compat;

/** Distances between two distribution functions; samples without NaN, sorted ascending. */
final class Transport {
  private Transport() {}

  /** How a gap between the functions counts. */
  enum Distance {
    WASSERSTEIN,
    ENERGY
  }

  /** ∫ |F - G| dx: how far a row must be carried on average. */
  static double wasserstein(double[] x, double[] y) {
    return integral(x, y, Distance.WASSERSTEIN);
  }

  /** √(2 ∫ (F - G)² dx). */
  static double energy(double[] x, double[] y) {
    return Math.sqrt(2) * Math.sqrt(integral(x, y, Distance.ENERGY));
  }

  private static double integral(double[] x, double[] y, Distance distance) {
    double sum = 0;
    double lost = 0;
    int i = 0;
    int j = 0;
    double from = Math.min(x[0], y[0]);
    while (i < x.length || j < y.length) {
      double to = j == y.length || (i < x.length && x[i] <= y[j]) ? x[i] : y[j];
      double gap = Math.abs((double) i / x.length - (double) j / y.length);
      double term = (distance == Distance.ENERGY ? gap * gap : gap) * (to - from) - lost;
      double next = sum + term;
      lost = (next - sum) - term;
      sum = next;
      while (i < x.length && x[i] <= to) {
        i++;
      }
      while (j < y.length && y[j] <= to) {
        j++;
      }
      from = to;
    }
    return sum;
  }
}
