package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The models that runs have logged, as MLflow 3 keeps them. */
final class LoggedModels {
  private static final int PAGE = 100;

  private final Rest rest;
  private final ArtifactProxy proxy;

  LoggedModels(Rest rest, ArtifactProxy proxy) {
    this.rest = rest;
    this.proxy = proxy;
  }

  /**
   * Keeps a model: it is pending until all its files are there.
   *
   * @param runId the run that logs it, or null
   */
  LoggedModel put(String experimentId, @Nullable String runId, String name, ModelPackage model) {
    PackageTag tag = PackageTag.of(model);
    Map<String, Object> body = new HashMap<>();
    body.put("experiment_id", experimentId);
    body.put("name", name);
    body.put("model_type", model.flavor());
    body.put("tags", Tags.list(Map.of(PackageTag.KEY, tag.toJson())));
    if (runId != null) {
      body.put("source_run_id", runId);
    }
    try {
      JsonObject info = rest.post("logged-models", body).object("model").object("info");
      String id = info.string("model_id");
      String root = info.string("artifact_uri");
      for (ModelPart part : model.parts()) {
        proxy.put(root, part.name(), body(part));
      }
      rest.patch("logged-models/" + id, Map.of("model_id", id, "status", "LOGGED_MODEL_READY"));
      if (runId != null) {
        rest.post(
            "runs/outputs",
            Map.of("run_id", runId, "models", List.of(Map.of("model_id", id, "step", 0))));
      }
      return read(info, tag);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  private static HttpBody body(ModelPart part) {
    return new HttpBody() {
      @Override
      public String contentType() {
        return "application/octet-stream";
      }

      @Override
      public long length() {
        return part.size();
      }

      @Override
      public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = part.open()) {
          in.transferTo(out);
        }
      }
    };
  }

  /** Reads the models that a run says it has logged. */
  List<LoggedModel> of(JsonObject run) {
    List<LoggedModel> read = new ArrayList<>();
    for (String id : ids(run)) {
      find(id).ifPresent(info -> read.add(read(info, PackageTag.of(info))));
    }
    return read;
  }

  private static List<String> ids(JsonObject run) {
    JsonObject outputs = run.objectOrNull("outputs");
    return outputs == null
        ? List.of()
        : outputs.objects("model_outputs").stream().map(o -> o.string("model_id")).toList();
  }

  /** Reads the models of several runs, with few requests. */
  Map<String, List<LoggedModel>> of(List<JsonObject> runs) {
    Map<String, List<LoggedModel>> models = new HashMap<>();
    List<JsonObject> having = runs.stream().filter(run -> !ids(run).isEmpty()).toList();
    for (int from = 0; from < having.size(); from += PAGE) {
      for (JsonObject info : infos(having.subList(from, Math.min(having.size(), from + PAGE)))) {
        String run = info.stringOrEmpty("source_run_id");
        models.computeIfAbsent(run, r -> new ArrayList<>()).add(read(info, PackageTag.of(info)));
      }
    }
    return models;
  }

  private List<JsonObject> infos(List<JsonObject> runs) {
    List<String> experiments =
        runs.stream().map(run -> run.object("info").string("experiment_id")).distinct().toList();
    List<String> ids =
        runs.stream().map(run -> "'" + run.object("info").string("run_id") + "'").toList();
    Map<String, Object> body = new HashMap<>();
    body.put("experiment_ids", experiments);
    body.put("filter", "source_run_id IN (" + String.join(",", ids) + ")");
    body.put("max_results", PAGE);
    List<JsonObject> infos = new ArrayList<>();
    try {
      String token;
      do {
        JsonObject page = rest.post("logged-models/search", body);
        page.objects("models").forEach(model -> infos.add(model.object("info")));
        token = page.stringOrEmpty("next_page_token");
      } while (!token.isEmpty() && !token.equals(body.put("page_token", token)));
    } catch (Refused e) {
      throw e.refusal().exception();
    }
    return infos;
  }

  /** Reads what the server knows of a model; nothing if there is none. */
  Optional<JsonObject> find(String id) {
    try {
      return Optional.of(rest.get("logged-models/" + id, Map.of()).object("model").object("info"));
    } catch (Refused e) {
      if (e.refusal().isMissing()) {
        return Optional.empty();
      }
      throw e.refusal().exception();
    }
  }

  JsonObject required(String id) {
    return find(id)
        .orElseThrow(() -> new NotFoundException("there is no logged model with the id " + id));
  }

  private static LoggedModel read(JsonObject info, PackageTag tag) {
    return new LoggedModel(
        info.string("model_id"),
        info.string("name"),
        info.stringOrEmpty("source_run_id"),
        tag.flavor(),
        tag.digest(),
        Instant.ofEpochMilli(info.longOr("creation_timestamp_ms", 0)),
        tag.parts());
  }

  /** Opens a file of a model. */
  InputStream open(String id, String part) {
    return proxy.open(required(id).string("artifact_uri"), part, "model " + id);
  }
}
