package io.plumbline.drift.internal.compat;

/**
 * The upper tail of the one-sample Kolmogorov-Smirnov statistic D, which scipy calls {@code
 * kstwo.sf} and takes for two large samples with n = round(n m / (n + m)).
 *
 * <p>It switches between formulas where scipy does. Sources: R. Simard and P. L'Ecuyer, Computing
 * the Two-Sided Kolmogorov-Smirnov Distribution, Journal of Statistical Software 39 (2011), for the
 * regions; each method names its own.
 */
final class KolmogorovLimit {
  private static final double SCALE = 0x1p128;
  private static final double SQRT_2PI = Math.sqrt(2 * Math.PI);

  private KolmogorovLimit() {}

  /** Returns P(D &gt;= x) for n observations, n at least 1. */
  static double sf(double x, long n) {
    double t = n * x;
    if (x >= 1 || t <= 0.5) {
      return x >= 1 ? 0 : 1;
    }
    if (t <= 1) {
      return clip(1 - nearMinimum(t, n));
    }
    if (t >= n - 1) {
      return clip(2 * Math.pow(1 - x, (double) n));
    }
    double spread = t * x;
    if (x >= 0.5 || (n <= 140 && spread > 4) || (n > 140 && spread >= 2.2)) {
      return n > 140 && x < 0.5 && spread >= 370 ? 0 : clip(2 * oneSided(x, n));
    }
    if (n <= 140) {
      double below = spread <= 0.754693 ? durbin(x, (int) n) : Pomeranz.cdf(x, (int) n);
      return clip(1 - below);
    }
    boolean few = n <= 100_000 && n * Math.pow(x, 1.5) <= 1.4;
    return clip(1 - (few ? durbin(x, (int) n) : pelzGood(x, n)));
  }

  private static double clip(double p) {
    return Math.min(1, Math.max(0, p));
  }

  /** n! ((2t - 1) / n)^n, for 1/2 &lt; t = n x &lt;= 1 (Ruben and Gambino 1982). */
  private static double nearMinimum(double t, long n) {
    if (n <= 140) {
      double product = 1;
      for (int i = 1; i <= n; i++) {
        product *= i * (1.0 / n) * (2 * t - 1);
      }
      return product;
    }
    double r = 1.0 / n;
    double stirling = r * (1.0 / 12 - r * r * (1.0 / 360 - r * r / 1260));
    double factorial = Math.log((double) n) / 2 - n + Math.log(2 * Math.PI) / 2 + stirling;
    return Math.exp(factorial + n * Math.log(2 * t - 1));
  }

  /**
   * The tail of the one-sided statistic: x Σ C(n, j) (x + j/n)^(j-1) (1 - x - j/n)^(n-j) over the j
   * up to n (1 - x). Each term is a binomial probability over its own p.
   *
   * <p>Source: Z. W. Birnbaum and F. H. Tingey, One-sided confidence contours for probability
   * distribution functions, Annals of Mathematical Statistics 22 (1951).
   */
  static double oneSided(double x, long n) {
    double t = n * x;
    double sum = 0;
    for (long j = 0; j <= n - t; j++) {
      double p = (t + j) / n;
      sum += Binomial.probability(j, n, p, t) / p;
    }
    return x * sum;
  }

  /**
   * P(D &lt; x) from the power of a matrix. Sources: J. Durbin, Distribution Theory for Tests Based
   * on the Sample Distribution Function (1973); G. Marsaglia, W. W. Tsang and J. Wang, Evaluating
   * Kolmogorov's Distribution, Journal of Statistical Software 8 (2003).
   */
  private static double durbin(double x, int n) {
    double t = n * x;
    int k = (int) Math.ceil(t);
    double[][] step = transitions(k, k - t);
    double[][] power = identity(step.length);
    int exponent = 0;
    int stepExponent = 0;
    for (int left = n; left > 0; left /= 2) {
      if (left % 2 == 1) {
        power = product(power, step);
        exponent += stepExponent;
      }
      step = product(step, step);
      stepExponent *= 2;
      if (Math.abs(step[k - 1][k - 1]) > SCALE) {
        for (double[] row : step) {
          for (int j = 0; j < row.length; j++) {
            row[j] /= SCALE;
          }
        }
        stepExponent += 128;
      }
    }
    double p = power[k - 1][k - 1];
    for (int i = 1; i <= n; i++) {
      p = i * p / n;
      if (Math.abs(p) < 1 / SCALE) {
        p *= SCALE;
        exponent -= 128;
      }
    }
    return Math.scalb(p, exponent);
  }

