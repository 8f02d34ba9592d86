package io.plumbline.internal.store;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.journal.RunState;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.spi.Backend;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The embedded store as a backend: what couriers deliver to, and what the backend kit proves. */
public final class EmbeddedBackend implements Backend, RunStore {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EmbeddedStore store;
  private final boolean own;
  private final ReentrantLock applyLock = new ReentrantLock();

  private EmbeddedBackend(EmbeddedStore store, boolean own) {
    this.store = store;
    this.own = own;
  }

  /** Opens the backend on a store folder of its own. */
  public static EmbeddedBackend open(Path folder, JournalOptions options) {
    return new EmbeddedBackend(EmbeddedStore.open(folder, options), true);
  }

  /** Opens the backend on a store that is open already, and stays so when this is closed. */
  public static EmbeddedBackend on(EmbeddedStore store) {
    return new EmbeddedBackend(store, false);
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public RunStore runs() {
    return this;
  }

  @Override
  public ModelStore models() {
    return registry();
  }

  @Override
  public void close() {
    if (own) {
      store.close(PATIENCE);
    }
  }

  private static void durable(Receipt receipt, String what) {
    if (!receipt.await(PATIENCE.toNanos())) {
      throw new StoreException(
          what + " could not be written within " + PATIENCE.toSeconds() + " s");
    }
  }

  // ---- experiments

  @Override
  public Experiment createExperiment(String name, Map<String, String> tags) {
    return store.experiments().create(name, tags);
  }

  @Override
  public Optional<Experiment> findExperiment(String name) {
    return store.experiments().find(name);
  }

  @Override
  public List<Experiment> experiments() {
    return store.experiments().all();
  }

  @Override
  public void setExperimentTag(String experimentId, String key, String value) {
    store.experiments().setTag(experimentId, key, value);
  }

  @Override
  public void renameExperiment(String experimentId, String name) {
    store.experiments().rename(experimentId, name);
  }

  @Override
  public void setExperimentDeleted(String experimentId, boolean deleted) {
    store.experiments().setDeleted(experimentId, deleted);
  }

  // ---- runs

  @Override
  public String createRun(NewRun run) {
    store.checkOpen();
    Names.runId(run.id());
    Names.name("run", run.name());
    run.tags().forEach((key, value) -> Names.value("tag " + Names.key("tag", key), value));
    Experiment experiment =
        store
            .experiments()
            .get(run.experimentId())
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "there is no experiment " + Printable.quote(run.experimentId())));
    if (experiment.deleted()) {
      throw new ConflictException(
          "the experiment " + Printable.quote(experiment.name()) + " is deleted; restore it first");
    }
    applyLock.lock();
    try {
      create(run, experiment);
    } finally {
      applyLock.unlock();
    }
    return run.id();
  }

  private void create(NewRun run, Experiment experiment) {
    store.settle();
    if (store.runs().state(run.id()) != null || !store.claim(run.id())) {
      throw new ConflictException("there is a run " + run.id() + " already");
    }
    OpenRun open =
        new OpenRun(
            store.journal(),
            store.journal().openRun(run.id(), 0),
            store.time(),
            RunListener.NONE,
            Map.of(),
            Set.of());
    try (open) {
      durable(
          open.start(
              experiment.id(),
              experiment.name(),
              run.name(),
              run.user(),
              run.parentId(),
              run.startTime(),
              run.tags()),
          "run " + run.id());
    }
  }

  @Override
  public void apply(String runId, String batchKey, List<RunUpdate> updates) {
    store.checkOpen();
    applyLock.lock();
    try {
      store.settle();
      RunState state = store.runs().state(runId);
      if (state == null) {
        throw EmbeddedStore.noRun(runId);
      }
      if (state.deleted()) {
        throw new ConflictException("run " + runId + " is deleted; restore it first");
      }
      if (state.hasBatch(batchKey)) {
        return;
      }
      Map<String, @Nullable Object> batch = batch(batchKey, updates, state);
      try (OpenRun run = store.attach(runId)) {
        durable(run.batch(batch), "a batch of run " + runId);
      }
    } finally {
      applyLock.unlock();
    }
  }

  private static Map<String, @Nullable Object> batch(
      String key, List<RunUpdate> updates, RunState state) {
    Map<String, String> known = state.params();
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    Map<String, @Nullable Object> tags = new LinkedHashMap<>();
    List<@Nullable Object> metrics = new ArrayList<>();
    List<@Nullable Object> inputs = new ArrayList<>();
    Map<String, @Nullable Object> event = new LinkedHashMap<>();
    event.put("batch", Names.key("batch", key));
    for (RunUpdate update : updates) {
      if (update instanceof RunUpdate.LogMetric metric) {
        metrics.add(point(metric));
      } else if (update instanceof RunUpdate.LogParam param) {
        addParam(params, known, param);
      } else if (update instanceof RunUpdate.SetTag tag) {
        tags.put(Names.key("tag", tag.key()), Names.value("tag " + tag.key(), tag.value()));
      } else if (update instanceof RunUpdate.DeleteTag tag) {
        tags.put(Names.key("tag", tag.key()), null);
      } else if (update instanceof RunUpdate.LogInput input) {
        inputs.add(RunJson.input(input.input()));
      } else if (update instanceof RunUpdate.SetStatus status) {
        event.put("status", status.status().name());
        event.put("time", status.time());
      } else if (update instanceof RunUpdate.Rename rename) {
        event.put("name", Names.name("run", rename.name()));
      }
    }
    event.put("params", params);
    event.put("tags", tags);
    event.put("metrics", metrics);
    event.put("inputs", inputs);
    return event;
  }

  private static List<@Nullable Object> point(RunUpdate.LogMetric metric) {
    List<@Nullable Object> point = new ArrayList<>();
    point.add(Names.key("metric", metric.key()));
    point.add(metric.value());
    point.add(metric.step());
    point.add(metric.timestamp());
    if (metric.input() != null || metric.modelId() != null) {
      Map<String, @Nullable Object> link = new LinkedHashMap<>();
      link.put("input", metric.input() == null ? null : RunJson.input(metric.input()));
      link.put("model", metric.modelId());
      point.add(link);
    }
    return point;
  }

  private static void addParam(
      Map<String, @Nullable Object> params, Map<String, String> known, RunUpdate.LogParam param) {
    String key = Names.key("param", param.key());
    String value = Names.value("param " + key, param.value());
    Object batched = params.get(key);
    String old = batched == null ? known.get(key) : batched.toString();
    if (old != null && !old.equals(value)) {
      throw OpenRun.conflict(key, old, value);
    }
    if (!known.containsKey(key)) {
      params.put(key, value);
    }
  }

  @Override
  public Optional<Run> find(String runId) {
    store.settle();
    return store.runs().find(runId);
  }

  @Override
  public Page<Run> search(RunQuery query) {
    store.settle();
    return RunSearch.page(store.runs().all(), query);
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    store.settle();
    return store.history(runId, key);
  }

  @Override
  public void setDeleted(String runId, boolean deleted) {
    store.setDeleted(runId, deleted);
  }

  @Override
  public void erase(String runId) {
    store.erase(runId);
  }

  // ---- artifacts and models

  @Override
  public void putArtifact(String runId, String path, Path file) {
    Names.path(path);
    try (OpenRun run = store.attach(runId)) {
      run.artifacts(store.artifacts().capture(file, path));
      kept(path, runId);
    } catch (Blobs.NotKeptException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Who has this call behind him may delete his own copy: it must be on the disk. */
  private void kept(String path, String runId) {
    if (!store.journal().flush(PATIENCE)) {
      throw new StoreException(
          "the artifact "
              + Printable.quote(path)
              + " of run "
              + runId
              + " could not be written within "
              + PATIENCE.toSeconds()
              + " s");
    }
  }

  @Override
  public List<Artifact> artifacts(String runId, String directory) {
    store.settle();
    return store.artifacts().list(runId, directory);
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    store.settle();
    return store.artifacts().open(runId, path);
  }

  @Override
  public LoggedModel putModel(String runId, String name, ModelPackage model) {
    try (OpenRun run = store.attach(runId)) {
      return store.putModel(run, name, model);
    } catch (Blobs.NotKeptException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Keeps a model that was logged elsewhere, under the id and the time that it has there; the same
   * again is fine.
   */
  public LoggedModel putModel(String runId, LoggedModel elsewhere, ModelPackage model) {
    try (OpenRun run = store.attach(runId)) {
      return store.putModel(run, elsewhere.id(), elsewhere.name(), elsewhere.created(), model);
    } catch (Blobs.NotKeptException e) {
      throw new StoreException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the registry, which can keep more than the SPI asks for. */
  public RegistryFiles registry() {
    store.checkOpen();
    return RegistryFiles.of(store.root(), store.time(), store::checkOpen);
  }

  @Override
  public InputStream openModelPart(LoggedModel model, String part) {
    for (Artifact file : model.parts()) {
      if (file.path().equals(part)) {
        return store.blobs().open(String.valueOf(file.sha256()));
      }
    }
    throw new NotFoundException("model " + model.id() + " has no part " + Printable.quote(part));
  }
}
