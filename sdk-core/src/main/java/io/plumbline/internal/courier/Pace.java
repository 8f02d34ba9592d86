package io.plumbline.internal.courier;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a courier may send its next request. After a failure it waits for a random share of a time
 * that doubles, so that many couriers do not come back together; a server that is overloaded, or
 * was away, is asked slowly at first and then faster with each success. Knows no clock: its caller
 * says the time. Not for several threads.
 */
final class Pace {
  static final long FIRST_WAIT = 500_000_000L;
  static final long LONGEST_WAIT = 60_000_000_000L;

  /** What an interval between two requests grows by when a server is overloaded. */
  private static final double SLOWER = 2;

  /** What it shrinks by with each success. */
  private static final double FASTER = 0.8;

  /** Below that there is no interval any more. */
  private static final long SHORTEST_INTERVAL = 20_000_000L;

  private final RandomGenerator random;
  private int failures;
  private long interval;
  private long next = Long.MIN_VALUE;

  Pace(RandomGenerator random) {
    this.random = random;
  }

  /** Returns how many requests have failed since the last success. */
  int failures() {
    return failures;
  }

  /** Returns how long to wait, in nanoseconds; 0 or less for not at all. */
  long waitFrom(long now) {
    return next == Long.MIN_VALUE ? 0 : next - now;
  }

  /** Takes note of a success. */
  void succeeded(long now) {
    failures = 0;
    interval = (long) (interval * FASTER);
    if (interval < SHORTEST_INTERVAL) {
      interval = 0;
      next = Long.MIN_VALUE;
    } else {
      next = now + jittered(interval);
    }
  }

  /**
   * Takes note of a failure.
   *
   * @param wanted how long the server asks to wait, or null
   */
  void failed(long now, @Nullable Duration wanted) {
    long ceiling = Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(failures, 20));
    failures++;
    interval = Math.min(LONGEST_WAIT, Math.max(SHORTEST_INTERVAL, (long) (interval * SLOWER)));
    if (failures > 1) {
      interval = Math.max(interval, ceiling / 2);
    }
    long wait = (long) (random.nextDouble() * ceiling);
    if (wanted != null) {
      // All are told the same time: they come back spread over half of it more.
      wait = wanted.toNanos() + (long) (random.nextDouble() * wanted.toNanos() / 2);
    }
    next = now + wait;
  }

  /** A time around this one, from half to one and a half. */
  private long jittered(long nanos) {
    return (long) (nanos * (0.5 + random.nextDouble()));
  }
}
