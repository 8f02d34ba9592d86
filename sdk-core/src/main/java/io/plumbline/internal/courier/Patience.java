package io.plumbline.internal.courier;

import io.plumbline.spi.BatchLimits;
import java.time.Duration;

/**
 * How long an answer may take, and how much is sent at once: after a batch that took too long less
 * is sent and waited for longer, and with each success it goes back. Not for several threads.
 */
final class Patience {
  private static final Duration USUAL = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final BatchLimits limits;
  private final boolean mayHalve;
  private Duration time = USUAL;
  private int share = 1;

  /**
   * Makes it.
   *
   * @param limits what the backend takes at once
   * @param mayHalve whether a batch may be sent again in parts: not where it has a key
   */
  Patience(BatchLimits limits, boolean mayHalve) {
    this.limits = limits;
    this.mayHalve = mayHalve;
  }

  Duration time() {
    return time;
  }

  BatchLimits limits() {
    return share == 1
        ? limits
        : new BatchLimits(
            Math.max(1, limits.metrics() / share),
            Math.max(1, limits.params() / share),
            Math.max(1, limits.tags() / share),
            Math.max(1, limits.updates() / share));
  }

  void tookTooLong() {
    Duration longer = time.multipliedBy(2);
    time = longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    share = mayHalve ? Math.min(limits.updates(), share * 2) : 1;
  }

  void succeeded() {
    share = Math.max(1, share / 2);
    time = share == 1 ? USUAL : time;
  }
}
