package io.plumbline.internal.journal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The promise that something will be in a file. */
public final class Receipt {
  private final CountDownLatch done = new CountDownLatch(1);

  Receipt() {}

  void complete() {
    done.countDown();
  }

  /** Returns whether it is in a file now. */
  public boolean isDone() {
    return done.getCount() == 0;
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
          return done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
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
