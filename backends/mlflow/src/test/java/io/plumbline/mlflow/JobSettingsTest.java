package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.Config;
import io.plumbline.DestinationDelivery;
import io.plumbline.Plumbline;
import io.plumbline.ServerException;
import io.plumbline.internal.courier.Courier;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.spi.RunStore;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a job hands over changes what a program does")
class JobSettingsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private final String experiment = "job " + UUID.randomUUID();

  private Config.Builder config() {
    return Config.builder()
        .isolated()
        .store(folder.resolve("store"))
        .trackingUri(MlflowServer.shared().root());
  }

  private static RunStore server() {
    return Backends.open(MlflowServer.shared().root()).runs();
  }

  private List<String> names() {
    return server().search(RunQuery.builder().experiments(experiment).build()).items().stream()
        .map(Run::name)
        .toList();
  }

  @Test
  @DisplayName("MLFLOW_EXPERIMENT_ID: runs that name no experiment are in that one, children too")
  void experimentId() {
    String id = server().createExperiment(experiment, Map.of()).id();
    String other = experiment + " by name";
    try (TrackingClient tracking =
        TrackingClient.create(config().set("experiment.id", id).build())) {
      tracking.run(tracker -> tracker.child("fold", fold -> fold.logMetric("auc", 0.5, 0)));
      tracking.start(RunOptions.named("with options")).finish();
      tracking.run(other, tracker -> tracker.logMetric("auc", 0.5, 0));
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
    }
    assertThat(names()).hasSize(3).contains("fold", "with options");
    assertThat(server().findExperiment(other)).isPresent();
    assertThat(server().findExperiment("#" + id)).isEmpty();
  }

  @Test
  @DisplayName(
      "MLFLOW_EXPERIMENT_NAME: runs that name no experiment are in that one, which is made")
  void experimentName() {
    try (TrackingClient tracking = TrackingClient.create(config().experiment(experiment).build())) {
      tracking.start(RunOptions.named("nameless")).finish();
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
    }
    assertThat(names()).containsExactly("nameless");
  }

  @Test
  @DisplayName("MLFLOW_EXPERIMENT_ID of no experiment: that run stays on disk, others arrive")
  void unknownExperimentId() throws IOException {
    String refused;
    try (TrackingClient tracking =
        TrackingClient.create(config().set("experiment.id", "987654321").build())) {
      Tracker run = tracking.start(RunOptions.named("refused"));
      refused = run.id();
      run.finish();
      assertThat(tracking.awaitDelivery(PATIENCE)).isFalse();
      assertThat(tracking.delivery().destinations())
          .singleElement()
          .extracting(DestinationDelivery::problem)
          .asString()
          .contains("987654321");
      tracking.run(
          experiment, RunOptions.named("named"), tracker -> tracker.logMetric("auc", 0.5, 0));
      assertThat(tracking.awaitDelivery(PATIENCE)).isFalse();
    }
    assertThat(names()).containsExactly("named");
    try (Plumbline later = Plumbline.open(config().build())) {
      Courier courier = later.engine().couriers().get(0);
      courier.deliver(refused, null);
      assertThat(later.engine().awaitDelivery(PATIENCE)).isFalse();
      assertThat(courier.delivery().problem()).contains("987654321", "plumbline sync --all");
      String right = server().findExperiment(experiment).orElseThrow().id();
      courier.deliver(refused, right);
      assertThat(later.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    assertThat(names()).containsExactlyInAnyOrder("named", "refused");
  }

  @Test
  @DisplayName("MLFLOW_EXPERIMENT_ID and _NAME of two experiments: an error that names both ids")
  void conflict() {
    String id = server().createExperiment(experiment, Map.of()).id();
    String other = server().createExperiment(experiment + " other", Map.of()).id();
    Config.Builder both = config().set("experiment.id", other);
    try (TrackingClient tracking = TrackingClient.create(both.experiment(experiment).build())) {
      tracking.run(tracker -> tracker.logMetric("auc", 0.5, 0));
      tracking.awaitDelivery(PATIENCE);
      assertThat(tracking.delivery().destinations().get(0).problem())
          .contains("has the id " + id, other, "MLFLOW_EXPERIMENT_ID");
    }
    Config.Builder same = config().set("experiment.id", id).store(folder.resolve("second"));
    try (TrackingClient tracking = TrackingClient.create(same.experiment(experiment).build())) {
      tracking.start(RunOptions.named("same")).finish();
      assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
    }
    assertThat(names()).containsExactly("same");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  @DisplayName("MLFLOW_HTTP_REQUEST_MAX_RETRIES: so often a call that waits is repeated")
  void retries(int retries) {
    try (MockServer server = new MockServer();
        TrackingClient tracking =
            TrackingClient.create(
                config()
                    .trackingUri(server.root())
                    .set("http.retries", String.valueOf(retries))
                    .build())) {
      server.answerAll(503, "text/plain", "away");
      assertThatThrownBy(tracking::experiments).isInstanceOf(ServerException.class);
      assertThat(server.asked()).hasSize(retries + 1);
    }
  }
}
