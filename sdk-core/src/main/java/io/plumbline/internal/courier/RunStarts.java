package io.plumbline.internal.courier;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.model.Experiment;
import io.plumbline.model.RunTags;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes runs at a destination, each once, in its experiment and under its parent. */
final class RunStarts {
  private final EmbeddedStore store;
  private final Destination destination;

  RunStarts(EmbeddedStore store, Destination destination) {
    this.store = store;
    this.destination = destination;
  }

  /**
   * Makes the run there, or finds it; what it is called is then noted.
   *
   * @throws RunGoneException if it can't be made
   * @throws NotYetException if its parent has to arrive first
   */
  void send(RunDelivery run, RunStore runs, Parcel.Start parcel) throws IOException {
    DeliveryFiles.Remote remote =
        run.files().remote().orElseThrow(() -> new RunGoneException("it was not to go there"));
    if (remote.id() != null) {
      if (remote.adopted()) {
        adopt(run, runs, remote.id(), parcel);
      }
      return; // made before the last answer was heard
    }
    JsonObject start = parcel.event().object("start");
    String name = String.valueOf(start.stringOr("experimentName", "default"));
    String experiment = remote.experiment();
    if (experiment == null) {
      experiment = experiment(runs, name);
      run.files().write(new DeliveryFiles.Remote(null, experiment, false));
    } else {
      checkName(runs, experiment, name);
    }
    Optional<String> made =
        run.mayHaveArrived() ? runs.findByLocalId(experiment, run.runId()) : Optional.empty();
    String id = made.isPresent() ? made.get() : create(runs, newRun(run, parcel, experiment));
    run.files().write(new DeliveryFiles.Remote(id, experiment, false));
  }

  private static String create(RunStore runs, NewRun run) {
    try {
      return runs.createRun(run);
    } catch (NotFoundException | ConflictException e) {
      // Its experiment is not there, or deleted: trying again would hold up the other runs.
      throw new RunGoneException(String.valueOf(e.getMessage()));
    }
  }

  /** Of an experiment whose id is configured, the name that was given must not be another one's. */
  private static void checkName(RunStore runs, String id, String name) {
    if (name.equals(ServerKeys.experimentName(id))) {
      return;
    }
    Optional<Experiment> named = runs.findExperiment(name);
    if (named.isPresent() && !named.get().id().equals(id)) {
      throw new RunGoneException(
          "the experiment "
              + Printable.quote(name)
              + " has the id "
              + named.get().id()
              + ", but the id "
              + Printable.quote(id)
              + " is configured (MLFLOW_EXPERIMENT_ID); leave one of them out");
    }
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

  private static String experiment(RunStore runs, String wanted) {
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
}
