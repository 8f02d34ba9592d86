package io.plumbline.cli;

import io.plumbline.internal.Printable;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the rows of a log are cut by their event time, in UTC. */
enum CalendarWindow {
  HOUR("hours", "hourly", "h", "1h", "60m"),
  DAY("days", "daily", "d", "1d", "24h"),
  /** From Monday on. */
  WEEK("weeks", "weekly", "w", "1w", "7d"),
  MONTH("months", "monthly");

  /** What somebody may also write for it, who thinks of another word or of a length. */
  private final List<String> synonyms;

  CalendarWindow(String... synonyms) {
    this.synonyms = List.of(synonyms);
  }

  /** Reads a window's length as it is typed. */
  static final class Converter implements ITypeConverter<CalendarWindow> {
    @Override
    public CalendarWindow convert(String text) {
      String word = text.strip().toLowerCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(each -> each.word().equals(word) || each.synonyms.contains(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      Printable.quote(text)
                          + " is no length of a window: use hour (or 1h), day (1d), week (7d) or"
                          + " month, such as --window day"));
    }
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** When the window begins that a time is in. */
  Instant begin(Instant time) {
    if (this == HOUR) {
      return time.truncatedTo(ChronoUnit.HOURS);
    }
    LocalDateTime day = utc(time).truncatedTo(ChronoUnit.DAYS);
    return switch (this) {
      case HOUR, DAY -> instant(day);
      case WEEK -> instant(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
      case MONTH -> instant(day.withDayOfMonth(1));
    };
  }

  /** When the next window begins. */
  Instant next(Instant begin) {
    LocalDateTime time = utc(begin);
    return switch (this) {
      case HOUR -> instant(time.plusHours(1));
      case DAY -> instant(time.plusDays(1));
      case WEEK -> instant(time.plusWeeks(1));
      case MONTH -> instant(time.plusMonths(1));
    };
  }

  /** The window's name: its first day, its month, or its hour. */
  String label(Instant begin) {
    LocalDateTime time = utc(begin);
    String day = time.toLocalDate().toString();
    return switch (this) {
      case HOUR -> time + "Z";
      case DAY, WEEK -> day;
      case MONTH -> day.substring(0, day.length() - 3);
    };
  }

  private static LocalDateTime utc(Instant time) {
    return LocalDateTime.ofInstant(time, ZoneOffset.UTC);
  }

  private static Instant instant(LocalDateTime time) {
    return time.toInstant(ZoneOffset.UTC);
  }
}
