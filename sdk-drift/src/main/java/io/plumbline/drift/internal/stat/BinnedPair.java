package io.plumbline.drift.internal.stat;

import java.util.Arrays;

/**
 * Two distributions of numbers that are known by their counts between edges. Within a bin the mass
 * is taken as even; a bin of one double is a point.
 */
public final class BinnedPair {
  private final double[] edges;
  private final double[] f;
  private final double[] g;

  /**
   * Two distributions.
   *
   * @param edges increasing, at least two
   * @param reference counts of the cells, one more than edges; not all zero
   * @param current the same
   */
  public BinnedPair(double[] edges, long[] reference, long[] current) {
    this.edges = edges;
    this.f = below(reference);
    this.g = below(current);
  }

  /** The share of values below each edge. */
  private static double[] below(long[] counts) {
    double total = Arrays.stream(counts).sum();
    double[] below = new double[counts.length - 1];
    long sum = 0;
    for (int i = 0; i < below.length; i++) {
      sum += counts[i];
      below[i] = sum / total;
    }
    return below;
  }

  /**
   * The Kolmogorov-Smirnov statistic at the edges, the largest difference of the two distribution
   * functions; within one bin of the exact one.
   */
  public double ks() {
    double most = 0;
    for (int i = 0; i < edges.length; i++) {
      most = Math.max(most, Math.abs(f[i] - g[i]));
    }
    return most;
  }

  /**
   * The first Wasserstein distance between {@code from} and {@code to}: the area between the two
   * distribution functions there. Values beyond count as lying at that end.
   */
  public double wasserstein(double from, double to) {
    double area = 0;
    for (int i = 0; i + 1 < edges.length; i++) {
      double left = Math.max(from, edges[i]);
      double right = Math.min(to, edges[i + 1]);
      if (left < right) {
        double atLeft = difference(i, left);
        double atRight = difference(i, right);
        area += (right - left) * meanOfAbsolute(atLeft, atRight);
      }
    }
    return area;
  }

  /** The standard deviation of the reference, its values clipped to the two ends. */
  public double deviation(double from, double to) {
    double mean = 0;
    double square = 0;
    double origin = from + (to - from) / 2;
    for (int i = 0; i <= edges.length; i++) {
      double mass = (i < edges.length ? f[i] : 1) - (i == 0 ? 0 : f[i - 1]);
      double low = clip(i == 0 ? from : edges[i - 1], from, to) - origin;
      double high = clip(i == edges.length ? to : edges[i], from, to) - origin;
      // Below the first edge and above the last one all mass lies at that end.
      low = i == edges.length ? high : low;
      high = i == 0 ? low : high;
      mean += mass * (low + high) / 2;
      square += mass * (low * low + low * high + high * high) / 3;
    }
    return Math.sqrt(Math.max(0, square - mean * mean));
  }

  /** The share of the current values outside of the two ends, by the same even mass. */
  public double clipped(double from, double to) {
    double outside = 1;
    for (int i = 0; i + 1 < edges.length; i++) {
      double left = Math.max(from, edges[i]);
      double right = Math.min(Math.nextUp(to), edges[i + 1]);
      if (left < right) {
        double share = (right - left) / (edges[i + 1] - edges[i]);
        outside -= (g[i + 1] - g[i]) * Math.min(1, share);
      }
    }
    return Math.max(0, outside);
  }

  private double difference(int bin, double at) {
    double share = (at - edges[bin]) / (edges[bin + 1] - edges[bin]);
    double left = f[bin] - g[bin];
    double right = f[bin + 1] - g[bin + 1];
    return left + share * (right - left);
  }

  /** The mean of |x| along a line from a to b. */
  private static double meanOfAbsolute(double a, double b) {
    if (a * b >= 0) {
      return Math.abs(a + b) / 2;
    }
    return (a * a + b * b) / (2 * Math.abs(a - b));
  }

  private static double clip(double value, double from, double to) {
    return Math.max(from, Math.min(to, value));
  }
}
