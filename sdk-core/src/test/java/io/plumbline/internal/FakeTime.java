package io.plumbline.internal;

import java.time.Duration;

/** Clocks that stand still until a test moves them. */
public final class FakeTime implements Time {

  private long nanos;

  /** Moves both clocks on. */
  public void advance(Duration duration) {
    nanos += duration.toNanos();
  }

  @Override
  public long millis() {
    return nanos / 1_000_000;
  }

  @Override
  public long nanos() {
    return nanos;
  }
}
