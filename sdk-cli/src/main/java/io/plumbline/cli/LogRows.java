package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileBuilder;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Counts the rows of a prediction log, or of one file of columns. */
final class LogRows {
  private static final String TIME = SystemColumn.TS.columnName();
  private static final String VERSION = SystemColumn.MODEL_VERSION.columnName();
  private static final String SLICE = SystemColumn.SLICE.columnName();
  private static final int MOST_SLICES = 1_000;
  private static final long MICROS_OF_HOUR = 3_600_000_000L;
  private static final long MICROS_OF_DAY = 24 * MICROS_OF_HOUR;
  private static final int MOST_WINDOWS = 5_000;

  private final Path path;
  private final LogRange range;

  LogRows(Path path, LogRange range) {
    this.path = path;
    this.range = range;
  }

  /**
   * Adds all rows to a profile that is being made.
   *
   * @throws NotFoundException if there is none
   */
  void addTo(ProfileBuilder builder) {
    read(builder::add);
  }

  /**
   * Counts all rows into a profile's bins.
   *
   * @throws NotFoundException if there is none
   */
  WindowCounts count(Profile profile) {
    ProfileCounter counter = profile.counter();
    read(counter::countAll); // all: a column that nobody knows is to be named
    return counter.take();
  }

  /**
   * Counts the rows window by window, in the order of time; those without rows are left out.
   *
   * @throws NotFoundException if there is no row
   */
  SortedMap<Instant, WindowCounts> count(Profile profile, CalendarWindow window) {
    SortedMap<Instant, ProfileCounter> counters = new TreeMap<>();
    read(rows -> count(rows, profile, window, counters));
    SortedMap<Instant, WindowCounts> windows = new TreeMap<>();
    counters.forEach(
        (begin, counter) -> windows.put(begin, counter.take().between(begin, window.next(begin))));
    return windows;
  }

  /** How many rows there are of each day; without rows none. */
  SortedMap<LocalDate, Long> days() {
    SortedMap<LocalDate, Long> rows = new TreeMap<>();
    try {
      read(
          batch -> {
            for (long day : days(batch)) {
              rows.merge(LocalDate.ofEpochDay(day), 1L, Long::sum);
            }
          });
    } catch (NotFoundException e) {
      return new TreeMap<>();
    }
    return rows;
  }

  /** The slices that the rows are of; without rows none. */
  NavigableSet<String> slices() {
    NavigableSet<String> slices = new TreeSet<>();
    try {
      read(
          batch -> {
            if (batch.has(SLICE)) {
              Arrays.stream(batch.texts(SLICE)).filter(Objects::nonNull).forEach(slices::add);
            }
            if (slices.size() > MOST_SLICES) {
              throw new IllegalArgumentException(
                  quoted() + " has more than " + MOST_SLICES + " slices; name one with --slice");
            }
          });
    } catch (NotFoundException e) {
      return new TreeSet<>();
    }
    return slices;
  }

  private void count(
      LogBatch rows,
      Profile profile,
      CalendarWindow window,
      Map<Instant, ProfileCounter> counters) {
    long[] hours = times(rows, MICROS_OF_HOUR);
    Map<Instant, List<Integer>> places = new TreeMap<>();
    List<Integer> current = List.of();
    for (int row = 0; row < hours.length; row++) {
      if (row == 0 || hours[row] != hours[row - 1]) {
        Instant begin = window.begin(Instant.EPOCH.plus(Duration.ofHours(hours[row])));
        current = places.computeIfAbsent(begin, unused -> new ArrayList<>());
      }
      current.add(row);
    }
    places.forEach(
        (begin, some) -> {
          if (!counters.containsKey(begin) && counters.size() == MOST_WINDOWS) {
            throw new IllegalArgumentException(
                quoted()
                    + " has rows of more than "
                    + MOST_WINDOWS
                    + " windows; choose longer ones, or fewer days with --from and --to");
          }
          int[] chosen = some.stream().mapToInt(Integer::intValue).toArray();
          counters
              .computeIfAbsent(begin, unused -> profile.counter())
              .countAll(chosen.length == rows.rows() ? rows : new SomeRows(rows, chosen));
        });
  }

  // ---- reading

  /**
   * Reads the rows that are meant. A column is decoded when it is asked for, so all are at hand.
   */
  private void read(Consumer<LogBatch> each) {
    // A single file stands in no folder that would say what is in it; slices have no folders.
    boolean byRow = (Files.isRegularFile(path) && !range.isAll()) || range.slice() != null;
    long rows = 0;
    try (PredictionLogReader reader = PredictionLogReader.open(path, range.filter())) {
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        LogBatch wanted = byRow ? wanted(batch) : batch;
        if (wanted.rows() > 0) {
          rows += wanted.rows();
          each.accept(wanted);
        }
      }
    }
    if (rows == 0) {
      throw new NotFoundException(("there are no rows " + range).trim() + " in " + quoted());
    }
  }

  private LogBatch wanted(LogBatch batch) {
    IntPredicate wanted = row -> true;
    LocalDate from = range.from();
    LocalDate to = range.to();
    if (from != null || to != null) {
      long first = from == null ? Long.MIN_VALUE : from.toEpochDay();
      long last = to == null ? Long.MAX_VALUE : to.toEpochDay();
      long[] days = days(batch);
      wanted = row -> days[row] >= first && days[row] <= last;
    }
    String version = range.version();
    if (version != null) {
      require(batch, VERSION, "says of no row which version has made it");
      @Nullable String[] versions = batch.texts(VERSION);
      IntPredicate before = wanted;
      wanted = row -> before.test(row) && Objects.equals(versions[row], version);
    }
    String slice = range.slice();
    if (slice != null) {
      require(batch, SLICE, "says of no row in which slice it is");
      @Nullable String[] slices = batch.texts(SLICE);
      IntPredicate before = wanted;
      wanted = row -> before.test(row) && Objects.equals(slices[row], slice);
    }
    return new SomeRows(batch, IntStream.range(0, batch.rows()).filter(wanted).toArray());
  }

  /** The day of each row, since 1970. */
  private long[] days(LogBatch batch) {
    return times(batch, MICROS_OF_DAY);
  }

  /** The time of each row, since 1970, in units of so many microseconds. */
  private long[] times(LogBatch batch, long unit) {
    require(batch, TIME, "has no times of events");
    long[] times = batch.longs(TIME);
    for (int row = 0; row < times.length; row++) {
      if (batch.isNull(TIME, row)) {
        throw new IllegalArgumentException(quoted() + " has a row without a time in " + TIME);
      }
      times[row] = Math.floorDiv(times[row], unit);
    }
    return times;
  }

  private void require(LogBatch batch, String column, String what) {
    if (!batch.has(column)) {
      throw new IllegalArgumentException(quoted() + " " + what + ": it lacks the column " + column);
    }
  }

  private String quoted() {
    return Printable.quote(path.toString());
  }
}
