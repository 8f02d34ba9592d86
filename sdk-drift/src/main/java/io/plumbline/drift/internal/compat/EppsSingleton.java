package io.plumbline.drift.internal.compat;

import io.plumbline.drift.internal.stat.ChiSquare;
import java.util.Arrays;

/**
 * The test of two empirical characteristic functions at 0.4 and 0.8 over half the interquartile
 * range, scipy's {@code epps_singleton_2samp}.
 *
 * <p>Source: T. W. Epps and K. J. Singleton, An omnibus test for the two-sample problem using the
 * empirical characteristic function, Journal of Statistical Computation and Simulation 26 (1986).
 */
final class EppsSingleton {
  private static final double[] POINTS = {0.4, 0.8};
  private static final int SIZE = 4;

  private EppsSingleton() {}

  /**
   * Compares two samples.
   *
   * @throws IllegalArgumentException with fewer than five rows, or half of them equal
   */
  static TestResult test(double[] x, double[] y) {
    int n = x.length;
    int m = y.length;
    if (n < 5 || m < 5) {
      throw new IllegalArgumentException(
          "Epps-Singleton needs five rows at least on each side; there are " + n + " and " + m);
    }
    double sigma = halfInterquartile(x, y);
    if (sigma == 0) {
      throw new IllegalArgumentException(
          "half of all rows are equal, so Epps-Singleton has no scale; use another test");
    }
    double[][] gx = waves(x, sigma);
    double[][] gy = waves(y, sigma);
    double[] difference = new double[SIZE];
    double[][] covariance = new double[SIZE][SIZE];
    double all = (double) n + m;
    for (int i = 0; i < SIZE; i++) {
      difference[i] = NumpySum.mean(gx[i]) - NumpySum.mean(gy[i]);
      for (int j = 0; j < SIZE; j++) {
        covariance[i][j] = all / n * covariance(gx[i], gx[j]) + all / m * covariance(gy[i], gy[j]);
      }
    }
    Symmetric law = new Symmetric(covariance);
    double w = all * law.inverseForm(difference);
    if (Math.max(n, m) < 25) {
      w /= 1 + Math.pow(all, -0.45) + 10.1 * (Math.pow(n, -1.7) + Math.pow(m, -1.7));
    }
    return new TestResult("t = 0.4, 0.8", w, ChiSquare.sf(w, law.rank()));
  }

  private static double[][] waves(double[] values, double sigma) {
    double[][] waves = new double[SIZE][values.length];
    for (int row = 0; row < values.length; row++) {
      for (int t = 0; t < POINTS.length; t++) {
        double angle = POINTS[t] / sigma * values[row];
        waves[t][row] = Math.cos(angle);
        waves[t + POINTS.length][row] = Math.sin(angle);
      }
    }
    return waves;
  }

  private static double covariance(double[] a, double[] b) {
    double meanA = NumpySum.mean(a);
    double meanB = NumpySum.mean(b);
    double[] products = new double[a.length];
    for (int i = 0; i < products.length; i++) {
      products[i] = (a[i] - meanA) * (b[i] - meanB);
    }
    return NumpySum.mean(products);
  }

  private static double halfInterquartile(double[] x, double[] y) {
    double[] all = Arrays.copyOf(x, x.length + y.length);
    System.arraycopy(y, 0, all, x.length, y.length);
    Arrays.sort(all);
    return (quantile(all, 0.75) - quantile(all, 0.25)) / 2;
  }

  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    double fraction = place - below;
    double low = sorted[below];
    double high = sorted[Math.min(below + 1, sorted.length - 1)];
    return low + (high - low) * fraction;
  }
}
