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
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a version, day by day: as they were counted while serving, which is exact whatever
 * the sampling of the log, or by the log's own rows, whichever are more. (Counts are fewer where a
 * log is older than its counts.)
 */
final class VersionRows {
  private final SortedMap<LocalDate, WindowCounts> days = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private final String slice;
  private long counted;
  private long read;

  private VersionRows(@Nullable String slice) {
    this.slice = slice == null ? Windows.ALL : slice;
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
    VersionRows rows = new VersionRows(range.slice());
    KeptWindows kept = kept(log, range, profile);
    rows.problems.addAll(kept.problems());
    if (kept.ofOtherBins() > 0) {
      rows.problems.add(
          Format.count(kept.ofOtherBins(), "window")
              + " beside the log were counted into the bins of another profile than this reference,"
              + " and are passed over");
    }
    rows.choose(kept, new LogRows(log, range), profile);
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

  private void choose(KeptWindows kept, LogRows log, Profile profile) {
    SortedMap<LocalDate, Long> logged = log.days();
    for (WindowCounts day : kept.tumbling(slice, Duration.ofDays(1))) {
      LocalDate date = LocalDate.ofInstant(day.from().orElseThrow(), ZoneOffset.UTC);
      if (day.rows() >= logged.getOrDefault(date, 0L)) {
        days.put(date, day);
        counted += day.rows();
        logged.remove(date);
      }
    }
    if (!logged.isEmpty()) {
      log.count(profile, CalendarWindow.DAY)
          .forEach(
              (date, day) -> {
                if (logged.containsKey(date)) {
                  days.put(date, day);
                  read += day.rows();
                }
              });
    }
  }

  /** All rows in one. */
  WindowCounts whole() {
    return days.values().stream().reduce(WindowCounts::merge).orElseThrow();
  }

  /** The rows window by window, in the order of time; those without rows are left out. */
  SortedMap<LocalDate, WindowCounts> windows(CalendarWindow length) {
    SortedMap<LocalDate, WindowCounts> windows = new TreeMap<>();
    days.forEach(
        (date, day) -> {
          LocalDate begin = length.begin(date);
          windows.merge(
              begin,
              day.between(
                  begin.atStartOfDay().toInstant(ZoneOffset.UTC),
                  length.next(begin).atStartOfDay().toInstant(ZoneOffset.UTC)),
              WindowCounts::merge);
        });
    return windows;
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
