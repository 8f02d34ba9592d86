package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Dataset;
import io.plumbline.model.Run;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a run knows is on the server in MLflow's own words, as Python's client reads it")
class WordsTest {
  private static final String READ =
      """
      import json, sys, mlflow
      run = mlflow.get_run(sys.argv[1])
      child = mlflow.search_runs(
          [run.info.experiment_id],
          f"tags.mlflow.parentRunId = '{run.info.run_id}'", output_format="list")[0]
      inputs = [
          {"name": i.dataset.name, "digest": i.dataset.digest, "type": i.dataset.source_type,
           "source": json.loads(i.dataset.source), "schema": json.loads(i.dataset.schema),
           "context": [t.value for t in i.tags if t.key == "mlflow.data.context"]}
          for i in run.inputs.dataset_inputs]
      print(json.dumps({
          "name": run.info.run_name, "user": run.info.user_id, "status": run.info.status,
          "tags": run.data.tags, "metrics": run.data.metrics, "inputs": inputs,
          "child": {"name": child.info.run_name, "tags": child.data.tags}}))
      """;

  @TempDir private Path folder;

  private final String experiment = "words " + UUID.randomUUID();

  @Test
  @DisplayName("source, commit, user, name, note, parent, inputs and the names of system metrics")
  void words() throws Exception {
    Config config =
        Config.builder()
            .isolated()
            .store(folder.resolve("store"))
            .trackingUri(MlflowServer.shared().root())
            .set("user", "ada")
            .set("run.source", "true")
            .set("run.context", "{\"mlflow.source.type\":\"JOB\",\"team\":\"ops\"}")
            .build();
    Dataset data = Dataset.of("flights", new double[][] {{1, 2}, {3, 4}}, List.of("a", "b"));
    String remote;
    Run here;
    try (TrackingClient tracking = TrackingClient.create(config)) {
      here =
          tracking.run(
              experiment,
              RunOptions.named("gbm").note("first try").tag("team", "data"),
              tracker -> {
                tracker.logInput(data, "training");
                tracker.logMetric("system/cpu_utilization_percentage", 12.5, 0);
                tracker.child("fold", fold -> fold.logMetric("auc", 0.5, 0));
              });
      assertThat(tracking.awaitDelivery(Duration.ofMinutes(1))).isTrue();
      remote = tracking.remoteId(here.id()).orElseThrow();
    }
    JsonObject there = Json.object(MlflowServer.shared().python(READ, remote), "the run");

    assertThat(there.string("name")).isEqualTo("gbm");
    assertThat(there.string("user")).isEqualTo("ada");
    assertThat(there.string("status")).isEqualTo("FINISHED");
    Map<String, ?> tags = there.object("tags").asMap();
    assertThat(tags.get("mlflow.runName")).isEqualTo("gbm");
    assertThat(tags.get("mlflow.user")).isEqualTo("ada");
    assertThat(tags.get("mlflow.note.content")).isEqualTo("first try");
    assertThat(tags.get("mlflow.source.name")).asString().isNotBlank().doesNotContain(" ");
    // What MLFLOW_RUN_CONTEXT says wins over what is found out, and the program over both.
    assertThat(tags.get("mlflow.source.type")).isEqualTo("JOB");
    assertThat(tags.get("team")).isEqualTo("data");
    for (String git : List.of("mlflow.source.git.commit", "mlflow.source.git.branch")) {
      assertThat(tags.get(git)).as(git).isEqualTo(here.tags().get(git));
    }
    assertThat(there.object("metrics").asMap().get("system/cpu_utilization_percentage"))
        .isEqualTo(12.5);
    JsonObject input = there.objects("inputs").get(0);
    assertThat(input.string("name")).isEqualTo("flights");
    assertThat(input.string("digest")).isEqualTo(data.digest());
    assertThat(input.listOrEmpty("context")).isEqualTo(List.of("training"));
    assertThat(
            input.object("schema").has("mlflow_tensorspec")
                || input.object("schema").has("mlflow_colspec"))
        .isTrue();
    JsonObject child = there.object("child");
    assertThat(child.string("name")).isEqualTo("fold");
    assertThat(child.object("tags").string("mlflow.parentRunId")).isEqualTo(remote);
    assertThat(child.object("tags").string("mlflow.source.name"))
        .isEqualTo(tags.get("mlflow.source.name"));
  }
}
