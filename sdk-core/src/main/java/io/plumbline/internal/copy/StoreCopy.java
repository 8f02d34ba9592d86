package io.plumbline.internal.copy;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.StoreProgress;
import io.plumbline.model.Experiment;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.spi.Backend;
import io.plumbline.spi.RunStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Copies what a backend keeps into a store: experiments, runs with all points, artifacts and
 * models, and registered models. It may be stopped and repeated: what is there already is not
 * copied again.
 */
public final class StoreCopy {
  /** The tag of a copy that says where it comes from. */
  public static final String ORIGIN = "plumbline.origin";

  /** The tag of a copied run that says what it looked like then. */
  static final String SEEN = "plumbline.import";

  private static final int PAGE = 100;

  /**
   * What was copied.
   *
   * @param experiments how many were looked at
   * @param runsOfHere how many runs this store has logged itself
   * @param runsDeletedHere how many were deleted here since they were copied
   * @param problems what could not be copied, and why
   */
  public record Report(
      int experiments,
      int runsNew,
      int runsChanged,
      int runsSame,
      int runsOfHere,
      int runsDeletedHere,
      long points,
      int artifacts,
      int models,
      int versions,
      int aliases,
      List<String> problems) {}

  private final Backend backend;
  private final RunStore source;
  private final EmbeddedBackend target;
  private final EmbeddedStore store;
  private final String origin;
  private final int retries;
  private final Set<String> experiments = new LinkedHashSet<>();
  private final Set<String> models = new LinkedHashSet<>();
  private StoreProgress progress = StoreProgress.NONE;
  private boolean deleted;
  private boolean recheck;

  /**
   * Prepares to copy.
   *
   * @param backend what is copied; its owner closes it
   * @param origin what people call it: its address
   * @param retries how often a call is repeated while it is away
   * @param store where to; its owner closes it
   */
  public StoreCopy(Backend backend, String origin, int retries, EmbeddedStore store) {
    this.backend = backend;
    this.retries = retries;
    this.source = Retrying.of(RunStore.class, backend.runs(), retries, Sleeper.SYSTEM);
    this.origin = origin;
    this.store = store;
    this.target = EmbeddedBackend.on(store);
  }

  /** Copies only these experiments, by name; without it, and without models, all of them. */
  public StoreCopy experiments(Collection<String> names) {
    experiments.addAll(names);
    return this;
  }

  /** Copies only these registered models; without it, and without experiments, all of them. */
  public StoreCopy models(Collection<String> names) {
    models.addAll(names);
    return this;
  }

  /** Copies what is deleted there, too, as deleted. */
  public StoreCopy deleted(boolean too) {
    deleted = too;
    return this;
  }

  /** Compares all points and artifacts, also of runs that look as they did before. */
  public StoreCopy recheck(boolean all) {
    recheck = all;
    return this;
  }

  /** Tells how far it is. */
  public StoreCopy progress(StoreProgress told) {
    progress = told;
    return this;
  }

  /**
   * Copies.
   *
   * @throws NotFoundException if there is no such experiment or model
   * @throws io.plumbline.TransportException if the other side is away; what was copied stays
   */
  public Report run() {
    CopyCount count = new CopyCount(progress);
    Guard guard = new Guard(source::experiments, count);
    RunCopy runs = new RunCopy(backend, retries, guard, store, target, origin, recheck, count);
    boolean all = experiments.isEmpty() && models.isEmpty();
    if (all || !experiments.isEmpty()) {
      for (Experiment experiment : selected()) {
        guard.done(
            "experiment " + Printable.quote(experiment.name()),
            () -> copy(experiment, runs, guard, count));
      }
    }
    boolean registry = backend.capabilities().contains(Backend.Capability.REGISTRY);
    if (registry && (all || !models.isEmpty())) {
      new RegistryCopy(backend, retries, guard, store, target, origin, deleted, runs::id, count)
          .copy(models);
    }
    return count.report();
  }

  private List<Experiment> selected() {
    if (experiments.isEmpty()) {
      return source.experiments().stream().filter(each -> deleted || !each.deleted()).toList();
    }
    List<Experiment> selected = new ArrayList<>();
    for (String name : experiments) {
      selected.add(
          source
              .findExperiment(name)
              .orElseThrow(
                  () ->
                      new NotFoundException(
                          "there is no experiment " + Printable.quote(name) + " in " + origin)));
    }
    return selected;
  }

  // ---- one experiment

  private void copy(Experiment there, RunCopy runs, Guard guard, CopyCount count) {
    Experiment here = experiment(there);
    if (here.deleted() && !there.deleted()) {
      count.problem(
          "experiment "
              + Printable.quote(there.name())
              + " is deleted here; restore it, then its runs are copied");
      return;
    }
    count.experiment();
    boolean back = here.deleted();
    if (back) {
      target.setExperimentDeleted(here.id(), false); // its runs could not be written otherwise
    }
    try {
      runs(there, here, runs, guard, count);
    } finally {
      if (there.deleted()) {
        target.setExperimentDeleted(here.id(), true);
      }
    }
  }

  private Experiment experiment(Experiment there) {
    String mark = origin + " experiment " + there.id();
    Optional<Experiment> copy =
        target.experiments().stream().filter(e -> mark.equals(e.tags().get(ORIGIN))).findFirst();
    if (copy.isPresent() && !copy.get().name().equals(there.name())) {
      target.renameExperiment(copy.get().id(), there.name());
    }
    if (copy.isEmpty()) {
      copy = target.findExperiment(there.name());
    }
    Experiment here =
        copy.isPresent() ? copy.get() : target.createExperiment(there.name(), Map.of(ORIGIN, mark));
    there
        .tags()
        .forEach(
            (key, value) -> {
              if (!key.equals(ORIGIN) && !value.equals(here.tags().get(key))) {
                target.setExperimentTag(here.id(), key, value);
              }
            });
    return here;
  }

  /** The oldest first: parents come before their children, and new runs at the end. */
  private void runs(Experiment there, Experiment here, RunCopy runs, Guard guard, CopyCount count) {
    RunQuery query =
        RunQuery.builder()
            .experiments(there.name())
            .view(deleted ? RunQuery.View.ALL : RunQuery.View.ACTIVE)
            .orderBy("attributes.start_time ASC")
            .maxResults(PAGE)
            .build();
    while (true) {
      Page<Run> page = source.search(query);
      for (Run run : page.items()) {
        guard.done("run " + run.id(), () -> count.run(runs.copy(run, here)));
      }
      if (page.pageToken() == null || page.pageToken().equals(query.pageToken())) {
        return;
      }
      query = query.toBuilder().pageToken(page.pageToken()).build();
    }
  }
}
