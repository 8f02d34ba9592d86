package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.Config;
import io.plumbline.DestinationDelivery;
import io.plumbline.NotFoundException;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.tracking.TrackingClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A program whose tracking URI is that of a real MLflow server")
class ProgramTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final String experiment = "program " + UUID.randomUUID();
  private final String name = "model-" + UUID.randomUUID();

  private Config config(String store) {
    return Config.builder()
        .isolated()
        .store(folder.resolve(store))
        .trackingUri(MlflowServer.shared().root())
        .build();
  }

  private static ModelPackage rules(String text) {
    return ModelPackage.of("rules", Map.of())
        .with(ModelPart.of("r.txt", "text/plain", text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @DisplayName(
      "logs, registers what it has logged at once, and another one resolves and fetches it")
  void lifecycle() throws Exception {
    Run run;
    try (TrackingClient tracking = TrackingClient.create(config("training"))) {
      run =
          tracking.run(
              experiment,
              tracker -> {
                tracker.logParam("depth", 6);
                tracker.logMetric("auc", 0.9, 1);
                tracker.logModel("model", rules("one"));
              });
      assertThat(run.model("model").digest()).isEqualTo(rules("one").digest());
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      assertThat(tracking.delivery().destinations())
          .singleElement()
          .returns(1L, DestinationDelivery::metrics)
          .returns(0L, DestinationDelivery::rejected)
          .returns(0, DestinationDelivery::runsBehind);
      String remote = tracking.remoteId(run.id()).orElseThrow();
      assertThat(tracking.search(experiment, "metrics.auc > 0.8"))
          .extracting(Run::id)
          .containsExactly(remote);
      assertThat(tracking.get(remote).params()).containsEntry("depth", "6");
    }
    try (ModelRegistry registry = ModelRegistry.create(config("training"))) {
      ModelVersion version = registry.register(name, run.model("model"));
      assertThat(version.version()).isEqualTo(1);
      registry.promote(version, "champion", "it is the first");
    }
    try (ModelRegistry serving = ModelRegistry.create(config("serving"))) {
      var fetched = serving.fetch("models:/" + name + "@champion");
      assertThat(fetched.version().digest()).isEqualTo(rules("one").digest());
      assertThat(Files.readString(fetched.folder().resolve("r.txt"))).isEqualTo("one");
      assertThatThrownBy(() -> serving.resolve("models:/" + name + "@nobody"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("nobody");
    }
  }

  @Test
  @DisplayName("writes its first run into the one that MLFLOW_RUN_ID names, and leaves its status")
  void adopted() {
    RunStore server = Backends.open(MlflowServer.shared().root()).runs();
    String experimentId = server.createExperiment(experiment, Map.of()).id();
    String job =
        server.createRun(
            new NewRun("job" + UUID.randomUUID(), experimentId, "job", "ci", null, 1L, Map.of()));
    Config config =
        Config.builder()
            .isolated()
            .store(folder.resolve("store"))
            .trackingUri(MlflowServer.shared().root())
            .set("run.id", job)
            .set("run.context", "{\"team\":\"ops\"}")
            .build();
    try (TrackingClient tracking = TrackingClient.create(config)) {
      tracking.run(
          experiment,
          tracker -> {
            tracker.logMetric("auc", 0.5, 0);
            tracker.child("fold", child -> child.logMetric("auc", 0.25, 0));
          });
      tracking.run(experiment, tracker -> tracker.logMetric("auc", 0.75, 0));
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
    }
    Run run = server.find(job).orElseThrow();
    assertThat(run.name()).isEqualTo("job");
    assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(run.metric("auc")).hasValue(0.5);
    assertThat(run.tags()).containsEntry("team", "ops");
    List<Run> all = server.search(RunQuery.builder().experiments(experiment).build()).items();
    assertThat(all).hasSize(3);
    assertThat(all).allSatisfy(each -> assertThat(each.tags()).containsEntry("team", "ops"));
    assertThat(all.stream().flatMap(each -> each.parentId().stream())).containsExactly(job);
  }

  @Test
  @DisplayName(
      "loses nothing by a record that the server refuses: that one is kept with its reason")
  void refused() throws Exception {
    try (TrackingClient tracking = TrackingClient.create(config("store"))) {
      Run run =
          tracking.run(
              experiment,
              tracker -> {
                for (int i = 0; i < 300; i++) {
                  tracker.logMetric(i == 137 ? "bad,key" : "good", i, i);
                }
                tracker.logParam("depth", 6);
                tracker.logParam("rate(%)", 7);
                tracker.setTag("team", "ops");
              });
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      String remote = tracking.remoteId(run.id()).orElseThrow();
      Run there = tracking.get(remote);
      assertThat(there.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(there.params()).isEqualTo(Map.of("depth", "6"));
      assertThat(there.tags()).containsEntry("team", "ops");
      assertThat(tracking.metricHistory(remote, "good").summary().count()).isEqualTo(299);
      assertThat(tracking.delivery().destinations().get(0).rejected()).isEqualTo(2);
      assertThat(Delivered.rejected(folder.resolve("store"), run.id(), Delivered.SERVER))
          .extracting(rejected -> rejected.get("what"))
          .containsExactlyInAnyOrder("metric bad,key at step 137", "param rate(%)");
    }
  }

  @Test
  @DisplayName("that was killed before anything arrived leaves it to the next one")
  void leftBehind() {
    String id;
    // Nothing listens there: what is logged stays on disk.
    Config away =
        Config.builder()
            .isolated()
            .store(folder.resolve("store"))
            .trackingUri("http://127.0.0.1:9")
            .set("close.timeout", "200ms")
            .build();
    try (TrackingClient tracking = TrackingClient.create(away)) {
      id = tracking.run(experiment, tracker -> tracker.logMetric("auc", 0.5, 0)).id();
      assertThat(tracking.awaitDelivery(Duration.ofMillis(300))).isFalse();
      assertThat(tracking.delivery().health()).isPresent();
      assertThat(tracking.remoteId(id)).isEmpty();
    }
    try (TrackingClient tracking = TrackingClient.create(config("store"))) {
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      String remote = tracking.remoteId(id).orElseThrow();
      List<Run> there = tracking.search(experiment, "");
      assertThat(there).extracting(Run::id).containsExactly(remote);
      assertThat(there.get(0).metric("auc")).hasValue(0.5);
    }
  }
}
