package io.plumbline.internal.courier;

import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.StoreException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.RunJson;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Run;
import io.plumbline.model.RunTags;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings batches over, and finds out what in them is refused. It throws what may be over later;
 * what is refused for good is kept as rejected, and the rest goes on.
 */
final class Sender {
  private final EmbeddedStore store;
  private final Destination destination;
  private final AtomicLong points = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();

  Sender(EmbeddedStore store, Destination destination) {
    this.store = store;
    this.destination = destination;
  }

  /** Returns how many points have arrived. */
  long points() {
    return points.get();
  }

  /** Returns how many parcels were refused. */
  long rejected() {
    return rejected.get();
  }

  /**
   * Sends what was taken from a run.
   *
   * @param patience how long the backend may take for it
   * @throws PlumblineException if it is to be sent again later
   * @throws RunGoneException if the run is not wanted over there
   * @throws NotYetException if something else has to arrive first
   */
  void send(RunDelivery run, List<Parcel> batch, Duration patience) throws IOException {
    RunStore runs = destination.backend().runs(patience);
    if (batch.get(0) instanceof Parcel.Start start) {
      start(run, runs, start);
      run.done(1, 0);
      return;
    }
    String remote = run.remoteId().orElseThrow(() -> new NotYetException("the run's start"));
    if (Batch.isUpdate(batch.get(0))) {
      updates(run, runs, remote, batch);
    } else {
      alone(run, runs, remote, batch.get(0));
    }
  }

  // ---- the start

  private void start(RunDelivery run, RunStore runs, Parcel.Start parcel) throws IOException {
    DeliveryFiles.Remote remote =
        run.files().remote().orElseThrow(() -> new RunGoneException("it was not to go there"));
    if (remote.id() != null) {
      if (remote.adopted()) {
        adopt(run, runs, remote.id(), parcel);
      }
      return; // made before the last answer was heard
    }
    JsonObject start = parcel.event().object("start");
    String experiment = remote.experiment();
    if (experiment == null) {
      experiment = experiment(runs, start.stringOr("experimentName", "default"));
      run.files().write(new DeliveryFiles.Remote(null, experiment, false));
    }
    Optional<String> made =
        run.mayHaveArrived() ? runs.findByLocalId(experiment, run.runId()) : Optional.empty();
    String id = made.isPresent() ? made.get() : runs.createRun(newRun(run, parcel, experiment));
    run.files().write(new DeliveryFiles.Remote(id, experiment, false));
  }

  /** Of a run that somebody else has made, only the tags of the start are ours to set. */
  private static void adopt(RunDelivery run, RunStore runs, String remote, Parcel.Start parcel) {
    List<RunUpdate> tags = new ArrayList<>();
    tags(parcel.event()).forEach((key, value) -> tags.add(new RunUpdate.SetTag(key, value)));
    if (runs.find(remote).isEmpty()) {
      throw new RunGoneException("there is no run " + remote + " to write into");
    }
    if (!tags.isEmpty()) {
      runs.apply(remote, run.key(List.of(parcel)), tags);
    }
  }

  private static Map<String, String> tags(JsonObject start) {
    Map<String, String> tags = new LinkedHashMap<>();
    JsonObject logged = start.objectOrNull("tags");
    if (logged != null) {
      logged.asMap().keySet().forEach(key -> tags.put(key, logged.string(key)));
    }
    return tags;
  }

  private static String experiment(RunStore runs, @Nullable String name) {
    String wanted = String.valueOf(name);
    Optional<Experiment> found = runs.findExperiment(wanted);
    if (found.isEmpty()) {
      try {
        found = Optional.of(runs.createExperiment(wanted, Map.of()));
      } catch (ConflictException e) {
        found = runs.findExperiment(wanted); // another one was first
      }
    }
    Experiment experiment =
        found.orElseThrow(() -> new NotYetException("experiment '" + wanted + "'"));
    if (experiment.deleted()) {
      throw new RunGoneException(
          "its experiment '" + wanted + "' is deleted there; restore it, or use another name");
    }
    return experiment.id();
  }

  private NewRun newRun(RunDelivery run, Parcel.Start parcel, String experiment)
      throws IOException {
    JsonObject event = parcel.event();
    JsonObject start = event.object("start");
    Map<String, String> tags = tags(event);
    String parent = start.stringOr("parent", null);
    if (parent != null) {
      parent = parent(parent);
      tags.put(RunTags.PARENT, parent);
    }
    return new NewRun(
        run.runId(),
        experiment,
        event.has("name") ? event.string("name") : run.runId(),
        start.stringOrEmpty("user"),
        parent,
        start.longValue("time"),
        tags);
  }

  /** Returns what a parent is called over there; one that is not of this store is so already. */
  private String parent(String local) throws IOException {
    Path folder = store.runs().folder(local);
    Optional<DeliveryFiles.Remote> remote = new DeliveryFiles(folder, destination.name()).remote();
    if (remote.isEmpty()) {
      return local;
    }
    String id = remote.get().id();
    if (id == null) {
      throw new NotYetException("the parent run " + local);
    }
    return id;
  }

