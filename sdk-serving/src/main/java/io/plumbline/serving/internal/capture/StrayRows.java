package io.plumbline.serving.internal.capture;

import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows whose windows are over, or far in the future: too late for whoever was told of the
 * window, but to be kept with it. Each piece of time has a writer of its own, whose file grows with
 * it. For one thread.
 */
final class StrayRows {
  /** Rows of so many different times are counted at once: each takes some ten kilobytes. */
  private static final int MOST = 64;

  /** So many files may be begun at once, and then one more each second: time may jump about. */
  private static final int FILES = 512;

  private record Key(String slice, Instant begin) {}

  private static final class Stray {
    private final ProfileCounter counter;
    private final WindowWriter writer;
    private long kept;

    Stray(ProfileCounter counter, WindowWriter writer) {
      this.counter = counter;
      this.writer = writer;
    }
  }

  private final Profile profile;
  private final Duration length;
  private final WindowKeeper keeper;
  private final BiConsumer<WindowWriter, Windows.Window> kept;
  private final Map<Key, Stray> strays = new LinkedHashMap<>(16, 0.75f, true);
  private long files = FILES;
  private long granted = System.nanoTime();

  /**
   * Stray rows.
   *
   * @param length of the pieces that are kept
   * @param kept takes what is to be written
   */
  StrayRows(
      Profile profile,
      Duration length,
      WindowKeeper keeper,
      BiConsumer<WindowWriter, Windows.Window> kept) {
    this.profile = profile;
    this.length = length;
    this.keeper = keeper;
    this.kept = kept;
  }

  /** The counter for a row of that time and slice; null if there are too many different ones. */
  @Nullable ProfileCounter counter(Instant time, String slice) {
    long seconds = length.toSeconds();
    long begin = Math.floorDiv(time.getEpochSecond(), seconds) * seconds;
    Key key = new Key(slice, Instant.ofEpochSecond(begin));
    Stray stray = strays.get(key);
    if (stray == null && mayBegin()) {
      makeRoom();
      stray = new Stray(profile.counter(), keeper.writer());
      strays.put(key, stray);
    }
    return stray == null ? null : stray.counter;
  }

  private boolean mayBegin() {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - granted);
    if (seconds > 0) {
      granted += TimeUnit.SECONDS.toNanos(seconds);
      files = Math.min(FILES, files + seconds);
    }
    if (files == 0) {
      return false;
    }
    files--;
    return true;
  }

  private void makeRoom() {
    if (strays.size() == MOST) {
      Iterator<Map.Entry<Key, Stray>> all = strays.entrySet().iterator();
      Map.Entry<Key, Stray> oldest = all.next();
      keep(oldest.getKey(), oldest.getValue());
      all.remove();
    }
  }

  /** Has all that was counted since the last time written. */
  void keep() {
    strays.forEach(this::keep);
  }

  private void keep(Key key, Stray stray) {
    WindowCounts counts = stray.counter.snapshot();
    if (counts.rows() > stray.kept) {
      stray.kept = counts.rows();
      Instant begin = key.begin();
      kept.accept(
          stray.writer, new Windows.Window(key.slice(), counts.between(begin, begin.plus(length))));
    }
  }
}
