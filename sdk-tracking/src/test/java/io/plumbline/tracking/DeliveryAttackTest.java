package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunStore;
import io.plumbline.tck.FaultyBackend;
import io.plumbline.tck.FaultyBackend.When;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Delivery to a place that fails at random")
class DeliveryAttackTest {
  private static final int SEEDS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final double SCALE =
      Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));

  /** Whoever waits between two attempts waits hardly at all. */
  private static final Sleeper SHORT = nanos -> Thread.sleep(nanos > 0 ? 1 : 0);

  @TempDir private Path folder;

  /** What a program has logged. */
  private static final class Logged {
    private final Map<String, String> params = new HashMap<>();
    private final Map<String, List<Double>> metrics = new HashMap<>();
    private final Map<String, String> tags = new HashMap<>();
    private final Map<String, String> artifacts = new HashMap<>();
    private final List<String> models = new ArrayList<>();
  }

  @Test
  @DisplayName(
      "Whatever requests and answers are lost, and however often the program is restarted, all that"
          + " was logged is there once, in order")
  void lossy() throws IOException {
    long first = Long.getLong("test.attack.seed", System.nanoTime());
    int seeds = Math.max(5, (int) (SEEDS * SCALE));
    for (int i = 0; i < seeds; i++) {
      attack(first + i);
    }
  }

  private void attack(long seed) throws IOException {
    Random random = new Random(seed);
    Path here = Files.createDirectory(folder.resolve("here" + seed));
    Path there = folder.resolve("there" + seed);
    Map<String, Logged> runs = new HashMap<>();
    for (int program = 0; program < 3; program++) {
      try (Plumbline plumbline = open(here)) {
        Courier courier = deliver(plumbline, there, faults(random, program));
        try (TrackingClient tracking = TrackingClient.of(plumbline)) {
          for (int i = random.nextInt(3); i >= 0; i--) {
            Tracker tracker = tracking.start("attack");
            runs.put(tracker.id(), log(random, tracker));
          }
        }
        // Some programs end in the middle of it.
        if (random.nextBoolean()) {
          plumbline.engine().awaitDelivery(Duration.ofMillis(random.nextInt(50)));
          courier.close();
        }
      }
    }
    try (Plumbline last = open(here)) {
      deliver(last, there, List.of()).resume();
      assertThat(last.engine().awaitDelivery(PATIENCE))
          .as("seed %d: %s", seed, last.engine().couriers().get(0).delivery())
          .isTrue();
    }
    try (EmbeddedBackend backend = destination(there)) {
      assertThat(backend.runs().search(RunQuery.builder().build()).items()).hasSize(runs.size());
      runs.forEach((id, logged) -> compare(backend.runs(), id, logged, "seed " + seed));
    }
  }

  private Plumbline open(Path here) {
    return Plumbline.open(
        Config.builder()
            .isolated()
            .store(here)
            .set("close.timeout", "20s")
            .set("shutdown.hook", "off")
            .set("journal.fsync", "none")
            .build());
  }

  private static EmbeddedBackend destination(Path there) {
    return EmbeddedBackend.open(
        there, Engine.journalOptions(Config.builder().isolated().store(there).build()));
  }

  private static Courier deliver(Plumbline plumbline, Path there, List<Fault> faults) {
    FaultyBackend faulty = new FaultyBackend(destination(there), Sleeper.SYSTEM);
    faults.forEach(fault -> faulty.fail("*", fault.nth(), fault.when(), fault.failure()));
    Courier courier =
        plumbline.engine().deliverTo(new Destination("there", there.toString(), faulty), SHORT);
    courier.resume();
    return courier;
  }

  private record Fault(int nth, When when, Supplier<? extends RuntimeException> failure) {}

  private static List<Fault> faults(Random random, int program) {
    List<Fault> faults = new ArrayList<>();
    for (int nth = 1; nth < 40; nth++) {
      if (random.nextInt(10) < 4) {
        faults.add(
            new Fault(
                nth,
                random.nextBoolean() ? When.BEFORE : When.AFTER,
                switch (random.nextInt(3)) {
                  case 0 -> () -> new TransportException("lost in program " + program);
                  case 1 -> () -> new ServerException(503, "busy");
                  default ->
                      () -> new ServerException.RateLimited(429, "slow", Duration.ofMillis(1));
                }));
      }
    }
    return faults;
  }

  private Logged log(Random random, Tracker tracker) {
    Logged logged = new Logged();
    for (int i = random.nextInt(30); i >= 0; i--) {
      step(random, tracker, logged);
    }
    tracker.finish();
    return logged;
  }

  private void step(Random random, Tracker tracker, Logged logged) {
    int n = random.nextInt(1_000);
    switch (random.nextInt(6)) {
      case 0 -> {
        tracker.logParam("p" + n, "v" + n);
        logged.params.put("p" + n, "v" + n);
      }
      case 1 -> {
        tracker.setTag("t" + n % 5, "v" + n);
        logged.tags.put("t" + n % 5, "v" + n);
      }
      case 2 -> {
        tracker.logText("text " + n, "a" + n % 7 + ".txt");
        logged.artifacts.put("a" + n % 7 + ".txt", "text " + n);
      }
      case 3 -> {
        tracker.logModel(
            "m" + n,
            ModelPackage.of("rules", Map.of())
                .with(
                    ModelPart.of(
                        "r.txt", "text/plain", ("" + n).getBytes(StandardCharsets.UTF_8))));
        if (!logged.models.contains("m" + n)) {
          logged.models.add("m" + n);
        }
      }
      default -> {
        String key = "k" + n % 3;
        List<Double> points = logged.metrics.computeIfAbsent(key, k -> new ArrayList<>());
        for (int i = random.nextInt(700); i >= 0; i--) {
          tracker.logMetric(key, points.size(), points.size());
          points.add((double) points.size());
        }
      }
    }
  }

  private static void compare(RunStore there, String id, Logged logged, String where) {
    Run run = there.find(id).orElseThrow(() -> new AssertionError(where + ": no run " + id));
    assertThat(run.status()).as(where).isEqualTo(RunStatus.FINISHED);
    assertThat(run.params()).as(where).isEqualTo(logged.params);
    assertThat(run.tags()).as(where).containsAllEntriesOf(logged.tags);
    assertThat(run.models().stream().map(m -> m.name()).distinct().toList())
        .as(where)
        .containsExactlyInAnyOrderElementsOf(logged.models);
    logged.metrics.forEach(
        (key, points) -> {
          try (var read = there.metricHistory(id, key).stream()) {
            assertThat(read.map(m -> m.value()).toList())
                .as("%s, %s", where, key)
                .isEqualTo(points);
          }
        });
    logged.artifacts.forEach(
        (path, text) -> {
          try (InputStream in = there.openArtifact(id, path)) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
          } catch (IOException e) {
            throw new AssertionError(where, e);
          }
        });
  }
}
