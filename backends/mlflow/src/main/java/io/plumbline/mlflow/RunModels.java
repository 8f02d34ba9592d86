package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The models of a server that keeps no logged models, before MLflow 3: each is a folder of its
 * run's artifacts, as MLflow's clients of that time have it, and a tag of the run.
 */
final class RunModels {
  /** Before a model's id. */
  private static final String TAG = "plumbline.model.";

  private final Rest rest;
  private final ArtifactProxy proxy;

  RunModels(Rest rest, ArtifactProxy proxy) {
    this.rest = rest;
    this.proxy = proxy;
  }

  /** What the tag says. */
  private record Entry(
      String id, String name, String folder, String flavor, String digest, long created) {
    static Entry of(String id, String text) {
      JsonObject json = Json.object(text, "the tag " + TAG + id);
      return new Entry(
          id,
          json.string("name"),
          json.string("folder"),
          json.string("flavor"),
          json.string("digest"),
          json.longValue("created"));
    }

    String toJson() {
      return Json.text(
          Map.of(
              "name", name, "folder", folder, "flavor", flavor, "digest", digest, "created",
              created));
    }
  }

  /**
   * Keeps a model.
   *
   * @param runId the run that logs it; null for one of its own, because there must be one
   */
  LoggedModel put(String experimentId, @Nullable String runId, String name, ModelPackage model) {
    try {
      String run = runId == null ? createRun(experimentId, name) : runId;
      LoggedModel kept = put(run, name, model);
      if (runId == null) {
        long now = System.currentTimeMillis();
        rest.post("runs/update", Map.of("run_id", run, "status", "FINISHED", "end_time", now));
      }
      return kept;
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  private String createRun(String experimentId, String name) throws Refused {
    Map<String, Object> body =
        Map.of(
            "experiment_id",
            experimentId,
            "run_name",
            "register " + name,
            "start_time",
            System.currentTimeMillis());
    return Ids.of(rest.post("runs/create", body).object("run").object("info"), "run_id");
  }

  private LoggedModel put(String runId, String name, ModelPackage model) throws Refused {
    JsonObject run = run(runId);
    String id = "m-" + UUID.randomUUID().toString().replace("-", "");
    String folder = Names.path(name);
    if (entries(run).stream().anyMatch(entry -> entry.folder().equals(name))) {
      // The earlier one may be registered: its files stay.
      folder = name + "-" + id.substring(2, 10);
    }
    Instant created = Instant.ofEpochMilli(System.currentTimeMillis());
    MlflowFiles.Place place = new MlflowFiles.Place(folder, "", runId, created, rest.version());
    String root = run.object("info").string("artifact_uri") + "/" + folder;
    proxy.put(root, PartBody.of(model, place));
    Entry entry =
        new Entry(id, name, folder, model.flavor(), model.digest(), created.toEpochMilli());
    tell(runId, model, place);
    rest.post("runs/set-tag", Map.of("run_id", runId, "key", TAG + id, "value", entry.toJson()));
    return read(runId, entry, PackageTag.of(model).parts());
  }

  /** Makes the model known to MLflow's page and clients. */
  private void tell(String runId, ModelPackage model, MlflowFiles.Place place) throws Refused {
    for (ModelPart file : MlflowFiles.of(model, place)) {
      if (file.name().equals(MlflowFiles.MLMODEL)) {
        String json = Json.text(Json.parse(file.bytes()));
        rest.post("runs/log-model", Map.of("run_id", runId, "model_json", json));
      }
    }
  }

  private JsonObject run(String runId) throws Refused {
    return rest.get("runs/get", Map.of("run_id", runId)).object("run");
  }

  /** Reads the models of a run. */
  List<LoggedModel> of(JsonObject run) {
    JsonObject info = run.object("info");
    List<LoggedModel> models = new ArrayList<>();
    for (Entry entry : entries(run)) {
      String root = info.string("artifact_uri") + "/" + entry.folder();
      // The folder may be gone, or damaged: the run is still there, and so are its other models.
      PackageTag content = PackageTag.ifReadable(() -> Manifests.read(proxy, root));
      models.add(read(info.string("run_id"), entry, content.parts()));
    }
    return models;
  }

  private static List<Entry> entries(JsonObject run) {
    Map<String, String> tags = Tags.ofRun(run, "tags");
    List<Entry> entries = new ArrayList<>();
    tags.forEach(
        (key, value) -> {
          if (key.startsWith(TAG)) {
            entries.add(Entry.of(key.substring(TAG.length()), value));
          }
        });
    entries.sort(Comparator.comparing(Entry::created));
    return entries;
  }

  private static LoggedModel read(String runId, Entry entry, List<Artifact> parts) {
    return new LoggedModel(
        entry.id(),
        entry.name(),
        runId,
        entry.flavor(),
        entry.digest(),
        Instant.ofEpochMilli(entry.created()),
        parts);
  }

  /** Returns where a model's files lie, as a version's source. */
  String source(String runId, String id) {
    return "runs:/" + runId + "/" + entry(runId, id).folder();
  }

  /** Returns where a model's files lie, as the server says it. */
  String root(String runId, String id) {
    try {
      return run(runId).object("info").string("artifact_uri") + "/" + entry(runId, id).folder();
    } catch (Refused e) {
      throw e.refusal().isMissing() ? MlflowRuns.unknown(runId) : e.refusal().exception();
    }
  }

  private Entry entry(String runId, String id) {
    try {
      return entries(run(runId)).stream()
          .filter(entry -> entry.id().equals(id))
          .findFirst()
          .orElseThrow(() -> new NotFoundException("run " + runId + " has logged no model " + id));
    } catch (Refused e) {
      throw e.refusal().isMissing() ? MlflowRuns.unknown(runId) : e.refusal().exception();
    }
  }
}
