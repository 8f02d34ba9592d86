package io.plumbline.drift.internal.compat;

/** A small symmetric matrix taken apart into its eigenvalues by Jacobi's rotations. */
final class Symmetric {
  private final double[][] a;
  private final double[][] vectors;
  private final double smallest;

  Symmetric(double[][] matrix) {
    int size = matrix.length;
    this.a = new double[size][];
    this.vectors = new double[size][size];
    for (int i = 0; i < size; i++) {
      a[i] = matrix[i].clone();
      vectors[i][i] = 1;
    }
    for (int sweep = 0; sweep < 60; sweep++) {
      for (int p = 0; p < size; p++) {
        for (int q = p + 1; q < size; q++) {
          rotate(p, q);
        }
      }
    }
    double largest = 0;
    for (int i = 0; i < size; i++) {
      largest = Math.max(largest, Math.abs(a[i][i]));
    }
    this.smallest = 1e-15 * largest; // numpy.linalg.pinv takes what is smaller for zero
  }

  int rank() {
    int rank = 0;
    for (int i = 0; i < a.length; i++) {
      rank += Math.abs(a[i][i]) > smallest ? 1 : 0;
    }
    return rank;
  }

  /** v' A⁺ v, A⁺ the pseudo-inverse. */
  double inverseForm(double[] v) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      double along = 0;
      for (int i = 0; i < v.length; i++) {
        along += vectors[i][k] * v[i];
      }
      sum += Math.abs(a[k][k]) > smallest ? along * along / a[k][k] : 0;
    }
    return sum;
  }

  private void rotate(int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double cos = 1 / Math.sqrt(t * t + 1);
    double sin = t * cos;
    for (int k = 0; k < a.length; k++) {
      turn(a[k], p, q, cos, sin);
      turn(vectors[k], p, q, cos, sin);
    }
    for (int k = 0; k < a.length; k++) {
      double ap = a[p][k];
      double aq = a[q][k];
      a[p][k] = cos * ap - sin * aq;
      a[q][k] = sin * ap + cos * aq;
    }
  }

  private static void turn(double[] row, int p, int q, double cos, double sin) {
    double atP = row[p];
    double atQ = row[q];
    row[p] = cos * atP - sin * atQ;
    row[q] = sin * atP + cos * atQ;
  }
}
