package io.plumbline.lightgbm;

import io.plumbline.internal.Printable;

/**
 * Numbers with blanks between, in a part of a text: exactly those that LightGBM's parser reads as
 * what they are. It takes anything else for a zero, or wraps around, or ends the program.
 */
final class NumberWords {
  /** LightGBM writes 24 characters at most. */
  private static final int MAX_LENGTH = 64;

  private final String text;
  private final int end;
  private int at;
  private int start;

  NumberWords(String text, int from, int end) {
    this.text = text;
    this.end = end;
    this.at = from;
  }

  /** Goes to the next number; false if there is none. */
  boolean next() {
    while (at < end && text.charAt(at) == ' ') {
      at++;
    }
    start = at;
    while (at < end && text.charAt(at) != ' ') {
      at++;
    }
    return at > start;
  }

  /** This number, which must be an integer of 32 bits. */
  int integer() {
    return integer(text, start, at);
  }

  /** This number, which must be an integer. */
  long longInteger() {
    return longInteger(text, start, at);
  }

  /** This number, which must be one. */
  double real() {
    checkReal();
    String word = text.substring(start, at);
    return word.endsWith("nan") ? Double.NaN : Double.parseDouble(word.replace("inf", "Infinity"));
  }

  /** Fails if this is no number, without finding out which one it is. */
  void checkReal() {
    if (at - start > MAX_LENGTH || !isReal(text, start, at)) {
      throw notANumber(text, start, at);
    }
  }

  /** This word as it is written. */
  String word() {
    return text.substring(start, at);
  }

  static int integer(String text, int from, int end) {
    long value = longInteger(text, from, end);
    if (value != (int) value) {
      throw new IllegalArgumentException(value + " does not fit into 32 bits");
    }
    return (int) value;
  }

  private static long longInteger(String text, int from, int end) {
    boolean negative = from < end && text.charAt(from) == '-';
    int digits = negative ? from + 1 : from;
    if (digits == end || end - digits > 18 || skipDigits(text, digits, end) < end) {
      throw notANumber(text, from, end);
    }
    long value = 0;
    for (int i = digits; i < end; i++) {
      value = value * 10 + (text.charAt(i) - '0');
    }
    return negative ? -value : value;
  }

  /** Digits, a fraction and an exponent if there are, or a name of what is not finite. */
  private static boolean isReal(String text, int from, int end) {
    int sign = from < end && text.charAt(from) == '-' ? from + 1 : from;
    if (end - sign == 3 && (text.startsWith("inf", sign) || text.startsWith("nan", sign))) {
      return true;
    }
    int i = skipDigits(text, sign, end);
    if (i == sign) {
      return false;
    }
    if (i < end && text.charAt(i) == '.') {
      int fraction = i + 1;
      i = skipDigits(text, fraction, end);
      if (i == fraction) {
        return false;
      }
    }
    if (i < end && text.charAt(i) == 'e') {
      int exponent = i + 1;
      if (exponent < end && (text.charAt(exponent) == '-' || text.charAt(exponent) == '+')) {
        exponent++;
      }
      i = skipDigits(text, exponent, end);
      // The parser counts exponents of more digits wrongly.
      if (i == exponent || i - exponent > 4) {
        return false;
      }
    }
    return i == end;
  }

  private static int skipDigits(String text, int from, int end) {
    int i = from;
    while (i < end && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private static IllegalArgumentException notANumber(String text, int from, int end) {
    return new IllegalArgumentException(
        from == end
            ? "a number is missing"
            : Printable.quote(text.substring(from, end)) + " is not a number that fits here");
  }
}