  // ---- updates

  private void updates(RunDelivery run, RunStore runs, String remote, List<Parcel> batch)
      throws IOException {
    List<RunUpdate> updates = new ArrayList<>();
    for (Parcel parcel : batch) {
      RunUpdate update = update(run, parcel);
      if (update != null) {
        updates.add(update);
      }
    }
    try {
      if (!updates.isEmpty()) {
        runs.apply(remote, run.key(batch), updates);
      }
    } catch (NotFoundException e) {
      throw gone(runs, remote, e);
    } catch (ConflictException | ServerException.InvalidRequest | IllegalArgumentException e) {
      checkDeleted(runs, remote, e);
      refused(run, runs, remote, batch, e);
      return;
    }
    points.addAndGet(updates.stream().filter(u -> u instanceof RunUpdate.LogMetric).count());
    run.done(batch.size(), 0);
  }

  /** One of a batch is the culprit: the halves are sent one after the other. */
  private void refused(
      RunDelivery run, RunStore runs, String remote, List<Parcel> batch, RuntimeException why)
      throws IOException {
    if (batch.size() == 1) {
      reject(run, batch.get(0), why);
      return;
    }
    int half = batch.size() / 2;
    updates(run, runs, remote, List.copyOf(batch.subList(0, half)));
    updates(run, runs, remote, List.copyOf(batch.subList(half, batch.size())));
  }

  private void reject(RunDelivery run, Parcel parcel, RuntimeException why) throws IOException {
    run.files()
        .reject(run.writer(), parcel.next(), parcel.what(), String.valueOf(why.getMessage()));
    rejected.incrementAndGet();
    run.done(1, 1);
  }

  private @Nullable RunUpdate update(RunDelivery run, Parcel parcel) throws IOException {
    if (parcel instanceof Parcel.Change change) {
      return change.update();
    }
    if (parcel instanceof Parcel.Status status) {
      boolean theirs = run.files().remote().map(DeliveryFiles.Remote::adopted).orElse(false);
      return theirs ? null : new RunUpdate.SetStatus(status.status(), status.time());
    }
    if (parcel instanceof Parcel.Point point) {
      JsonObject input = point.input();
      return new RunUpdate.LogMetric(
          point.key(),
          point.value(),
          point.step(),
          point.time(),
          input == null ? null : RunJson.input(input),
          point.model() == null ? null : run.remoteModel(point.model()).orElse(null));
    }
    return null;
  }

  // ---- what goes alone

  private void alone(RunDelivery run, RunStore runs, String remote, Parcel parcel)
      throws IOException {
    try {
      if (parcel instanceof Parcel.File file) {
        runs.putArtifact(remote, file.path(), store.blobs().path(file.sha256()));
      } else if (parcel instanceof Parcel.Model model) {
        model(run, runs, remote, model);
      } else if (parcel instanceof Parcel.Deletion deletion) {
        runs.setDeleted(remote, deletion.deleted());
      }
    } catch (NotFoundException e) {
      throw gone(runs, remote, e);
    } catch (ConflictException
        | ServerException.InvalidRequest
        | StoreException
        | IntegrityException
        | IllegalArgumentException e) {
      checkDeleted(runs, remote, e);
      reject(run, parcel, e);
      return;
    }
    run.done(1, 0);
  }

  private void model(RunDelivery run, RunStore runs, String remote, Parcel.Model parcel)
      throws IOException {
    LoggedModel local = RunJson.model(run.runId(), parcel.json());
    if (run.files().model(local.id()).isPresent()) {
      return;
    }
    Optional<LoggedModel> there =
        run.mayHaveArrived()
            ? runs.find(remote).flatMap(found -> sameModel(found, local))
            : Optional.empty();
    LoggedModel made = there.isPresent() ? there.get() : put(runs, remote, local);
    run.files().writeModel(local.id(), made.id());
  }

  private LoggedModel put(RunStore runs, String remote, LoggedModel local) throws IOException {
    Path folder = store.temporaryFolder();
    try {
      store.download(local, folder);
      return runs.putModel(remote, local.name(), ModelPackage.read(folder));
    } finally {
      store.removeTemporary(folder);
    }
  }

  private static Optional<LoggedModel> sameModel(Run run, LoggedModel local) {
    return run.models().stream()
        .filter(m -> m.name().equals(local.name()) && m.digest().equals(local.digest()))
        .findFirst();
  }

  // ---- what is refused

  private static void checkDeleted(RunStore runs, String remote, RuntimeException why) {
    if (why instanceof ConflictException && runs.find(remote).map(Run::deleted).orElse(false)) {
      throw new RunGoneException("run " + remote + " is deleted there");
    }
  }

  /** Not found is a run that was erased, or something that the run refers to. */
  private static RuntimeException gone(RunStore runs, String remote, NotFoundException why) {
    return runs.find(remote).isEmpty()
        ? new RunGoneException("run " + remote + " is not there any more")
        : new ServerException.InvalidRequest(404, String.valueOf(why.getMessage()));
  }
}
