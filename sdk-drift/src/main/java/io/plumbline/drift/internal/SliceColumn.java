package io.plumbline.drift.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of slice values as codes: {@code values.get(codes[row])} is the row's value, values in
 * ascending order.
 */
@SuppressWarnings("ArrayRecordComponent") // made once and never compared
public record SliceColumn(String name, int[] codes, List<String> values) {
  /** What a row without a value belongs to. */
  private static final String MISSING = "missing";

  private static final int MOST_VALUES = 1_000;

  /**
   * Encodes a column; null and blank become {@code missing}.
   *
   * @throws IllegalArgumentException when there are more than 1,000 values, or two of them would
   *     have the same metric key
   */
  public static SliceColumn of(String name, List<? extends @Nullable String> column) {
    MetricKeys.checkSliceName(name);
    Map<String, Integer> seen = new HashMap<>();
    int[] codes = new int[column.size()];
    int row = 0;
    for (String value : column) {
      String known = value == null || value.isBlank() ? MISSING : value;
      Integer code = seen.putIfAbsent(known, seen.size());
      codes[row++] = code == null ? seen.size() - 1 : code;
      if (seen.size() > MOST_VALUES) {
        throw new IllegalArgumentException(
            "the slice \""
                + name
                + "\" has more than "
                + MOST_VALUES
                + " values; a slice is a group of rows: put numbers into ranges and ids into"
                + " groups first");
      }
    }
    String[] values = seen.keySet().toArray(new String[0]);
    Arrays.sort(values);
    checkKeys(name, values);
    return new SliceColumn(name, inOrder(codes, seen, values), List.of(values));
  }

  private static int[] inOrder(int[] codes, Map<String, Integer> seen, String[] values) {
    int[] ranks = new int[values.length];
    for (int rank = 0; rank < values.length; rank++) {
      Integer code = seen.get(values[rank]);
      if (code != null) {
        ranks[code] = rank;
      }
    }
    Arrays.setAll(codes, row -> ranks[codes[row]]);
    return codes;
  }

  private static void checkKeys(String name, String[] values) {
    Map<String, String> byKey = new HashMap<>();
    for (String value : values) {
      String other = byKey.putIfAbsent(MetricKeys.ofSlice("precision", name, value), value);
      if (other != null) {
        throw new IllegalArgumentException(
            "the values \""
                + other
                + "\" and \""
                + value
                + "\" of the slice \""
                + name
                + "\" would have the same metric key, because only letters, digits, spaces and"
                + " _ . - stay in it; rename one of them");
      }
    }
  }
}
