package io.plumbline.internal.courier;

import java.util.concurrent.TimeUnit;

/** How many of something there were in a second, over the last ten seconds. */
final class Rate {
  private static final int SECONDS = 10;

  private final long[] counts = new long[SECONDS];
  private final long[] seconds = new long[SECONDS];
  private long total;

  /**
   * Counts.
   *
   * @param now by {@code Time.nanos}
   */
  synchronized void add(long count, long now) {
    long second = TimeUnit.NANOSECONDS.toSeconds(now);
    int slot = (int) Math.floorMod(second, (long) SECONDS);
    if (seconds[slot] != second) {
      seconds[slot] = second;
      counts[slot] = 0;
    }
    counts[slot] += count;
    total += count;
  }

  /** Returns how many there were since the beginning. */
  synchronized long total() {
    return total;
  }

  synchronized double perSecond(long now) {
    long second = TimeUnit.NANOSECONDS.toSeconds(now);
    long sum = 0;
    for (int slot = 0; slot < SECONDS; slot++) {
      sum += second - seconds[slot] < SECONDS ? counts[slot] : 0;
    }
    return sum / (double) SECONDS;
  }
}
