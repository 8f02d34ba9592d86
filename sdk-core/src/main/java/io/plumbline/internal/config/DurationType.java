package io.plumbline.internal.config;

import io.plumbline.internal.Printable;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** A span of time with its unit; a bare number is refused, because its unit would be a guess. */
final class DurationType implements ValueType<Duration> {

  private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};
  private static final long[] NANOS = {
    86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
  };

  private final Duration min;
  private final Duration max;

  private DurationType(Duration min, Duration max) {
    this.min = min;
    this.max = max;
  }

  /** A duration between two others. */
  static DurationType between(Duration min, Duration max) {
    return new DurationType(min, max);
  }

  @Override
  public String accepted() {
    return "a duration from "
        + format(min)
        + " to "
        + format(max)
        + ", such as 500ms, 1s, 2m or PT1S";
  }

  @Override
  public Duration parse(String text) throws BadValueException {
    Duration duration = isIso(text) ? iso(text) : withUnit(text);
    if (duration.compareTo(min) < 0) {
      throw new BadValueException(Printable.quote(text) + " is too short");
    }
    if (duration.compareTo(max) > 0) {
      throw new BadValueException(Printable.quote(text) + " is too long");
    }
    return duration;
  }

  @Override
  public String format(Duration value) {
    long nanos = value.toNanos();
    if (nanos == 0) {
      return "0s";
    }
    int unit = 0;
    while (nanos % NANOS[unit] != 0) {
      unit++;
    }
    return nanos / NANOS[unit] + UNITS[unit];
  }

  private static boolean isIso(String text) {
    return text.strip().toUpperCase(Locale.ROOT).startsWith("P");
  }

  private static Duration iso(String text) throws BadValueException {
    try {
      return Duration.parse(text.strip());
    } catch (DateTimeParseException e) {
      throw notADuration(text);
    }
  }

  private static Duration withUnit(String text) throws BadValueException {
    Quantity quantity = Quantity.parse(text);
    if (quantity == null) {
      throw notADuration(text);
    }
    if (quantity.unit().isEmpty() && quantity.number() != 0) {
      throw new BadValueException(Printable.quote(text) + " has no unit");
    }
    String unit = quantity.unit().isEmpty() ? "s" : quantity.unit().toLowerCase(Locale.ROOT);
    for (int i = 0; i < UNITS.length; i++) {
      if (UNITS[i].equals(unit)) {
        return Duration.ofNanos(quantity.times(NANOS[i]));
      }
    }
    throw notADuration(text);
  }

  private static BadValueException notADuration(String text) {
    return new BadValueException(Printable.quote(text) + " is not a duration");
  }
}
