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
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
   * @throws GivenUpException if it can't be made until somebody changes something
   * @throws NotYetException if its parent has to arrive first
   */
  void send(RunDelivery run, RunStore runs, Parcel.Start parcel) throws IOException {
    Remote remote =
        run.files().remote().orElseThrow(() -> new RunGoneException("it was not to go there"));
    if (remote.id() != null) {
      if (remote.adopted() && runs.find(remote.id()).isEmpty()) {
        throw new GivenUpException("there is no run " + remote.id() + " to write into");
      }
      return; // made before the last answer was heard
    }
    String parent = parent(parcel); // here: the server is not asked before it is known
    boolean mayBeThere = run.mayHaveArrived() || !run.files().elsewhere().isEmpty();
    JsonObject start = parcel.event().object("start");
    String name = String.valueOf(start.stringOr("experimentName", "default"));
    String experiment = remote.experiment();
    if (experiment == null) {
      if (ServerKeys.experimentId(name) != null) {
        throw new GivenUpException(
            "its experiment was configured as "
                + name
                + "; with MLFLOW_EXPERIMENT_ID set to one that is there, `plumbline sync --all`"
                + " sends it");
      }
      experiment = experiment(runs, name);
      run.files().write(new Remote(null, experiment, false, null, 0, null));
    } else {
      checkName(runs, experiment, name);
    }
    NewRun wanted = newRun(run, parcel, experiment, parent);
    Optional<String> made = mayBeThere ? runs.findCreated(wanted) : Optional.empty();
    String id = made.isPresent() ? made.get() : create(runs, wanted);
    if (run.files().remote().map(Remote::id).isPresent()) {
      return; // another program was first: what was made here is deleted at the run's end
    }
    long now = Math.max(1, store.time().millis());
    run.files().write(new Remote(id, experiment, false, destination.uri(), now, null));
  }

  /**
   * Finds out whether a run that was made at another address is here, too: the server may have
   * moved. If not, it is made here, and all is sent.
   *
   * @throws GivenUpException if somebody else had made it
   */
  void settle(RunDelivery run, RunStore runs) throws IOException {
    Remote remote = run.files().remote().orElseThrow(Route::erased);
    boolean isHere = runs.find(String.valueOf(remote.id())).isPresent();
    if (!remote.equals(run.files().remote().orElse(null))) {
      return; // another program has found it out meanwhile
    }
    if (isHere) {
      run.files()
          .write(
              new Remote(
                  remote.id(),
                  remote.experiment(),
                  remote.adopted(),
                  destination.uri(),
                  remote.made(),
                  null));
    } else if (remote.adopted()) {
      throw new GivenUpException(
          "there is no run " + remote.id() + " to write into; it was at " + remote.address());
    } else {
      run.files().write(Remote.UNKNOWN, true);
    }
  }

  private static String create(RunStore runs, NewRun run) {
    try {
      return runs.createRun(run);
    } catch (NotFoundException | ConflictException e) {
      // Its experiment is not there, or deleted: trying again would hold up the other runs.
      throw new GivenUpException(String.valueOf(e.getMessage()));
    }
  }

  /** Of an experiment whose id is configured, the name that was given must not be another one's. */
  private static void checkName(RunStore runs, String id, String name) {
    if (name.equals(ServerKeys.experimentName(id))) {
      return;
    }
    Optional<Experiment> named = runs.findExperiment(name);
    if (named.isPresent() && !named.get().id().equals(id)) {
      throw new GivenUpException(
          "the experiment "
              + Printable.quote(name)
              + " has the id "
              + named.get().id()
              + ", but the id "
              + Printable.quote(id)
              + " was configured (MLFLOW_EXPERIMENT_ID); `plumbline sync --all` asks again which is"
              + " right");
    }
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
      throw new GivenUpException(
          "its experiment '" + wanted + "' is deleted there; restore it, or use another name");
    }
    return experiment.id();
  }

  private static NewRun newRun(
      RunDelivery run, Parcel.Start parcel, String experiment, @Nullable String parent) {
    JsonObject event = parcel.event();
    JsonObject start = event.object("start");
    Map<String, String> tags = new HashMap<>(Map.of(RunTags.WRITER, run.writer()));
    if (parent != null) {
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
  private @Nullable String parent(Parcel.Start parcel) throws IOException {
    String local = parcel.event().object("start").stringOr("parent", null);
    if (local == null) {
      return null;
    }
    Path folder = store.runs().folder(local);
    Optional<Remote> remote = new DeliveryFiles(folder, destination.name()).remote();
    if (remote.isEmpty()) {
      return local;
    }
    String id = remote.get().id();
    if (id == null) {
      throw new NotYetException("its parent run " + local);
    }
    if (remote.get().hasMoved(destination.uri())) {
      throw new NotYetException(
          "its parent run " + local + ", which is at " + remote.get().address());
    }
    return id;
  }
}
