package io.plumbline.drift.internal.compat;

/**
 * The standard error and the p-values of the Anderson-Darling statistic of two samples.
 *
 * <p>Source: F. W. Scholz and M. A. Stephens, K-sample Anderson-Darling tests, JASA 82 (1987): the
 * variance of section 3 and table 2 for two samples, between whose entries scipy interpolates ln p
 * by one parabola of least squares; beyond the table p stays 0.25 or 0.001.
 */
final class AndersonTable {
  private static final double[] CRITICAL = {0.325, 1.226, 1.961, 2.718, 3.752, 4.592, 6.546};
  private static final double[] SIGNIFICANCE = {0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};
  private static final double CENTRE = 3.0;
  private static final double[] PARABOLA = parabola();

  private AndersonTable() {}

  static double p(double statistic) {
    if (statistic < CRITICAL[0]) {
      return SIGNIFICANCE[0];
    }
    if (statistic > CRITICAL[CRITICAL.length - 1]) {
      return SIGNIFICANCE[SIGNIFICANCE.length - 1];
    }
    double x = statistic - CENTRE;
    return Math.exp(PARABOLA[0] + x * (PARABOLA[1] + x * PARABOLA[2]));
  }

  static double variance(double n, double m) {
    double all = n + m;
    double bigH = 1 / n + 1 / m;
    double sum = 0;
    double g = 0;
    for (double i = 1; i <= all - 2; i++) {
      sum += 1 / (all - i);
      g += sum / (i + 1);
    }
    double h = sum + 1;
    double a = 4 * g - 6 + (10 - 6 * g) * bigH;
    double b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * bigH - 8 * h + 4 * g - 6;
    double c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * bigH + 4 * h;
    double d = (2 * h + 6) * 4 - 8 * h;
    return (((a * all + b) * all + c) * all + d) / ((all - 1) * (all - 2) * (all - 3));
  }

  /** Solves the three normal equations of the least squares, about the middle of the table. */
  private static double[] parabola() {
    double[][] rows = new double[3][4];
    for (int i = 0; i < CRITICAL.length; i++) {
      double x = CRITICAL[i] - CENTRE;
      double[] powers = {1, x, x * x};
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
          rows[r][c] += powers[r] * powers[c];
        }
        rows[r][3] += powers[r] * Math.log(SIGNIFICANCE[i]);
      }
    }
    for (int pivot = 0; pivot < 3; pivot++) {
      for (int r = 0; r < 3; r++) {
        double factor = r == pivot ? 0 : rows[r][pivot] / rows[pivot][pivot];
        for (int c = pivot; c < 4; c++) {
          rows[r][c] -= factor * rows[pivot][c];
        }
      }
    }
    return new double[] {rows[0][3] / rows[0][0], rows[1][3] / rows[1][1], rows[2][3] / rows[2][2]};
  }
}
