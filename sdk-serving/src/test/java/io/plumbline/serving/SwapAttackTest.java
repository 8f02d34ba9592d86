package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.spi.LoadedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Swapping under load")
class SwapAttackTest {
  private static final int VERSIONS = 7;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(LoadedModel.Concurrency.class)
  @DisplayName(
      "1,000 swaps under 8 threads: no failure, no answer of a version that does not exist, no use after close, nothing left open")
  void swaps(LoadedModel.Concurrency concurrency) throws Exception {
    int swaps = (int) (1_000 * Double.parseDouble(System.getProperty("test.attack.scale", "0.05")));
    Served.Linear loader = new Served.Linear();
    loader.concurrency = concurrency;
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong predictions = new AtomicLong();
    List<Throwable> wrong = new CopyOnWriteArrayList<>();
    try (ModelRegistry registry = Served.registry(folder)) {
      for (int version = 1; version <= VERSIONS; version++) {
        registry.register("flights", Served.linear(version), RegisterOptions.none());
      }
      registry.setAlias("flights", "champion", 1, "");
      List<Thread> callers = new ArrayList<>();
      try (LiveModel model =
          LiveModel.builder(registry, "models:/flights@champion")
              .loader(loader)
              .keepWarm(1)
              .warmUp(2)
              .open()) {
        for (int i = 0; i < 8; i++) {
          int caller = i;
          callers.add(new Thread(() -> call(model, caller, stop, predictions, wrong)));
        }
        callers.forEach(Thread::start);
        for (int i = 0; i < swaps; i++) {
          int next = 1 + (i + 1) % VERSIONS;
          registry.setAlias("flights", "champion", next, "swap " + i);
          assertThat(model.refresh(java.time.Duration.ofMinutes(1))).isTrue();
          ModelVersion serving = model.status().version().orElseThrow();
          assertThat(serving.version()).isEqualTo(next);
          if (i % 10 == 0) {
            model.rollback("now and then");
            model.unpin();
          }
        }
        stop.set(true);
        for (Thread caller : callers) {
          caller.join(60_000);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(loader.misuses.get()).isZero();
    assertThat(loader.open.get()).isZero();
    assertThat(predictions.get()).isGreaterThan(1_000);
    System.out.printf(
        "swap attack, %s: %d swaps under %d predictions%n", concurrency, swaps, predictions.get());
  }

  private static void call(
      LiveModel model,
      int caller,
      AtomicBoolean stop,
      AtomicLong predictions,
      List<Throwable> wrong) {
    double[] in = {10, 1};
    double[] out = new double[1];
    try {
      while (!stop.get()) {
        if (caller % 2 == 0) {
          model.predict(in, out);
          check(out[0] - 1);
        } else {
          try (Lease lease = model.lease()) {
            lease.predict(in, out);
            double first = out[0];
            lease.predict(in, out);
            if (first != out[0] || out[0] != 10 * lease.version().version() + 1) {
              throw new AssertionError("a lease has changed: " + first + ", " + out[0]);
            }
          }
        }
        predictions.incrementAndGet();
      }
    } catch (RuntimeException | Error e) {
      wrong.add(e);
    }
  }

  private static void check(double tenTimesVersion) {
    double version = tenTimesVersion / 10;
    if (version != Math.rint(version) || version < 1 || version > VERSIONS) {
      throw new AssertionError("an answer of version " + version);
    }
  }
}
