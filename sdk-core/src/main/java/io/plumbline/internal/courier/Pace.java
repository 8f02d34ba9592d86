package io.plumbline.internal.courier;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a courier may send its next request. There is an interval between two requests: it doubles
 * with each failure and shrinks with each success, down to none. Each wait is a random one around
 * it, so that many couriers do not come back together.
 *
 * <p>A server that was away is found again step by step, each one a seventh shorter. A server that
 * refuses some requests among others that it takes is overloaded: from then on the interval shrinks
 * slowly, so that of all the requests of a fleet few are refused. Knows no clock: its caller says
 * the time. Not for several threads.
 */
public final class Pace {
  static final long FIRST_INTERVAL = 500_000_000L;
  static final long LONGEST_INTERVAL = 60_000_000_000L;
  static final long LONGEST_UNDER_LOAD = 300_000_000_000L;

  /** Who asks us to wait for days, by mistake or not, is asked again after an hour. */
  static final Duration LONGEST_WANTED = Duration.ofHours(1);

  /** Below that there is no interval any more. */
  private static final long SHORTEST_INTERVAL = 20_000_000L;

  private static final double AFTER_AN_ABSENCE = 0.85;

  /** In the long run ln(1/0.96) / ln(2) = 6 % of the requests are refused. */
  private static final double UNDER_LOAD = 0.96;

  /** So many failures in a row are no overload but an absence. */
  private static final int ABSENCE = 4;

  private final RandomGenerator random;
  private int failures;
  private long interval;
  private boolean underLoad;
  private long next = Long.MIN_VALUE;

  /** Until when the server wants to be left alone, whatever else of it succeeds meanwhile. */
  private long notBefore = Long.MIN_VALUE;

  /**
   * Makes one that may send at once.
   *
   * @param random is seeded for this pace alone; what belongs to a thread, as ThreadLocalRandom,
   *     gives all programs the same numbers where another thread uses it
   */
  public Pace(RandomGenerator random) {
    this.random = random;
  }

  /** Returns how long to wait, in nanoseconds; 0 or less for not at all. */
  public long waitFrom(long now) {
    long at = Math.max(next, notBefore);
    return at == Long.MIN_VALUE ? 0 : at - now;
  }

  /** Returns for how long the server wants to be left alone, in nanoseconds; 0 or less for not. */
  long silenceFrom(long now) {
    return notBefore == Long.MIN_VALUE ? 0 : notBefore - now;
  }

  /** Takes note of a success. */
  public void succeeded(long now) {
    failures = 0;
    interval = (long) (interval * (underLoad ? UNDER_LOAD : AFTER_AN_ABSENCE));
    if (interval < SHORTEST_INTERVAL) {
      interval = 0;
      underLoad = false;
      next = Long.MIN_VALUE;
    } else {
      next = now + jittered(interval);
    }
  }

  /** Takes note that all is well: there is no interval any more. */
  void forget() {
    failures = 0;
    interval = 0;
    underLoad = false;
    next = Long.MIN_VALUE;
    notBefore = Long.MIN_VALUE;
  }

  /**
   * Takes note of a failure.
   *
   * @param wanted how long the server asks to wait, of which an hour counts; or null
   */
  public void failed(long now, @Nullable Duration wanted) {
    failures++;
    underLoad = failures < ABSENCE;
    long longest = underLoad ? LONGEST_UNDER_LOAD : LONGEST_INTERVAL;
    interval = Math.max(interval, Math.min(longest, Math.max(FIRST_INTERVAL, 2 * interval)));
    // All are told the same time: they come back spread behind it.
    next = now + (wanted == null ? 0 : bounded(wanted)) + jittered(interval);
    notBefore = wanted == null ? notBefore : Math.max(notBefore, next);
  }

  private static long bounded(Duration wanted) {
    return wanted.compareTo(LONGEST_WANTED) < 0 ? wanted.toNanos() : LONGEST_WANTED.toNanos();
  }

  /** A time around this one, from half to one and a half. */
  private long jittered(long nanos) {
    return (long) (nanos * (0.5 + random.nextDouble()));
  }
}
