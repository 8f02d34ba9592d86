package io.plumbline.internal.courier;

import io.plumbline.internal.Sleeper;
import io.plumbline.internal.Time;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When the next request may go: to the destination at all, which the lanes share, and for a run of
 * its own, so that one whose requests fail does not hold up those of the others. Not for several
 * threads, but for the shared pace.
 */
final class Turns {
  private static final long NAP = TimeUnit.MILLISECONDS.toNanos(200);

  private final Time time;
  private final Sleeper sleeper;
  private final Pace pace;
  private long successes;
  private long shortest = Long.MAX_VALUE;

  /** For how much longer the sleeper should have slept than the clock says. */
  private long ahead;

  /**
   * Makes them.
   *
   * @param pace the destination's, locked while it is used
   */
  Turns(Time time, Sleeper sleeper, Pace pace) {
    this.time = time;
    this.sleeper = sleeper;
    this.pace = pace;
  }

  private long now() {
    return time.nanos() + ahead;
  }

  /** Returns whether a run may send something, when the destination may be asked. */
  boolean isOf(Route route) {
    long wait = route.pace.waitFrom(now());
    if (wait > 0) {
      shortest = Math.min(shortest, wait);
    }
    return wait <= 0;
  }

  /** Waits until the destination may be asked. */
  void await() throws InterruptedException {
    long wait;
    synchronized (pace) {
      wait = pace.waitFrom(now());
    }
    while (wait > 0) {
      sleep(wait); // the close interrupts it
      synchronized (pace) { // the other lane may have been told meanwhile
        wait = pace.silenceFrom(now());
      }
    }
  }

  /**
   * Waits a moment for the first run whose turn it is not yet.
   *
   * @return whether there is one
   */
  boolean nap() throws InterruptedException {
    long wait = Math.min(shortest, NAP);
    boolean somebodyWaits = shortest < Long.MAX_VALUE;
    shortest = Long.MAX_VALUE;
    if (somebodyWaits) {
      sleep(wait);
    }
    return somebodyWaits;
  }

  private void sleep(long nanos) throws InterruptedException {
    long before = time.nanos();
    sleeper.sleep(nanos);
    ahead += Math.max(0, nanos - (time.nanos() - before));
  }

  void succeeded(Route route) {
    successes++;
    route.failedAt = -1;
    route.pace.forget(); // what the destination can take is the business of the shared one
    synchronized (pace) {
      pace.succeeded(now());
    }
  }

  /** Takes note of something that went wrong here, or over there for this run alone. */
  void failedAlone(Route route) {
    route.failedAt = successes;
    route.pace.failed(now(), null);
  }

  /**
   * Takes note of a failure of the destination. The second one in a row of a run, with successes of
   * others between, is the run's own.
   *
   * @param wanted how long the server asks to wait, or null
   */
  void failed(Route route, @Nullable Duration wanted) {
    if (wanted == null && route.failedAt >= 0 && route.failedAt < successes) {
      failedAlone(route);
      return;
    }
    route.failedAt = successes;
    synchronized (pace) {
      pace.failed(now(), wanted);
    }
  }
}
