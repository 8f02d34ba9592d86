package io.plumbline.internal.journal;

import io.plumbline.internal.Time;

/** This machine's clocks, of which the wall clock can be set. */
final class JumpingTime implements Time {
  /** What the wall clock is ahead of the machine's, in milliseconds. */
  volatile long ahead;

  @Override
  public long millis() {
    return System.currentTimeMillis() + ahead;
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }
}
