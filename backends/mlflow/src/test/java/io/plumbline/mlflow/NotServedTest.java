package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunStore;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A real MLflow server that serves no artifacts")
class NotServedTest {
  private static final List<String> ROOT =
      List.of("--default-artifact-root", ArtifactPlace.SCHEME + "/");

  @TempDir private Path folder;

  private TrackingClient client(MlflowServer server) {
    return TrackingClient.create(
        Config.builder()
            .isolated()
            .store(folder.resolve("store"))
            .trackingUri(server.root())
            .build());
  }

  private static List<String> without() {
    return List.of("--no-serve-artifacts", ROOT.get(0), ROOT.get(1));
  }

  private static void awaitEnd(TrackingClient tracking, String id, MlflowServer server)
      throws InterruptedException {
    RunStore runs = Backends.open(server.root()).runs();
    for (int i = 0; i < 600; i++) {
      Optional<Run> there = tracking.remoteId(id).flatMap(runs::find);
      if (there.filter(run -> run.status() == RunStatus.FINISHED).isPresent()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the run has not ended: " + tracking.delivery());
  }

  @Test
  @DisplayName("gets the rest of a run, says the remedy, and gets files and models once it does")
  void later() throws InterruptedException {
    try (MlflowServer server = MlflowServer.started("mlflow", without(), Map.of())) {
      Run run;
      String remote;
      try (TrackingClient tracking = client(server)) {
        run =
            tracking.run(
                "not served",
                tracker -> {
                  tracker.logText("hello", "note.txt");
                  LoggedModel model =
                      tracker.logModel(
                          "model",
                          ModelPackage.of("rules", Map.of())
                              .with(ModelPart.of("r.txt", "text/plain", new byte[] {1, 2, 3})));
                  tracker.metric("auc", model).log(0.75, 1);
                });
        awaitEnd(tracking, run.id(), server);
        assertThat(tracking.awaitDelivery(Duration.ofMillis(200))).isFalse();
        remote = tracking.remoteId(run.id()).orElseThrow();
        assertThat(tracking.delivery().destinations().get(0).problem())
            .contains("start it without --no-serve-artifacts");
        assertThat(tracking.delivery().destinations().get(0).rejected()).isZero();
      }
      server.restart(ROOT);
      try (TrackingClient tracking = client(server);
          MlflowBackend backend = Backends.open(server.root())) {
        assertThat(tracking.awaitDelivery(Duration.ofSeconds(60))).isTrue();
        Run there = backend.runs().find(remote).orElseThrow();
        assertThat(there.status()).isEqualTo(RunStatus.FINISHED);
        assertThat(there.metrics()).containsKey("auc");
        assertThat(there.models())
            .extracting(LoggedModel::digest)
            .containsExactly(run.model("model").digest());
        assertThat(backend.runs().artifacts(remote, "")).extracting("path").contains("note.txt");
      }
    }
  }
}
