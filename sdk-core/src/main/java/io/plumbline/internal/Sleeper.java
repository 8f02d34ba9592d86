package io.plumbline.internal;

import java.util.concurrent.TimeUnit;

/** How the SDK waits between two attempts; tests put a sleeper in its place that does not wait. */
public interface Sleeper {

  /** Puts the calling thread to sleep. */
  Sleeper SYSTEM = TimeUnit.NANOSECONDS::sleep;

  /**
   * Waits.
   *
   * @param nanos how long, in nanoseconds; zero or less returns at once
   * @throws InterruptedException when the thread is interrupted before or while it waits
   */
  void sleep(long nanos) throws InterruptedException;
}
