package io.plumbline.internal;

/** The two clocks that the SDK reads; tests put a clock of their own in their place. */
public interface Time {

  /** The clocks of this machine. */
  Time SYSTEM = new SystemTime();

  /** Returns the wall clock in milliseconds since 1970-01-01T00:00Z; it may jump either way. */
  long millis();

  /**
   * Returns a clock in nanoseconds that never goes back; only differences between two readings of
   * the same process mean something.
   */
  long nanos();
}
