package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The models that runs have logged, as MLflow 3 keeps them. With an older server they are {@link
 * RunModels}.
 */
final class LoggedModels {
  private static final int PAGE = 100;
  private static final int MOST = 100_000;

  private final Rest rest;
  private final ArtifactProxy proxy;
  private final PythonModels python;
  private final RunModels older;

  LoggedModels(Rest rest, ArtifactProxy proxy) {
    this.rest = rest;
    this.proxy = proxy;
    this.python = new PythonModels(proxy);
    this.older = new RunModels(rest, proxy);
  }

  /**
   * Keeps a model of no run: it is pending until all its files are there.
   *
   * @param experimentId where it is kept
   */
  LoggedModel put(String experimentId, String name, ModelPackage model) {
    if (!rest.keepsModels()) {
      return older.put(experimentId, null, name, model);
    }
    PackageTag tag = PackageTag.of(model);
    try {
      JsonObject info = create(experimentId, null, name, model, tag);
      send(info, null, model, false);
      ready(info);
      return read(info, tag);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  /** Keeps a model that a run logs. */
  LoggedModel put(JsonObject run, String name, ModelPackage model) {
    String experimentId = Ids.of(run.object("info"), "experiment_id");
    String runId = Ids.of(run.object("info"), "run_id");
    if (!rest.keepsModels()) {
      return older.put(experimentId, runId, name, model);
    }
    PackageTag tag = PackageTag.of(model);
    try {
      List<JsonObject> begun = begun(run, name, tag);
      JsonObject info =
          begun.isEmpty() ? create(experimentId, runId, name, model, tag) : begun.get(0);
      send(info, runId, model, !begun.isEmpty());
      String id = ready(info);
      deleteTwins(run, name, tag, id);
      rest.post(
          "runs/outputs",
          Map.of("run_id", runId, "models", List.of(Map.of("model_id", id, "step", 0))));
      return read(info, tag);
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  private String ready(JsonObject info) throws Refused {
    String id = Ids.of(info, "model_id");
    rest.patch("logged-models/" + id, Map.of("model_id", id, "status", "LOGGED_MODEL_READY"));
    return id;
  }

  /** Something on the way that repeats a request has the model made twice. */
  private void deleteTwins(JsonObject run, String name, PackageTag tag, String id) throws Refused {
    for (JsonObject twin : begun(run, name, tag)) {
      String its = Ids.of(twin, "model_id");
      if (!its.equals(id)) {
        rest.delete("logged-models/" + its, Map.of("model_id", its));
      }
    }
  }

  private JsonObject create(
      String experimentId, @Nullable String runId, String name, ModelPackage model, PackageTag tag)
      throws Refused {
    Map<String, Object> body = new HashMap<>();
    body.put("experiment_id", experimentId);
    body.put("name", name);
    body.put("model_type", model.flavor());
    body.put("tags", Tags.list(tag.tag(PackageTag.LONGEST)));
    if (runId != null) {
      body.put("source_run_id", runId);
    }
    return rest.post("logged-models", body).object("model").object("info");
  }

  /**
   * Finds the same model of the same run, which the run does not have among its outputs yet: it is
   * gone on with, so that no half of a model stays behind.
   */
  private List<JsonObject> begun(JsonObject run, String name, PackageTag tag) {
    List<String> whole = ids(run);
    return infos(List.of(run)).stream()
        .filter(info -> !whole.contains(Ids.of(info, "model_id")))
        .filter(info -> !info.stringOrEmpty("status").equals("LOGGED_MODEL_UPLOAD_FAILED"))
        .filter(info -> info.stringOrEmpty("name").equals(name))
        .filter(info -> isSame(PackageTag.of(info), tag))
        .toList();
  }

  private static boolean isSame(PackageTag one, PackageTag other) {
    return one.whole() && one.digest().equals(other.digest());
  }

  /** Sends the files; if that is refused for good, the server gets to know it. */
  private void send(JsonObject info, @Nullable String runId, ModelPackage model, boolean begun) {
    String id = Ids.of(info, "model_id");
    String root = info.string("artifact_uri");
    MlflowFiles.Place place = new MlflowFiles.Place(root, id, runId, created(info), rest.version());
    try {
      Map<String, Sending> files = PartBody.of(model, place);
      if (begun) {
        new Uploads(rest, proxy).missing(root, files);
      } else {
        proxy.put(root, files);
      }
    } catch (PlumblineException | IllegalArgumentException e) {
      if (isForGood(e)) {
        fail(id);
      }
      throw e;
    }
  }

  /** Whether the same upload will not be tried again: a courier gives up after these. */
  private static boolean isForGood(RuntimeException e) {
    return !(e instanceof TransportException
        || e instanceof ServerException.RateLimited
        || e instanceof ServerException.Unauthorized
        || e instanceof ServerException server && isNoRefusal(server.status()));
  }

  private static boolean isNoRefusal(int status) {
    return status < 400 || status >= 500 && status != 501;
  }

  private void fail(String id) {
    try {
      rest.patch(
          "logged-models/" + id, Map.of("model_id", id, "status", "LOGGED_MODEL_UPLOAD_FAILED"));
    } catch (Refused | PlumblineException e) {
      // What the upload has failed with is what is told.
    }
  }

  private static Instant created(JsonObject info) {
    return Instant.ofEpochMilli(info.longOr("creation_timestamp_ms", 0));
  }

  /** Reads the models that a run says it has logged. */
  List<LoggedModel> of(JsonObject run) {
    if (!rest.keepsModels()) {
      return older.of(run);
    }
    List<LoggedModel> read = new ArrayList<>();
    for (String id : ids(run)) {
      find(id).ifPresent(info -> read.add(read(info, described(info))));
    }
    return read;
  }

  /**
   * Says what a model is; of one that others have logged, without the digests of its files. A run
   * is found whatever its models are: what cannot be read is unknown until somebody wants it.
   */
  private PackageTag described(JsonObject info) {
    PackageTag tag = PackageTag.of(info);
    if (tag.known()) {
      return tag;
    }
    try {
      return python.describe(info.string("artifact_uri"));
    } catch (PlumblineException | IllegalArgumentException e) {
      if (Retrying.mayPass(e) || e instanceof ServerException.Unauthorized) {
        throw e;
      }
      return PackageTag.NONE;
    }
  }

  private static List<String> ids(JsonObject run) {
    JsonObject outputs = run.objectOrNull("outputs");
    return outputs == null
        ? List.of()
        : outputs.objects("model_outputs").stream().map(o -> Ids.of(o, "model_id")).toList();
  }

  /** Reads the models of several runs, with few requests. */
  Map<String, List<LoggedModel>> of(List<JsonObject> runs) {
    Map<String, List<LoggedModel>> models = new HashMap<>();
    if (!rest.keepsModels()) {
      runs.forEach(run -> models.put(Ids.of(run.object("info"), "run_id"), older.of(run)));
      return models;
    }
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
    return infos(
        runs.stream().map(run -> Ids.of(run.object("info"), "experiment_id")).distinct().toList(),
        runs.stream().map(run -> Ids.of(run.object("info"), "run_id")).toList());
  }

  private List<JsonObject> infos(List<String> experiments, List<String> runs) {
    List<String> ids = runs.stream().map(run -> "'" + run + "'").toList();
    Map<String, Object> query =
        Map.of(
            "experiment_ids",
            experiments,
            "filter",
            "source_run_id IN (" + String.join(",", ids) + ")",
            "max_results",
            PAGE);
    Pages pages = new Pages("the models of runs", MOST);
    try {
      return rest.all("logged-models/search", query, "models", pages).stream()
          .map(model -> model.object("info"))
          .toList();
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  /** Reads a model; nothing if there is none. */
  Optional<LoggedModel> byId(String id) {
    return find(id).map(info -> read(info, described(info)));
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
        Ids.of(info, "model_id"),
        info.string("name"),
        info.stringOrEmpty("source_run_id"),
        tag.flavor(),
        tag.digest(),
        created(info),
        tag.parts());
  }

  /** Opens a file of a model. */
  InputStream open(LoggedModel model, String part) {
    Artifact known =
        model.parts().stream()
            .filter(each -> each.path().equals(part))
            .findFirst()
            .orElseThrow(() -> ArtifactProxy.missing(part, "model " + model.id()));
    String root = root(model);
    try {
      return proxy.open(root, part, "model " + model.id(), 0, known.size());
    } catch (NotFoundException e) {
      byte[] made = python.document(root, part, model.parts());
      if (made == null) {
        throw e;
      }
      return new ByteArrayInputStream(made);
    }
  }

  /** Brings a model's files into a folder: of one that others have logged, all that are there. */
  void fetch(LoggedModel model, Path folder) {
    String root = root(model);
    List<Artifact> files = model.parts().isEmpty() ? proxy.tree(root) : model.parts();
    if (files.isEmpty()) {
      throw new NotFoundException("model " + model.id() + " has no files");
    }
    new Downloads(rest, root, "model " + model.id()).fetch(files, folder);
  }

  private String root(LoggedModel model) {
    return root(model.runId(), model.id());
  }

  /** Returns where the files of a model lie. */
  String root(@Nullable String runId, String id) {
    return rest.keepsModels()
        ? required(id).string("artifact_uri")
        : older.root(String.valueOf(runId), id);
  }

  /** Returns the source of a version that is made of a model. */
  String source(LoggedModel model) {
    return rest.keepsModels() ? "models:/" + model.id() : older.source(model.runId(), model.id());
  }
}
