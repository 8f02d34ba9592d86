package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
  private final ModelUploads uploads;

  LoggedModels(Rest rest, ArtifactProxy proxy) {
    this.rest = rest;
    this.proxy = proxy;
    this.python = new PythonModels(proxy);
    this.older = new RunModels(rest, proxy);
    this.uploads = new ModelUploads(rest, proxy, this);
  }

  /** Keeps a model of no run, for the registration that has a key. */
  LoggedModel put(String experimentId, String key, String name, ModelPackage model) {
    return rest.keepsModels()
        ? uploads.put(experimentId, key, name, model)
        : older.put(experimentId, null, name, model);
  }

  /** Keeps a model that a run logs. */
  LoggedModel put(JsonObject run, String name, ModelPackage model) {
    JsonObject info = run.object("info");
    return rest.keepsModels()
        ? uploads.put(run, name, model)
        : older.put(Ids.of(info, "experiment_id"), Ids.of(info, "run_id"), name, model);
  }

  static Instant created(JsonObject info) {
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
    String root = info.string("artifact_uri");
    return tag.known() ? tag : PackageTag.ifReadable(() -> python.describe(root));
  }

  /** Returns the ids of the models that a run says it has logged. */
  static List<String> ids(JsonObject run) {
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

  /** Finds the models that runs have begun or logged. */
  List<JsonObject> infos(List<JsonObject> runs) {
    List<String> ids =
        runs.stream().map(run -> "'" + Ids.of(run.object("info"), "run_id") + "'").toList();
    return infos(
        runs.stream().map(run -> Ids.of(run.object("info"), "experiment_id")).distinct().toList(),
        "source_run_id IN (" + String.join(",", ids) + ")");
  }

  /** Finds the models of experiments that MLflow finds with a filter. */
  List<JsonObject> infos(List<String> experiments, String filter) {
    Map<String, Object> query =
        Map.of("experiment_ids", experiments, "filter", filter, "max_results", PAGE);
    Pages pages = new Pages("the logged models", MOST);
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

  /** Reads what the server knows of a model; nothing if there is none, or that can be no id. */
  Optional<JsonObject> find(String id) {
    if (!Ids.isOne(id)) {
      return Optional.empty();
    }
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

  static LoggedModel read(JsonObject info, PackageTag tag) {
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

  /**
   * Brings a model's files into a folder: of one that others have logged, all that are there.
   *
   * @return the files
   */
  List<Artifact> fetch(LoggedModel model, Path folder) {
    String root = root(model);
    List<Artifact> files = model.parts().isEmpty() ? proxy.tree(root) : model.parts();
    if (files.isEmpty()) {
      throw new NotFoundException("model " + model.id() + " has no files");
    }
    Downloads downloads = new Downloads(rest, root, "model " + model.id());
    try {
      downloads.fetch(files, folder);
    } catch (NotFoundException e) {
      Map<String, byte[]> made = python.documents(root, files);
      if (made.isEmpty()) {
        throw e;
      }
      downloads.fetch(
          files.stream().filter(file -> !made.containsKey(file.path())).toList(), folder);
      made.forEach((path, content) -> write(folder.resolve(path), content));
    }
    return files;
  }

  private static void write(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new StoreException("cannot write " + file + ": " + e, e);
    }
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
