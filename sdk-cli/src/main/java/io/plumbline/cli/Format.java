package io.plumbline.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes values for people. */
final class Format {
  private static final MathContext SIX_DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter LOCAL_MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final double WHOLE = 1e15;

  private Format() {}

  /** Returns a number with six significant digits, or all of a whole number. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Double.toString(value);
    }
    if (value == Math.rint(value) && Math.abs(value) < WHOLE) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    return exponent < -5 || exponent >= 15
        ? scientific(rounded, exponent)
        : rounded.toPlainString();
  }

  private static String scientific(BigDecimal value, int exponent) {
    return value.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  /** Returns a count with its thousands marked. */
  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** Returns a count and its noun: {@code 1 run}, {@code 3 runs}. */
  static String count(long n, String noun) {
    return count(n) + " " + noun + (n == 1 ? "" : "s");
  }

  /** Returns a number of bytes. */
  static String bytes(long n) {
    if (n < 1024) {
      return n + " B";
    }
    double value = n;
    String unit = "B";
    for (String next : new String[] {"KiB", "MiB", "GiB", "TiB", "PiB"}) {
      if (value < 1024) {
        break;
      }
      value /= 1024;
      unit = next;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
  }

  /** Returns a duration in the two units that matter. */
  static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 0) {
      return "-" + duration(duration.negated());
    }
    if (millis < 1_000) {
      return millis + " ms";
    }
    long seconds = millis / 1_000;
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
    }
    if (seconds < 3_600) {
      return pair(seconds / 60, "min", seconds % 60, "s");
    }
    return seconds < 86_400
        ? pair(seconds / 3_600, "h", seconds % 3_600 / 60, "min")
        : pair(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h");
  }

  private static String pair(long big, String bigUnit, long small, String smallUnit) {
    return big + " " + bigUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  /** Returns a moment in the machine's time zone, to the second. */
  static String time(Instant instant) {
    return LOCAL.format(instant.atZone(ZoneId.systemDefault()));
  }

  /** Returns a moment in the machine's time zone, to the minute. */
  static String minute(Instant instant) {
    return LOCAL_MINUTE.format(instant.atZone(ZoneId.systemDefault()));
  }
}
