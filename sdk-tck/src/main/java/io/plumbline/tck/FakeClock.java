package io.plumbline.tck;

import io.plumbline.internal.Time;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Safe for many threads. */
public final class FakeClock implements Time {
  private final AtomicLong millis;
  private final AtomicLong nanos = new AtomicLong();

  /**
   * Makes a clock.
   *
   * @param epochMillis where its wall clock stands
   */
  public FakeClock(long epochMillis) {
    this.millis = new AtomicLong(epochMillis);
  }

  @Override
  public long millis() {
    return millis.get();
  }

  @Override
  public long nanos() {
    return nanos.get();
  }

  /** Lets time pass: both clocks go on. */
  public void pass(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time passes forward; jump() sets the wall clock back");
    }
    millis.addAndGet(time.toMillis());
    nanos.addAndGet(time.toNanos());
  }

  /** Sets the wall clock on or back, as an administrator would; the other clock does not move. */
  public void jump(Duration by) {
    millis.addAndGet(by.toMillis());
  }
}
