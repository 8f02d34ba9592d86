package io.plumbline.internal.history;

import java.util.Arrays;

/**
 * A bag of points in a few arrays: 28 bytes for each slot, of which at most two thirds are taken.
 * Two NaN are the same value; 0.0 and -0.0 are two.
 */
public final class PointSet {
  private static final int FIRST = 64;

  private long[] values = new long[FIRST];
  private long[] steps = new long[FIRST];
  private long[] times = new long[FIRST];
  private int[] counts = new int[FIRST]; // 0: never taken; -1: taken once, and now of no points
  private int taken;

  /**
   * Adds a point.
   *
   * @return whether there was none like it
   */
  public boolean add(double value, long step, long time) {
    if (taken * 3L > counts.length * 2L) {
      grow();
    }
    long bits = Double.doubleToLongBits(value);
    int slot = slot(bits, step, time);
    boolean fresh = counts[slot] <= 0;
    if (counts[slot] == 0) {
      taken++;
      values[slot] = bits;
      steps[slot] = step;
      times[slot] = time;
    }
    counts[slot] = Math.max(counts[slot], 0) + 1;
    return fresh;
  }

  /**
   * Takes a point out.
   *
   * @return whether there was one like it
   */
  public boolean remove(double value, long step, long time) {
    int slot = slot(Double.doubleToLongBits(value), step, time);
    if (counts[slot] <= 0) {
      return false;
    }
    counts[slot] = counts[slot] == 1 ? -1 : counts[slot] - 1;
    return true;
  }

  /** Returns a number that is the same for equal points, and spread over all integers. */
  public static int hash(double value, long step, long time) {
    return hash(Double.doubleToLongBits(value), step, time);
  }

  private static int hash(long bits, long step, long time) {
    long mixed = (bits * 0x9E3779B97F4A7C15L ^ step) * 0xBF58476D1CE4E5B9L ^ time;
    mixed = (mixed ^ mixed >>> 31) * 0x94D049BB133111EBL;
    return (int) (mixed ^ mixed >>> 32);
  }

  /** Returns where a point is, or where it would be. */
  private int slot(long bits, long step, long time) {
    int mask = counts.length - 1;
    int slot = hash(bits, step, time) & mask;
    while (counts[slot] != 0
        && (values[slot] != bits || steps[slot] != step || times[slot] != time)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    PointSet larger = new PointSet();
    int size = Math.multiplyExact(counts.length, 2);
    larger.values = new long[size];
    larger.steps = new long[size];
    larger.times = new long[size];
    larger.counts = new int[size];
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        int slot = larger.slot(values[i], steps[i], times[i]);
        larger.values[slot] = values[i];
        larger.steps[slot] = steps[i];
        larger.times[slot] = times[i];
        larger.counts[slot] = counts[i];
        larger.taken++;
      }
    }
    values = larger.values;
    steps = larger.steps;
    times = larger.times;
    counts = larger.counts;
    taken = larger.taken;
  }

  /** Takes all points out, and keeps the room. */
  public void clear() {
    Arrays.fill(counts, 0);
    taken = 0;
  }
}
