package io.plumbline.serving.internal;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Who holds one version: its leases, and the calls under way. Sees the last of them go once no new
 * ones are let in, which is what makes it safe to close a native model.
 *
 * <p>A lease costs one exchange to take and one to return. A thread has a place by its id; the
 * place has a number that is odd while it is taken, and the lease keeps that number as its token:
 * since numbers never come back, only the first return of a lease finds its own. Where the place is
 * taken, by another thread or by the thread's lease before, the lease is counted instead, and must
 * see to it that it returns once.
 *
 * <p>A call counts itself first, and looks then whether its lease is still out, or this still open;
 * whoever looks for the last one looks at leases first and at calls then. So a lease that is
 * returned during a call does not take the model from under it.
 *
 * <p>Places are on cache lines of their own, so that threads seldom meet.
 */
final class Leases {
  /** The token of a lease that is counted, not placed. */
  static final long COUNTED = 0;

  /** No lease is given any more. */
  static final long NONE = -1;

  /** In a place's count: a lease, or a call without one. */
  private static final long HOLDER = 1L << 32;

  /** In a place's count: a call of a lease. */
  private static final long CALL = 1;

  /** 16 longs are two cache lines, which processors fetch in pairs. */
  private static final int SPREAD = 16;

  private final AtomicLongArray tokens;
  private final AtomicLongArray counts;
  private final int mask;
  private final Runnable free;
  private final AtomicBoolean freed = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * Makes it.
   *
   * @param places how many at least
   * @param free called once, by the thread that was the last to let go, or that closes
   */
  Leases(int places, Runnable free) {
    int count = Integer.highestOneBit(Math.max(1, Math.min(64, places) * 2 - 1));
    this.tokens = new AtomicLongArray((count + 1) * SPREAD);
    this.counts = new AtomicLongArray((count + 1) * SPREAD);
    this.mask = count - 1;
    this.free = free;
  }

  /** Returns the calling thread's place. */
  int place() {
    return (((int) Thread.currentThread().getId() & mask) + 1) * SPREAD;
  }

  // ---- leases

  /** Takes a lease at a place: its token, {@link #COUNTED} or {@link #NONE}. */
  long take(int place) {
    long token = tokens.get(place);
    if ((token & 1) == 0 && tokens.compareAndSet(place, token, token + 1)) {
      if (closed) {
        giveBack(place, token + 1);
        return NONE;
      }
      return token + 1;
    }
    return enter(place) ? COUNTED : NONE;
  }

  /** Whether the lease of that token is out. */
  boolean isOut(int place, long token) {
    return tokens.get(place) == token;
  }

  /** Returns a lease by its token, if it is still out. */
  void giveBack(int place, long token) {
    if (tokens.compareAndSet(place, token, token + 1)) {
      left();
    }
  }

  // ---- calls

  /** Counts a lease or a call without one; returns false if none are let in any more. */
  boolean enter(int place) {
    counts.getAndAdd(place, HOLDER);
    if (closed) {
      leave(place);
      return false;
    }
    return true;
  }

  /** Undoes {@link #enter}. */
  void leave(int place) {
    counts.getAndAdd(place, -HOLDER);
    left();
  }

  /** Counts a call of a lease, which must look only then whether it is still out. */
  void begin(int place) {
    counts.getAndAdd(place, CALL);
  }

  /** Undoes {@link #begin}. */
  void end(int place) {
    counts.getAndAdd(place, -CALL);
    left();
  }

  // ---- the end

  /** Lets nobody in from now on. */
  void close() {
    closed = true;
    left();
  }

  private void left() {
    if (closed && isUnused() && freed.compareAndSet(false, true)) {
      free.run();
    }
  }

  /** Those who come too late show for a moment; each of them looks again when it has left. */
  private boolean isUnused() {
    for (int place = SPREAD; place < tokens.length(); place += SPREAD) {
      if ((tokens.get(place) & 1) != 0) {
        return false;
      }
    }
    for (int place = SPREAD; place < counts.length(); place += SPREAD) {
      if (counts.get(place) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns how many leases and calls without one are out; at least 1 if it is in use at all. */
  long active() {
    long holders = 0;
    long calls = 0;
    for (int place = SPREAD; place < tokens.length(); place += SPREAD) {
      holders += (tokens.get(place) & 1) + counts.get(place) / HOLDER;
      calls += counts.get(place) % HOLDER;
    }
    return holders == 0 ? calls : holders;
  }
}
