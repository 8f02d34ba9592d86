package io.plumbline.internal.export;

import io.plumbline.model.Artifact;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as a JSON document; {@code docs/cli.md} promises its fields. */
public final class RunDocument {
  private RunDocument() {}

  /** Returns a run. */
  public static Map<String, @Nullable Object> of(Run run) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", run.id());
    json.put("name", run.name());
    json.put("experiment", run.experiment());
    json.put("experimentId", run.experimentId());
    json.put("status", run.status().name());
    json.put("startTime", run.startTime().toEpochMilli());
    json.put("endTime", run.endTime().map(Instant::toEpochMilli).orElse(null));
    json.put("durationMillis", run.duration().map(Duration::toMillis).orElse(null));
    json.put("user", run.user());
    json.put("parentId", run.parentId().orElse(null));
    json.put("deleted", run.deleted());
    json.put("params", new LinkedHashMap<String, @Nullable Object>(run.params()));
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    run.metrics().forEach((key, summary) -> metrics.put(key, metric(summary)));
    json.put("metrics", metrics);
    json.put("tags", new LinkedHashMap<String, @Nullable Object>(run.tags()));
    json.put("inputs", run.inputs().stream().map(RunDocument::input).toList());
    json.put("models", run.models().stream().map(RunDocument::model).toList());
    json.put("warnings", run.warnings());
    return json;
  }

  /** Returns a metric without its points. */
  public static Map<String, @Nullable Object> metric(MetricSummary summary) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("last", summary.last());
    json.put("lastStep", summary.lastStep());
    json.put("lastTimestamp", summary.lastTimestamp());
    json.put("min", summary.min());
    json.put("max", summary.max());
    json.put("count", summary.count());
    return json;
  }

  private static Map<String, @Nullable Object> input(DatasetInput input) {
    Dataset dataset = input.dataset();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", dataset.name());
    json.put("context", input.context());
    json.put("digest", dataset.digest());
    json.put("sourceType", dataset.sourceType());
    json.put("source", dataset.source());
    json.put("schema", dataset.schema());
    json.put("profile", dataset.profile());
    json.put("tags", new LinkedHashMap<String, @Nullable Object>(input.tags()));
    return json;
  }

  private static Map<String, @Nullable Object> model(LoggedModel model) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", model.id());
    json.put("name", model.name());
    json.put("flavor", model.flavor());
    json.put("digest", model.digest());
    json.put("created", model.created().toEpochMilli());
    json.put("parts", artifacts(model.parts()));
    return json;
  }

  /** Returns artifacts. */
  public static List<Map<String, @Nullable Object>> artifacts(List<Artifact> artifacts) {
    return artifacts.stream().map(RunDocument::artifact).toList();
  }

  private static Map<String, @Nullable Object> artifact(Artifact artifact) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("path", artifact.path());
    json.put("directory", artifact.directory());
    json.put("size", artifact.size());
    json.put("sha256", artifact.sha256());
    return json;
  }
}
