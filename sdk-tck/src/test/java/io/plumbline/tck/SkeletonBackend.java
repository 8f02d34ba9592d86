package io.plumbline.tck;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Artifact;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

// begin of the skeleton
/** Keeps experiments, runs, params and tags in memory: where a new backend begins. */
final class SkeletonBackend implements Backend, RunStore {
  private final Map<String, Experiment> experiments = new LinkedHashMap<>();
  private final Map<String, Stored> runs = new LinkedHashMap<>();
  private boolean closed;

  /** What is kept of a run. */
  private static final class Stored {
    private final NewRun made;
    private final Experiment in;
    private String name;
    private RunStatus status = RunStatus.RUNNING;
    private boolean deleted;
    private Map<String, String> params = new LinkedHashMap<>();
    private Map<String, String> tags = new LinkedHashMap<>();
    private final Set<String> batches = new HashSet<>();

    private Stored(NewRun made, Experiment in) {
      this.made = made;
      this.in = in;
      this.name = made.name();
      this.tags.putAll(made.tags());
    }
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.REPLAY, Capability.ERASE, Capability.ANY_TEXT);
  }

  @Override
  public RunStore runs() {
    return this;
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  @Override
  public synchronized String createRun(NewRun run) {
    checkOpen();
    Experiment in = experiments.get(run.experimentId());
    if (in == null) {
      throw new NotFoundException("there is no experiment " + run.experimentId());
    }
    if (runs.putIfAbsent(run.id(), new Stored(run, in)) != null) {
      throw new ConflictException("there is a run " + run.id() + " already");
    }
    return run.id();
  }

  @Override
  public synchronized void apply(String runId, String batchKey, List<RunUpdate> updates) {
    Stored run = writable(runId);
    if (run.batches.contains(batchKey)) {
      return; // the sender did not hear our answer
    }
    // On copies first: a conflict anywhere in the batch must leave the run as it was.
    Map<String, String> params = new LinkedHashMap<>(run.params);
    Map<String, String> tags = new LinkedHashMap<>(run.tags);
    for (RunUpdate update : updates) {
      if (update instanceof RunUpdate.LogParam param) {
        String old = params.putIfAbsent(param.key(), param.value());
        if (old != null && !old.equals(param.value())) {
          throw new ConflictException(
              "param " + param.key() + " is '" + old + "', not '" + param.value() + "'");
        }
      } else if (update instanceof RunUpdate.SetTag tag) {
        tags.put(tag.key(), tag.value());
      } else if (update instanceof RunUpdate.DeleteTag tag) {
        tags.remove(tag.key());
      }
    }
    run.params = params;
    run.tags = tags;
    run.batches.add(batchKey);
  }

  @Override
  public synchronized Optional<Run> find(String runId) {
    return Optional.ofNullable(runs.get(runId)).map(run -> read(runId, run));
  }

  private Run read(String id, Stored run) {
    return Run.builder(id)
        .experiment(run.in.id(), run.in.name())
        .name(run.name)
        .status(run.status)
        .startTime(Instant.ofEpochMilli(run.made.startTime()))
        .user(run.made.user())
        .parentId(run.made.parentId())
        .deleted(run.deleted)
        .params(run.params)
        .tags(run.tags)
        .build();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the backend is closed");
    }
  }

  private Stored writable(String runId) {
    checkOpen();
    Stored run = known(runId);
    if (run.deleted) {
      throw new ConflictException("run " + runId + " is deleted; restore it first");
    }
    return run;
  }

  private Stored known(String runId) {
    Stored run = runs.get(runId);
    if (run == null) {
      throw new NotFoundException("there is no run " + runId);
    }
    return run;
  }

  @Override
  public synchronized Experiment createExperiment(String name, Map<String, String> tags) {
    checkOpen();
    if (findExperiment(name).isPresent()) {
      throw new ConflictException("there is an experiment '" + name + "' already");
    }
    String id = String.valueOf(experiments.size() + 1);
    Experiment made = new Experiment(id, name, Instant.now(), tags, false);
    experiments.put(id, made);
    return made;
  }

  @Override
  public synchronized Optional<Experiment> findExperiment(String name) {
    return experiments.values().stream().filter(e -> e.name().equals(name)).findFirst();
  }

  @Override
  public synchronized void setDeleted(String runId, boolean deleted) {
    checkOpen();
    known(runId).deleted = deleted;
  }

  // ... and so on: the kit says what is still missing.
  // end of the skeleton

  private static UnsupportedOperationException missing() {
    return new UnsupportedOperationException("not in the skeleton");
  }

  @Override
  public List<Experiment> experiments() {
    return new ArrayList<>(experiments.values());
  }

  @Override
  public void setExperimentTag(String experimentId, String key, String value) {
    throw missing();
  }

  @Override
  public void renameExperiment(String experimentId, String name) {
    throw missing();
  }

  @Override
  public void setExperimentDeleted(String experimentId, boolean deleted) {
    throw missing();
  }

  @Override
  public Page<Run> search(RunQuery query) {
    throw missing();
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    throw missing();
  }

  @Override
  public void erase(String runId) {
    throw missing();
  }

  @Override
  public void putArtifact(String runId, String path, Path file) {
    throw missing();
  }

  @Override
  public List<Artifact> artifacts(String runId, String directory) {
    throw missing();
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    throw missing();
  }

  @Override
  public LoggedModel putModel(String runId, String name, ModelPackage model) {
    throw missing();
  }

  @Override
  public InputStream openModelPart(LoggedModel model, String part) {
    throw missing();
  }
}
