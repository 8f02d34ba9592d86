package io.plumbline.internal.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

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
    BigDecimal shortest = new BigDecimal(NumberOutput.toString(value, true)).stripTrailingZeros();
    // Jackson does as JDK 19 and later do: where one digit is enough it may still give two.
    if (shortest.precision() == 2) {
      for (RoundingMode mode :
          List.of(RoundingMode.HALF_EVEN, RoundingMode.DOWN, RoundingMode.UP)) {
        BigDecimal one = new BigDecimal(value).round(new MathContext(1, mode));
        if (one.doubleValue() == value) {
          return one;
        }
      }
    }
    return shortest;
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
