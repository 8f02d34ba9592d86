package io.plumbline.internal.csv;

import java.nio.charset.StandardCharsets;

/**
 * Finds out what one cell's bytes say, in one pass and mostly without allocation. Blanks around a
 * number do not count. One scanner serves one thread.
 */
public final class CellScanner {
  /** What a cell looks like. */
  public enum Kind {
    EMPTY,
    BOOLEAN,
    INTEGER,
    NUMBER,
    TEXT
  }

  // Powers of ten that are exact doubles.
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final int MAX_DIGITS = 18;
  private static final long MAX_EXACT = 1L << 53;

  private byte[] bytes = new byte[0];
  private int at;
  private int end;
  private long digits;
  private int digitCount;
  private long integer;
  private double number;

  /** The value of the cell that was scanned last, if it was an INTEGER. */
  public long integer() {
    return integer;
  }

  /** The value of the cell that was scanned last, if it was an INTEGER or a NUMBER; else NaN. */
  public double number() {
    return number;
  }

  /** Scans the cell in {@code [from, to)}. */
  public Kind scan(byte[] cell, int from, int to) {
    bytes = cell;
    at = from;
    end = to;
    number = Double.NaN;
    while (at < end && blank(bytes[at])) {
      at++;
    }
    while (at < end && blank(bytes[end - 1])) {
      end--;
    }
    if (at == end) {
      return Kind.EMPTY;
    }
    int start = at;
    Kind kind = numeric(start);
    return kind == Kind.TEXT ? word(start) : kind;
  }

  // The grammar is [+-] digits [. digits] [(e|E) [+-] digits], with a digit before the exponent.
  private Kind numeric(int start) {
    boolean negative = bytes[at] == '-';
    if (negative || bytes[at] == '+') {
      at++;
    }
    digits = 0;
    digitCount = 0;
    int whole = digits();
    if (at == end && whole > 0) {
      return integer(start, negative);
    }
    int fraction = 0;
    if (at < end && bytes[at] == '.') {
      at++;
      fraction = digits();
    }
    if (whole + fraction == 0) {
      return Kind.TEXT;
    }
    long exponent = 0;
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      boolean down = at < end && bytes[at] == '-';
      if (down || (at < end && bytes[at] == '+')) {
        at++;
      }
      int first = at;
      while (at < end && digit(bytes[at])) {
        exponent = Math.min(exponent * 10 + bytes[at++] - '0', Integer.MAX_VALUE);
      }
      if (at == first) {
        return Kind.TEXT;
      }
      exponent = down ? -exponent : exponent;
    }
    if (at < end) {
      return Kind.TEXT;
    }
    number = decimal(start, negative, exponent - fraction);
    return Kind.NUMBER;
  }

  /**
   * Reads digits and says how many; their value is exact up to MAX_DIGITS without leading zeros.
   */
  private int digits() {
    int first = at;
    while (at < end && digit(bytes[at])) {
      int digit = bytes[at++] - '0';
      if (digits > 0 || digit > 0) {
        digitCount++;
      }
      if (digitCount <= MAX_DIGITS) {
        digits = digits * 10 + digit;
      }
    }
    return at - first;
  }

  private Kind integer(int start, boolean negative) {
    if (digitCount <= MAX_DIGITS) {
      integer = negative ? -digits : digits;
    } else {
      try {
        integer = Long.parseLong(ascii(start));
      } catch (NumberFormatException beyondLong) {
        number = Double.parseDouble(ascii(start));
        return Kind.NUMBER;
      }
    }
    number = negative && integer == 0 ? -0.0 : integer;
    return Kind.INTEGER;
  }

  private double decimal(int start, boolean negative, long exponent) {
    if (digitCount <= MAX_DIGITS
        && digits <= MAX_EXACT
        && Math.abs(exponent) < POWERS_OF_TEN.length) {
      // Both operands are exact, so the one operation rounds as reading the decimal would.
      double power = POWERS_OF_TEN[(int) Math.abs(exponent)];
      double value = exponent < 0 ? digits / power : digits * power;
      return negative ? -value : value;
    }
    return Double.parseDouble(ascii(start));
  }

  private Kind word(int start) {
    switch (end - start > 9 ? "" : ascii(start)) {
      case "true", "false", "True", "False", "TRUE", "FALSE" -> {
        return Kind.BOOLEAN;
      }
      case "NaN", "nan" -> number = Double.NaN;
      case "Infinity", "+Infinity", "inf", "+inf" -> number = Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> number = Double.NEGATIVE_INFINITY;
      default -> {
        return Kind.TEXT;
      }
    }
    return Kind.NUMBER;
  }

  private String ascii(int start) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static boolean digit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }
}
