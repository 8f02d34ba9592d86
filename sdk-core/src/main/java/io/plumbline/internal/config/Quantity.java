package io.plumbline.internal.config;

import org.jspecify.annotations.Nullable;

/** A whole number and the unit behind it, such as {@code 64} and {@code MiB}. */
record Quantity(long number, String unit) {

  /**
   * Splits a text into its number and its unit.
   *
   * @return the parts; null when the text does not begin with an ASCII digit. A number that is too
   *     large for a long becomes {@link Long#MAX_VALUE}.
   */
  static @Nullable Quantity parse(String text) {
    String stripped = text.strip();
    int end = 0;
    long number = 0;
    while (end < stripped.length() && isDigit(stripped.charAt(end))) {
      int digit = stripped.charAt(end) - '0';
      number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
      end++;
    }
    return end == 0 ? null : new Quantity(number, stripped.substring(end).strip());
  }

  /**
   * Returns the number in a smaller unit; {@link Long#MAX_VALUE} when it is too large for a long.
   */
  long times(long factor) {
    return number > Long.MAX_VALUE / factor ? Long.MAX_VALUE : number * factor;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
