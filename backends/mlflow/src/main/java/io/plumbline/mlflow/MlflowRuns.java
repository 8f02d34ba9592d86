package io.plumbline.mlflow;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunTags;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The experiments and runs of an MLflow server. */
final class MlflowRuns implements RunStore {
  private static final int EXPERIMENTS_PAGE = 1_000;
  private static final int MOST_EXPERIMENTS = 100_000;

  private final Rest rest;
  private final RunWriter writer;
  private final RunSearch search;
  private final ArtifactProxy proxy;
  private final LoggedModels models;

  MlflowRuns(Rest rest) {
    this.rest = rest;
    this.writer = new RunWriter(rest);
    this.proxy = new ArtifactProxy(rest);
    this.models = new LoggedModels(rest, proxy);
    this.search = new RunSearch(rest, this, models);
  }

  // ---- experiments

  @Override
  public Experiment createExperiment(String name, Map<String, String> tags) {
    tags.keySet().forEach(key -> Limits.key("tag", key));
    try {
      JsonObject made =
          rest.post("experiments/create", Map.of("name", name, "tags", Tags.list(tags)));
      return experiment(Ids.of(made, "experiment_id"));
    } catch (Refused e) {
      if (e.refusal().is("RESOURCE_ALREADY_EXISTS")) {
        throw taken(name);
      }
      throw e.refusal().exception();
    }
  }

  /** Reads an experiment by its id. */
  Experiment experiment(String id) {
    try {
      return RunJson.experiment(
          rest.get("experiments/get", Map.of("experiment_id", id)).object("experiment"));
    } catch (Refused e) {
      throw experimentRefusal(id, e.refusal());
    }
  }

  private static RuntimeException experimentRefusal(String id, Refusal refusal) {
    // An id that is no number is "bad" to the server.
    boolean unknown = refusal.isMissing() || refusal.message().contains("Invalid experiment ID");
    return unknown
        ? new NotFoundException("there is no experiment with the id " + Printable.quote(id))
        : refusal.exception();
  }

  @Override
  public Optional<Experiment> findExperiment(String name) {
    try {
      JsonObject found = rest.get("experiments/get-by-name", Map.of("experiment_name", name));
      return Optional.of(RunJson.experiment(found.object("experiment")));
    } catch (Refused e) {
      if (e.refusal().isMissing()) {
        return Optional.empty();
      }
      throw e.refusal().exception();
    }
  }

  @Override
  public List<Experiment> experiments() {
    Map<String, Object> query =
        Map.of(
            "max_results", EXPERIMENTS_PAGE, "view_type", "ALL", "order_by", List.of("name ASC"));
    Pages pages = new Pages("the experiments", MOST_EXPERIMENTS);
    try {
      return rest.all("experiments/search", query, "experiments", pages).stream()
          .map(RunJson::experiment)
          .toList();
    } catch (Refused e) {
      throw e.refusal().exception();
    }
  }

  @Override
  public void setExperimentTag(String experimentId, String key, String value) {
    Limits.key("tag", key);
    change(
        experimentId,
        "experiments/set-experiment-tag",
        Map.of("experiment_id", experimentId, "key", key, "value", value));
  }

  @Override
  public void renameExperiment(String experimentId, String name) {
    checkNameIsFree(experimentId, name);
    try {
      rest.post("experiments/update", Map.of("experiment_id", experimentId, "new_name", name));
    } catch (Refused e) {
      // A name that was taken meanwhile is a database's error to the server.
      if (e.refusal().isOfInput()) {
        checkNameIsFree(experimentId, name);
      }
      throw experimentRefusal(experimentId, e.refusal());
    }
  }

  private void checkNameIsFree(String experimentId, String name) {
    Optional<Experiment> other = findExperiment(name);
    if (other.isPresent() && !other.get().id().equals(experimentId)) {
      throw taken(name);
    }
  }

  private static ConflictException taken(String name) {
    return new ConflictException(
        "there is an experiment " + Printable.quote(name) + " already, deleted or not");
  }

  @Override
  public void setExperimentDeleted(String experimentId, boolean deleted) {
    if (experiment(experimentId).deleted() != deleted) {
      change(
          experimentId,
          deleted ? "experiments/delete" : "experiments/restore",
          Map.of("experiment_id", experimentId));
    }
  }

  private void change(String experimentId, String path, Map<String, String> body) {
    try {
      rest.post(path, body);
    } catch (Refused e) {
      throw experimentRefusal(experimentId, e.refusal());
    }
  }

  // ---- runs

  @Override
  public String createRun(NewRun run) {
    Map<String, String> tags = new LinkedHashMap<>(run.tags());
    tags.put(RunTags.LOCAL_ID, run.id());
    if (!run.user().isEmpty()) {
      tags.put(RunTags.USER, run.user());
    }
    if (run.parentId() != null) {
      tags.put(RunTags.PARENT, run.parentId());
    }
    Limits.tags(tags);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("experiment_id", run.experimentId());
    body.put("start_time", run.startTime());
    body.put("run_name", run.name());
    body.put("user_id", run.user()); // deprecated, and what a search by user still looks at
    body.put("tags", Tags.list(tags));
    try {
      return Ids.of(rest.post("runs/create", body).object("run").object("info"), "run_id");
    } catch (Refused e) {
      if (e.refusal().isOfInput() && e.refusal().message().contains("'active' state")) {
        throw new ConflictException(
            "experiment "
                + Printable.quote(experiment(run.experimentId()).name())
                + " is deleted; restore it first");
      }
      throw experimentRefusal(run.experimentId(), e.refusal());
    }
  }

