package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.DestinationDelivery;
import io.plumbline.Plumbline;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.Backend;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Runs that go to two servers")
class FanOutTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Config.Builder config() {
    return Config.builder()
        .isolated()
        .store(folder.resolve("store"))
        .set("shutdown.hook", "off")
        .set("close.timeout", "2s");
  }

  private static DestinationDelivery to(TrackingClient tracking, String name) {
    return tracking.delivery().destinations().stream()
        .filter(destination -> destination.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @DisplayName("arrive at each in its own time: one that is away holds up nothing, and catches up")
  void oneAway() throws IOException, InterruptedException {
    try (MlflowServer audit = MlflowServer.started("mlflow", List.of(), Map.of())) {
      Path settings = folder.resolve("audit.properties");
      Files.writeString(settings, "plumbline.tracking.uri=" + audit.root() + "\n");
      Config both =
          config()
              .trackingUri(MlflowServer.shared().root())
              .set("tracking.copies", "audit=" + settings)
              .build();
      audit.kill();
      String id;
      try (TrackingClient tracking = TrackingClient.create(both)) {
        Tracker tracker = tracking.start("fan-out");
        id = tracker.id();
        tracker.logMetric("auc", 0.75, 3);
        tracker.logText("hello", "note.txt");
        tracker.finish();
        long end = System.nanoTime() + PATIENCE.toNanos();
        double rate = 0; // of the last seconds
        while ((to(tracking, "server").runsBehind() > 0 || to(tracking, "audit").problem() == null)
            && System.nanoTime() < end) {
          rate = Math.max(rate, to(tracking, "server").rate());
          Thread.sleep(20);
        }
        assertThat(to(tracking, "server").runsBehind()).isZero();
        assertThat(to(tracking, "audit").runsBehind()).isEqualTo(1);
        assertThat(to(tracking, "server").lag()).isZero();
        assertThat(rate).isPositive();
        assertThat(to(tracking, "audit").lag()).isPositive();
        assertThat(to(tracking, "audit").problem()).contains("127.0.0.1");
      }
      check(MlflowServer.shared(), remote(both, id, "server"));
      assertThat(Delivered.run(both.store(), id, "audit")).isEmpty();
      audit.start();
      try (TrackingClient again = TrackingClient.create(both)) {
        assertThat(again.awaitDelivery(PATIENCE)).as("%s", again.delivery()).isTrue();
      }
      check(audit, remote(both, id, "audit"));
    }
  }

  @Test
  @DisplayName("register their models as soon as these are there, whatever else is on its way")
  void registered() throws IOException {
    try (MlflowServer audit = MlflowServer.started("mlflow", List.of(), Map.of())) {
      audit.kill();
      Config copy = Config.builder().isolated().trackingUri(audit.root()).build();
      Config both =
          config().trackingUri(MlflowServer.shared().root()).copyTo("audit", copy).build();
      try (Plumbline plumbline = Plumbline.open(both);
          TrackingClient tracking = TrackingClient.of(plumbline);
          ModelRegistry registry = ModelRegistry.of(plumbline)) {
        Tracker tracker = tracking.start("fan-out");
        LoggedModel model =
            tracker.logModel(
                "m",
                ModelPackage.of("rules", Map.of())
                    .with(ModelPart.of("r.txt", "text/plain", new byte[] {4, 2})));
        long began = System.nanoTime();
        assertThat(registry.register("fan-out " + UUID.randomUUID(), model).version()).isOne();
        // It would wait for a minute.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(50));
        assertThat(to(tracking, "audit").runsBehind()).isOne();
        tracker.finish();
      }
    }
  }

  @Test
  @DisplayName("may be at home in the store, and go to a server that the code names")
  void copyOfAnArchive() throws IOException {
    Config there = Config.builder().isolated().trackingUri(MlflowServer.shared().root()).build();
    Config home = config().copyTo("mlflow", there).build();
    String id;
    try (TrackingClient tracking = TrackingClient.create(home)) {
      Tracker tracker = tracking.start("fan-out");
      id = tracker.id();
      tracker.logMetric("auc", 0.75, 3);
      tracker.logText("hello", "note.txt");
      tracker.finish();
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      assertThat(auc(tracking.get(id))).isEqualTo(0.75);
    }
    check(MlflowServer.shared(), remote(home, id, "mlflow"));
  }

  @Test
  @DisplayName("stay what they are where both are one server by two names, or one gets a new name")
  void oneServer() throws IOException {
    String root = MlflowServer.shared().root();
    Config there = Config.builder().isolated().trackingUri(root).build();
    Config twice =
        config()
            .trackingUri(root)
            .copyTo(
                "copy",
                Config.builder()
                    .isolated()
                    .trackingUri(root.replace("127.0.0.1", "localhost"))
                    .build())
            .build();
    String id;
    try (TrackingClient tracking = TrackingClient.create(twice)) {
      Tracker tracker = tracking.start("one server");
      id = tracker.id();
      tracker.logMetric("auc", 0.75, 3);
      tracker.logText("hello", "note.txt");
      tracker.finish();
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
    }
    check(MlflowServer.shared(), remote(twice, id, "server"));
    check(MlflowServer.shared(), remote(twice, id, "copy"));
    Config renamed = config().copyTo("renamed", there).build();
    try (Plumbline again = Plumbline.open(renamed)) {
      again.engine().couriers().get(0).deliver(id, null);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    assertThat(remote(renamed, id, "renamed"))
        .isIn(remote(twice, id, "server"), remote(twice, id, "copy"));
    check(MlflowServer.shared(), remote(twice, id, "server"));
    check(MlflowServer.shared(), remote(twice, id, "copy"));
  }

  private static String remote(Config config, String id, String destination) {
    return Delivered.run(config.store(), id, destination).orElseThrow();
  }

  private static double auc(Run run) {
    return Objects.requireNonNull(run.metrics().get("auc")).last();
  }

  private static void check(MlflowServer server, String id) throws IOException {
    try (Backend backend = Backends.open(server.root())) {
      Run run = backend.runs().find(id).orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.deleted()).isFalse();
      assertThat(auc(run)).isEqualTo(0.75);
      try (var note = backend.runs().openArtifact(id, "note.txt")) {
        assertThat(note.readAllBytes()).hasSize(5);
      }
    }
  }
}
