package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPart;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.LoadedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do to a live model, and what it does on its own, must not cross each other. */
@DisplayName("A live model that is steered")
class SteeringTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final Served.Linear loader = new Served.Linear();
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
  }

  @AfterEach
  void close() {
    registry.close();
    assertThat(loader.misuses.get()).as("use after close, or by two at once").isZero();
  }

  private LiveModel.Builder builder() {
    return LiveModel.builder(registry, "models:/flights@champion").loader(loader);
  }

  private static double ask(LiveModel model) {
    return model.predict(new double[] {10, 1})[0];
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @DisplayName("stays at what was pinned while another version was being loaded")
  void pinnedMeanwhile() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      CountDownLatch loading = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      loader.before =
          () -> {
            loading.countDown();
            await(go);
          };
      Served.promote(registry, Served.linear(2));
      await(loading);
      assertThat(model.pin().version()).isEqualTo(1);
      go.countDown();
      Served.await("the load", () -> loader.loads.get() == 2);
      Served.await("the close of what came too late", () -> loader.open.get() == 1);
      assertThat(ask(model)).isEqualTo(11);
      assertThat(model.status().pinned()).isTrue();
      model.unpin();
      Served.await("the alias again", () -> ask(model) == 21);
    }
  }

  @Test
  @DisplayName("goes further back with each rollback, and never to what was left")
  void rollbacks() {
    try (LiveModel model = builder().start(StartMode.LAZY).startTimeout(LONG).keepWarm(2).open()) {
      for (int version = 1; version <= 3; version++) {
        int wanted = 10 * version + 1;
        Served.promote(registry, Served.linear(version));
        Served.await("the swap", () -> ask(model) == wanted);
      }
      assertThat(model.rollback("latency").version()).isEqualTo(2);
      assertThat(model.rollback("this one too").version()).isEqualTo(1);
      assertThatThrownBy(() -> model.rollback("and this"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no earlier version");
      assertThat(model.status().pinned()).as("the pin of the last that worked").isTrue();
      assertThat(model.refresh(LONG)).isTrue();
      assertThat(ask(model)).isEqualTo(11);
      model.unpin();
      Served.await("the alias again", () -> ask(model) == 31);
      assertThat(model.rollback("from the start").version()).isNotEqualTo(3);
    }
  }

  @Test
  @DisplayName("has nothing to pin before a version serves, and follows on")
  void nothingToPin() {
    try (LiveModel model = builder().start(StartMode.LAZY).startTimeout(LONG).open()) {
      assertThatThrownBy(model::pin)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no version");
      Served.promote(registry, Served.linear(1));
      assertThat(ask(model)).isEqualTo(11);
    }
  }

  @Test
  @DisplayName("brings back what made room, however often that fails at first")
  void displaced() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().policy(SwapPolicy.RESOURCE).startTimeout(LONG).open()) {
      AtomicInteger fails = new AtomicInteger(3); // the new one, and two attempts to go back
      loader.before =
          () -> {
            if (fails.getAndDecrement() > 0) {
              throw new IllegalArgumentException("not now");
            }
          };
      Served.promote(registry, Served.linear(2));
      Served.await("the rejection", () -> !model.status().rejected().isEmpty());
      assertThat(ask(model)).as("requests wait until it serves again").isEqualTo(11);
      assertThat(fails.get()).isNegative();
      assertThat(loader.open.get()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("with little memory, is not taken away again while a lease of before holds the room")
  void noRoom() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model =
        builder()
            .policy(SwapPolicy.RESOURCE)
            .memoryBudget(2_000)
            .startTimeout(Duration.ofSeconds(1))
            .leaseAlarm(Duration.ofMillis(50))
            .open()) {
      Lease forgotten = model.lease();
      Served.promote(registry, Served.linear(2).with(ModelPart.of("w", "a/b", new byte[1_000])));
      Served.await("the rejection", () -> !model.status().rejected().isEmpty());
      Served.await("the old one again", () -> ask(model) == 11);
      int loads = loader.loads.get();
      model.refresh(LONG);
      assertThat(model.status().rejected()).isNotEmpty();
      assertThat(loader.loads).as("the old one was left alone").hasValue(loads);
      forgotten.close();
      Served.await("the new one", () -> model.refresh(LONG) && ask(model) == 21);
    }
  }

  @Test
  @DisplayName("fails a call for which no predictor is free within the time, and says what to do")
  void predictors() throws Exception {
    Served.promote(registry, Served.linear(1));
    loader.concurrency = LoadedModel.Concurrency.SERIAL;
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (LiveModel model = builder().predictorTimeout(Duration.ofMillis(20)).open()) {
      loader.during =
          () -> {
            busy.countDown();
            go.await();
            return null;
          };
      Thread slow = new Thread(() -> ask(model));
      slow.start();
      busy.await();
      assertThatThrownBy(() -> ask(model))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("predictorTimeout");
      go.countDown();
      slow.join();
      assertThat(ask(model)).isEqualTo(11);
    }
  }

  @Test
  @DisplayName("tries again, unasked, what failed for lack of memory")
  void outOfMemory() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      AtomicInteger fails = new AtomicInteger(1);
      loader.before =
          () -> {
            if (fails.getAndDecrement() > 0) {
              throw new OutOfMemoryError("no room just now");
            }
          };
      Served.promote(registry, Served.linear(2));
      Served.await("the second attempt", () -> ask(model) == 21);
      assertThat(model.status().rejected()).isEmpty();
    }
  }

  @Test
  @DisplayName("compares golden records by their columns' names, in whatever order these are")
  void goldenByName() {
    GoldenRecords turned =
        GoldenRecords.of(
            List.of("b", "a"), new double[][] {{2, 10}}, List.of("score"), new double[][] {{32}});
    Served.promote(registry, Served.linear(3).with(turned));
    try (LiveModel model = builder().open()) {
      assertThat(ask(model)).isEqualTo(31);
      GoldenRecords other =
          GoldenRecords.of(
              List.of("b", "c"), new double[][] {{2, 10}}, List.of("score"), new double[][] {{32}});
      Served.promote(registry, Served.linear(4).with(other));
      Served.await("the rejection", () -> model.status().reason().contains("the column 'c'"));
    }
  }

  @Test
  @DisplayName("gives leases that predict named rows, and say nothing once they are returned")
  void leases() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      Lease lease = model.lease();
      assertThat(lease.predict(Map.of("a", 10.0, "b", 1.0, "typo", 5.0))).containsExactly(11);
      assertThat(lease.predictColumns(Map.of("a", new double[] {10, 20}, "b", new double[2])))
          .isDeepEqualTo(new double[][] {{10}, {20}});
      assertThat(model.status().dropped()).isEqualTo(1);
      lease.close();
      assertThatThrownBy(lease::version).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> lease.predict(Map.of())).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  @DisplayName("closes a version on a thread of its own: no request waits for it")
  void slowClose() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().keepWarm(0).open()) {
      AtomicReference<Thread> closer = new AtomicReference<>();
      CountDownLatch go = new CountDownLatch(1);
      Lease lease = model.lease();
      loader.beforeClose =
          () -> {
            closer.set(Thread.currentThread());
            await(go);
          };
      Served.promote(registry, Served.linear(2));
      Served.await("the swap", () -> ask(model) == 21);
      lease.close(); // returns although the close hangs
      Served.await("the close", () -> closer.get() != null);
      assertThat(closer.get()).isNotEqualTo(Thread.currentThread());
      assertThat(ask(model)).isEqualTo(21);
      go.countDown();
      loader.beforeClose = () -> {};
      Served.await("its end", () -> loader.open.get() == 1);
    }
  }

  @Test
  @DisplayName("that is closed sends those away who wait for its first version")
  void closedWhileWaiting() throws Exception {
    LiveModel model = builder().start(StartMode.LAZY).startTimeout(Duration.ofDays(1)).open();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread request =
        new Thread(
            () -> {
              try {
                ask(model);
              } catch (IllegalStateException e) {
                thrown.set(e);
              }
            });
    request.start();
    Served.await("the wait", () -> request.getState() == Thread.State.TIMED_WAITING);
    model.close();
    request.join(60_000);
    assertThat(thrown.get()).hasMessageContaining("is closed");
  }
}
