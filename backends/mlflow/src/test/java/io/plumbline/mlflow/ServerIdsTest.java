package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.Config;
import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.TransportException;
import io.plumbline.model.Experiment;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.tracking.Resume;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Runs and experiments go by the ids that a server gives them, too")
class ServerIdsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private final String experiment = "ids " + UUID.randomUUID();

  private Config config(String uri) {
    return Config.builder().isolated().store(folder).trackingUri(uri).build();
  }

  private Config config() {
    return config(MlflowServer.shared().root());
  }

  @Test
  @DisplayName("#17 is the experiment with that id, wherever the name of one is wanted")
  void experiments() {
    try (TrackingClient tracking = TrackingClient.create(config())) {
      String id = tracking.createExperiment(experiment, Map.of()).id();
      String name = "#" + id;
      tracking.start(name, RunOptions.named("by id")).finish();
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      assertThat(tracking.findExperiment(name))
          .get()
          .extracting(Experiment::name)
          .isEqualTo(experiment);
      assertThat(tracking.search(name, "")).extracting(Run::name).containsExactly("by id");
      assertThat(tracking.search(experiment, "")).hasSize(1);
      tracking.setExperimentTag(name, "team", "ops");
      tracking.renameExperiment(name, experiment + " too");
      assertThat(tracking.findExperiment(experiment + " too").orElseThrow().tags())
          .containsEntry("team", "ops");
      tracking.deleteExperiment(name);
      assertThat(tracking.findExperiment(name).orElseThrow().deleted()).isTrue();
      tracking.restoreExperiment(name);
      assertThatThrownBy(() -> tracking.createExperiment("#99", Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the one with this id");
      assertThat(tracking.findExperiment("#987654321")).isEmpty();
      assertThatThrownBy(() -> tracking.setExperimentTag("#987654321", "a", "b"))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  @DisplayName(
      "An experiment that MLFLOW_EXPERIMENT_ID names is found by what the tracker calls it")
  void configured() {
    try (TrackingClient tracking = TrackingClient.create(config())) {
      String id = tracking.createExperiment(experiment, Map.of()).id();
      Config named =
          Config.builder()
              .isolated()
              .store(folder.resolve("other"))
              .trackingUri(MlflowServer.shared().root())
              .set("experiment.id", id)
              .build();
      try (TrackingClient job = TrackingClient.create(named);
          Tracker tracker = job.start()) {
        assertThat(job.findExperiment(tracker.experiment()))
            .get()
            .extracting(Experiment::name)
            .isEqualTo(experiment);
        tracker.finish();
      }
    }
  }

  /** Two stores, "first" and "second" in the folder, have a run of one name each, which arrive. */
  static void logOnTwoMachines(Path folder, String experiment) {
    String id = "nightly-" + UUID.randomUUID();
    for (String machine : List.of("first", "second")) {
      Config config =
          Config.builder()
              .isolated()
              .store(folder.resolve(machine))
              .trackingUri(MlflowServer.shared().root())
              .experiment(experiment)
              .build();
      try (TrackingClient tracking = TrackingClient.create(config)) {
        Tracker tracker = tracking.resume(id, Resume.ALLOW);
        tracker.setTag("machine", machine);
        tracker.finish();
        assertThat(tracking.awaitDelivery(PATIENCE)).as("%s", tracking.delivery()).isTrue();
      }
    }
  }

  @Test
  @DisplayName("A run that another store calls the same is another one, and left alone")
  void sameName() {
    logOnTwoMachines(folder, experiment);
    try (TrackingClient tracking = TrackingClient.create(config())) {
      assertThat(tracking.search(experiment, ""))
          .allMatch(run -> run.status() == RunStatus.FINISHED)
          .extracting(run -> run.tags().get("machine"))
          .containsExactlyInAnyOrder("first", "second");
    }
  }

  @Test
  @DisplayName("A run that starts with the tags of another one is no repetition of it")
  void copiedTags() {
    try (TrackingClient tracking = TrackingClient.create(config())) {
      tracking.run(experiment, tracker -> tracker.setTag("team", "ops"));
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      Run seen = tracking.search(experiment, "").get(0);
      try (Tracker tracker = tracking.start(experiment)) {
        seen.tags().forEach(tracker::setTag);
        tracker.finish();
      }
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      assertThat(tracking.search(experiment, ""))
          .hasSize(2)
          .allMatch(run -> !run.deleted() && "ops".equals(run.tags().get("team")));
    }
  }

  @Test
  @DisplayName("A run of the store is gone on with by its id at the server, in any mode")
  void resume() {
    try (TrackingClient tracking = TrackingClient.create(config())) {
      String local = tracking.run(experiment, tracker -> tracker.logMetric("auc", 0.5, 0)).id();
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
      String remote = tracking.remoteId(local).orElseThrow();
      assertThat(remote).isNotEqualTo(local);
      for (Resume mode : List.of(Resume.MUST, Resume.ALLOW)) {
        try (Tracker tracker = tracking.resume(remote, mode)) {
          assertThat(tracker.id()).isEqualTo(local);
          tracker.finish();
        }
      }
      assertThatThrownBy(() -> tracking.resume(remote, Resume.NEVER))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining(local);
      try (Tracker tracker = tracking.join(remote)) {
        assertThat(tracker.id()).isEqualTo(local);
      }
      assertThat(tracking.search(experiment, "")).hasSize(1);
    }
  }

  @Test
  @DisplayName("A run that is nowhere is told to be neither in the store nor on the server")
  void nowhere() {
    String server = MlflowServer.shared().root();
    String nowhere = "0123456789abcdef0123456789abcdef";
    try (TrackingClient tracking = TrackingClient.create(config())) {
      assertThatThrownBy(() -> tracking.get(nowhere))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining(server);
      assertThatThrownBy(() -> tracking.resume(nowhere, Resume.MUST))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("MLFLOW_RUN_ID");
    }
  }

  @Test
  @DisplayName("A registration whose model has not arrived says why, and how it goes on")
  void registration() {
    try (MockServer away = new MockServer();
        TrackingClient tracking = TrackingClient.create(config(away.root()))) {
      away.answerAll(403, "text/plain", "not you");
      ModelPackage rules =
          ModelPackage.of("rules", Map.of())
              .with(ModelPart.of("r.txt", "text/plain", "x".getBytes(StandardCharsets.UTF_8)));
      Run run = tracking.run(experiment, tracker -> tracker.logModel("model", rules));
      tracking.close();
      try (ModelRegistry registry = ModelRegistry.create(config(away.root()))) {
        assertThatThrownBy(() -> registry.register("rules", run.model("model")))
            .isInstanceOf(TransportException.class)
            .hasMessageContaining("has not arrived at " + away.root())
            .hasMessageContaining("answered with 403")
            .hasMessageContaining("`plumbline sync`")
            .hasMessageContaining("`plumbline register NAME " + run.id() + ":model`");
      }
    }
  }
}
