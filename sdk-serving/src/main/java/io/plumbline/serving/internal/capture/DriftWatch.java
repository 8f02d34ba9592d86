package io.plumbline.serving.internal.capture;

import io.plumbline.StoreException;
import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.DriftMonitor;
import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowStore;
import io.plumbline.drift.Windows;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.PredictionLogger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the windows of a version against its profile, one after the other, and tells of each. It
 * goes on with the windows that are kept on disk, so a restart forgets no alarm. For one thread.
 */
final class DriftWatch {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");

  private final ModelVersion version;
  private final DriftMonitor monitor;
  private final PredictionLogger.DriftListener listener;

  private DriftWatch(
      ModelVersion version, DriftMonitor monitor, PredictionLogger.DriftListener listener) {
    this.version = version;
    this.monitor = monitor;
    this.listener = listener;
  }

  /** Begins, or goes on with what was counted before; null if nobody listens. */
  static @Nullable DriftWatch of(
      ModelVersion version, Profile profile, CaptureOptions options, Instant now) {
    PredictionLogger.DriftListener listener = options.driftListener;
    if (listener == null) {
      return null;
    }
    AlarmPolicy policy = options.driftPolicy;
    List<WindowCounts> before = before(version, profile, options, now);
    return new DriftWatch(version, DriftMonitor.continuing(profile, policy, before, now), listener);
  }

  /** The last windows, as many as an alarm can rest on; older ones are not read. */
  private static List<WindowCounts> before(
      ModelVersion version, Profile profile, CaptureOptions options, Instant now) {
    WindowKeeper keeper = options.keeper;
    if (keeper == null) {
      return List.of();
    }
    Duration back = options.window.multipliedBy(options.driftPolicy.windows() + 1L);
    LocalDate first = LocalDate.ofInstant(now.minus(back), ZoneOffset.UTC);
    try {
      return WindowStore.of(keeper.log())
          .read(version.name(), Integer.toString(version.version()), profile, first, LocalDate.MAX)
          .tumbling(Windows.ALL, options.window);
    } catch (StoreException e) {
      LOG.warn(
          "the windows of {} before this start can't be read, drift is judged anew: {}",
          version.uri(),
          e.getMessage());
      return List.of();
    }
  }

  /** Judges a window that is over; those of slices are not judged. */
  void add(Windows.Window window) {
    if (window.slice().equals(Windows.ALL)) {
      listener.judged(version, monitor.add(window.counts()));
    }
  }
}
