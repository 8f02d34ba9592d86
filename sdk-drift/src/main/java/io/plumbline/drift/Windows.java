package io.plumbline.drift;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
 * <p>Rows are counted by sub-window, the longest time that fits both into the window and into a
 * day, and sub-windows are merged into windows when {@link #close} says that their time is over;
 * until then a late row finds its own. A row that comes later than that, or from further in the
 * future than one window and the lateness, is counted in {@link #late} or {@link #early} and
 * nowhere else, so that no clock that jumps can end a window or fill the memory. A window with too
 * few rows is merged into the next one.
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
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MOST_SLICES = 100;
  private static final String OTHER_SLICES = "(other)";

  /**
   * A window whose time is over.
   *
   * @param slice of which rows, {@link #ALL} for all
   * @param counts with the window's time; a merged window's begins with its first part
   */
  public record Window(String slice, WindowCounts counts) {}

  /** A sub-window, and how many of its rows {@link #changed} has told of. */
  private static final class Part {
    final ProfileCounter counter;
    long told;

    Part(ProfileCounter counter) {
      this.counter = counter;
    }
  }

  private final Profile profile;
  private final Duration length;
  private final Duration unit;
  private final Duration lateness;
  private final long leastRows;
  private final Map<String, NavigableMap<Instant, Part>> parts = new HashMap<>();
  private final Map<String, WindowCounts> waiting = new HashMap<>();
  private @Nullable Instant closed;
  private long late;
  private long early;

  private Windows(Profile profile, Duration length, Duration lateness, long leastRows) {
    this.profile = profile;
    this.length = length;
    this.unit = Duration.ofMinutes(divisor(length.toMinutes(), DAY.toMinutes()));
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

  /** How long the pieces are that windows are made of, and {@link #changed} gives. */
  public Duration unit() {
    return unit;
  }

  private static long divisor(long left, long right) {
    return right == 0 ? left : divisor(right, left % right);
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
   * @param slice such as {@code origin=JFK}; of more than 100 slices at once, the rest is {@code
   *     (other)}
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
    long most = 2 * length.plus(lateness).dividedBy(unit) + 4;
    String place = place(slice);
    if (parts.getOrDefault(place, Collections.emptyNavigableMap()).size() > most) {
      early++; // nothing was closed yet, and memory is bounded all the same
      return null;
    }
    return parts
        .computeIfAbsent(place, name -> new TreeMap<>())
        .computeIfAbsent(floor(eventTime, unit), begin -> new Part(profile.counter()))
        .counter;
  }

  /** Where a slice is counted: as itself, or among the others when there are too many at once. */
  private String place(String slice) {
    if (parts.containsKey(slice)) {
      return slice;
    }
    if (parts.size() >= MOST_SLICES) {
      return OTHER_SLICES;
    }
    if (!waiting.containsKey(slice)) {
      makeRoom();
    }
    return slice;
  }

  /**
   * Of slices that wait for more rows and get none, the one that waits longest joins the others.
   */
  private void makeRoom() {
    List<Map.Entry<String, WindowCounts>> idle = new ArrayList<>(waiting.entrySet());
    idle.removeIf(
        entry ->
            parts.containsKey(entry.getKey())
                || entry.getKey().equals(ALL)
                || entry.getKey().equals(OTHER_SLICES));
    if (parts.size() + idle.size() >= MOST_SLICES && !idle.isEmpty()) {
      Map.Entry<String, WindowCounts> longest =
          Collections.min(
              idle,
              Comparator.comparing(
                      (Map.Entry<String, WindowCounts> entry) ->
                          entry.getValue().from().orElse(Instant.MIN))
                  .thenComparing(Map.Entry::getKey));
      WindowCounts counts = longest.getValue();
      waiting.remove(longest.getKey());
      waiting.merge(OTHER_SLICES, counts, WindowCounts::merge);
    }
  }

  /**
   * The sub-windows that rows were counted into since the last call, as they stand. Who keeps them,
   * as {@link WindowWriter} does, calls this now and then, and before {@link #close} when a window
   * {@linkplain #isDue is due}.
   */
  public List<Window> changed() {
    List<Window> changed = new ArrayList<>();
    parts.forEach(
        (slice, all) ->
            all.forEach(
                (begin, part) -> {
                  WindowCounts counts = part.counter.snapshot();
                  if (counts.rows() != part.told) {
                    part.told = counts.rows();
                    changed.add(new Window(slice, counts.between(begin, begin.plus(unit))));
                  }
                }));
    return changed;
  }

  /** The rows of a slice whose windows are not over yet, as they stand; empty if there are none. */
  public Optional<WindowCounts> open(String slice) {
    return parts.getOrDefault(slice, Collections.emptyNavigableMap()).values().stream()
        .map(part -> part.counter.snapshot())
        .reduce(WindowCounts::merge);
  }

  /** Whether {@link #close} would find that the time of windows is over. */
  public boolean isDue(Instant now) {
    return closed == null || floor(now.minus(lateness), length).isAfter(closed);
  }

  /**
   * Ends all windows whose time and lateness are over, and returns those with enough rows, in
   * order.
   *
   * @param now the time, by the clock of whoever calls; going back changes nothing
   */
  public List<Window> close(Instant now) {
    if (!isDue(now)) {
      return List.of();
    }
    Instant end = floor(now.minus(lateness), length);
    closed = end;
    List<Window> windows = new ArrayList<>();
    parts.forEach((slice, own) -> close(slice, own, end, windows));
    parts.values().removeIf(Map::isEmpty);
    return windows;
  }

  /** Ends all windows, whatever the time; also those with too few rows are returned. */
  public List<Window> closeAll() {
    List<Window> windows = new ArrayList<>();
    parts.forEach((slice, own) -> close(slice, own, Instant.MAX, windows));
    waiting.forEach((slice, counts) -> windows.add(new Window(slice, counts)));
    waiting.clear();
    parts.clear();
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
      String slice, NavigableMap<Instant, Part> own, Instant end, List<Window> windows) {
    Iterator<Map.Entry<Instant, Part>> over = own.headMap(end, false).entrySet().iterator();
    WindowCounts open = null;
    while (over.hasNext()) {
      Map.Entry<Instant, Part> part = over.next();
      Instant begin = floor(part.getKey(), length);
      if (open != null && !open.from().equals(Optional.of(begin))) {
        add(slice, open, windows);
        open = null;
      }
      WindowCounts counts = part.getValue().counter.snapshot().between(begin, begin.plus(length));
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

  static Instant floor(Instant time, Duration unit) {
    long seconds = Math.floorDiv(time.getEpochSecond(), unit.toSeconds()) * unit.toSeconds();
    return Instant.ofEpochSecond(seconds);
  }
}
