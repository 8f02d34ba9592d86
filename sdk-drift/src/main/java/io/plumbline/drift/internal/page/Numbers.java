package io.plumbline.drift.internal.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes numbers and moments as people read them. */
public final class Numbers {
  private static final MathContext FOUR = new MathContext(4, RoundingMode.HALF_EVEN);
  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);

  private Numbers() {}

  /** Returns a number with four significant digits, or a small whole one in full. */
  public static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e6) {
      return sign(Long.toString((long) value));
    }
    double size = Math.abs(value);
    if (size < 1e-4 || size >= 1e7) {
      return sign(scientific(new BigDecimal(value).round(FOUR).stripTrailingZeros()));
    }
    return sign(four(value, size).stripTrailingZeros().toPlainString());
  }

  /** Rounds to four digits. A product that is not near a tie is rounded as the exact value is. */
  private static BigDecimal four(double value, double size) {
    int scale = 3 - (int) Math.floor(Math.log10(size));
    if (scale >= 0 && scale < POWERS.length) {
      double scaled = value * POWERS[scale];
      double rounded = Math.rint(scaled);
      double digits = Math.abs(rounded);
      if (digits >= 1_000 && digits <= 10_000 && Math.abs(scaled - rounded) < 0.499_999) {
        return BigDecimal.valueOf((long) rounded, scale);
      }
    }
    return new BigDecimal(value).round(FOUR);
  }

  private static String scientific(BigDecimal value) {
    int exponent = value.precision() - value.scale() - 1;
    return value.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
  }

  private static String sign(String number) {
    return number.replace('-', '−');
  }

  /** Returns a share as a percentage: 0.0312 as {@code 3.1 %}. */
  public static String percent(double share) {
    if (!Double.isFinite(share)) {
      return "–";
    }
    double hundred = share * 100;
    boolean fine = hundred != 0 && Math.abs(hundred) < 10;
    return sign(String.format(Locale.ROOT, fine ? "%.1f %%" : "%.0f %%", hundred));
  }

  /** Returns a count with its thousands marked. */
  public static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** Returns a moment in UTC: a day where it is the start of one. */
  public static String utc(long epochMillis) {
    boolean day = Math.floorMod(epochMillis, 86_400_000L) == 0;
    return (day ? DAY : MINUTE).format(Instant.ofEpochMilli(epochMillis).atZone(ZoneOffset.UTC));
  }

  /** Writes a moment in the machine's time zone, to the minute. */
  public static void time(Html html, Instant instant) {
    html.open(Tag.TIME).attr(Attr.DATETIME, instant.toString());
    html.text(MINUTE.format(instant.atZone(ZoneId.systemDefault()))).close();
  }
}
