package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.StoreException;
import io.plumbline.TransportException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Transfers at the same time")
class TransfersTest {
  private static void failing() {
    throw new StoreException("it");
  }

  @Test
  @DisplayName("are done once each, four at most at any moment")
  void bounded() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Runnable task =
        () -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          LockSupport.parkNanos(10_000);
          running.decrementAndGet();
          done.incrementAndGet();
        };
    try (Transfers transfers = new Transfers("test-files")) {
      transfers.all(Collections.nCopies(2_000, task));
    }
    assertThat(done).hasValue(2_000);
    assertThat(most.get()).isBetween(1, Transfers.AT_ONCE);
  }

  @Test
  @DisplayName("throw what the last of them throws, too, every time")
  void last() {
    try (Transfers transfers = new Transfers("test-files")) {
      for (int i = 0; i < 2_000; i++) {
        List<Runnable> tasks = new ArrayList<>(Collections.nCopies(i % 6 + 1, () -> {}));
        tasks.add(TransfersTest::failing);
        assertThatThrownBy(() -> transfers.all(tasks)).isInstanceOf(StoreException.class);
      }
    }
  }

  @Test
  @DisplayName("are stopped by the first failure, and none is under way when it is thrown")
  void stopped() {
    CountDownLatch begun = new CountDownLatch(2);
    AtomicInteger under = new AtomicInteger();
    Runnable waiting =
        () -> {
          under.incrementAndGet();
          begun.countDown();
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            under.decrementAndGet();
          }
        };
    Runnable failing =
        () -> {
          try {
            begun.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          throw new StoreException("it");
        };
    try (Transfers transfers = new Transfers("test-files")) {
      assertThatThrownBy(() -> transfers.all(List.of(waiting, waiting, failing)))
          .isInstanceOf(StoreException.class);
      assertThat(under).hasValue(0);
      AtomicInteger interrupted = new AtomicInteger();
      transfers.all(
          Collections.nCopies(
              50,
              () -> {
                if (Thread.currentThread().isInterrupted()) {
                  interrupted.incrementAndGet();
                }
              }));
      assertThat(interrupted).hasValue(0);
    }
  }

  @Test
  @DisplayName("end when who waits for them is interrupted, who stays interrupted")
  void interrupted() {
    try (Transfers transfers = new Transfers("test-files")) {
      Runnable task =
          () -> {
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> transfers.all(List.of(task, task)))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  @Timeout(60)
  @DisplayName("that have not begun when the backend is closed fail, and nobody waits for them")
  void closed() throws Exception {
    Transfers transfers = new Transfers("test-files");
    CountDownLatch busy = new CountDownLatch(Transfers.AT_ONCE);
    Runnable stubborn =
        () -> {
          busy.countDown();
          try {
            Thread.sleep(60_000);
          } catch (InterruptedException e) {
            throw new TransportException("interrupted");
          }
        };
    ExecutorService callers = Executors.newFixedThreadPool(2);
    try {
      Future<?> first =
          callers.submit(() -> transfers.all(Collections.nCopies(Transfers.AT_ONCE, stubborn)));
      busy.await();
      Future<?> second = callers.submit(() -> transfers.all(Collections.nCopies(3, () -> {})));
      while (transfers.waiting() == 0) {
        Thread.onSpinWait();
      }
      transfers.close();
      assertThatThrownBy(second::get).hasCauseInstanceOf(IllegalStateException.class);
      assertThatThrownBy(first::get).hasCauseInstanceOf(TransportException.class);
    } finally {
      callers.shutdownNow();
    }
  }
}
