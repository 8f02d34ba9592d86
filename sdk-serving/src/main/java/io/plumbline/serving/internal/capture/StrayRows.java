package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.Windows;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows whose windows are over, or far in the future: too late for whoever was told of the
 * window, but to be kept with it. For one thread.
 */
final class StrayRows {
  /** Rows of so many different times are counted at once: each takes some ten kilobytes. */
  private static final int MOST = 64;

  private record Key(String slice, Instant begin) {}

  private final Profile profile;
  private final Duration length;
  private final Map<Key, ProfileCounter> counters = new LinkedHashMap<>();

  /**
   * Stray rows.
   *
   * @param length of the pieces that are kept
   */
  StrayRows(Profile profile, Duration length) {
    this.profile = profile;
    this.length = length;
  }

  /** The counter for a row of that time and slice; null if there are too many different ones. */
  @Nullable ProfileCounter counter(Instant time, String slice) {
    long seconds = length.toSeconds();
    Instant begin = Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), seconds) * seconds);
    Key key = new Key(slice, begin);
    return counters.size() < MOST || counters.containsKey(key)
        ? counters.computeIfAbsent(key, unused -> profile.counter())
        : null;
  }

  /** What was counted; counting begins anew. */
  List<Windows.Window> take() {
    List<Windows.Window> windows =
        counters.entrySet().stream()
            .map(
                entry -> {
                  Instant begin = entry.getKey().begin();
                  return new Windows.Window(
                      entry.getKey().slice(),
                      entry.getValue().take().between(begin, begin.plus(length)));
                })
            .toList();
    counters.clear();
    return windows;
  }
}