  @Override
  public Optional<String> findCreated(NewRun run) {
    String writer = run.tags().get(RunTags.WRITER);
    return search.created(run.experimentId(), run.id(), writer).stream().findFirst();
  }

  @Override
  public void deleteTwins(String runId, String localId, Set<String> kept) {
    JsonObject run = required(runId);
    JsonObject info = run.object("info");
    Map<String, String> tags = Tags.ofRun(run, "tags");
    String writer = tags.get(RunTags.WRITER);
    if (writer == null
        || !localId.equals(tags.get(RunTags.LOCAL_ID)) // somebody has changed it
        || info.stringOrEmpty("lifecycle_stage").equals("deleted")) { // as somebody's twin
      return;
    }
    for (String twin : search.created(info.string("experiment_id"), localId, writer)) {
      if (!twin.equals(runId) && !kept.contains(twin)) {
        setDeleted(twin, true);
      }
    }
  }

  @Override
  public void apply(String runId, String batchKey, List<RunUpdate> updates) {
    writer.write(runId, new RunBatch(runId, updates));
  }

  @Override
  public Optional<Run> find(String runId) {
    Optional<JsonObject> json = json(runId);
    return json.map(
        run -> {
          String experiment = experiment(run.object("info").string("experiment_id")).name();
          return RunJson.run(run, experiment, models.of(run));
        });
  }

  private Optional<JsonObject> json(String runId) {
    try {
      return Optional.of(rest.get("runs/get", Map.of("run_id", runId)).object("run"));
    } catch (Refused e) {
      // An id that cannot be one is "bad" to the server.
      if (e.refusal().isMissing() || e.refusal().isOfInput()) {
        return Optional.empty();
      }
      throw e.refusal().exception();
    }
  }

  private JsonObject required(String runId) {
    return json(runId).orElseThrow(() -> unknown(runId));
  }

  static NotFoundException unknown(String runId) {
    return new NotFoundException("there is no run " + Printable.quote(runId));
  }

  @Override
  public Page<Run> search(RunQuery query) {
    return search.search(query);
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    required(runId);
    return new History(rest, runId, key);
  }

  @Override
  public void setDeleted(String runId, boolean deleted) {
    try {
      rest.post(deleted ? "runs/delete" : "runs/restore", Map.of("run_id", runId));
    } catch (Refused e) {
      throw e.refusal().isMissing() ? unknown(runId) : e.refusal().exception();
    }
  }

  @Override
  public void erase(String runId) {
    required(runId);
    throw new IllegalStateException(
        "MLflow erases no run over the network; `mlflow gc` does it on the server");
  }

  // ---- artifacts

  @Override
  public void putArtifact(String runId, String path, Path file) {
    proxy.put(root(runId), path, file);
  }

  @Override
  public void putArtifacts(String runId, Map<String, Path> files) {
    Map<String, Sending> contents = new LinkedHashMap<>();
    files.forEach((path, file) -> contents.put(path, Sending.of(file)));
    proxy.put(root(runId), contents);
  }

  private String root(String runId) {
    return required(runId).object("info").string("artifact_uri");
  }

  @Override
  public List<Artifact> artifacts(String runId, String directory) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("run_id", runId);
    if (!directory.isEmpty()) {
      query.put("path", directory);
    }
    try {
      return ArtifactProxy.listing(rest.get("artifacts/list", query), directory, false);
    } catch (Refused e) {
      if (e.refusal().isMissing()) {
        throw unknown(runId);
      }
      if (e.refusal().isOfInput() && e.refusal().message().contains("Invalid path")) {
        return List.of();
      }
      throw e.refusal().exception();
    }
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    return proxy.open(root(runId), path, "run " + runId);
  }

  @Override
  public void fetchArtifacts(String runId, String path, Path folder) {
    String root = root(runId);
    List<Artifact> files = path.isEmpty() ? proxy.tree(root) : below(root, runId, path);
    new Downloads(rest, root, "run " + runId).fetch(files, folder);
  }

  private List<Artifact> below(String root, String runId, String path) {
    List<Artifact> below = proxy.tree(root, path);
    return below.isEmpty() ? List.of(proxy.known(root, path, "run " + runId)) : below;
  }

  // ---- models

  @Override
  public LoggedModel putModel(String runId, String name, ModelPackage model) {
    return models.put(required(runId), name, model);
  }

  @Override
  public Optional<LoggedModel> findModel(String modelId) {
    return rest.keepsModels() ? models.byId(modelId) : RunStore.super.findModel(modelId);
  }

  @Override
  public InputStream openModelPart(LoggedModel model, String part) {
    return models.open(model, part);
  }

  @Override
  public void fetchModel(LoggedModel model, Path folder) {
    models.fetch(model, folder);
  }

  @Override
  public ModelPackage readModel(LoggedModel model, Path folder) {
    if (!model.digest().isEmpty()) {
      return RunStore.super.readModel(model, folder);
    }
    List<Artifact> files = models.fetch(model, folder);
    try {
      return PythonModels.pack(folder, files); // another client's: it becomes a package here
    } catch (IOException e) {
      throw new StoreException("cannot write into " + folder + ": " + e, e);
    }
  }
}
