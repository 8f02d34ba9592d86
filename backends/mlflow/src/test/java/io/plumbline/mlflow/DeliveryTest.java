package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.courier.Destination;
import io.plumbline.model.Dataset;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunStore;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
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

@DisplayName("What is logged arrives at a real MLflow server")
class DeliveryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final String experiment = "delivery " + UUID.randomUUID();

  private Plumbline open() {
    Plumbline plumbline =
        Plumbline.open(Config.builder().isolated().store(folder.resolve("store")).build());
    plumbline
        .engine()
        .deliverTo(
            new Destination(
                "mlflow",
                MlflowServer.shared().root(),
                Backends.open(MlflowServer.shared().root())));
    return plumbline;
  }

  private static Courier courier(Plumbline plumbline) {
    return plumbline.engine().couriers().get(0);
  }

  @Test
  @DisplayName("Params, metrics, tags, inputs, artifacts, models, children and the end of a run")
  void everything() throws IOException {
    Path note = Files.writeString(folder.resolve("note.txt"), "hello");
    String id;
    String remote;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Run run =
          tracking.run(
              experiment,
              RunOptions.named("first").note("a note"),
              tracker -> {
                tracker.logParams(Map.of("depth", "6", "rate", "0.1"));
                for (int i = 0; i < 2_500; i++) {
                  tracker.logMetric("loss", i == 7 ? Double.NaN : 1.0 / (i + 1), i);
                }
                tracker.setTag("team", "ops");
                tracker.logInput(
                    Dataset.of("rows", new double[][] {{1, 2}}, List.of("a", "b")), "training");
                tracker.logArtifact(note);
                LoggedModel model =
                    tracker.logModel(
                        "model",
                        ModelPackage.of("rules", Map.of())
                            .with(
                                ModelPart.of(
                                    "r.txt", "text/plain", "x".getBytes(StandardCharsets.UTF_8))));
                tracker.metric("auc", model).log(0.75, 3);
                tracker.child("fold-1", child -> child.logMetric("auc", 0.9, 0));
              });
      id = run.id();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE))
          .as(courier(plumbline).delivery().toString())
          .isTrue();
      remote = Delivered.run(plumbline.store(), id, "mlflow").orElseThrow();
    }
    MlflowBackend backend = Backends.open(MlflowServer.shared().root());
    RunStore server = backend.runs();
    Run there = server.find(remote).orElseThrow();
    assertThat(there.name()).isEqualTo("first");
    assertThat(there.experiment()).isEqualTo(experiment);
    assertThat(there.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(there.endTime()).isPresent();
    assertThat(there.params()).isEqualTo(Map.of("depth", "6", "rate", "0.1"));
    assertThat(there.tags())
        .containsEntry("team", "ops")
        .containsEntry("mlflow.note.content", "a note");
    assertThat(there.inputs()).singleElement().returns("training", i -> i.context());
    assertThat(there.models()).singleElement().returns("model", LoggedModel::name);
    assertThat(metrics(backend, there.models().get(0)))
        .as("the metrics of the model itself")
        .containsExactly("auc");
    try (var points = server.metricHistory(remote, "loss").stream()) {
      assertThat(points.map(Metric::step).sorted().toList()).hasSize(2_500);
    }
    assertThat(
            new String(
                server.openArtifact(remote, "note.txt").readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("hello");
    List<Run> all =
        server
            .search(io.plumbline.model.RunQuery.builder().experiments(experiment).build())
            .items();
    assertThat(all).hasSize(2);
    assertThat(
            all.stream().filter(run -> run.parentId().isPresent()).map(run -> run.parentId().get()))
        .containsExactly(remote);
  }

  private static List<String> metrics(MlflowBackend backend, LoggedModel model) {
    try {
      return backend
          .rest()
          .get("logged-models/" + model.id(), Map.of())
          .object("model")
          .object("data")
          .objects("metrics")
          .stream()
          .map(metric -> metric.string("key"))
          .toList();
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  @Test
  @DisplayName("A note, a name or tags that MLflow does not take at a start keep no run from it")
  void refusedAtTheStart() throws IOException {
    String remote;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Tracker tracker =
          tracking.start(
              experiment,
              RunOptions.named("n".repeat(300))
                  .note("x".repeat(8_001))
                  .tag("team@x", "ops")
                  .tag("team", "ops"));
      tracker.logMetric("auc", 0.5, 0);
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE))
          .as(courier(plumbline).delivery().toString())
          .isTrue();
      assertThat(courier(plumbline).delivery().rejected()).isEqualTo(2);
      remote = Delivered.run(plumbline.store(), tracker.id(), "mlflow").orElseThrow();
      assertThat(Delivered.rejected(plumbline.store(), tracker.id(), "mlflow"))
          .extracting(line -> line.get("what"))
          .containsExactlyInAnyOrder("tag mlflow.note.content", "tag team@x");
    }
    Run there = Backends.open(MlflowServer.shared().root()).runs().find(remote).orElseThrow();
    assertThat(there.name()).isEqualTo("n".repeat(300));
    assertThat(there.tags()).containsEntry("team", "ops").doesNotContainKey("mlflow.note.content");
    assertThat(there.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(there.metrics()).containsKey("auc");
  }

  @Test
  @DisplayName("A run that was logged without a server stays where it is")
  void archive() {
    String id;
    try (Plumbline offline =
            Plumbline.open(Config.builder().isolated().store(folder.resolve("store")).build());
        TrackingClient tracking = TrackingClient.of(offline)) {
      Tracker tracker = tracking.start(experiment);
      id = tracker.id();
      tracker.logMetric("auc", 0.5, 0);
      tracker.finish();
    }
    try (Plumbline plumbline = open()) {
      assertThat(courier(plumbline).delivers(id)).as("it was an archive").isFalse();
    }
  }
}
