package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a batch into a run, in as many requests as the server's limits need. Params go first and
 * alone: they are what can be refused for what the run has already, and then nothing is written.
 */
final class RunWriter {
  static final int METRICS = 1_000;
  static final int PARAMS = 100;
  static final int TAGS = 100;

  private final Rest rest;

  RunWriter(Rest rest) {
    this.rest = rest;
  }

  void write(String runId, RunBatch batch) {
    try {
      params(runId, batch);
      if (!batch.inputs.isEmpty()) {
        rest.post(
            "runs/log-inputs",
            Map.of("run_id", runId, "datasets", batch.inputs.stream().map(this::dataset).toList()));
      }
      metricsAndTags(runId, batch);
      for (String key : batch.tagsToDelete()) {
        deleteTag(runId, key);
      }
      update(runId, batch);
    } catch (Refused e) {
      throw refused(runId, e.refusal());
    }
  }

  private Map<String, Object> dataset(RunUpdate.LogInput update) {
    return RunJson.toJson(update.input());
  }

  private void params(String runId, RunBatch batch) throws Refused {
    if (batch.params.size() > PARAMS) {
      // They need several requests: a conflict of the second must be seen before the first.
      checkParams(runId, batch);
    }
    for (List<Map<String, String>> some : parts(Tags.list(batch.params), PARAMS)) {
      Map<String, Object> body = Map.of("run_id", runId, "params", some);
      try {
        rest.post("runs/log-batch", body);
      } catch (Refused e) {
        if (!e.refusal().isOfInput()) {
          throw e;
        }
        // Either another value is there, or the same came from elsewhere at this very moment,
        // which is a database's error to the server.
        checkParams(runId, batch);
        rest.post("runs/log-batch", body);
      }
    }
  }

  /** Compares the batch's params with those of the run. */
  private void checkParams(String runId, RunBatch batch) throws Refused {
    JsonObject run = rest.get("runs/get", Map.of("run_id", runId)).object("run");
    Map<String, String> there = Tags.ofRun(run, "params");
    batch.params.forEach(
        (key, value) -> {
          String old = there.get(key);
          if (old != null && !old.equals(value)) {
            throw RunBatch.conflict(runId, key, old, value);
          }
        });
  }

  private void metricsAndTags(String runId, RunBatch batch) throws Refused {
    for (List<RunUpdate.LogMetric> some : parts(distinct(batch.metrics), METRICS)) {
      metrics(runId, some);
    }
    for (List<Map<String, String>> some : parts(Tags.list(batch.tagsToSet()), TAGS)) {
      rest.post("runs/log-batch", Map.of("run_id", runId, "tags", some));
    }
  }

  /** A point that is twice in a batch is one to the server; NaN twice would be refused. */
  private static List<RunUpdate.LogMetric> distinct(List<RunUpdate.LogMetric> metrics) {
    return List.copyOf(new LinkedHashSet<>(metrics));
  }

  private void metrics(String runId, List<RunUpdate.LogMetric> some) throws Refused {
    try {
      post(runId, some);
    } catch (Refused e) {
      List<RunUpdate.LogMetric> nans = some.stream().filter(RunWriter::isNan).toList();
      if (nans.isEmpty() || !isTwice(e.refusal())) {
        throw e;
      }
      // Older servers refuse a batch with a NaN that they have already: such a point goes alone,
      // where the refusal says that it is there.
      post(runId, some.stream().filter(metric -> !isNan(metric)).toList());
      for (RunUpdate.LogMetric nan : nans) {
        postOnce(runId, nan);
      }
    }
  }

  private void postOnce(String runId, RunUpdate.LogMetric nan) throws Refused {
    try {
      post(runId, List.of(nan));
    } catch (Refused e) {
      if (!isTwice(e.refusal())) {
        throw e;
      }
    }
  }

  private void post(String runId, List<RunUpdate.LogMetric> some) throws Refused {
    if (!some.isEmpty()) {
      List<Map<String, Object>> metrics = some.stream().map(RunWriter::metric).toList();
      rest.post("runs/log-batch", Map.of("run_id", runId, "metrics", metrics));
    }
  }

  private static boolean isNan(RunUpdate.LogMetric metric) {
    return Double.isNaN(metric.value());
  }

  /** The words of the databases that MLflow runs on. */
  private static boolean isTwice(Refusal refusal) {
    String said = refusal.message().toLowerCase(Locale.ROOT);
    return refusal.status() < 500 && (said.contains("unique") || said.contains("duplicate"));
  }

  private static Map<String, Object> metric(RunUpdate.LogMetric metric) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("key", metric.key());
    json.put("value", metric.value());
    json.put("timestamp", metric.timestamp());
    json.put("step", metric.step());
    if (metric.input() != null) {
      json.put("dataset_name", metric.input().dataset().name());
      json.put("dataset_digest", metric.input().dataset().digest());
    }
    if (metric.modelId() != null) {
      json.put("model_id", metric.modelId());
    }
    return json;
  }

  private void deleteTag(String runId, String key) throws Refused {
    try {
      rest.post("runs/delete-tag", Map.of("run_id", runId, "key", key));
    } catch (Refused e) {
      if (!e.refusal().isMissing() || !e.refusal().message().startsWith("No tag with name")) {
        throw e;
      }
    }
  }

  private void update(String runId, RunBatch batch) throws Refused {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("run_id", runId);
    if (batch.name != null) {
      body.put("run_name", batch.name);
    }
    RunUpdate.SetStatus status = batch.status;
    if (status != null) {
      body.put("status", status.status().name());
      if (status.status().ended()) {
        body.put("end_time", status.time());
      }
    }
    if (body.size() > 1) {
      rest.post("runs/update", body);
    } else if (batch.params.isEmpty() && batch.metrics.isEmpty() && batch.tags.isEmpty()) {
      // Nothing was to be written; whether there is such a run must be known all the same.
      rest.get("runs/get", Map.of("run_id", runId));
    }
  }

  private static RuntimeException refused(String runId, Refusal refusal) {
    if (refusal.isMissing()) {
      return MlflowRuns.unknown(runId);
    }
    if (refusal.isOfDeleted()) {
      return new ConflictException("run " + runId + " is deleted; restore it first");
    }
    return refusal.exception();
  }

  private static <T> List<List<T>> parts(List<T> all, int most) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += most) {
      parts.add(all.subList(from, Math.min(all.size(), from + most)));
    }
    return parts;
  }
}
