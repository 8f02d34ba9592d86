package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.Windows;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.PredictionLogger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The windows of one version: its rows, counted into its own profile. For one thread. */
final class VersionWindows {
  private static final Duration LATENESS = Duration.ofMinutes(5);

  /** In microseconds: what windows are made of. */
  static final long MINUTE = 60_000_000;

  private final ModelVersion version;
  private final Windows windows;
  private final Duration length;
  private final PredictionLogger.@Nullable WindowListener listener;

  // The minute that was counted into last: nearly all rows are of it.
  private long from = Long.MAX_VALUE;
  private @Nullable ProfileCounter counter;
  private long latest = Long.MIN_VALUE;

  VersionWindows(ModelVersion version, Profile profile, CaptureOptions options) {
    this.version = version;
    this.length = options.window;
    this.listener = options.windows;
    this.windows = Windows.tumbling(profile, length, LATENESS, 1);
  }

  /** The counter for a row of that time; null if its window is over. */
  @Nullable ProfileCounter counter(long micros) {
    if (micros >= from && micros - from < MINUTE) {
      return counter;
    }
    from = Math.floorDiv(micros, MINUTE) * MINUTE;
    counter = windows.counter(instant(micros));
    latest = Math.max(latest, micros);
    return counter;
  }

  /** The counter for a row of that time and slice. */
  @Nullable ProfileCounter counter(long micros, String slice) {
    return windows.counter(instant(micros), slice);
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /**
   * Ends the windows whose time is over: by the clock for rows of now, by the rows' own time for
   * those of a past that is replayed.
   */
  void close(Instant now) {
    if (latest == Long.MIN_VALUE) {
      return;
    }
    Instant seen = instant(latest);
    boolean live = Duration.between(seen, now).compareTo(length.plus(LATENESS).multipliedBy(2)) < 0;
    tell(windows.close(live || seen.isAfter(now) ? now : seen));
  }

  /** Ends all windows. */
  void closeAll() {
    tell(windows.closeAll());
  }

  private void tell(List<Windows.Window> over) {
    from = Long.MAX_VALUE;
    if (listener == null) {
      return;
    }
    for (Windows.Window window : over) {
      listener.ended(version, window.slice(), window.counts());
    }
  }
}
