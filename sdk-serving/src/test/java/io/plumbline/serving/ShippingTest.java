package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.TransportException;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.Backend;
import io.plumbline.tck.FaultyBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A prediction log that is shipped")
class ShippingTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private static LiveModel live(ModelRegistry registry) {
    return LiveModel.builder(registry, "models:/flights@champion")
        .loader(new Served.Linear())
        .open();
  }

  private static PredictionLogger.Builder logger(LiveModel model) {
    return PredictionLogger.builder(model).files(Shipping.smallParts());
  }

  private static void predict(LiveModel model, int from, int to) {
    for (int i = from; i < to; i++) {
      model.predict("r" + i, new double[] {i, 1});
    }
  }

  private static List<String> names(int to) {
    return IntStream.range(0, to).mapToObj(i -> "r" + i).toList();
  }

  private List<String> arrived() throws Exception {
    try (Backend backend = Shipping.backend(folder)) {
      return Shipping.ids(backend.runs(), folder.resolve("copy"));
    }
  }

  @Test
  @DisplayName("is, part by part, among the artifacts of the run that has logged the model")
  void run() throws Exception {
    try (ModelRegistry registry = Served.registry(folder)) {
      Shipping.logged(registry, folder);
      try (LiveModel model = live(registry);
          PredictionLogger logger = logger(model).ship().open()) {
        predict(model, 0, 100);
        assertThat(logger.flush(LONG)).isTrue();
        Served.await("the first parts", () -> logger.status().shipping().shipped() >= 2);
        predict(model, 100, 220);
        ShipStatus status = logger.status().shipping();
        assertThat(status.on()).isTrue();
        assertThat(status.failure()).isEmpty();
        assertThat(status.bytes()).isPositive();
      }
    }
    assertThat(arrived()).containsExactlyInAnyOrderElementsOf(names(220));
    try (Backend backend = Shipping.backend(folder)) {
      assertThat(Shipping.artifacts(backend.runs()).keySet())
          .allSatisfy(
              path -> assertThat(path).startsWith(Shipping.RUN + "/predictions/_model=flights/"))
          .anySatisfy(path -> assertThat(path).endsWith("/_schema.json"));
    }
  }

  @Test
  @DisplayName("has a run of its own, which is finished, where no run has logged the model")
  void ownRun() throws Exception {
    try (ModelRegistry registry = Served.registry(folder)) {
      Served.promote(registry, Served.linear(1));
      for (int program = 0; program < 2; program++) {
        try (LiveModel model = live(registry);
            PredictionLogger unused = logger(model).ship().open()) {
          predict(model, program * 50, program * 50 + 50);
        }
      }
    }
    assertThat(arrived()).containsExactlyInAnyOrderElementsOf(names(100));
    try (Backend backend = Shipping.backend(folder)) {
      List<Run> runs = backend.runs().search(RunQuery.builder().build()).items();
      assertThat(runs).hasSize(1);
      assertThat(runs.get(0).status()).isEqualTo(RunStatus.FINISHED);
      assertThat(runs.get(0).name()).isEqualTo("predictions of models:/flights/1");
    }
  }

  @Test
  @DisplayName("gets its own run after a minute from one who died while he made it")
  void claimedRun() throws Exception {
    try (ModelRegistry registry = Served.registry(folder)) {
      ModelVersion version = Served.promote(registry, Served.linear(1));
      String made = "predictions " + version.uri() + " " + version.digest();
      String id = Sha256.of(made.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
      Path claim = Files.createDirectories(folder.resolve("store/runs").resolve(id));
      try (LiveModel model = live(registry);
          PredictionLogger logger = logger(model).ship().open()) {
        predict(model, 0, 50);
        Served.await("the refusal", () -> logger.status().shipping().failures() > 0);
        assertThat(logger.status().shipping().failure()).contains("can't be made now");
        long longAgo = System.currentTimeMillis() - 120_000;
        Files.setLastModifiedTime(claim, FileTime.fromMillis(longAgo));
        Served.await("the run", () -> logger.status().shipping().shipped() == 1);
      }
    }
    assertThat(arrived()).containsExactlyInAnyOrderElementsOf(names(50));
  }

  @Test
  @DisplayName("ships first what a program without a courier, or a dead one, has left")
  void leftovers() throws Exception {
    try (ModelRegistry registry = Served.registry(folder)) {
      Served.promote(registry, Served.linear(1));
      try (LiveModel model = live(registry);
          PredictionLogger logger = logger(model).open()) {
        predict(model, 0, 120);
        assertThat(logger.flush(LONG)).isTrue();
        assertThat(logger.status().shipping()).isEqualTo(ShipStatus.OFF);
      }
      try (LiveModel model = live(registry);
          PredictionLogger logger = logger(model).ship().open()) {
        Served.await("what was left", () -> logger.status().shipping().shipped() >= 3);
      }
    }
    assertThat(arrived()).containsExactlyInAnyOrderElementsOf(names(120));
  }

  @Test
  @DisplayName("keeps its parts while the destination is dead, and ships them when it is back")
  void deadDestination() throws Exception {
    try (FaultyBackend faulty = new FaultyBackend(Shipping.backend(folder), nanos -> {});
        ModelRegistry registry = Served.registry(folder)) {
      faulty.refuse(() -> new TransportException("nobody is there"));
      Served.promote(registry, Served.linear(1));
      try (LiveModel model = live(registry);
          PredictionLogger logger = logger(model).ship(() -> Shipping.keepOpen(faulty)).open()) {
        predict(model, 0, 100);
        assertThat(logger.flush(LONG)).isTrue();
        Served.await("two failures", () -> logger.status().shipping().failures() >= 2);
        ShipStatus dead = logger.status().shipping();
        assertThat(dead.failure()).contains("nobody is there");
        assertThat(dead.waiting()).isEqualTo(2);
        assertThat(dead.shipped()).isZero();
        assertThat(logger.status().failure()).as("the disk's").isEmpty();
        faulty.accept();
        Served.await("the return", () -> logger.status().shipping().shipped() == 2);
        Served.await("no failure", () -> logger.status().shipping().failure().isEmpty());
        assertThat(logger.status().shipping().waiting()).isZero();
      }
      assertThat(Shipping.ids(faulty.runs(), folder.resolve("copy")))
          .containsExactlyInAnyOrderElementsOf(names(100));
    }
  }

  @Test
  @DisplayName(
      "lets no request and no flush wait for a destination that hangs, and counts what waits")
  void hangingDestination() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    AtomicBoolean hangs = new AtomicBoolean();
    try (FaultyBackend faulty =
            new FaultyBackend(
                Shipping.backend(folder),
                nanos -> {
                  hangs.set(true);
                  hang.await();
                });
        ModelRegistry registry = Served.registry(folder)) {
      faulty.delay(Duration.ofSeconds(1));
      Served.promote(registry, Served.linear(1));
      try (LiveModel model = live(registry);
          PredictionLogger logger = logger(model).ship(() -> Shipping.keepOpen(faulty)).open()) {
        predict(model, 0, 50);
        assertThat(logger.flush(LONG)).isTrue();
        Served.await("it hangs", hangs::get);
        predict(model, 50, 500);
        assertThat(logger.flush(LONG)).isTrue();
        assertThat(logger.status().logged()).isEqualTo(500);
        assertThat(logger.status().droppedFull()).isZero();
        assertThat(logger.status().shipping().shipped()).isZero();
        assertThat(logger.status().shipping().waiting()).isEqualTo(10);
        hang.countDown();
      }
      assertThat(Shipping.ids(faulty.runs(), folder.resolve("copy")))
          .containsExactlyInAnyOrderElementsOf(names(500));
    }
  }

  @Test
  @DisplayName("loses no part to a retention, and frees its disk once parts have arrived")
  void retention() throws Exception {
    Path log = folder.resolve("store/predictions");
    try (FaultyBackend faulty = new FaultyBackend(Shipping.backend(folder), nanos -> {});
        ModelRegistry registry = Served.registry(folder)) {
      faulty.refuse(() -> new TransportException("nobody is there"));
      Served.promote(registry, Served.linear(1));
      for (int program = 0; program < 2; program++) {
        try (LiveModel model = live(registry);
            PredictionLogger unused = logger(model, faulty).open()) {
          predict(model, program * 50, program * 50 + 50);
        }
      }
      assertThat(PredictionLogReader.parts(log, LogFilter.ALL)).hasSize(2);
      faulty.accept();
      try (LiveModel model = live(registry);
          PredictionLogger logger = logger(model, faulty).open()) {
        Served.await("both", () -> logger.status().shipping().shipped() == 2);
      }
      try (LiveModel model = live(registry);
          PredictionLogger unused = logger(model, faulty).open()) {
        assertThat(PredictionLogReader.parts(log, LogFilter.ALL)).isEmpty();
      }
      assertThat(Shipping.ids(faulty.runs(), folder.resolve("copy")))
          .containsExactlyInAnyOrderElementsOf(names(100));
    }
    try (var left = Files.walk(log)) {
      assertThat(left.map(String::valueOf)).noneMatch(name -> name.endsWith(".shipped"));
    }
  }

  /** Parts are too old as soon as they are closed. */
  private static PredictionLogger.Builder logger(LiveModel model, FaultyBackend faulty) {
    return PredictionLogger.builder(model)
        .files(Shipping.smallParts().withRetention(Duration.ofNanos(1)))
        .ship(() -> Shipping.keepOpen(faulty));
  }

  @Test
  @DisplayName("must be of a registered version, and says so")
  void unregistered() throws Exception {
    try (ModelRegistry registry = Served.registry(folder)) {
      Shipping.logged(registry, folder);
      try (LiveModel model =
          LiveModel.builder(registry, "runs:/" + Shipping.RUN + "/model")
              .loader(new Served.Linear())
              .open()) {
        assertThatThrownBy(() -> PredictionLogger.builder(model).ship().open())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("is not registered");
      }
    }
  }
}
