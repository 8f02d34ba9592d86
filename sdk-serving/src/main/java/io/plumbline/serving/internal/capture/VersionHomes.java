package io.plumbline.serving.internal.capture;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.drift.internal.ship.Homes;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Time;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.Experiment;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that take the predictions of model versions: the run that has logged the model, where
 * its other artifacts are; for a version that no run has logged, or whose run is erased, one of its
 * own. For one thread.
 */
public final class VersionHomes implements Homes {
  /** The experiment of the runs that are made for predictions. */
  static final String EXPERIMENT = "predictions";

  /** By this tag such a run is found where the destination gives its own ids. */
  private static final String TAG = "plumbline.predictions";

  private final ModelRegistry registry;
  private final Time time;
  private final Map<String, String> known = new HashMap<>();

  /** Makes one that asks a registry where versions come from. */
  public VersionHomes(ModelRegistry registry, Time time) {
    this.registry = registry;
    this.time = time;
  }

  @Override
  public String runOf(RunStore runs, String model, String version) {
    int number = number(version);
    if (number < 1) {
      throw new NotFoundException(
          "the predictions of "
              + Printable.quote(model)
              + " have the version "
              + Printable.quote(version)
              + ", and only those of registered versions are shipped");
    }
    String key = number + "/" + model;
    String run = known.get(key);
    if (run == null) {
      run = find(runs, registry.version(model, number));
      known.put(key, run);
    }
    return run;
  }

  private static int number(String version) {
    try {
      return Integer.parseInt(version);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** What was known may be wrong: a run may be erased at any time. */
  void forget() {
    known.clear();
  }

  private String find(RunStore runs, ModelVersion version) {
    Optional<String> logged = version.lineage().run().filter(run -> runs.find(run).isPresent());
    return logged.orElseGet(() -> own(runs, version));
  }

  /** The id follows from the version, so that two programs do not make two. */
  private String own(RunStore runs, ModelVersion version) {
    String text = "predictions " + version.uri() + " " + version.digest();
    String id = Sha256.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
    Run found = existing(runs, id).orElseGet(() -> make(runs, version, id));
    if (found.status() != RunStatus.FINISHED) {
      runs.apply(
          found.id(),
          "predictions",
          List.of(new RunUpdate.SetStatus(RunStatus.FINISHED, time.millis())));
    }
    return found.id();
  }

  private static Optional<Run> existing(RunStore runs, String id) {
    Optional<Run> found = runs.find(id);
    if (found.isPresent()) {
      return found;
    }
    String filter = "tags.`" + TAG + "` = '" + id + "'";
    return runs
        .search(RunQuery.builder().filter(filter).view(RunQuery.View.ALL).maxResults(1).build())
        .items()
        .stream()
        .findFirst();
  }

  private Run make(RunStore runs, ModelVersion version, String id) {
    try {
      String made =
          runs.createRun(
              new NewRun(
                  id,
                  experiment(runs),
                  "predictions of " + version.uri(),
                  "",
                  null,
                  time.millis(),
                  Map.of(TAG, id)));
      return runs.find(made).orElseThrow();
    } catch (ConflictException e) {
      return runs.find(id).orElseThrow(() -> beingMade(id, e));
    }
  }

  /** Its maker may have died on the way: then the store lets others make it after a minute. */
  private static StoreException beingMade(String id, ConflictException e) {
    return new StoreException(
        "the run " + id + ", which predictions are to go to, can't be made now: " + e.getMessage(),
        e);
  }

  private static String experiment(RunStore runs) {
    Optional<Experiment> found = runs.findExperiment(EXPERIMENT);
    if (found.isPresent()) {
      return found.get().id();
    }
    try {
      return runs.createExperiment(EXPERIMENT, Map.of()).id();
    } catch (ConflictException e) {
      return runs.findExperiment(EXPERIMENT).orElseThrow(() -> e).id();
    }
  }
}
