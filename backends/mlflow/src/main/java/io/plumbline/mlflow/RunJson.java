package io.plumbline.mlflow;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes what MLflow says about runs and experiments. */
final class RunJson {
  static final String CONTEXT = "mlflow.data.context";

  private RunJson() {}

  static Experiment experiment(JsonObject json) {
    return new Experiment(
        Ids.of(json, "experiment_id"),
        json.string("name"),
        Instant.ofEpochMilli(json.longOr("creation_time", 0)),
        Tags.of(json, "tags"),
        "deleted".equals(json.stringOrEmpty("lifecycle_stage")));
  }

  /**
   * Reads a run.
   *
   * @param experiment the name of its experiment
   * @param models what it has logged
   */
  static Run run(JsonObject json, String experiment, List<LoggedModel> models) {
    JsonObject info = json.object("info");
    JsonObject data = json.objectOrNull("data");
    Map<String, String> tags = Tags.ofRun(json, "tags");
    String parent = tags.get(RunTags.PARENT);
    long end = info.longOr("end_time", 0);
    RunStatus status = RunStatus.of(info.stringOrEmpty("status"));
    return Run.builder(Ids.of(info, "run_id"))
        .experiment(Ids.of(info, "experiment_id"), experiment)
        .name(info.stringOrEmpty("run_name"))
        .status(status)
        .startTime(Instant.ofEpochMilli(info.longOr("start_time", 0)))
        // A run that goes on keeps the end that it had before.
        .endTime(end == 0 || !status.ended() ? null : Instant.ofEpochMilli(end))
        .user(tags.getOrDefault(RunTags.USER, info.stringOrEmpty("user_id")))
        .parentId(parent == null || parent.isEmpty() ? null : parent)
        .deleted("deleted".equals(info.stringOrEmpty("lifecycle_stage")))
        .params(Tags.ofRun(json, "params"))
        .metrics(data == null ? Map.of() : metrics(data))
        .tags(tags)
        .inputs(inputs(json))
        .models(models)
        .build();
  }

  /** The last points; MLflow does not say how many there were. */
  private static Map<String, MetricSummary> metrics(JsonObject data) {
    Map<String, MetricSummary> metrics = new LinkedHashMap<>();
    for (JsonObject metric : data.objects("metrics")) {
      String key = metric.string("key");
      metrics.put(
          key,
          MetricSummary.ofLast(
              key,
              metric.doubleValue("value"),
              metric.longOr("step", 0),
              metric.longOr("timestamp", 0)));
    }
    return metrics;
  }

  private static List<DatasetInput> inputs(JsonObject run) {
    JsonObject inputs = run.objectOrNull("inputs");
    List<DatasetInput> read = new ArrayList<>();
    if (inputs != null) {
      for (JsonObject input : inputs.objects("dataset_inputs")) {
        read.add(input(input));
      }
    }
    return read;
  }

  private static DatasetInput input(JsonObject json) {
    JsonObject dataset = json.object("dataset");
    Map<String, String> tags = Tags.of(json, "tags");
    String context = tags.remove(CONTEXT);
    return new DatasetInput(
        new Dataset(
            dataset.stringOrEmpty("name"),
            dataset.stringOrEmpty("digest"),
            dataset.stringOrEmpty("source_type"),
            dataset.stringOrEmpty("source"),
            dataset.stringOrEmpty("schema"),
            dataset.stringOrEmpty("profile")),
        context == null ? "" : context,
        tags);
  }

  static Map<String, Object> toJson(DatasetInput input) {
    Dataset dataset = input.dataset();
    Map<String, String> tags = new LinkedHashMap<>(input.tags());
    if (!input.context().isEmpty()) {
      tags.put(CONTEXT, input.context());
    }
    return Map.of(
        "dataset",
        Map.of(
            "name", dataset.name(),
            "digest", dataset.digest(),
            "source_type", dataset.sourceType(),
            "source", dataset.source(),
            "schema", dataset.schema(),
            "profile", dataset.profile()),
        "tags",
        Tags.list(tags));
  }
}
