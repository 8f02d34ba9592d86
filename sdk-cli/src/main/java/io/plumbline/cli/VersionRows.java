package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.drift.KeptWindows;
import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowStore;
import io.plumbline.drift.Windows;
import io.plumbline.internal.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a version, day by day: as they were counted while serving, which is exact whatever
 * the sampling of the log, or by the log's own rows, whichever are more. (Counts are fewer where a
 * log is older than its counts.)
 */
final class VersionRows {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SortedMap<LocalDate, WindowCounts> days = new TreeMap<>();
  private final Set<LocalDate> readDays = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private final KeptWindows kept;
  private final LogRows log;
  private final Profile profile;
  private final String slice;
  private long counted;
  private long read;

  private VersionRows(Path log, LogRange range, Profile profile) {
    this.kept = kept(log, range, profile);
    this.log = new LogRows(log, range);
    this.profile = profile;
    this.slice = range.slice() == null ? Windows.ALL : range.slice();
  }

  /** Whether it is rows of one version of one model that are meant, in the folder of a log. */
  static boolean isKnown(Path log, LogRange range) {
    return range.model() != null && range.version() != null && Files.isDirectory(log);
  }

  /**
   * Counts them.
   *
   * @throws NotFoundException if there are none
   */
  static VersionRows of(Path log, LogRange range, Profile profile) {
    VersionRows rows = new VersionRows(log, range, profile);
    rows.problems.addAll(rows.kept.problems());
    if (rows.kept.ofOtherBins() > 0) {
      rows.problems.add(
          Format.count(rows.kept.ofOtherBins(), "window")
              + " beside the log were counted into the bins of another profile than this reference,"
              + " and are passed over");
    }
    rows.choose();
    if (rows.days.isEmpty()) {
      throw new NotFoundException(
          ("there are no rows " + range).trim() + " in " + Printable.quote(log.toString()));
    }
    return rows;
  }

  /** The slices that were counted or logged. */
  static NavigableSet<String> slices(Path log, LogRange range, Profile profile) {
    NavigableSet<String> slices = new LogRows(log, range).slices();
    slices.addAll(kept(log, range, profile).slices());
    slices.remove(Windows.ALL);
    return slices;
  }

  /** How many windows were counted into the bins of another profile. */
  static int ofOtherBins(Path log, LogRange range, Profile profile) {
    return kept(log, range, profile).ofOtherBins();
  }

  private static KeptWindows kept(Path log, LogRange range, Profile profile) {
    LocalDate from = range.from();
    LocalDate to = range.to();
    return WindowStore.of(log)
        .read(
            Objects.requireNonNull(range.model()),
            Objects.requireNonNull(range.version()),
            profile,
            from == null ? LocalDate.MIN : from,
            to == null ? LocalDate.MAX : to);
  }

  private void choose() {
    SortedMap<LocalDate, Long> logged = log.days();
    for (WindowCounts day : kept.tumbling(slice, Duration.ofDays(1))) {
      LocalDate date = date(day.from().orElseThrow());
      if (day.rows() >= logged.getOrDefault(date, 0L)) {
        days.put(date, day);
        counted += day.rows();
        logged.remove(date);
      }
    }
    if (!logged.isEmpty()) {
      log.count(profile, CalendarWindow.DAY)
          .forEach(
              (begin, day) -> {
                if (logged.containsKey(date(begin))) {
                  days.put(date(begin), day);
                  readDays.add(date(begin));
                  read += day.rows();
                }
              });
    }
  }

  private static LocalDate date(Instant time) {
    return LocalDate.ofInstant(time, ZoneOffset.UTC);
  }

  /** All rows in one. */
  WindowCounts whole() {
    return days.values().stream().reduce(WindowCounts::merge).orElseThrow();
  }

  /** The rows window by window, in the order of time; those without rows are left out. */
  SortedMap<Instant, WindowCounts> windows(CalendarWindow length) {
    if (length == CalendarWindow.HOUR) {
      return hours();
    }
    SortedMap<Instant, WindowCounts> windows = new TreeMap<>();
    days.forEach(
        (date, day) -> {
          Instant begin = length.begin(date.atStartOfDay().toInstant(ZoneOffset.UTC));
          windows.merge(begin, day.between(begin, length.next(begin)), WindowCounts::merge);
        });
    return windows;
  }

  /** The same days hour by hour, each from where it was chosen. */
  private SortedMap<Instant, WindowCounts> hours() {
    SortedMap<Instant, WindowCounts> hours = new TreeMap<>();
    if (counted > 0 && kept.longest(slice).compareTo(HOUR) > 0) {
      throw new IllegalArgumentException(
          "while serving, rows were counted in windows of up to "
              + kept.longest(slice).toMinutes()
              + " minutes, which hours can't be told from; choose --window day");
    }
    for (WindowCounts hour : kept.tumbling(slice, HOUR)) {
      Instant begin = hour.from().orElseThrow();
      if (days.containsKey(date(begin)) && !readDays.contains(date(begin))) {
        hours.put(begin, hour);
      }
    }
    if (!readDays.isEmpty()) {
      log.count(profile, CalendarWindow.HOUR)
          .forEach(
              (begin, hour) -> {
                if (readDays.contains(date(begin))) {
                  hours.put(begin, hour);
                }
              });
    }
    return hours;
  }

  /** What is wrong with files of counts. */
  List<String> problems() {
    return problems;
  }

  /** Says where the rows are from. */
  String sentence() {
    if (read == 0) {
      return "Of the "
          + counted
          + " rows each was counted while serving, whatever the log's sampling.";
    }
    return counted == 0
        ? "The " + read + " rows are those of the log."
        : counted
            + " of the rows were counted while serving, whatever the log's sampling; "
            + read
            + " are those of the log, on days of which it has more.";
  }

  /** The same for programs. */
  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("counts", counted);
    json.put("log", read);
    return json;
  }
}
