package io.plumbline.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cuts rows into tumbling windows by their event time, such as hours or days since 1970 in UTC, for
 * all rows and for each slice of them. One instance serves one thread.
 *
 * <p>Rows are counted by minute, and minutes are merged into windows when {@link #close} says that
 * their time is over; until then a late row finds its minute. A row that comes later than that, or
 * from further in the future than one window and the lateness, is counted in {@link #late} or
 * {@link #early} and nowhere else, so that no clock that jumps can end a window or fill the memory.
 * A window with too few rows is merged into the next one.
 *
 * <pre>{@code
 * Windows windows = Windows.tumbling(profile, Duration.ofHours(1));
 * ProfileCounter counter = windows.counter(eventTime);
 * if (counter != null) {
 *   counter.count(temperature, 71.6);
 * }
 * for (Windows.Window window : windows.close(Instant.now())) {
 *   monitor.add(window.counts());
 * }
 * }</pre>
 */
public final class Windows {
  /** The slice of all rows. */
  public static final String ALL = "";

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MOST_SLICES = 100;
  private static final String OTHER_SLICES = "(other)";

  /**
   * A window whose time is over.
   *
   * @param slice of which rows, {@link #ALL} for all
   * @param counts with the window's time; a merged window's begins with its first part
   */
  public record Window(String slice, WindowCounts counts) {}

  private final Profile profile;
  private final Duration length;
  private final Duration lateness;
  private final long leastRows;
  private final Map<String, NavigableMap<Instant, ProfileCounter>> minutes = new HashMap<>();
  private final Map<String, WindowCounts> waiting = new HashMap<>();
  private @Nullable Instant closed;
  private long late;
  private long early;

  private Windows(Profile profile, Duration length, Duration lateness, long leastRows) {
    this.profile = profile;
    this.length = length;
    this.lateness = lateness;
    this.leastRows = leastRows;
  }

  /**
   * Windows of that length that wait five minutes for late rows and merge what has fewer than 200.
   *
   * @param length whole minutes, at least one and at most 31 days
   */
  public static Windows tumbling(Profile profile, Duration length) {
    return tumbling(profile, length, Duration.ofMinutes(5), AlarmPolicy.LEAST_ROWS);
  }

  /**
   * Windows of that length.
   *
   * @param length whole minutes, at least one and at most 31 days
   * @param lateness how long after its end a window waits for late rows
   * @param leastRows a window with fewer rows is merged into the next one
   */
  public static Windows tumbling(
      Profile profile, Duration length, Duration lateness, long leastRows) {
    Objects.requireNonNull(profile, "profile");
    if (length.compareTo(MINUTE) < 0
        || length.compareTo(Duration.ofDays(31)) > 0
        || length.toMillis() % MINUTE.toMillis() != 0) {
      throw new IllegalArgumentException(
          "a window lasts whole minutes, from 1 minute to 31 days, not " + length);
    }
    if (lateness.isNegative() || lateness.compareTo(Duration.ofDays(31)) > 0) {
      throw new IllegalArgumentException("lateness must be 0 to 31 days, not " + lateness);
    }
    return new Windows(profile, length, lateness, Math.max(1, leastRows));
  }

  /**
   * The counter for a row of that time, to be used at once.
   *
   * @return null if the row's window is over; it is counted in {@link #late} or {@link #early}
   */
  public @Nullable ProfileCounter counter(Instant eventTime) {
    return counter(eventTime, ALL);
  }

  /**
   * The counter for a row of that time and slice. A row that belongs to a slice belongs to all
   * rows, too: count it into both.
   *
   * @param slice such as {@code origin=JFK}; of more than 100 slices, the rest is {@code (other)}
   */
  public @Nullable ProfileCounter counter(Instant eventTime, String slice) {
    if (closed != null) {
      if (eventTime.isBefore(closed)) {
        late++;
        return null;
      }
      if (eventTime.isAfter(closed.plus(length).plus(length).plus(lateness))) {
        early++;
        return null;
      }
    }
    int most = (int) (2 * length.plus(lateness).toMinutes() + 2);
    if (minutes.getOrDefault(slice, Collections.emptyNavigableMap()).size() > most) {
      early++; // nothing was closed yet, and memory is bounded all the same
      return null;
    }
    boolean known = minutes.containsKey(slice) || minutes.size() < MOST_SLICES;
    return minutes
        .computeIfAbsent(known ? slice : OTHER_SLICES, name -> new TreeMap<>())
        .computeIfAbsent(floor(eventTime, MINUTE), minute -> profile.counter());
  }

  /**
   * Ends all windows whose time and lateness are over, and returns those with enough rows, in
   * order.
   *
   * @param now the time, by the clock of whoever calls; going back changes nothing
   */
  public List<Window> close(Instant now) {
    Instant end = floor(now.minus(lateness), length);
    if (closed != null && !end.isAfter(closed)) {
      return List.of();
    }
    closed = end;
    List<Window> windows = new ArrayList<>();
    minutes.forEach((slice, counters) -> close(slice, counters, end, windows));
    return windows;
  }

  /** Ends all windows, whatever the time; also those with too few rows are returned. */
  public List<Window> closeAll() {
    List<Window> windows = new ArrayList<>();
    minutes.forEach((slice, counters) -> close(slice, counters, Instant.MAX, windows));
    waiting.forEach((slice, counts) -> windows.add(new Window(slice, counts)));
    waiting.clear();
    minutes.clear();
    return windows;
  }

  /** Rows that came after their window had ended. */
  public long late() {
    return late;
  }

  /** Rows of a time that is too far in the future. */
  public long early() {
    return early;
  }

  private void close(
      String slice,
      NavigableMap<Instant, ProfileCounter> counters,
      Instant end,
      List<Window> windows) {
    Iterator<Map.Entry<Instant, ProfileCounter>> over =
        counters.headMap(end, false).entrySet().iterator();
    WindowCounts open = null;
    while (over.hasNext()) {
      Map.Entry<Instant, ProfileCounter> minute = over.next();
      Instant begin = floor(minute.getKey(), length);
      if (open != null && !open.from().equals(Optional.of(begin))) {
        add(slice, open, windows);
        open = null;
      }
      WindowCounts counts = minute.getValue().snapshot().between(begin, begin.plus(length));
      open = open == null ? counts : open.merge(counts);
      over.remove();
    }
    if (open != null) {
      add(slice, open, windows);
    }
  }

  private void add(String slice, WindowCounts counts, List<Window> windows) {
    WindowCounts before = waiting.remove(slice);
    WindowCounts whole = before == null ? counts : before.merge(counts);
    if (whole.rows() < leastRows) {
      waiting.put(slice, whole);
    } else {
      windows.add(new Window(slice, whole));
    }
  }

  private static Instant floor(Instant time, Duration unit) {
    long seconds = Math.floorDiv(time.getEpochSecond(), unit.toSeconds()) * unit.toSeconds();
    return Instant.ofEpochSecond(seconds);
  }
}
