package io.plumbline.registry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelWatch;
import io.plumbline.registry.ModelWatch.State;
import io.plumbline.tck.FakeClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Watches of a registry that hangs")
class WatchersTest {
  private static final ModelVersion ONE = ModelVersion.builder("flights", 1).build();

  private final FakeClock clock = new FakeClock(1_700_000_000_000L);
  private final AtomicInteger questions = new AtomicInteger();
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);

  private ModelVersion resolve(ModelRef ref) {
    if (questions.incrementAndGet() == 2) {
      hanging.countDown();
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return ONE;
  }

  @Test
  @DisplayName("say so, all of them, while no call returns, and recover when one does")
  void hangs() throws Exception {
    Duration stale = Duration.ofMinutes(5);
    try (Watchers watchers = new Watchers(this::resolve, Duration.ofMillis(20), stale, clock)) {
      ModelWatch watch = watchers.watch(ModelRef.alias("flights", "champion"), (was, is) -> {});
      hanging.await();
      assertThat(watch.status().state()).isEqualTo(State.READY);
      ModelWatch other = watchers.watch(ModelRef.alias("flights", "next"), (was, is) -> {});
      clock.pass(Duration.ofMinutes(6));
      assertThat(watch.status().state()).isEqualTo(State.STALE);
      assertThat(watch.status().version()).contains(ONE);
      assertThat(other.status().state()).isEqualTo(State.FAILED);
      answer.countDown();
      while (watch.status().state() != State.READY || other.status().state() != State.READY) {
        Thread.onSpinWait();
      }
    }
  }
}
