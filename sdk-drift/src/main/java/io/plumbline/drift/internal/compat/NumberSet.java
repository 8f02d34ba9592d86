package io.plumbline.drift.internal.compat;

import java.util.Arrays;

/** Different numbers and a place for each, without boxes; -0.0 is 0.0, NaN is not taken. */
final class NumberSet {
  private long[] keys = new long[64];
  private int[] places = new int[64];
  private int size;

  NumberSet() {
    Arrays.fill(places, -1);
  }

  int size() {
    return size;
  }

  /** Returns whether the number is new. */
  boolean add(double value) {
    int before = size;
    place(value);
    return size > before;
  }

  /** Returns the number's place, counted from 0 in the order of first appearance. */
  int place(double value) {
    long bits = Double.doubleToRawLongBits(value + 0.0); // -0.0 + 0.0 is 0.0
    int slot = slot(bits);
    if (places[slot] < 0) {
      if (2 * (size + 1) > keys.length) {
        grow();
        slot = slot(bits);
      }
      keys[slot] = bits;
      places[slot] = size++;
    }
    return places[slot];
  }

  /** The numbers by their places. */
  double[] values() {
    double[] values = new double[size];
    for (int slot = 0; slot < keys.length; slot++) {
      if (places[slot] >= 0) {
        values[places[slot]] = Double.longBitsToDouble(keys[slot]);
      }
    }
    return values;
  }

  private int slot(long bits) {
    long mixed = bits * 0x9E3779B97F4A7C15L;
    int slot = (int) (mixed >>> 32) & (keys.length - 1);
    while (places[slot] >= 0 && keys[slot] != bits) {
      slot = (slot + 1) & (keys.length - 1);
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldPlaces = places;
    keys = new long[2 * oldKeys.length];
    places = new int[keys.length];
    Arrays.fill(places, -1);
    for (int slot = 0; slot < oldKeys.length; slot++) {
      if (oldPlaces[slot] >= 0) {
        int to = slot(oldKeys[slot]);
        keys[to] = oldKeys[slot];
        places[to] = oldPlaces[slot];
      }
    }
  }
}
