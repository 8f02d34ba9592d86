package io.plumbline.serving.internal.capture;

import io.plumbline.StoreException;
import io.plumbline.drift.log.LogStats;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.serving.LogRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The one thread that takes rows out of the rings, counts them, and writes those that were sampled.
 * What was written is in the files after a second; an idle thread looks every ten milliseconds.
 */
final class CaptureThread {
  static final LogRow.Outcome[] OUTCOMES = LogRow.Outcome.values();

  private static final long FLUSH_EVERY = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_NAP = 100_000;
  private static final long LONGEST_NAP = 10_000_000;

  /** So long the disk is left alone after it has refused. */
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  /** Slots are given back at least so often. */
  private static final int STEP = 256;

  private final Layouts layouts;
  private final PredictionLogWriter writer;
  private final Sampler sampler;
  private final Counters counters;
  private final OncePerMinute warnings;
  private final boolean mustLog;
  private final Thread thread = Threads.daemon("prediction-log", this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition flushed = lock.newCondition();
  private long wanted;
  private long done;
  private boolean worked;
  private long nextFlush = System.nanoTime() + FLUSH_EVERY;
  private long restUntil = System.nanoTime();
  private volatile boolean closing;
  private volatile long giveUpAt = Long.MAX_VALUE;
  private volatile boolean ended;
  private volatile String failure = "";

  CaptureThread(
      Layouts layouts,
      PredictionLogWriter writer,
      Sampler sampler,
      Counters counters,
      OncePerMinute warnings,
      boolean mustLog) {
    this.layouts = layouts;
    this.writer = writer;
    this.sampler = sampler;
    this.counters = counters;
    this.warnings = warnings;
    this.mustLog = mustLog;
  }

  void start() {
    thread.start();
  }

  void wake() {
    LockSupport.unpark(thread);
  }

  String failure() {
    return failure;
  }

  LogStats files() {
    return writer.stats();
  }

  // ---- the thread

  private void run() {
    long nap = SHORTEST_NAP;
    try {
      while (true) {
        boolean last = closing;
        long taken = drain();
        answerFlush();
        if (System.nanoTime() - nextFlush >= 0) {
          flush(false);
        }
        if (taken > 0) {
          nap = SHORTEST_NAP;
        } else if (last) {
          break;
        } else {
          nap = Math.min(LONGEST_NAP, nap * 2);
        }
        if (taken < STEP) {
          LockSupport.parkNanos(nap);
        }
      }
    } finally {
      end();
    }
  }

  /** Takes what is waiting; returns how many rows. */
  private long drain() {
    long taken = 0;
    for (Ring ring : layouts.rings()) {
      taken += drain(ring, ring.tail());
    }
    return taken;
  }

  private long drain(Ring ring, long until) {
    long first = ring.head();
    long next = first;
    long freed = first;
    while (next < until && ring.isPublished(next)) {
      take(ring, ring.slot(next));
      next++;
      if (next - freed == STEP) {
        ring.free(next);
        freed = next;
        if (System.nanoTime() - nextFlush >= 0) {
          flush(false);
        }
      }
    }
    ring.free(next);
    return next - first;
  }

  private void take(Ring ring, int slot) {
    long flags = RowWriter.header(ring, slot, RowLayout.FLAGS);
    Layouts.Entry entry = layouts.entry((int) (flags >>> RowLayout.NUMBER_AT));
    if (entry == null) {
      counters.lost.increment();
      return;
    }
    try {
      entry.writer().count(ring, slot);
      String id = RowWriter.text(ring, slot, RowLayout.REQUEST_ID);
      double share =
          sampler.share(RowWriter.text(ring, slot, RowLayout.SLICE), RowWriter.outcome(flags));
      if (Sampler.takes(id == null ? "" : id, share)) {
        write(entry.writer(), ring, slot, share);
      } else {
        counters.sampledOut.increment();
      }
    } catch (RuntimeException e) { // one row's failure is not the log's
      counters.lost.increment();
      warnings.warn("row", () -> "a row can't be logged: " + e);
    }
  }

  private void write(RowWriter row, Ring ring, int slot, double share) {
    while (true) {
      if (System.nanoTime() - restUntil < 0 && !mayTry()) {
        counters.lost.increment();
        return;
      }
      try {
        row.write(ring, slot, writer, share);
        worked = true;
        return;
      } catch (StoreException e) {
        refused(e);
      }
    }
  }

  /** The disk rests: in must-log mode this waits until it is asked again, otherwise it is not. */
  private boolean mayTry() {
    if (!mustLog || System.nanoTime() - giveUpAt >= 0) {
      return false;
    }
    long left = restUntil - System.nanoTime();
    if (left > 0) {
      LockSupport.parkNanos(left);
    }
    return true;
  }

  private void refused(StoreException e) {
    failure = String.valueOf(e.getMessage());
    restUntil = System.nanoTime() + REST;
    if (!mustLog) {
      counters.lost.add(writer.discard());
    }
    warnings.warn("disk", failure);
  }

  /** Writes what has been batched; returns whether the disk has taken it. */
  private boolean flush(boolean force) {
    nextFlush = System.nanoTime() + FLUSH_EVERY;
    windows(windows -> windows.close(Instant.ofEpochMilli(Time.SYSTEM.millis())));
    if (System.nanoTime() - restUntil < 0) {
      return false;
    }
    try {
      if (force) {
        writer.force();
      } else {
        writer.flush();
      }
      if (worked) {
        worked = false;
        failure = "";
      }
      return true;
    } catch (StoreException e) {
      refused(e);
      return false;
    }
  }

  private void windows(Consumer<VersionWindows> action) {
    for (RowWriter version : layouts.writers()) {
      VersionWindows windows = version.windows();
      if (windows != null) {
        try {
          action.accept(windows);
        } catch (RuntimeException e) { // the listener's
          warnings.warn("windows", () -> "a listener for windows has failed: " + e);
        }
      }
    }
  }

  // ---- flushing on request

  /** Has the thread write all rows that were committed before now. */
  boolean flush(Duration timeout) {
    long deadline = System.nanoTime() + Math.min(timeout.toNanos(), Long.MAX_VALUE / 4);
    lock.lock();
    try {
      long mine = ++wanted;
      wake();
      while (done < mine) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || ended) {
          return false;
        }
        long unused = flushed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void answerFlush() {
    long asked;
    lock.lock();
    try {
      if (wanted == done) {
        return;
      }
      asked = wanted;
    } finally {
      lock.unlock();
    }
    List<Ring> rings = new ArrayList<>(layouts.rings());
    for (Ring ring : rings) {
      long until = ring.tail();
      while (ring.head() < until) {
        if (drain(ring, until) == 0) {
          Thread.onSpinWait(); // its thread is just copying
        }
      }
    }
    if (flush(mustLog)) {
      lock.lock();
      try {
        done = asked;
        flushed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  // ---- the end

  /** Has the thread write what is waiting and end, and waits for that. */
  void close(Duration patience) {
    giveUpAt = System.nanoTime() + patience.toNanos() / 2;
    closing = true;
    wake();
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      warnings.warn("close", "the prediction log is still being written; its rows may be lost");
    }
  }

  private void end() {
    windows(VersionWindows::closeAll);
    try {
      writer.close();
    } catch (StoreException e) {
      failure = String.valueOf(e.getMessage());
      warnings.warn("disk", failure);
    }
    lock.lock();
    try {
      ended = true;
      flushed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
