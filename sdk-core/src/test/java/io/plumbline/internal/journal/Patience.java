package io.plumbline.internal.journal;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process does, with a bound. */
final class Patience {
  private Patience() {}

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("in vain waited for: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
