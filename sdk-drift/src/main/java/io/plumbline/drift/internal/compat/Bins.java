package io.plumbline.drift.internal.compat;

/**
 * Bins of equal width as numpy's {@code histogram_bin_edges} makes them, to the bit: a row that
 * lies on an edge must fall where numpy puts it. Bin i holds edge[i] &lt;= x &lt; edge[i+1], the
 * last one its upper edge too.
 */
final class Bins {
  private final double[] edges;
  private final double scale;

  private Bins(double[] edges) {
    this.edges = edges;
    this.scale = (edges.length - 1) / (edges[edges.length - 1] - edges[0]);
  }

  /**
   * Sturges' rule: range / (log2 n + 1).
   *
   * @param integers whether the values are whole numbers, whose bins numpy keeps 1 wide at least
   */
  static Bins sturges(double min, double max, long n, boolean integers) {
    return ofWidth(min, max, (max - min) / (log2(n) + 1), integers);
  }

  /** Doane's rule, which adds log2(1 + |skewness| / its standard error) to Sturges'. */
  static Bins doane(double[] values) {
    double n = values.length;
    double min = min(values);
    double max = max(values);
    double sigma = Math.sqrt(Student.variance(values, 0));
    if (values.length <= 2 || !(sigma > 0)) {
      return ofWidth(min, max, 0, false);
    }
    double error = Math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
    double mean = NumpySum.mean(values);
    double[] cubes = new double[values.length];
    for (int i = 0; i < cubes.length; i++) {
      double z = (values[i] - mean) / sigma;
      cubes[i] = z * z * z;
    }
    double skewness = Math.abs(NumpySum.mean(cubes));
    double count = 1 + log2(values.length) + Math.log(1 + skewness / error) / Math.log(2);
    return ofWidth(min, max, (max - min) / count, false);
  }

  /** A given number of bins. */
  static Bins count(double min, double max, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "the values lie between " + min + " and " + max + ", too far apart for bins");
    }
    double first = min == max ? min - 0.5 : min;
    double last = min == max ? max + 0.5 : max;
    double step = (last - first) / count;
    double[] edges = new double[count + 1];
    for (int i = 0; i < count; i++) {
      edges[i] = i * step + first;
    }
    edges[count] = last;
    for (int i = 0; i < count; i++) {
      if (!(edges[i] < edges[i + 1])) {
        throw new IllegalArgumentException(
            "the values lie between "
                + min
                + " and "
                + max
                + ", too close to each other for "
                + count
                + " bins; subtract a constant from the column");
      }
    }
    return new Bins(edges);
  }

  private static Bins ofWidth(double min, double max, double width, boolean integers) {
    double range = min == max ? 1 : max - min;
    double wide = integers && width > 0 && width < 1 ? 1 : width;
    return count(min, max, wide == 0 ? 1 : (int) Math.ceil(range / wide));
  }

  /** Exact for powers of two, where rounding would change the number of bins. */
  private static double log2(long n) {
    return Long.bitCount(n) == 1
        ? (double) Long.numberOfTrailingZeros(n)
        : Math.log((double) n) / Math.log(2);
  }

  static double min(double[] values) {
    double min = Double.POSITIVE_INFINITY;
    for (double value : values) {
      if (value < min) {
        min = value;
      }
    }
    return min;
  }

  static double max(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      if (value > max) {
        max = value;
      }
    }
    return max;
  }

  int size() {
    return edges.length - 1;
  }

  double edge(int i) {
    return edges[i];
  }

  /** Counts values by bin; those outside count nowhere. */
  long[] counts(double[] values) {
    long[] counts = new long[size()];
    int last = size() - 1;
    double first = edges[0];
    double end = edges[last + 1];
    for (double value : values) {
      if (value >= first && value <= end) {
        int bin = Math.min(last, (int) ((value - first) * scale));
        if (value < edges[bin]) {
          bin--;
        } else if (bin < last && value >= edges[bin + 1]) {
          bin++;
        }
        counts[bin]++;
      }
    }
    return counts;
  }

  /** The bins' shares of all values, those outside included. */
  double[] shares(double[] values) {
    return shares(counts(values), values.length);
  }

  static double[] shares(long[] counts, long of) {
    double[] shares = new double[counts.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (double) counts[i] / of;
    }
    return shares;
  }
}
