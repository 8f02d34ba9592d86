package io.plumbline.internal.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Writes doubles as ECMAScript's Number::toString does (ECMA-262 section 6.1.6.1.20), which RFC
 * 8785 prescribes: the fewest digits that read back as the same double, and of those the nearest to
 * it.
 *
 * <p>{@code Double.toString} cannot stand in: before JDK 19 it sometimes wrote a digit too many,
 * and since then it still prefers two digits to one ({@code 4.9E-324} for {@code 5e-324}).
 */
final class EcmaNumber {
  // Powers of ten that are exact doubles.
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private static final double MAX_SHORT = 1e15;
  private static final int MAX_DIGITS = 17;

  private EcmaNumber() {}

  /** Appends a finite double; both zeros are {@code 0}. */
  static void append(StringBuilder out, double value) {
    if (value == 0) {
      out.append('0');
      return;
    }
    if (value < 0) {
      out.append('-');
      value = -value;
    }
    for (int scale = 0; scale < POWERS_OF_TEN.length; scale++) {
      double scaled = Math.rint(value * POWERS_OF_TEN[scale]);
      if (scaled >= MAX_SHORT) {
        break;
      }
      // Both operands are exact, so the quotient is what reading "scaled e-scale" gives. At most
      // one
      // decimal of up to 15 digits reads as a given double, so this one is the shortest.
      if (scaled / POWERS_OF_TEN[scale] == value) {
        digits(out, Long.toString((long) scaled), -scale);
        return;
      }
    }
    BigDecimal shortest = shortest(value);
    digits(out, shortest.unscaledValue().toString(), -shortest.scale());
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    // 17 digits are always enough; if n are, so are n + 1. Most doubles that come here need 16 or
    // 17.
    BigDecimal best = nearest(exact, value, MAX_DIGITS);
    for (int digits = MAX_DIGITS - 1; digits > 0; digits--) {
      BigDecimal fewer = nearest(exact, value, digits);
      if (fewer.signum() == 0) {
        break;
      }
      best = fewer;
    }
    return best;
  }

  /**
   * The decimal of that many digits that reads as the value and is nearest to it; zero if none
   * does.
   */
  private static BigDecimal nearest(BigDecimal exact, double value, int digits) {
    BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
    BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
    boolean belowReads = Double.parseDouble(below.toString()) == value;
    boolean aboveReads = Double.parseDouble(above.toString()) == value;
    if (belowReads && aboveReads) {
      int order = exact.subtract(below).compareTo(above.subtract(exact));
      boolean even = !below.unscaledValue().testBit(0);
      return order < 0 || (order == 0 && even) ? below : above;
    }
    // At a power of two the gap below is half the gap above, so the nearer of the two may not read
    // as the value while the farther one does.
    return belowReads ? below : aboveReads ? above : BigDecimal.ZERO;
  }

  /** Lays out digits times ten to the exponent. */
  private static void digits(StringBuilder out, String digits, int exponent) {
    int length = digits.length();
    while (length > 1 && digits.charAt(length - 1) == '0') {
      length--;
    }
    // The decimal point stands after this many digits.
    int point = digits.length() + exponent;
    if (length <= point && point <= 21) {
      out.append(digits, 0, length).append("0".repeat(point - length));
    } else if (0 < point && point <= 21) {
      out.append(digits, 0, point).append('.').append(digits, point, length);
    } else if (-6 < point && point <= 0) {
      out.append("0.").append("0".repeat(-point)).append(digits, 0, length);
    } else {
      out.append(digits.charAt(0));
      if (length > 1) {
        out.append('.').append(digits, 1, length);
      }
      out.append('e').append(point > 0 ? '+' : '-').append(Math.abs(point - 1));
    }
  }
}
