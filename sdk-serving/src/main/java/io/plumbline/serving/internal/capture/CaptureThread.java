package io.plumbline.serving.internal.capture;

import io.plumbline.StoreException;
import io.plumbline.drift.log.LogStats;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
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
  private static final long MINUTE = VersionWindows.MINUTE;
  private static final long FLUSH_EVERY = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_NAP = 100_000;
  private static final long LONGEST_NAP = 10_000_000;

  /** So long the disk is left alone after it has refused. */
  private static final long REST = TimeUnit.SECONDS.toNanos(1);

  /** So long the last rows are waited for, whose threads have a slot and are held up. */
  private static final long LAST_ROWS = TimeUnit.SECONDS.toNanos(1);

  /** Longer nobody waits. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** So many rows are taken together, and their slots given back, at most. */
  static final int STEP = 512;

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
  private long toldDropped;
  private boolean resting;
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

  /** Whether it takes no rows any more. */
  boolean hasEnded() {
    return ended;
  }

  LogStats files() {
    return writer.stats();
  }

  // ---- the thread

  private void run() {
    long nap = SHORTEST_NAP;
    try {
      while (!closing) {
        long taken = pass();
        nap = taken > 0 ? SHORTEST_NAP : Math.min(LONGEST_NAP, nap * 2);
        if (taken < STEP && !closing) {
          LockSupport.parkNanos(nap);
        }
      }
      takeLast();
    } finally {
      end();
    }
  }

  /** Does what there is to do once; returns how many rows that were. */
  private long pass() {
    try {
      long taken = drain();
      answerFlush();
      if (System.nanoTime() - nextFlush >= 0) {
        flush(false);
      }
      return taken;
    } catch (Throwable e) { // an Error of a listener's or a codec's, too: the log goes on
      failed("thread", "the prediction log has failed: ", e);
      nextFlush = System.nanoTime() + FLUSH_EVERY;
      return 0;
    }
  }

  private void failed(String cause, String what, Throwable e) {
    String said = e instanceof StoreException ? String.valueOf(e.getMessage()) : e.toString();
    failure = said;
    warnings.warn(cause, () -> what + said);
  }

  /** Takes the rows that have a slot when nobody gets one any more. */
  private void takeLast() {
    layouts.seal();
    for (Ring ring : layouts.rings()) {
      long until = ring.tail();
      long patience = System.nanoTime() + LAST_ROWS;
      while (ring.head() < until && System.nanoTime() - patience < 0) {
        if (drain(ring, until) > 0) {
          patience = System.nanoTime() + LAST_ROWS;
        } else {
          LockSupport.parkNanos(SHORTEST_NAP); // its thread is just copying
        }
      }
      counters.lost.add(until - ring.head());
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
    while (next < until && ring.isPublished(next)) {
      int count = alike(ring, next, until);
      try {
        take(ring, next, count);
      } finally {
        next += count;
        ring.free(next); // whatever happens, they are not taken again and again
      }
      if (System.nanoTime() - nextFlush >= 0) {
        flush(false);
      }
    }
    return next - first;
  }

  /**
   * How many rows from one on are of the same version and minute and side by side, up to a step.
   */
  private static int alike(Ring ring, long first, long until) {
    int slot = ring.slot(first);
    long version = SlotReader.header(ring, slot, RowLayout.FLAGS) >>> RowLayout.NUMBER_AT;
    long minute = Math.floorDiv(SlotReader.header(ring, slot, RowLayout.MICROS), MINUTE) * MINUTE;
    int most = (int) Math.min(Math.min(STEP, ring.slots() - slot), until - first);
    int count = 1;
    while (count < most && ring.isPublished(first + count)) {
      slot++;
      long micros = SlotReader.header(ring, slot, RowLayout.MICROS);
      if (SlotReader.header(ring, slot, RowLayout.FLAGS) >>> RowLayout.NUMBER_AT != version
          || micros < minute
          || micros - minute >= MINUTE) {
        break;
      }
      count++;
    }
    return count;
  }

  private void take(Ring ring, long first, int count) {
    long flags = SlotReader.header(ring, ring.slot(first), RowLayout.FLAGS);
    Layouts.Entry entry = layouts.entry((int) (flags >>> RowLayout.NUMBER_AT));
    int slot = ring.slot(first);
    if (entry == null) {
      counters.lost.add(count);
    } else {
      take(entry.writer(), ring, slot, count);
    }
    forget(ring, slot, count);
  }

  private void take(RowWriter writer, Ring ring, int slot, int count) {
    try {
      writer.look(ring, slot, count);
    } catch (Throwable e) {
      counters.lost.add(count);
      failed("rows", "rows can't be logged: ", e);
      return;
    }
    try {
      writer.count(ring, slot, count);
    } catch (Throwable e) { // the log does not depend on it
      warnings.warn("count", () -> "rows can't be counted into the profile: " + e);
    }
    for (int i = 0; i < count; i++) {
      take(writer, writer.read(ring, slot + i), i);
    }
  }

  /** Lets go of texts that had no room in their slots. */
  private static void forget(Ring ring, int slot, int count) {
    for (int end = slot + count; slot < end; slot++) {
      if ((SlotReader.header(ring, slot, RowLayout.FLAGS) & RowLayout.SPILLED) != 0) {
        ring.forget(slot);
      }
    }
  }

  private void take(RowWriter writer, SlotReader row, int index) {
    try {
      double share = sampler.share(row);
      if (share >= 1 || Sampler.takes(row.requestText(RowLayout.REQUEST_ID), share)) {
        write(writer, index, share);
      } else {
        counters.sampledOut.increment();
      }
    } catch (Throwable e) { // one row's failure is not the log's
      counters.lost.increment();
      failed("row", "a row can't be logged: ", e);
    }
  }

  private void write(RowWriter row, int index, double share) {
    while (true) {
      if (resting && System.nanoTime() - restUntil < 0 && !mayTry()) {
        counters.lost.increment();
        return;
      }
      try {
        row.write(index, writer, share);
        worked = true;
        resting = false;
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
    resting = true;
    if (!mustLog) {
      counters.lost.add(writer.discard());
    }
    warnings.warn("disk", failure);
  }

  /** Writes what has been batched; returns whether the disk has taken it. */
  private boolean flush(boolean force) {
    nextFlush = System.nanoTime() + FLUSH_EVERY;
    layouts.tidy(System.nanoTime());
    tellOfDropped();
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

  private void tellOfDropped() {
    long dropped = counters.droppedFull.sum();
    if (dropped > toldDropped) {
      long more = dropped - toldDropped;
      toldDropped = dropped;
      warnings.warn(
          "full",
          () ->
              more
                  + " rows found no room in the prediction log and were dropped: they come faster"
                  + " than they are written; mustLog() has them wait");
    }
  }

  private void windows(Consumer<VersionWindows> action) {
    for (VersionWindows windows : layouts.windows()) {
      tell(windows, action);
    }
    for (VersionWindows gone = layouts.nextGone(); gone != null; gone = layouts.nextGone()) {
      tell(gone, VersionWindows::closeAll);
    }
  }

  private void tell(VersionWindows windows, Consumer<VersionWindows> action) {
    try {
      action.accept(windows);
    } catch (Throwable e) { // the listener's
      warnings.warn("windows", () -> "a listener for windows has failed: " + e);
    }
  }

  // ---- flushing on request

  /** Has the thread write all rows that were committed before now. */
  boolean flush(Duration timeout) {
    if (Thread.currentThread() == thread) {
      return false; // a listener's: it would wait for itself
    }
    Duration bounded = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    long deadline = System.nanoTime() + bounded.toNanos();
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
      while (ring.head() < until && !closing) {
        if (drain(ring, until) == 0) {
          LockSupport.parkNanos(SHORTEST_NAP); // its thread is just copying
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
    if (Thread.currentThread() == thread) {
      return; // a listener's: it ends when the listener returns
    }
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
      writer.flush();
    } catch (RuntimeException e) {
      failed("disk", "", e);
      counters.lost.add(writer.discard());
    }
    try {
      writer.close();
    } catch (RuntimeException e) {
      failed("disk", "", e);
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
