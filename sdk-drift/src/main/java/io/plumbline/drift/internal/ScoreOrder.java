package io.plumbline.drift.internal;

/**
 * The order of rows by ascending score, found by a radix sort that moves row numbers along with
 * their keys: no boxing, stable, and linear in the number of rows.
 */
public final class ScoreOrder {
  private static final int DIGIT_BITS = 11;
  private static final int BUCKETS = 1 << DIGIT_BITS;
  private static final int DIGITS = 6;

  private ScoreOrder() {}

  /** Returns the row numbers by ascending score; equal scores keep the order of their rows. */
  public static int[] ascending(double[] scores) {
    int n = scores.length;
    long[] keys = new long[n];
    int[] rows = new int[n];
    int[][] histograms = new int[DIGITS][BUCKETS];
    for (int row = 0; row < n; row++) {
      keys[row] = key(scores[row]);
      rows[row] = row;
      for (int digit = 0; digit < DIGITS; digit++) {
        histograms[digit][bucket(keys[row], digit)]++;
      }
    }
    long[] spareKeys = new long[n];
    int[] spareRows = new int[n];
    for (int digit = 0; digit < DIGITS; digit++) {
      int[] starts = histograms[digit];
      if (n == 0 || starts[bucket(keys[0], digit)] == n) {
        continue; // every key has the same digit here
      }
      countsToStarts(starts);
      for (int i = 0; i < n; i++) {
        int target = starts[bucket(keys[i], digit)]++;
        spareKeys[target] = keys[i];
        spareRows[target] = rows[i];
      }
      long[] sortedKeys = spareKeys;
      spareKeys = keys;
      keys = sortedKeys;
      int[] sortedRows = spareRows;
      spareRows = rows;
      rows = sortedRows;
    }
    return rows;
  }

  /** Maps doubles to longs whose unsigned order is the doubles' order; -0.0 becomes 0.0. */
  private static long key(double score) {
    long bits = Double.doubleToRawLongBits(score + 0.0);
    return bits ^ ((bits >> 63) | Long.MIN_VALUE);
  }

  private static int bucket(long key, int digit) {
    return (int) (key >>> (digit * DIGIT_BITS)) & (BUCKETS - 1);
  }

  private static void countsToStarts(int[] counts) {
    int start = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int count = counts[bucket];
      counts[bucket] = start;
      start += count;
    }
  }
}
