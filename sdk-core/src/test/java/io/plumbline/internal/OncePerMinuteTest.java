package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A warning is logged at most once a minute for each cause")
class OncePerMinuteTest {

  private final RecordingLogger log = new RecordingLogger();
  private final FakeTime time = new FakeTime();
  private final OncePerMinute guard = new OncePerMinute(log, time);

  @Test
  @DisplayName("the first warning of a cause is logged at once")
  void first() {
    guard.warn("disk", "the disk is full");
    guard.warn("clock", "the clock jumped");

    assertThat(log.lines()).containsExactly("WARN the disk is full", "WARN the clock jumped");
  }

  @Test
  @DisplayName("what is swallowed within the minute is counted and told with the next one")
  void counted() {
    guard.warn("disk", "full 1");
    time.advance(Duration.ofSeconds(59));
    guard.warn("disk", "full 2");
    guard.warn("disk", "full 3");
    time.advance(Duration.ofSeconds(1));
    guard.warn("disk", "full 4");
    time.advance(Duration.ofMinutes(2));
    guard.warn("disk", "full 5");

    assertThat(log.lines())
        .containsExactly(
            "WARN full 1", "WARN full 4 (and 2 more since the last such warning)", "WARN full 5");
  }

  @Test
  @DisplayName("flush tells what no later warning has told, and only once")
  void flush() {
    guard.warn("disk", "full 1");
    guard.warn("disk", "full 2");
    guard.flush();
    guard.flush();

    assertThat(log.lines())
        .containsExactly("WARN full 1", "WARN 1 more warnings were not logged: disk");
  }

  @Test
  @DisplayName("a message that is not logged is not built")
  void lazy() {
    AtomicInteger built = new AtomicInteger();
    for (int i = 0; i < 10; i++) {
      guard.warn("disk", () -> "full " + built.incrementAndGet());
    }

    assertThat(built).hasValue(1);
  }

  @Test
  @DisplayName("a message with braces is logged as it is")
  void braces() {
    guard.warn("json", "{} is not {\"a\":1}");

    assertThat(log.lines()).containsExactly("WARN {} is not {\"a\":1}");
  }

  @Test
  @DisplayName("causes without end share one after the first 256")
  void bounded() {
    for (int i = 0; i < 10_000; i++) {
      guard.warn("cause " + i, "warning " + i);
    }

    assertThat(log.lines()).hasSize(257);
  }

  @Test
  @DisplayName("of many threads one logs, and every other call is counted")
  void threads() throws Exception {
    int threads = 4;
    int calls = 1_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CountDownLatch start = new CountDownLatch(1);
    for (int i = 0; i < threads; i++) {
      pool.execute(
          () -> {
            awaitQuietly(start);
            for (int j = 0; j < calls; j++) {
              guard.warn("disk", "full");
            }
          });
    }
    start.countDown();
    pool.shutdown();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    guard.flush();

    assertThat(log.lines())
        .containsExactly(
            "WARN full", "WARN " + (threads * calls - 1) + " more warnings were not logged: disk");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
