package io.plumbline.drift.internal.compat;

/** Distances between the shares of two samples in the same bins; p is the reference's. */
final class Divergence {
  private Divergence() {}

  /** Σ (p - q) ln(p / q). */
  static double psi(double[] p, double[] q) {
    double[] terms = new double[p.length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = (p[i] - q[i]) * Math.log(p[i] / q[i]);
    }
    return NumpySum.of(terms);
  }

  /** Σ p ln(p / q) in nats, after both were made to sum to 1. */
  static double kullbackLeibler(double[] p, double[] q) {
    return relativeEntropy(toOne(p), toOne(q));
  }

  /**
   * √(½ Σ p ln(p / m) + ½ Σ q ln(q / m)), m = (p + q) / 2, after both were made to sum to 1.
   *
   * @param logBase what one unit of entropy is: e or 2
   */
  static double jensenShannon(double[] p, double[] q, double logBase) {
    double[] a = toOne(p);
    double[] b = toOne(q);
    double[] middle = new double[a.length];
    for (int i = 0; i < middle.length; i++) {
      middle[i] = (a[i] + b[i]) / 2;
    }
    double sum = relativeEntropy(a, middle) + relativeEntropy(b, middle);
    return Math.sqrt((logBase == Math.E ? sum : sum / Math.log(logBase)) / 2);
  }

  /** √(Σ (√p - √q)²) / √2. */
  static double hellinger(double[] p, double[] q) {
    double[] terms = new double[p.length];
    for (int i = 0; i < terms.length; i++) {
      double difference = Math.sqrt(p[i]) - Math.sqrt(q[i]);
      terms[i] = difference * difference;
    }
    return Math.sqrt(NumpySum.of(terms)) / Math.sqrt(2);
  }

  /** √(1 - Σ √(p q)), which loses its digits near 0, as Evidently's does. */
  static double hellingerByOverlap(double[] p, double[] q, double width) {
    double overlap = 0;
    for (int i = 0; i < p.length; i++) {
      overlap += Math.sqrt(p[i] * q[i]) * width;
    }
    return Math.sqrt(1 - Math.min(1, Math.max(0, overlap)));
  }

  /** ½ Σ |p - q|. */
  static double totalVariation(double[] p, double[] q) {
    double[] terms = new double[p.length];
    for (int i = 0; i < terms.length; i++) {
      terms[i] = Math.abs(p[i] - q[i]);
    }
    return 0.5 * NumpySum.of(terms);
  }

  /** max |p - q|. */
  static double largest(double[] p, double[] q) {
    double largest = 0;
    for (int i = 0; i < p.length; i++) {
      largest = Math.max(largest, Math.abs(p[i] - q[i]));
    }
    return largest;
  }

  private static double relativeEntropy(double[] p, double[] q) {
    double[] terms = new double[p.length];
    for (int i = 0; i < terms.length; i++) {
      if (p[i] > 0) {
        terms[i] = q[i] > 0 ? p[i] * Math.log(p[i] / q[i]) : Double.POSITIVE_INFINITY;
      }
    }
    return NumpySum.of(terms);
  }

  private static double[] toOne(double[] shares) {
    double sum = NumpySum.of(shares);
    double[] scaled = new double[shares.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = shares[i] / sum;
    }
    return scaled;
  }
}
