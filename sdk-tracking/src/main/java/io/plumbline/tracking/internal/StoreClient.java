package io.plumbline.tracking.internal;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.Printable;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.Names;
import io.plumbline.internal.store.OpenRun;
import io.plumbline.internal.store.RunSearch;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunTags;
import io.plumbline.tracking.Resume;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The client of the embedded store. */
class StoreClient extends AbstractClient {
  private static final long START_PATIENCE = 2_000_000_000L;

  private final EmbeddedStore store;
  private final RunSource source = new RunSource();

  StoreClient(Engine engine, EmbeddedStore store, boolean owned) {
    super(engine, owned);
    this.store = store;
  }

  final EmbeddedStore store() {
    engine.ensureOpen();
    return store;
  }

  // ---- runs

  @Override
  public Tracker start(String experiment, RunOptions options) {
    return start(EmbeddedStore.newId(), experiment, options);
  }

  Tracker start(String runId, String experiment, RunOptions options) {
    Objects.requireNonNull(options, "options");
    Experiment in = store().experiments().findOrCreate(experiment);
    String name = options.name().map(n -> Names.name("run", n)).orElseGet(RunNames::next);
    String user = engine.config().get(Keys.USER);
    Map<String, String> tags = new LinkedHashMap<>(contextTags());
    options
        .tags()
        .forEach((key, value) -> tags.put(Names.key("tag", key), Names.value("tag " + key, value)));
    options.note().ifPresent(note -> tags.put(RunTags.NOTE, Names.value("note", note)));
    options.group().ifPresent(group -> tags.put(RunTags.GROUP, Names.value("group", group)));
    @Nullable String parent = options.parent().map(Names::runId).orElse(null);
    starting(runId, in.name(), parent != null);
    OpenRun run = store().start(runId, in.id(), in.name(), name, user, parent, tags);
    return new StoreTracker(this, store(), run, in.name(), name, true, Map.of());
  }

  /** Returns the tags that every run of this program begins with. */
  private Map<String, String> contextTags() {
    Map<String, String> tags = new LinkedHashMap<>();
    if (engine.config().get(ServerKeys.RUN_SOURCE)) {
      tags.putAll(source.tags());
    }
    engine.config().find(ServerKeys.RUN_CONTEXT).ifPresent(tags::putAll);
    return tags;
  }

  /** Called before a run is started. */
  void starting(String runId, String experiment, boolean child) {}

  @Override
  public Tracker resume(String runId, Resume mode) {
    Names.runId(runId);
    store().settle();
    Optional<Run> found = store().runs().find(runId);
    if (found.isEmpty() && mode == Resume.MUST) {
      throw EmbeddedStore.noRun(runId);
    }
    if (found.isEmpty() && store().claim(runId)) {
      return startClaimed(runId);
    }
    if (mode == Resume.NEVER) {
      throw new ConflictException(
          "run " + runId + " exists already, and was to be started with Resume.NEVER");
    }
    return open(found.orElseGet(() -> awaitStart(runId)), true);
  }

  private Tracker startClaimed(String runId) {
    try {
      return start(runId, engine.config().experiment(), RunOptions.none());
    } catch (RuntimeException e) {
      store().unclaim(runId);
      throw e;
    }
  }

  /** Waits for the first record of a run whose id another process has claimed just now. */
  private Run awaitStart(String runId) {
    long deadline = System.nanoTime() + START_PATIENCE;
    while (System.nanoTime() - deadline < 0 && !Thread.currentThread().isInterrupted()) {
      Optional<Run> started = store().runs().find(runId);
      if (started.isPresent()) {
        return started.get();
      }
      LockSupport.parkNanos(1_000_000);
    }
    throw new ConflictException(
        "run " + runId + " is being started by another process; try again in a moment");
  }

  @Override
  public Tracker join(String runId) {
    return open(get(runId), false);
  }

  private Tracker open(Run run, boolean asOwner) {
    if (run.deleted()) {
      throw new ConflictException("run " + run.id() + " is deleted; restore it first");
    }
    OpenRun open = store().attach(run.id());
    open.join(asOwner, asOwner && run.tags().containsKey(RunTags.FAILURE));
    Map<String, Long> nextSteps = new HashMap<>();
    run.metrics().forEach((key, metric) -> nextSteps.put(key, metric.lastStep() + 1));
    return new StoreTracker(this, store(), open, run.experiment(), run.name(), asOwner, nextSteps);
  }

  @Override
  boolean isOpen(Tracker tracker) {
    return ((StoreTracker) tracker).isOpen();
  }

  @Override
  public Run get(String runId) {
    return find(runId).orElseThrow(() -> EmbeddedStore.noRun(runId));
  }

  @Override
  public Optional<Run> find(String runId) {
    store().settle();
    return store().runs().find(runId);
  }

  @Override
  public Optional<String> remoteId(String runId) {
    return find(runId).map(Run::id);
  }

  @Override
  public Page<Run> search(RunQuery query) {
    store().settle();
    return RunSearch.page(store().runs().all(), query);
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    store().settle();
    return store().history(runId, key);
  }

  @Override
  public void delete(String runId) {
    store().setDeleted(runId, true);
  }

  @Override
  public void restore(String runId) {
    store().setDeleted(runId, false);
  }

  @Override
  public void erase(String runId) {
    store().erase(runId);
  }

  @Override
  public void setTag(String runId, String key, String value) {
    Names.key("tag", key);
    Names.value("tag " + key, value);
    try (OpenRun run = store().attach(runId)) {
      run.tags(Map.of(key, value));
    }
  }

  @Override
  public void deleteTag(String runId, String key) {
    Names.key("tag", key);
    Map<String, @Nullable Object> gone = new HashMap<>();
    gone.put(key, null);
    try (OpenRun run = store().attach(runId)) {
      run.tags(gone);
    }
  }

  @Override
  public void rename(String runId, String name) {
    Names.name("run", name);
    try (OpenRun run = store().attach(runId)) {
      run.name(name);
    }
  }

  // ---- artifacts

  @Override
  public List<Artifact> artifacts(String runId, String path) {
    store().settle();
    return store().artifacts().list(runId, path);
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    store().settle();
    return store().artifacts().open(runId, path);
  }

  @Override
  public Path download(String runId, String path, Path folder) {
    store().settle();
    return store().artifacts().download(runId, path, folder);
  }

  @Override
  public ModelPackage downloadModel(LoggedModel model, Path folder) {
    store().settle();
    store().download(model, folder);
    return ModelPackage.read(folder);
  }

  @Override
  public String location() {
    return store.root().toString();
  }

  // ---- experiments

  @Override
  public Experiment createExperiment(String name, Map<String, String> tags) {
    return store().experiments().create(name, tags);
  }

  @Override
  public Optional<Experiment> findExperiment(String name) {
    return store().experiments().find(name);
  }

  @Override
  public List<Experiment> experiments() {
    return store().experiments().all();
  }

  final Experiment experiment(String name) {
    return findExperiment(name)
        .orElseThrow(
            () -> new NotFoundException("there is no experiment " + Printable.quote(name)));
  }

  @Override
  public void setExperimentTag(String name, String key, String value) {
    store().experiments().setTag(experiment(name).id(), key, value);
  }

  @Override
  public void renameExperiment(String name, String newName) {
    store().experiments().rename(experiment(name).id(), newName);
  }

  @Override
  public void deleteExperiment(String name) {
    store().experiments().setDeleted(experiment(name).id(), true);
  }

  @Override
  public void restoreExperiment(String name) {
    store().experiments().setDeleted(experiment(name).id(), false);
  }
}
