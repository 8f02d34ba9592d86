package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.spi.RunStore;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A network between programs and a real MLflow server that fails at random")
class ProxyAttackTest {
  private static final int SEEDS = 1_000;
  private static final int MOST_PERCENT = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Whoever waits between two attempts waits hardly at all. */
  private static final Sleeper SHORT = nanos -> Thread.sleep(nanos > 0 ? 1 : 0);

  private static final MlflowServer SERVER = MlflowServer.shared();
  private static final RunStore THERE = Backends.open(SERVER.root()).runs();

  @TempDir private Path folder;

  @Test
  @DisplayName(
      "Whatever is cut, delayed, doubled, truncated or answered by others, the server has all that"
          + " was accepted, once")
  void faulty() throws IOException {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    long first = Long.getLong("test.attack.seed", System.nanoTime());
    int seeds = Math.max(5, (int) (SEEDS * scale));
    long begin = System.nanoTime();
    System.out.println("proxy attack: " + seeds + " seeds from " + first);
    try (FaultyProxy proxy = new FaultyProxy(SERVER.root())) {
      for (int i = 0; i < seeds; i++) {
        attack(proxy, first + i);
      }
      System.out.printf(
          "proxy attack: %.2f s a seed, %s%n",
          (System.nanoTime() - begin) / 1e9 / seeds, proxy.done());
    }
  }

  private void attack(FaultyProxy proxy, long seed) throws IOException {
    Random random = new Random(seed);
    Path here = Files.createDirectory(folder.resolve("here" + seed));
    String experiment = "proxy " + seed + " " + UUID.randomUUID();
    Map<String, LoggedRun> runs = new HashMap<>();
    proxy.fail(random.nextInt(MOST_PERCENT), new Random(random.nextLong()));
    for (int program = random.nextInt(2); program >= 0; program--) {
      try (Plumbline plumbline = open(here)) {
        Courier courier = deliver(plumbline, proxy);
        try (TrackingClient tracking = TrackingClient.of(plumbline)) {
          for (int i = random.nextInt(2); i >= 0; i--) {
            LoggedRun.log(random, tracking, experiment, runs);
          }
        }
        // Some programs end in the middle of it.
        if (random.nextBoolean()) {
          plumbline.engine().awaitDelivery(Duration.ofMillis(random.nextInt(200)));
          courier.close();
        }
      }
    }
    proxy.heal();
    try (Plumbline last = open(here)) {
      deliver(last, proxy);
      assertThat(last.engine().awaitDelivery(PATIENCE))
          .as("seed %d: %s", seed, last.engine().couriers().get(0).delivery())
          .isTrue();
      assertThat(last.engine().couriers().get(0).delivery().rejected())
          .as("seed %d", seed)
          .isZero();
    }
    new Arrived(THERE, here, "seed " + seed).compare(experiment, runs);
  }

  private static Plumbline open(Path here) {
    return Plumbline.open(
        Config.builder()
            .isolated()
            .store(here)
            .set("close.timeout", "2s")
            .set("shutdown.hook", "off")
            .set("journal.fsync", "none")
            .build());
  }

  private static Courier deliver(Plumbline plumbline, FaultyProxy proxy) {
    Courier courier =
        plumbline
            .engine()
            .deliverTo(new Destination("mlflow", proxy.root(), Backends.open(proxy.root())), SHORT);
    courier.resume();
    return courier;
  }
}
