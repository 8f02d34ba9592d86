package io.plumbline.tck;

import io.plumbline.internal.Sleeper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A sleeper that does not wait: it writes down how long it was asked to, and moves a {@link
 * FakeClock} on by that. Safe for many threads.
 */
public final class FakeSleeper implements Sleeper {
  private final FakeClock clock;
  private final List<Duration> slept = new ArrayList<>();

  /** Makes a sleeper that moves that clock. */
  public FakeSleeper(FakeClock clock) {
    this.clock = clock;
  }

  @Override
  public void sleep(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before the sleep");
    }
    Duration time = Duration.ofNanos(Math.max(0, nanos));
    synchronized (slept) {
      slept.add(time);
    }
    clock.pass(time);
  }

  /** Returns all sleeps so far, in their order. */
  public List<Duration> slept() {
    synchronized (slept) {
      return List.copyOf(slept);
    }
  }
}
