package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 of a real MLflow server in the middle of a delivery")
class ServerKillTest {
  private static final int KILLS = 50;
  private static final int LONGEST_LIFE = 1_500;

  /** In full length some two hundred runs are left, at the pace of a server that was away. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Whoever waits for the server looks for it five times a second. */
  private static final Sleeper SHORT = nanos -> Thread.sleep(Math.min(200, nanos / 1_000_000));

  @TempDir private Path folder;

  @Test
  @DisplayName("Whenever it comes, the server that is started on its data gets the rest, once")
  void killed() throws Exception {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    int kills = Math.max(2, (int) (KILLS * scale));
    long seed = Long.getLong("test.attack.seed", System.nanoTime());
    System.out.println("server kill attack: " + kills + " kills, seed " + seed);
    Random random = new Random(seed);
    String experiment = "killed " + UUID.randomUUID();
    Map<String, LoggedRun> runs = new ConcurrentHashMap<>();
    try (MlflowServer server = MlflowServer.started("mlflow", List.of(), Map.of())) {
      attack(server, random, kills, experiment, runs);
      new Arrived(Backends.open(server.root()).runs(), folder, "seed " + seed)
          .compare(experiment, runs);
    }
    System.out.println("server kill attack: " + runs.size() + " runs");
  }

  private void attack(
      MlflowServer server, Random random, int kills, String experiment, Map<String, LoggedRun> runs)
      throws InterruptedException {
    Config config =
        Config.builder()
            .isolated()
            .store(folder)
            .set("shutdown.hook", "off")
            .set("journal.fsync", "none")
            .build();
    try (Plumbline plumbline = Plumbline.open(config);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Destination destination =
          new Destination("mlflow", server.root(), Backends.open(server.root()));
      Courier courier = plumbline.engine().deliverTo(destination, SHORT);
      AtomicBoolean done = new AtomicBoolean();
      AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
      Random logged = new Random(random.nextLong());
      Thread program =
          new Thread(
              () -> {
                while (!done.get()) {
                  LoggedRun.log(logged, tracking, experiment, runs);
                  tracking.awaitDelivery(Duration.ofMillis(logged.nextInt(2_000)));
                }
              });
      program.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
      program.start();
      for (int i = 0; i < kills; i++) {
        Thread.sleep(random.nextInt(LONGEST_LIFE)); // the random moment
        server.kill();
        server.start();
      }
      done.set(true);
      program.join();
      assertThat(failure.get()).isNull();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).as("%s", courier.delivery()).isTrue();
      assertThat(courier.delivery().rejected()).isZero();
    }
  }
}
