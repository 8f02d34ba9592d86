package io.plumbline.cli;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;

/** How the rows of a log are cut by their event time, in UTC. */
enum CalendarWindow {
  DAY,
  /** From Monday on. */
  WEEK,
  MONTH;

  /** The first day of the window that a day is in. */
  LocalDate begin(LocalDate day) {
    return switch (this) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
    };
  }

  /** The first day of the next window. */
  LocalDate next(LocalDate begin) {
    return switch (this) {
      case DAY -> begin.plusDays(1);
      case WEEK -> begin.plusWeeks(1);
      case MONTH -> begin.plusMonths(1);
    };
  }

  /** The window's name: its first day, or its month. */
  String label(LocalDate begin) {
    return this == MONTH
        ? begin.toString().substring(0, begin.toString().length() - 3)
        : "" + begin;
  }
}
