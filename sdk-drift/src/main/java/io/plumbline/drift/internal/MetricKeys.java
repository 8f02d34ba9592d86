package io.plumbline.drift.internal;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Metric keys that every destination takes, file systems and MLflow servers on Windows included.
 */
public final class MetricKeys {
  /** MLflow's limit for a metric key, in characters. */
  private static final int LONGEST = 250;

  private static final Pattern SLICE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_. -]{0,99}");

  private MetricKeys() {}

  /** Returns the key of the lift at a fraction: {@code lift_10} for 0.1, {@code lift_2.5}. */
  static String lift(double fraction) {
    String percent =
        BigDecimal.valueOf(fraction).movePointRight(2).stripTrailingZeros().toPlainString();
    return "lift_" + percent;
  }

  /** Checks the name of a slice, which is the programmer's choice and becomes part of keys. */
  public static void checkSliceName(String name) {
    if (!SLICE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the slice name \""
              + name
              + "\" cannot be part of a metric key; use up to 100 letters, digits, spaces and _ . -"
              + " of ASCII, starting with a letter, a digit or _");
    }
  }

  /**
   * Returns a metric's key within a slice, such as {@code auc_by_origin/JFK}.
   *
   * @throws IllegalArgumentException when the key is longer than MLflow allows
   */
  public static String ofSlice(String metric, String slice, String value) {
    String key = metric + "_by_" + slice + "/" + clean(value);
    if (key.length() > LONGEST) {
      throw new IllegalArgumentException(
          "the slice \""
              + slice
              + "\" has a value of "
              + value.length()
              + " characters, too long for a metric key of "
              + LONGEST
              + "; shorten it: "
              + value.substring(0, 60)
              + "...");
    }
    return key;
  }

  /** Replaces what MLflow does not allow in a key, and what a path would not keep, by _. */
  private static String clean(String value) {
    StringBuilder cleaned = new StringBuilder(value.length());
    value
        .codePoints()
        .map(c -> Character.isLetterOrDigit(c) || "_.- ".indexOf(c) >= 0 ? c : '_')
        .forEach(cleaned::appendCodePoint);
    boolean onlyDots = cleaned.chars().allMatch(c -> c == '.');
    return onlyDots ? "_".repeat(cleaned.length()) : cleaned.toString();
  }
}