  /**
   * The matrix H of Durbin: 1/(i-j+1)! below the upper diagonal, its first column and last row cut.
   */
  private static double[][] transitions(int k, double h) {
    int m = 2 * k - 1;
    double[] inverse = new double[m + 1]; // 1 / i!
    inverse[0] = 1;
    for (int i = 1; i <= m; i++) {
      inverse[i] = inverse[i - 1] / i;
    }
    double[] edge = new double[m];
    for (int i = 0; i < m; i++) {
      edge[i] = (1 - Math.pow(h, i + 1)) * inverse[i + 1];
    }
    edge[m - 1] = (1 + Math.pow(Math.max(2 * h - 1, 0), m) - 2 * Math.pow(h, m)) * inverse[m];
    double[][] matrix = new double[m][m];
    for (int i = 0; i < m; i++) {
      for (int j = 1; j <= Math.min(i + 1, m - 1); j++) {
        matrix[i][j] = inverse[i - j + 1];
      }
      matrix[i][0] = edge[i];
    }
    for (int j = 0; j < m; j++) {
      matrix[m - 1][j] = edge[m - 1 - j];
    }
    return matrix;
  }

  private static double[][] identity(int size) {
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      matrix[i][i] = 1;
    }
    return matrix;
  }

  private static double[][] product(double[][] a, double[][] b) {
    int size = a.length;
    double[][] c = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int l = 0; l < size; l++) {
        double factor = a[i][l];
        for (int j = 0; j < size; j++) {
          c[i][j] += factor * b[l][j];
        }
      }
    }
    return c;
  }

  /**
   * The expansion K0(z) + K1(z)/√n + K2(z)/n + K3(z)/n^(3/2) of P(D &lt;= z/√n) for large n.
   *
   * <p>Source: W. Pelz and I. J. Good, Approximating the lower tail-areas of the Kolmogorov-Smirnov
   * one-sample statistic, Journal of the Royal Statistical Society B 38 (1976).
   */
  private static double pelzGood(double x, long n) {
    double z = Math.sqrt((double) n) * x;
    double z2 = z * z;
    if (-Math.PI * Math.PI / 8 / z2 < -708) {
      return 0;
    }
    double[] odd = new double[4]; // sums over (k + 1/2)² π²
    double[] all = new double[2]; // sums over k² π²
    for (int k = (int) Math.ceil(16 * z / Math.PI); k >= 1; k--) {
      double half = (k - 0.5) * (k - 0.5) * Math.PI * Math.PI;
      addOdd(odd, z2, half, Math.exp(-half / (2 * z2)));
      double whole = (double) k * k * Math.PI * Math.PI;
      double weight = Math.exp(-whole / (2 * z2));
      all[0] += whole * weight;
      all[1] += (3 * whole * z2 - whole * whole) * weight;
    }
    double z4 = z2 * z2;
    double k0 = SQRT_2PI * odd[0] / z;
    double k1 = SQRT_2PI * odd[1] / (6 * z4);
    double k2 = SQRT_2PI * (odd[2] / (72 * z4 * z2 * z) - all[0] / (36 * z2 * z));
    double k3 = SQRT_2PI * (odd[3] / (6480 * z4 * z4 * z2) + all[1] / (216 * z4 * z2));
    double root = Math.sqrt((double) n);
    return k0 + k1 / root + k2 / n + k3 / (n * root);
  }

  private static void addOdd(double[] sums, double z2, double w, double weight) {
    double z4 = z2 * z2;
    double z6 = z4 * z2;
    sums[0] += weight;
    sums[1] += (w - z2) * weight;
    sums[2] += (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * w + (1 - 2 * z2) * w * w) * weight;
    sums[3] +=
        (w * w * w * (5 - 30 * z2)
                + w * w * (-60 * z2 + 212 * z4)
                + w * (135 * z4 - 96 * z6)
                - 30 * z6
                - 90 * z4 * z4)
            * weight;
  }
}
