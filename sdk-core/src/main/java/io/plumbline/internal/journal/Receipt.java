package io.plumbline.internal.journal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The promise that something will be in a file. */
public final class Receipt {
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean kept;

  Receipt() {}

  /** Returns the promise of something that is in a file already. */
  public static Receipt kept() {
    Receipt receipt = new Receipt();
    receipt.complete();
    return receipt;
  }

  void complete() {
    kept = true;
    done.countDown();
  }

  /** Lets go of those who wait: the journal has ended, and the promise is not kept. */
  void abandon() {
    done.countDown();
  }

  /** Returns whether it is in a file now. */
  public boolean isDone() {
    return kept;
  }

  /**
   * Waits for it, whether or not the thread is interrupted: the thread's interrupt status is the
   * same afterwards as before.
   *
   * @return whether it is in a file
   */
  public boolean await(long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) && kept;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
