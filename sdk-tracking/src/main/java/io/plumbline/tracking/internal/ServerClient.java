package io.plumbline.tracking.internal;

import io.plumbline.Config;
import io.plumbline.internal.Engine;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.spi.Backend;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The client of a server: what is logged goes into the store, from which a courier brings it; what
 * is read comes from the server, but for the runs of this store, which may not have arrived.
 */
final class ServerClient extends StoreClient {
  private final RunStore server;
  private final AtomicBoolean hasAdopted = new AtomicBoolean();

  ServerClient(Engine engine, EmbeddedStore store, Backend backend, boolean owned) {
    super(engine, store, owned);
    int retries = engine.config().get(ServerKeys.RETRIES);
    this.server = Retrying.of(RunStore.class, backend.runs(), retries, Sleeper.SYSTEM);
  }

  /** The first run writes into the one that the surrounding job has made, if it names one. */
  @Override
  void starting(String runId, String experiment, boolean child) {
    Config config = engine.config();
    @Nullable String adopted = config.find(ServerKeys.RUN_ID).orElse(null);
    if (adopted != null && !child && !hasAdopted.getAndSet(true)) {
      announce(runId, adopted, null);
      return;
    }
    @Nullable String id = config.find(ServerKeys.EXPERIMENT_ID).orElse(null);
    if (id != null && experiment.equals(config.experiment())) {
      announce(runId, null, id);
    }
  }

  /** Ids are the server's: those that get copies make runs and experiments of their own. */
  private void announce(String runId, @Nullable String adopted, @Nullable String experiment) {
    for (Courier courier : engine.couriers()) {
      if (courier.destination().name().equals(Delivered.SERVER)) {
        courier.announce(runId, adopted, experiment);
      }
    }
  }

  /** Returns whether a run is of this store: by its own id, which is not that of the server. */
  private boolean isHere(String runId) {
    store().settle();
    return Delivered.goes(store().root(), runId, Delivered.SERVER)
        || store().runs().find(runId).isPresent();
  }

  @Override
  public Optional<String> remoteId(String runId) {
    Optional<String> delivered = Delivered.run(store().root(), runId, Delivered.SERVER);
    return delivered.isPresent() || isHere(runId) ? delivered : server.find(runId).map(Run::id);
  }

  // ---- runs

  @Override
  public Optional<Run> find(String runId) {
    return isHere(runId) ? super.find(runId) : server.find(runId);
  }

  @Override
  public Page<Run> search(RunQuery query) {
    engine.ensureOpen();
    return server.search(query);
  }

  @Override
  public MetricHistory metricHistory(String runId, String key) {
    return isHere(runId) ? super.metricHistory(runId, key) : server.metricHistory(runId, key);
  }

  @Override
  public void delete(String runId) {
    if (isHere(runId)) {
      super.delete(runId);
    } else {
      server.setDeleted(runId, true);
    }
  }

  @Override
  public void restore(String runId) {
    if (isHere(runId)) {
      super.restore(runId);
    } else {
      server.setDeleted(runId, false);
    }
  }

  @Override
  public void erase(String runId) {
    if (isHere(runId)) {
      super.erase(runId);
    } else {
      server.erase(runId);
    }
  }

  @Override
  public void setTag(String runId, String key, String value) {
    if (isHere(runId)) {
      super.setTag(runId, key, value);
    } else {
      Names.key("tag", key);
      Names.value("tag " + key, value);
      apply(runId, new RunUpdate.SetTag(key, value));
    }
  }

  @Override
  public void deleteTag(String runId, String key) {
    if (isHere(runId)) {
      super.deleteTag(runId, key);
    } else {
      Names.key("tag", key);
      apply(runId, new RunUpdate.DeleteTag(key));
    }
  }

  @Override
  public void rename(String runId, String name) {
    if (isHere(runId)) {
      super.rename(runId, name);
    } else {
      Names.name("run", name);
      apply(runId, new RunUpdate.Rename(name));
    }
  }

  private void apply(String runId, RunUpdate update) {
    server.apply(runId, EmbeddedStore.newId(), List.of(update));
  }

  // ---- artifacts

  @Override
  public List<Artifact> artifacts(String runId, String path) {
    return isHere(runId) ? super.artifacts(runId, path) : server.artifacts(runId, path);
  }

  @Override
  public InputStream openArtifact(String runId, String path) {
    return isHere(runId) ? super.openArtifact(runId, path) : server.openArtifact(runId, path);
  }

  @Override
  public Path download(String runId, String path, Path folder) {
    if (isHere(runId)) {
      return super.download(runId, path, folder);
    }
    server.fetchArtifacts(runId, path, folder);
    return path.isEmpty() ? folder : folder.resolve(path);
  }

  @Override
  public ModelPackage downloadModel(LoggedModel model, Path folder) {
    if (isHere(model.runId())) {
      return super.downloadModel(model, folder);
    }
    return server.readModel(model, folder);
  }

  @Override
  public String location() {
    return engine.config().trackingUri();
  }

  // ---- experiments

  @Override
  public Experiment createExperiment(String name, Map<String, String> tags) {
    return server.createExperiment(Names.name("experiment", name), tags);
  }

  @Override
  public Optional<Experiment> findExperiment(String name) {
    return server.findExperiment(name);
  }

  @Override
  public List<Experiment> experiments() {
    return server.experiments();
  }

  @Override
  public void setExperimentTag(String name, String key, String value) {
    server.setExperimentTag(experiment(name).id(), key, value);
  }

  @Override
  public void renameExperiment(String name, String newName) {
    server.renameExperiment(experiment(name).id(), newName);
  }

  @Override
  public void deleteExperiment(String name) {
    server.setExperimentDeleted(experiment(name).id(), true);
  }

  @Override
  public void restoreExperiment(String name) {
    server.setExperimentDeleted(experiment(name).id(), false);
  }
}
