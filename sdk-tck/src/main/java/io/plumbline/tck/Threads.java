package io.plumbline.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/** Runs an action in several threads that begin at one moment. */
final class Threads {
  private static final long PATIENCE_SECONDS = 120;

  private Threads() {}

  /**
   * Runs the action once in each thread, with the thread's number, and waits for all.
   *
   * @return what they have thrown
   */
  static List<RuntimeException> together(int threads, IntConsumer action) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch begin = new CountDownLatch(1);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        all.add(
            pool.submit(
                () -> {
                  begin.await();
                  action.accept(number);
                  return number;
                }));
      }
      begin.countDown();
      List<RuntimeException> failures = new ArrayList<>();
      for (Future<?> each : all) {
        failure(each, failures);
      }
      return failures;
    } finally {
      pool.shutdownNow();
    }
  }

  private static void failure(Future<?> future, List<RuntimeException> failures) {
    try {
      future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        failures.add(failure);
      } else {
        throw new AssertionError("a thread has ended with " + e.getCause(), e);
      }
    } catch (TimeoutException e) {
      throw new AssertionError("a thread has not ended within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
