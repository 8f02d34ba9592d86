package io.plumbline.drift.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the caller's arrays a table holds, in the table's order, and what each weighs. Rows
 * of weight zero are left out from the start, so that no formula has to think of them.
 *
 * @param numbers positions in the caller's arrays
 * @param weights one for each entry of {@code numbers}; null when every row weighs one
 */
@SuppressWarnings("ArrayRecordComponent") // shared between tables and never compared
record Rows(int[] numbers, double @Nullable [] weights) {

  /** Takes all rows with a weight above zero; {@code order} null keeps the caller's order. */
  static Rows of(int n, int @Nullable [] order, double @Nullable [] weights) {
    int[] numbers = new int[n];
    int kept = 0;
    boolean allOne = true;
    for (int i = 0; i < n; i++) {
      int row = order == null ? i : order[i];
      if (weights == null || weights[row] > 0) {
        numbers[kept++] = row;
        allOne &= weights == null || weights[row] == 1;
      }
    }
    numbers = kept == n ? numbers : Arrays.copyOf(numbers, kept);
    return new Rows(numbers, weights == null || allOne ? null : pick(weights, numbers));
  }

  int size() {
    return numbers.length;
  }

  /** Returns the weight of a row that occurs {@code counts[i]} times. */
  double weight(int i, int @Nullable [] counts) {
    double weight = weights == null ? 1 : weights[i];
    return counts == null ? weight : counts[i] * weight;
  }

  /** Returns {@code values[numbers[i]]} for each i. */
  static double[] pick(double[] values, int[] numbers) {
    double[] picked = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      picked[i] = values[numbers[i]];
    }
    return picked;
  }

  /** Returns for each code the positions in this table whose row has it, ascending. */
  int[][] positionsByCode(int[] codes, int size) {
    int[] lengths = new int[size];
    for (int number : numbers) {
      lengths[codes[number]]++;
    }
    int[][] positions = new int[size][];
    Arrays.setAll(positions, code -> new int[lengths[code]]);
    int[] next = new int[size];
    for (int i = 0; i < numbers.length; i++) {
      int code = codes[numbers[i]];
      positions[code][next[code]++] = i;
    }
    return positions;
  }

  /** Returns the rows at some positions of this table. */
  Rows at(int[] positions) {
    int[] picked = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      picked[i] = numbers[positions[i]];
    }
    return new Rows(picked, weights == null ? null : pick(weights, positions));
  }
}
