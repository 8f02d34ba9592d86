package io.plumbline.drift.internal.compat;

import java.util.Arrays;

/**
 * Sorts numbers by their digits to base 2048: linear in their number, and several times as fast as
 * comparing for a million. The order is that of {@link Arrays#sort(double[])}.
 */
final class RadixSort {
  private static final int BITS = 11;
  private static final int BUCKETS = 1 << BITS;
  private static final int DIGITS = 6;
  private static final int WORTH_IT = 4_096;

  private RadixSort() {}

  /** Returns the numbers in ascending order, in a new array. */
  static double[] sorted(double[] values) {
    if (values.length < WORTH_IT) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return sorted;
    }
    long[] keys = new long[values.length];
    int[][] counts = new int[DIGITS][BUCKETS];
    for (int i = 0; i < keys.length; i++) {
      long bits = Double.doubleToLongBits(values[i]);
      long key = bits ^ ((bits >> 63) | Long.MIN_VALUE); // unsigned order is the numbers' order
      keys[i] = key;
      for (int digit = 0; digit < DIGITS; digit++) {
        counts[digit][bucket(key, digit)]++;
      }
    }
    long[] spare = new long[keys.length];
    for (int digit = 0; digit < DIGITS; digit++) {
      if (counts[digit][bucket(keys[0], digit)] == keys.length) {
        continue; // all have the same digit here
      }
      distribute(keys, spare, counts[digit], digit);
      long[] swap = keys;
      keys = spare;
      spare = swap;
    }
    double[] sorted = new double[keys.length];
    for (int i = 0; i < keys.length; i++) {
      long key = keys[i];
      sorted[i] = Double.longBitsToDouble(key ^ ((~key >> 63) | Long.MIN_VALUE));
    }
    return sorted;
  }

  private static void distribute(long[] from, long[] to, int[] counts, int digit) {
    int start = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int count = counts[bucket];
      counts[bucket] = start;
      start += count;
    }
    for (long key : from) {
      to[counts[bucket(key, digit)]++] = key;
    }
  }

  private static int bucket(long key, int digit) {
    return (int) (key >>> (digit * BITS)) & (BUCKETS - 1);
  }
}
