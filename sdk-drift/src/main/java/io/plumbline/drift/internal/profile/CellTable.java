package io.plumbline.drift.internal.profile;

import java.util.Arrays;

/**
 * Finds the cell of a number among increasing edges: how many edges are at or below it.
 *
 * <p>The range of most edges is cut into equal buckets. A bucket knows how many edges lie in the
 * buckets before it, so a few comparisons remain. The bucket of a number never decreases with the
 * number, whatever the rounding, so the answer is exact.
 */
final class CellTable {
  private static final int BUCKETS = 512;

  // Above this many edges in one bucket, halving beats walking.
  private static final int CROWD = 8;

  // One share of the edges at each end stands outside the buckets, or a far value would widen them.
  private static final int TAIL = 50;

  private final double[] edges;
  private final short[] starts = new short[BUCKETS + 1];
  private final double low;
  private final double scale;
  private final boolean crowded;

  CellTable(double[] sorted) {
    edges = Arrays.copyOf(sorted, sorted.length + 1);
    edges[sorted.length] = Double.POSITIVE_INFINITY; // ends every walk
    int skipped = sorted.length / TAIL;
    low = sorted.length == 0 ? 0 : sorted[skipped];
    double high = sorted.length == 0 ? 0 : sorted[sorted.length - 1 - skipped];
    scale = high > low ? BUCKETS / (high - low) : 0;
    int[] perBucket = new int[BUCKETS];
    for (double edge : sorted) {
      perBucket[bucket(edge)]++;
    }
    int before = 0;
    int most = 0;
    for (int i = 0; i < BUCKETS; i++) {
      starts[i] = (short) before;
      before += perBucket[i];
      most = Math.max(most, perBucket[i]);
    }
    starts[BUCKETS] = (short) before;
    crowded = most > CROWD;
  }

  /**
   * Finds the cells of finite numbers: those from one position up to another, from the first place
   * of the result on.
   */
  void cells(double[] values, int from, int to, int[] found) {
    int n = to - from;
    if (crowded) {
      for (int i = 0; i < n; i++) {
        found[i] = cell(values[from + i]);
      }
      return;
    }
    // Two short loops over local variables: the processor has many numbers under way at once.
    double low = this.low;
    double scale = this.scale;
    for (int i = 0; i < n; i++) {
      int bucket = (int) ((values[from + i] - low) * scale);
      found[i] = Math.max(0, Math.min(BUCKETS - 1, bucket));
    }
    double[] edges = this.edges;
    short[] starts = this.starts;
    for (int i = 0; i < n; i++) {
      found[i] = walk(edges, values[from + i], starts[found[i]]);
    }
  }

  /** Returns the cell of a finite number, from 0 to the number of edges. */
  int cell(double value) {
    int bucket = bucket(value);
    int cell = starts[bucket];
    if (crowded) {
      cell = skip(value, cell, starts[bucket + 1]);
    }
    return walk(edges, value, cell);
  }

  private static int walk(double[] edges, double value, int from) {
    // Most buckets have one edge or none: the sign bit instead of a branch that cannot be
    // predicted.
    int cell = from + 1 + (int) (Double.doubleToRawLongBits(value - edges[from]) >> 63);
    while (value >= edges[cell]) {
      cell++;
    }
    return cell;
  }

  /** Halves what may hold the cell until walking is as fast. */
  private int skip(double value, int from, int to) {
    int low = from;
    int high = to;
    while (high - low > CROWD) {
      int middle = (low + high) >>> 1;
      if (value >= edges[middle]) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int bucket(double value) {
    // The conversion saturates, and makes NaN (zero times infinity) zero.
    int bucket = (int) ((value - low) * scale);
    return Math.max(0, Math.min(BUCKETS - 1, bucket));
  }
}
