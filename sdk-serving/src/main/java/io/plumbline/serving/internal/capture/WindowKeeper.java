package io.plumbline.serving.internal.capture;

import io.plumbline.StoreException;
import io.plumbline.drift.WindowStore;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.model.ModelVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the counts of windows to disk, on a thread of its own: neither requests nor the log wait
 * for it. What waits is the latest state of each window, so a slow disk costs no memory but for
 * windows that are over; of these the oldest are given up and counted.
 */
final class WindowKeeper {
  private static final long TIDY_EVERY = TimeUnit.MINUTES.toNanos(10);

  /** So many windows wait at most; each has some kilobytes. */
  private static final int MOST = 512;

  /** So long the disk is left alone after it has refused. */
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  /** So long the log waits for room, where every row must be. */
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  /** A window of a writer; the writer is one of this process and of one loaded version. */
  private record Key(WindowWriter writer, String slice, @Nullable Instant from) {}

  private record Waiting(ModelVersion version, Windows.Window window) {}

  private final Path log;
  private final @Nullable Duration retention;
  private final long diskBudget;
  private final boolean mustLog;
  private final OncePerMinute warnings;
  private final Thread thread = Threads.daemon("prediction-windows", this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Key, Waiting> waiting = new LinkedHashMap<>();
  private final LongAdder lost = new LongAdder();
  private final LongAdder uncounted = new LongAdder();
  private boolean closing;
  private volatile boolean ended;

  WindowKeeper(Path log, CaptureOptions options, OncePerMinute warnings) {
    this.log = log;
    this.retention = options.windowRetention;
    this.diskBudget = options.windowBudget;
    this.mustLog = options.mustLog;
    this.warnings = warnings;
  }

  void start() {
    thread.start();
  }

  Path log() {
    return log;
  }

  WindowWriter writer() {
    return WindowWriter.in(log);
  }

  /** Takes windows as they stand, in place of what waits of them. */
  void keep(WindowWriter writer, ModelVersion version, List<Windows.Window> windows) {
    lock.lock();
    try {
      if (ended) {
        lost.add(windows.size());
        return;
      }
      for (Windows.Window window : windows) {
        Key key = new Key(writer, window.slice(), window.counts().from().orElse(null));
        if (!waiting.containsKey(key)) {
          makeRoom();
        }
        waiting.put(key, new Waiting(version, window));
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom() {
    long until = System.nanoTime() + PATIENCE;
    try {
      while (mustLog && waiting.size() >= MOST && !ended && System.nanoTime() - until < 0) {
        long unused = changed.awaitNanos(REST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Iterator<Key> oldest = waiting.keySet().iterator();
    while (waiting.size() >= MOST && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
      lost.increment();
    }
  }

  /** Counts rows of times whose windows are over, or too far in the future. */
  void uncounted(long rows) {
    uncounted.add(rows);
  }

  long uncounted() {
    return uncounted.sum();
  }

  /** Windows that were given up, or whose last rows were. */
  long lost() {
    return lost.sum();
  }

  // ---- the thread

  private void run() {
    long nextTidy = System.nanoTime();
    try {
      while (true) {
        boolean last = await();
        boolean well = writeAll();
        if (last) {
          return;
        }
        if (System.nanoTime() - nextTidy >= 0) {
          nextTidy = System.nanoTime() + TIDY_EVERY;
          tidy();
        }
        if (!well) {
          rest();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.lock();
      try {
        ended = true;
        lost.add(waiting.size());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until there is something to do; returns whether it is the last. */
  private boolean await() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closing) {
        changed.await();
      }
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void rest() throws InterruptedException {
    lock.lock();
    try {
      long left = REST;
      while (left > 0 && !closing) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is waiting until the disk refuses; returns whether it has not. */
  private boolean writeAll() {
    while (true) {
      Map.Entry<Key, Waiting> next = next();
      if (next == null) {
        return true;
      }
      Key key = next.getKey();
      Waiting window = next.getValue();
      try {
        key.writer()
            .write(
                window.version().name(),
                Integer.toString(window.version().version()),
                window.window());
      } catch (StoreException e) {
        warnings.warn("keep-window", () -> e.getMessage() + "; it is tried again");
        giveBack(key, window);
        return false;
      } catch (RuntimeException e) { // one window's failure is not the others'
        lost.increment();
        warnings.warn("window", () -> "the counts of a window can't be kept: " + e);
      }
    }
  }

  private Map.@Nullable Entry<Key, Waiting> next() {
    lock.lock();
    try {
      Iterator<Map.Entry<Key, Waiting>> all = waiting.entrySet().iterator();
      if (!all.hasNext()) {
        return null;
      }
      Map.Entry<Key, Waiting> first = all.next();
      Map.Entry<Key, Waiting> next = Map.entry(first.getKey(), first.getValue());
      all.remove();
      changed.signalAll();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what was not written, unless there is a later state by now, or no room. */
  private void giveBack(Key key, Waiting window) {
    lock.lock();
    try {
      if (waiting.size() < MOST) {
        waiting.putIfAbsent(key, window);
      } else if (!waiting.containsKey(key)) {
        lost.increment();
      }
    } finally {
      lock.unlock();
    }
  }

  private void tidy() {
    if (retention == null && diskBudget == 0) {
      return;
    }
    try {
      long unused = WindowStore.of(log).tidy(retention, diskBudget);
    } catch (StoreException e) {
      warnings.warn("tidy-windows", String.valueOf(e.getMessage()));
    }
  }

  /** Writes what is waiting, if the disk takes it, and ends. */
  void close(Duration patience) {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (lost() > 0) {
      warnings.warn("lost-windows", lost() + " windows of rows were not kept");
    }
  }
}
