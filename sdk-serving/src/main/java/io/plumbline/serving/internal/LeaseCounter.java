package io.plumbline.serving.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the leases of one version, and sees the last one go once no new ones are given: what makes
 * it safe to close a native model.
 *
 * <p>The count is spread over stripes, each on a cache line of its own, so that threads seldom
 * meet. A stripe has the number of its leases and a bit that says that it is closed; the version is
 * free when all stripes are closed and empty. A lease is returned to the stripe that gave it.
 */
final class LeaseCounter {
  private static final long CLOSED = 1L << 62;
  private static final long FINISHED = 1L << 61;

  /** 16 longs are two cache lines, which processors fetch in pairs. */
  private static final int SPREAD = 16;

  private final AtomicLongArray stripes;
  private final int mask;
  private final AtomicInteger open;
  private final Runnable free;

  /**
   * Makes a counter.
   *
   * @param stripes how many stripes at least
   * @param free called once, by the thread that returns the last lease or closes
   */
  LeaseCounter(int stripes, Runnable free) {
    int count = Integer.highestOneBit(Math.max(1, Math.min(64, stripes) * 2 - 1));
    this.stripes = new AtomicLongArray((count + 1) * SPREAD);
    this.mask = count - 1;
    this.open = new AtomicInteger(count);
    this.free = free;
  }

  /**
   * Takes a lease.
   *
   * @return the stripe to return it to, or -1 if no new ones are given
   */
  int acquire() {
    int stripe = ((int) Thread.currentThread().getId() & mask) + 1;
    int at = stripe * SPREAD;
    if ((stripes.getAndIncrement(at) & CLOSED) == 0) {
      return stripe;
    }
    release(stripe);
    return -1;
  }

  /** Returns a lease. */
  void release(int stripe) {
    if (stripes.decrementAndGet(stripe * SPREAD) == CLOSED) {
      finish(stripe);
    }
  }

  /** Gives no new leases from now on. Called once. */
  void close() {
    for (int stripe = 1; stripe <= mask + 1; stripe++) {
      if (stripes.addAndGet(stripe * SPREAD, CLOSED) == CLOSED) {
        finish(stripe);
      }
    }
  }

  /**
   * A closed stripe is empty. Calls that come too late count up and down again, so it may be empty
   * several times: it is finished the first time.
   */
  private void finish(int stripe) {
    if (stripes.compareAndSet(stripe * SPREAD, CLOSED, CLOSED | FINISHED)
        && open.decrementAndGet() == 0) {
      free.run();
    }
  }

  /** Returns how many leases are out. */
  long active() {
    long active = 0;
    for (int stripe = 1; stripe <= mask + 1; stripe++) {
      active += stripes.get(stripe * SPREAD) & (FINISHED - 1);
    }
    return active;
  }
}
