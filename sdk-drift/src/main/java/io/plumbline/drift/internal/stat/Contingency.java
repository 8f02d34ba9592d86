package io.plumbline.drift.internal.stat;

import java.util.Arrays;

/**
 * A reference and a window counted over the same cells. Cells that are empty on both sides are left
 * out; those where fewer than five are expected on a side are pooled into one, the rest.
 *
 * <p>If even the rest has fewer than five expected, chi-square does not hold for it. Then the other
 * cells are tested among themselves, the rest against them by Fisher's exact test, and the smaller
 * of the two p-values counts twice. So what is rare cannot hide a category that was replaced by it.
 */
public final class Contingency {
  private static final double LEAST_EXPECTED = 5;

  private final long n;
  private final long m;
  private final long[] reference;
  private final long[] current;
  private final long restReference;
  private final long restCurrent;
  private final int pooled;

  private Contingency(long n, long m, long[] reference, long[] current, long[] rest, int pooled) {
    this.n = n;
    this.m = m;
    this.reference = reference;
    this.current = current;
    this.restReference = rest[0];
    this.restCurrent = rest[1];
    this.pooled = pooled;
  }

  /** A table of counts, as many for the reference as for the window. */
  public static Contingency of(long[] reference, long[] current) {
    long n = Arrays.stream(reference).sum();
    long m = Arrays.stream(current).sum();
    double share = Math.min(n, m) / ((double) n + m);
    long[] kept = new long[reference.length];
    long[] keptCurrent = new long[reference.length];
    long[] rest = new long[2];
    int size = 0;
    int pooled = 0;
    for (int i = 0; i < reference.length; i++) {
      long both = reference[i] + current[i];
      if (both * share >= LEAST_EXPECTED) {
        kept[size] = reference[i];
        keptCurrent[size++] = current[i];
      } else if (both > 0) {
        rest[0] += reference[i];
        rest[1] += current[i];
        pooled++;
      }
    }
    if ((rest[0] + rest[1]) * share >= LEAST_EXPECTED) {
      kept[size] = rest[0];
      keptCurrent[size++] = rest[1];
      rest = new long[2];
    }
    return new Contingency(
        n, m, Arrays.copyOf(kept, size), Arrays.copyOf(keptCurrent, size), rest, pooled);
  }

  /** How many cells were pooled. */
  public int pooled() {
    return pooled;
  }

  /** How many cells there are now, the rest included. */
  public int cells() {
    return reference.length + (thin() ? 1 : 0);
  }

  /** Rows of the reference. */
  public long n() {
    return n;
  }

  /** Rows of the window. */
  public long m() {
    return m;
  }

  /**
   * The reference's shares, smoothed: (count + alpha) / (rows + alpha cells), so that they add up
   * to 1 and none is zero.
   */
  public double[] p(double alpha) {
    return shares(reference, restReference, n, alpha);
  }

  /** The window's shares, smoothed in the same way. */
  public double[] q(double alpha) {
    return shares(current, restCurrent, m, alpha);
  }

  /** Degrees of freedom of the test among the cells that hold it. */
  public int dof() {
    return Math.max(0, reference.length - 1);
  }

  /** Pearson's statistic of homogeneity: the sum of (observed - expected)² / expected. */
  public double chiSquare() {
    double sum = 0;
    double left = total(reference);
    double right = total(current);
    for (int i = 0; i < reference.length; i++) {
      double both = (double) reference[i] + current[i];
      double expected = both * right / (left + right);
      double difference = current[i] - expected;
      // The reference's cell differs by as much, with the other sign.
      sum += difference * difference * (1 / expected + 1 / (both - expected));
    }
    return dof() == 0 ? 0 : sum;
  }

  /** The likelihood-ratio statistic: twice the sum of observed ln(observed / expected). */
  public double g() {
    double sum = 0;
    double left = total(reference);
    double right = total(current);
    for (int i = 0; i < reference.length; i++) {
      double both = (double) reference[i] + current[i];
      sum += term((double) reference[i], both * left / (left + right));
      sum += term((double) current[i], both * right / (left + right));
    }
    return dof() == 0 ? 0 : Math.max(0, 2 * sum);
  }

  /** The p-value of homogeneity for one of the two statistics; 1 if there is nothing to test. */
  public double p(double statistic, int degrees) {
    double among = degrees == 0 ? 1 : ChiSquare.sf(statistic, degrees);
    if (!thin()) {
      return among;
    }
    double rest = Hypergeometric.twoSided(restCurrent, restReference + restCurrent, m, n + m);
    return degrees == 0 ? rest : Math.min(1, 2 * Math.min(among, rest));
  }

  /**
   * Cramér's V without its bias, from 0 to 1.
   *
   * <p>Source: W. Bergsma, A bias-correction for Cramér's V and Tschuprow's T, Journal of the
   * Korean Statistical Society 42 (2013).
   */
  public double cramersV() {
    double all = total(reference) + total(current);
    double cells = reference.length;
    if (cells < 2 || all < 2) {
      return 0;
    }
    double phi = Math.max(0, chiSquare() / all - (cells - 1) / (all - 1));
    double columns = cells - (cells - 1) * (cells - 1) / (all - 1);
    double rows = 2 - 1 / (all - 1);
    double least = Math.min(columns - 1, rows - 1);
    return least <= 0 ? 0 : Math.min(1, Math.sqrt(phi / least));
  }

  private boolean thin() {
    return restReference + restCurrent > 0;
  }

  private double[] shares(long[] counts, long rest, long total, double alpha) {
    int size = cells();
    double[] shares = new double[size];
    for (int i = 0; i < size; i++) {
      long count = i < counts.length ? counts[i] : rest;
      shares[i] = (count + alpha) / (total + alpha * size);
    }
    return shares;
  }

  private static double total(long[] counts) {
    return Arrays.stream(counts).sum();
  }

  private static double term(double observed, double expected) {
    return observed == 0 ? 0 : observed * Math.log(observed / expected);
  }
}
