package io.plumbline.tracking;

import io.plumbline.NotFoundException;
import io.plumbline.Plumbline;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.model.Artifact;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A tracking client in the clothes of a backend, so that the kit can be run through Tracker. */
final class TrackerBackend implements Backend, RunStore {
  private final Plumbline plumbline;
  private final TrackingClient client;
  private final Map<String, Tracker> owned = new ConcurrentHashMap<>();

  TrackerBackend(Path place) {
    this.plumbline = Plumbline.open(Stores.config(place).build());
    this.client = TrackingClient.of(plumbline);
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(
        Capability.INFINITIES,
        Capability.EQUAL_POINTS,
        Capability.METRIC_RANGES,
        Capability.ERASE,
        Capability.ANY_TEXT);
  }

  @Override
  public RunStore runs() {
    return this;
  }

  @Override
  public void close() {
    plumbline.close();
  }

  // ---- experiments

  @Override
  public Experiment createExperiment(String name, Map<String, String> tags) {
    return client.createExperiment(name, tags);
  }

  @Override
  public Optional<Experiment> findExperiment(String name) {
    return client.findExperiment(name);
  }

  @Override
  public List<Experiment> experiments() {
    return client.experiments();
  }

  private String experimentName(String id) {
    return client.experiments().stream()
        .filter(experiment -> experiment.id().equals(id))
        .map(Experiment::name)
        .findFirst()
        .orElseThrow(() -> new NotFoundException("there is no experiment " + id));
  }

  @Override
  public void setExperimentTag(String experimentId, String key, String value) {
    client.setExperimentTag(experimentName(experimentId), key, value);
  }

  @Override
  public void renameExperiment(String experimentId, String name) {
    throw new UnsupportedOperationException(
        "a client can't rename " + experimentName(experimentId));
  }

  @Override
  public void setExperimentDeleted(String experimentId, boolean deleted) {
    if (deleted) {
      client.deleteExperiment(experimentName(experimentId));
    } else {
      client.restoreExperiment(experimentName(experimentId));
    }
  }

  // ---- runs

  @Override
  public String createRun(NewRun run) {
    RunOptions options = RunOptions.named(run.name());
    if (run.parentId() != null) {
      options = options.parent(run.parentId());
    }
    for (Map.Entry<String, String> tag : run.tags().entrySet()) {
      options = options.tag(tag.getKey(), tag.getValue());
    }
    Tracker tracker = client.start(experimentName(run.experimentId()), options);
    owned.put(tracker.id(), tracker);
    // Runs that start in one millisecond have no order.
    long now = System.currentTimeMillis();
    Stores.await("the clock goes on", () -> System.currentTimeMillis() > now);
    return tracker.id();
  }

  /** Lets the client say what is wrong with a run, if anything is. */
  private void checkNotDeleted(String runId) {
    if (client.get(runId).deleted()) {
      client.join(runId).close();
    }
  }

  /** Has something done in a run: by its owner, or by somebody who joins for that. */
  private <T> T in(String runId, Function<Tracker, T> work) {
    Tracker owner = owned.get(runId);
    if (owner != null) {
      return work.apply(owner);
    }
    try (Tracker joined = client.join(runId)) {
      return work.apply(joined);
    }
  }

  @Override
  public void apply(String runId, String batchKey, List<RunUpdate> updates) {
    checkNotDeleted(runId);
    for (RunUpdate update : updates) {
      if (update instanceof RunUpdate.SetStatus set) {
        setStatus(runId, set.status());
      } else if (update instanceof RunUpdate.Rename rename) {
        client.rename(runId, rename.name());
      } else {
        in(runId, tracker -> log(tracker, update));
      }
    }
    client.flush(Duration.ofSeconds(30));
  }

  private void setStatus(String runId, RunStatus status) {
    Tracker owner = owned.computeIfAbsent(runId, id -> client.resume(id, Resume.MUST));
    if (status.ended()) {
      owner.end(status);
      owned.remove(runId);
    }
  }

  private boolean log(Tracker tracker, RunUpdate update) {
    if (update instanceof RunUpdate.LogParam param) {
      tracker.logParam(param.key(), param.value());
    } else if (update instanceof RunUpdate.SetTag tag) {
      tracker.setTag(tag.key(), tag.value());
    } else if (update instanceof RunUpdate.DeleteTag tag) {
      tracker.deleteTag(tag.key());
    } else if (update instanceof RunUpdate.LogInput input) {
      tracker.logInput(input.input().dataset(), input.input().context());
    } else if (update instanceof RunUpdate.LogMetric metric) {
      logMetric(tracker, metric);
    }
    return true;
  }

  private void logMetric(Tracker tracker, RunUpdate.LogMetric metric) {
    DatasetInput input = metric.input();
    if (input != null) {
      tracker.metric(metric.key(), input).log(metric.value(), metric.step());
      return;
    }
    for (LoggedModel model : metric.modelId() == null ? List.<LoggedModel>of() : models(tracker)) {
      if (model.id().equals(metric.modelId())) {
        tracker.metric(metric.key(), model).log(metric.value(), metric.step());
        return;
      }
    }
    tracker.logMetric(metric.key(), metric.value(), metric.step());
  }

  private List<LoggedModel> models(Tracker tracker) {
    return client.get(tracker.id()).models();
  }

  @Override
  public Optional<Run> find(String runId) {
    return client.find(runId);
  }

  @Override
  public Page<Run> search(RunQuery query) {
    return client.search(query);
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    return client.metricHistory(runId, key);
  }

  @Override
  public void setDeleted(String runId, boolean deleted) {
    if (deleted) {
      client.delete(runId);
    } else {
      client.restore(runId);
    }
  }

  @Override
  public void erase(String runId) {
    client.erase(runId);
  }

  // ---- artifacts and models

  @Override
  public void putArtifact(String runId, String path, Path file) {
    client.get(runId);
    in(
        runId,
        tracker -> {
          tracker.logArtifact(file, path);
          return path;
        });
  }

  @Override
  public List<Artifact> artifacts(String runId, String directory) {
    return client.artifacts(runId, directory);
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    return client.openArtifact(runId, path);
  }

  @Override
  public LoggedModel putModel(String runId, String name, ModelPackage model) {
    return in(runId, tracker -> tracker.logModel(name, model));
  }

  /** The one thing that no client does: the parts of models are for registries to read. */
  @Override
  public InputStream openModelPart(LoggedModel model, String part) {
    EmbeddedStore store = Objects.requireNonNull(plumbline.engine().store());
    return model.parts().stream()
        .filter(file -> file.path().equals(part))
        .findFirst()
        .map(file -> store.blobs().open(String.valueOf(file.sha256())))
        .orElseThrow(() -> new NotFoundException("the model has no part " + part));
  }
}
