package io.plumbline.samples;

import io.plumbline.data.CsvTable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** The flights of the sample data, as the requests of a service. */
final class Flights {
  private static final int YEAR = 2013;

  private Flights() {}

  /** Returns the flights of a month, in the order of time. */
  static CsvTable of(CsvTable all, int month) {
    int[] months = all.ints("month");
    return all.where(row -> months[row] == month);
  }

  /** Returns the id of a request: a label that comes later names it. */
  static String id(int month, int row) {
    return String.format(Locale.ROOT, "2013-%02d-%05d", month, row);
  }

  /** Returns when each flight was to leave; their local time is taken for UTC. */
  static Instant[] times(CsvTable flights) {
    int[] month = flights.ints("month");
    int[] day = flights.ints("day");
    int[] hour = flights.ints("hour");
    Instant[] times = new Instant[month.length];
    for (int row = 0; row < times.length; row++) {
      times[row] =
          LocalDateTime.of(YEAR, month[row], day[row], hour[row], 0).toInstant(ZoneOffset.UTC);
    }
    return times;
  }
}
