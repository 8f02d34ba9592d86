package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import io.plumbline.internal.Time;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.PredictionLogger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one version: its rows, counted into its own profile. They are kept on disk once a
 * minute, and when they are over. For one thread.
 */
final class VersionWindows {
  private static final Duration LATENESS = Duration.ofMinutes(5);

  private static final long KEEP_EVERY = TimeUnit.MINUTES.toNanos(1);

  /** In microseconds: rows that are counted together are of the same one. */
  static final long MINUTE = 60_000_000;

  private final ModelVersion version;
  private final Windows windows;
  private final Duration length;
  private final PredictionLogger.@Nullable WindowListener listener;
  private final @Nullable WindowKeeper keeper;
  private final @Nullable WindowWriter writer;
  private final Set<String> hidden;
  private final @Nullable FirstRows first;
  private final @Nullable DriftWatch drift;

  // The minute that was counted into last: nearly all rows are of it.
  private long from = Long.MAX_VALUE;
  private @Nullable ProfileCounter counter;
  private long latest = Long.MIN_VALUE;
  private long nextKeep = System.nanoTime();
  private @Nullable RuntimeException failure;
  private final @Nullable StrayRows strays;

  VersionWindows(ModelVersion version, Profile profile, CaptureOptions options) {
    this.version = version;
    this.length = options.window;
    this.listener = options.windows;
    this.windows = Windows.tumbling(profile, length, LATENESS, 1);
    WindowKeeper keeping = options.keeper;
    this.keeper = keeping;
    this.writer = keeping == null ? null : keeping.writer();
    this.strays =
        keeping == null ? null : new StrayRows(profile, windows.unit(), keeping, this::keepStray);
    this.first = FirstRows.of(version, profile, options, now());
    this.drift = DriftWatch.of(version, profile, options, now());
    this.hidden =
        options.privacy.keySet().stream()
            .filter(column -> !options.privacy(column).label().isEmpty())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The counter for a row of that time; null if its window is over. */
  @Nullable ProfileCounter counter(long micros) {
    if (micros >= from && micros - from < MINUTE) {
      return counter;
    }
    Instant time = instant(micros);
    if (micros > latest) {
      latest = micros;
      end(clock(time, now()));
    }
    ProfileCounter found = windows.counter(time);
    counter = found == null ? stray(time, Windows.ALL) : found;
    from = Math.floorDiv(micros, MINUTE) * MINUTE;
    return counter;
  }

  /** The counter for a row of that time and slice. */
  @Nullable ProfileCounter counter(long micros, String slice) {
    ProfileCounter found = windows.counter(instant(micros), slice);
    return found == null ? stray(instant(micros), slice) : found;
  }

  private @Nullable ProfileCounter stray(Instant time, String slice) {
    return strays == null ? null : strays.counter(time, slice);
  }

  /** Says of rows that they are in no window. */
  void uncounted(long rows) {
    if (keeper != null) {
      keeper.uncounted(rows);
    }
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Time.SYSTEM.millis());
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /**
   * By what time windows end: by the clock for rows of now; for those of a past that is replayed by
   * their own, with a window's length for threads that have fallen behind.
   */
  private Instant clock(Instant seen, Instant now) {
    boolean live = Duration.between(seen, now).compareTo(length.plus(LATENESS).multipliedBy(2)) < 0;
    return live || seen.isAfter(now) ? now : seen.minus(length);
  }

  /** Ends the windows whose time is over. */
  void close(Instant now) {
    if (latest == Long.MIN_VALUE) {
      return;
    }
    if (System.nanoTime() - nextKeep >= 0) { // whatever the clock of the machine does
      keep();
      keepStrays();
      nextKeep = System.nanoTime() + KEEP_EVERY;
    }
    end(clock(instant(latest), now));
    judge(now);
    throwFailure();
  }

  /** Ends all windows. */
  void closeAll() {
    keep();
    keepStrays();
    tell(windows.closeAll());
    judge(now());
    throwFailure();
  }

  private void end(Instant now) {
    if (windows.isDue(now)) {
      keep();
      tell(windows.close(now));
    }
  }

  private void judge(Instant now) {
    FirstRows rows = first;
    if (rows == null || rows.isDone()) {
      return;
    }
    try {
      rows.judge(windows.open(Windows.ALL), now);
    } catch (RuntimeException e) { // the listener's, or the gate's
      failure = e;
    }
  }

  private void keep() {
    if (keeper != null && writer != null) {
      List<Windows.Window> changed = windows.changed();
      if (!changed.isEmpty()) {
        keeper.keep(writer, version, changed.stream().map(this::hide).toList());
      }
    }
  }

  /** Keeps rows that came too late beside those of their windows. */
  private void keepStrays() {
    if (strays != null) {
      strays.keep();
    }
  }

  private void keepStray(WindowWriter by, Windows.Window window) {
    from = Long.MAX_VALUE; // its counter may be gone now
    if (keeper != null) {
      keeper.keep(by, version, List.of(hide(window)));
    }
  }

  /** What the log does not show of a column's values, the counts on disk do not show either. */
  private Windows.Window hide(Windows.Window window) {
    return hidden.isEmpty()
        ? window
        : new Windows.Window(window.slice(), window.counts().binned(hidden));
  }

  private void tell(List<Windows.Window> over) {
    from = Long.MAX_VALUE;
    if (first != null) {
      over.forEach(first::add);
    }
    for (Windows.Window window : over) {
      if (listener != null) {
        tell(() -> listener.ended(version, window.slice(), window.counts()));
      }
      if (drift != null) {
        tell(() -> drift.add(window));
      }
    }
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) { // told later, so that no row is lost over it
      failure = e;
    }
  }

  private void throwFailure() {
    RuntimeException thrown = failure;
    failure = null;
    if (thrown != null) {
      throw thrown;
    }
  }
}
