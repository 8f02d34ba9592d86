package io.plumbline.internal.courier;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.TransportException;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.RunJson;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Run;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Brings a model over, and keeps what it is called there. */
final class ModelSender {
  private final EmbeddedStore store;

  ModelSender(EmbeddedStore store) {
    this.store = store;
  }

  /**
   * Brings a model, unless it is there.
   *
   * @param remote what the run is called there
   */
  void send(RunDelivery run, RunStore runs, String remote, Parcel.Model parcel) throws IOException {
    LoggedModel local = RunJson.model(run.runId(), parcel.json());
    if (run.files().model(local.id()).isPresent()) {
      return;
    }
    Optional<LoggedModel> there = sameModel(run, earlier(run, runs, remote), local);
    LoggedModel made = there.isPresent() ? there.get() : put(runs, remote, local);
    run.files().writeModel(local.id(), made.id(), run.made());
  }

  /**
   * Returns the run's models there: an answer may have been lost, or the run was found again, after
   * it had gone elsewhere.
   */
  private static List<LoggedModel> earlier(RunDelivery run, RunStore runs, String remote) {
    List<LoggedModel> models = run.mayHaveArrived() ? null : run.earlierModels();
    if (models == null) {
      models = runs.find(remote).map(Run::models).orElse(List.of());
      run.earlierModels(models);
    }
    return models;
  }

  private LoggedModel put(RunStore runs, String remote, LoggedModel local) throws IOException {
    Path folder = store.temporaryFolder();
    try {
      return runs.putModel(remote, local.name(), read(local, folder));
    } finally {
      store.removeTemporary(folder);
    }
  }

  /** What is not here any more, or damaged, stays so; a disk that is full need not. */
  private ModelPackage read(LoggedModel local, Path folder) {
    for (Artifact part : local.parts()) {
      Path content = store.blobs().path(String.valueOf(part.sha256()));
      if (Files.notExists(content)) {
        throw new IntegrityException(
            "the content of its part " + part.path() + " is not in the store any more: " + content);
      }
    }
    try {
      store.download(local, folder);
      return ModelPackage.read(folder);
    } catch (StoreException | NotFoundException e) { // that is what a failed opening is, too
      throw new TransportException("a model can't be read here now: " + e.getMessage(), e);
    }
  }

  /** Finds a model that looks the same, and is not known to be another one of the run. */
  private static Optional<LoggedModel> sameModel(
      RunDelivery run, List<LoggedModel> models, LoggedModel local) throws IOException {
    List<LoggedModel> same =
        models.stream()
            .filter(m -> m.name().equals(local.name()) && m.digest().equals(local.digest()))
            .toList();
    if (same.isEmpty()) {
      return Optional.empty(); // as nearly always: then no notes are read
    }
    Set<String> others = run.files().remoteModels();
    return same.stream().filter(m -> !others.contains(m.id())).findFirst();
  }
}
