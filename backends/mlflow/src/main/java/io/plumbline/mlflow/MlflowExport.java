package io.plumbline.mlflow;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.store.StoreProgress;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelQuery;
import io.plumbline.model.Page;
import io.plumbline.model.RegisteredModel;
import io.plumbline.model.Run;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a store as a folder of MLflow's own file store, an {@code mlruns}, which MLflow opens and
 * {@code mlflow migrate-filestore} takes into a database. The command line's {@code export mlflow}.
 */
public final class MlflowExport {
  private static final String DEFAULT_ID = "0";
  private static final String DEFAULT_NAME = "Default";
  private static final int PAGE = 1_000;

  /**
   * Something that is not in the export as it is in the store.
   *
   * @param place whose it is
   * @param reason what it is, and why
   * @param damaged whether the store itself does not have it any more
   */
  public record Omitted(String place, String reason, boolean damaged) {}

  /**
   * What was written.
   *
   * @param folder where it is
   * @param points how many points of metrics
   * @param loggedModels how many models that runs have logged or versions are made of
   * @param registeredModels how many registered models
   * @param files how many artifacts of runs
   * @param bytes how large these are together
   * @param omitted what is not in it
   */
  public record Report(
      Path folder,
      int experiments,
      int runs,
      long points,
      int loggedModels,
      int registeredModels,
      int versions,
      long files,
      long bytes,
      List<Omitted> omitted) {}

  private final StoreView view;
  private final Set<String> experiments = new LinkedHashSet<>();
  private final Set<String> runs = new LinkedHashSet<>();
  private StoreProgress progress = StoreProgress.NONE;
  private boolean replace;

  /** Exports a store; all of it, unless it is told otherwise. */
  public MlflowExport(StoreView view) {
    this.view = view;
  }

  /** Exports only the runs of these experiments, by name or id, and the models made from them. */
  public MlflowExport experiments(Collection<String> namesOrIds) {
    experiments.addAll(namesOrIds);
    return this;
  }

  /** Exports only these runs, by id, and the models made from them. */
  public MlflowExport runs(Collection<String> ids) {
    runs.addAll(ids);
    return this;
  }

  /** Tells how far it is. */
  public MlflowExport progress(StoreProgress told) {
    progress = told;
    return this;
  }

  /** Puts the export in the place of an earlier one, if there is one. */
  public MlflowExport replace(boolean earlier) {
    replace = earlier;
    return this;
  }

  /**
   * Writes the export.
   *
   * @param folder does not exist, or is empty, or has an earlier export that is to be replaced
   * @throws io.plumbline.ConflictException if it has something else
   * @throws NotFoundException if there is no such experiment or run
   * @throws io.plumbline.StoreException if the store can't be read, or the folder not be written
   */
  public Report to(Path folder) {
    Path target = folder.toAbsolutePath().normalize();
    if (target.startsWith(view.root())) {
      throw new IllegalArgumentException(
          target + " is in the store itself; name a folder outside of it");
    }
    Map<Experiment, List<Run>> selected = select();
    try (ExportFolder place = ExportFolder.begin(target, replace)) {
      Writing writing = new Writing(new ExportTree(place.tree(), target), selected);
      Report report = writing.write(target);
      place.finish(about(report));
      return report;
    }
  }

  private Map<String, @Nullable Object> about(Report report) {
    Map<String, @Nullable Object> about = new LinkedHashMap<>();
    about.put("plumbline_export", 1L);
    about.put("time", System.currentTimeMillis());
    about.put("store", view.root().toString());
    about.put("runs", (long) report.runs());
    about.put("points", report.points());
    about.put(
        "omitted",
        report.omitted().stream()
            .map(each -> Map.of("place", each.place(), "reason", each.reason()))
            .toList());
    return about;
  }

  // ---- what is exported

  private boolean all() {
    return experiments.isEmpty() && runs.isEmpty();
  }

  private Map<Experiment, List<Run>> select() {
    Map<String, Experiment> known = new LinkedHashMap<>();
    view.experiments().all().forEach(each -> known.put(each.id(), each));
    Map<Experiment, List<Run>> selected = new LinkedHashMap<>();
    Set<String> named = new LinkedHashSet<>(experiments);
    Set<String> asked = new LinkedHashSet<>(runs);
    if (all()) {
      known.values().forEach(each -> selected.put(each, new ArrayList<>()));
    }
    for (Experiment each : known.values()) {
      boolean byName = named.remove(each.name());
      if (named.remove(each.id()) || byName) {
        selected.put(each, new ArrayList<>());
      }
    }
    for (Run run : view.runs().all()) {
      Experiment experiment = known.computeIfAbsent(run.experimentId(), id -> experiment(run));
      named.remove(experiment.name());
      boolean wanted =
          all()
              || asked.remove(run.id())
              || experiments.contains(experiment.name())
              || experiments.contains(experiment.id());
      if (wanted) {
        selected.computeIfAbsent(experiment, e -> new ArrayList<>()).add(run);
      }
    }
    missing("experiment", named);
    missing("run", asked);
    return selected;
  }

  /** A run may be there without its experiment's file, if the disk was full. */
  private static Experiment experiment(Run run) {
    boolean digits = run.experimentId().matches("[0-9]{1,19}");
    String id = digits ? run.experimentId() : "1";
    return new Experiment(id, run.experiment(), run.startTime(), Map.of(), false);
  }

  private static void missing(String what, Set<String> names) {
    if (!names.isEmpty()) {
      throw new NotFoundException(
          "there is no " + what + " " + Printable.quote(names.iterator().next()) + " in the store");
    }
  }

  // ---- writing

  /** One export under way. */
  private final class Writing {
    private final ExportTree tree;
    private final Map<Experiment, List<Run>> selected;
    private final Map<String, Path> logged = new HashMap<>();
    private final ExportModels models;
    private final ExportRuns runs;
    private int written;
    private int registered;

    Writing(ExportTree tree, Map<Experiment, List<Run>> selected) {
      this.tree = tree;
      this.selected = selected;
      this.models = new ExportModels(tree, view, logged, this::defaultExperiment);
      this.runs = new ExportRuns(tree, view, logged);
    }

    Report write(Path target) {
      tree.folder(tree.root().resolve(".trash"));
      // All models first: points of one run may belong to the model of another.
      selected.forEach(this::experiment);
      long total = selected.values().stream().mapToLong(List::size).sum();
      selected.forEach((experiment, list) -> list.forEach(run -> run(experiment, run, total)));
      defaultExperiment();
      registry();
      return new Report(
          target,
          selected.size(),
          written,
          runs.points(),
          models.logged(),
          registered,
          models.versions(),
          runs.files(),
          runs.bytes(),
          tree.omitted());
    }

    private void experiment(Experiment experiment, List<Run> list) {
      Path folder = tree.folder(folder(experiment));
      tree.texts(
          tree.folder(folder.resolve("tags")),
          "tag",
          experiment.tags(),
          "experiment " + Printable.quote(experiment.name()));
      meta(folder, id(experiment), experiment.name(), experiment.created(), experiment.deleted());
      for (Run run : list) {
        for (LoggedModel model : run.models()) {
          progress.at("models written:", models.logged(), 0);
          models.logged(folder, id(experiment), model);
        }
      }
    }

    private void meta(Path folder, String id, String name, Instant created, boolean deleted) {
      Map<String, @Nullable Object> meta = new LinkedHashMap<>();
      meta.put("artifact_location", tree.uri(folder));
      meta.put("creation_time", created.toEpochMilli());
      meta.put("experiment_id", id);
      meta.put("last_update_time", created.toEpochMilli());
      meta.put("lifecycle_stage", deleted ? "deleted" : "active");
      meta.put("name", name);
      tree.meta(folder, meta);
    }

    /** MLflow's first experiment has an id of its own. */
    private String id(Experiment experiment) {
      boolean isDefault = experiment.name().equals(DEFAULT_NAME) && !experiment.deleted();
      return isDefault ? DEFAULT_ID : experiment.id();
    }

    private Path folder(Experiment experiment) {
      Path root = tree.root();
      return (experiment.deleted() ? root.resolve(".trash") : root).resolve(id(experiment));
    }

    /** MLflow works in it where nobody names one; made if the store has none, as MLflow does. */
    private Path defaultExperiment() {
      Path folder = tree.root().resolve(DEFAULT_ID);
      boolean taken = view.experiments().find(DEFAULT_NAME).filter(Experiment::deleted).isPresent();
      if (!folder.toFile().exists()) {
        String name = taken ? DEFAULT_NAME + " (exported models)" : DEFAULT_NAME;
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        meta(tree.folder(folder), DEFAULT_ID, name, now, false);
      }
      return folder;
    }

    private void run(Experiment experiment, Run run, long total) {
      progress.at("runs written:", written, total);
      runs.write(folder(experiment), id(experiment), run);
      written++;
    }

    private void registry() {
      String token = null;
      do {
        Page<RegisteredModel> page =
            view.registry().searchModels(ModelQuery.ALL.withDeleted().page(PAGE, token));
        for (RegisteredModel model : page.items()) {
          progress.at("registered models written:", registered, 0);
          if ((all() || isOfThese(model)) && models.registered(model)) {
            registered++;
          }
        }
        token = page.pageToken();
      } while (token != null);
    }

    /** Whether a version of the model is a model that was exported. */
    private boolean isOfThese(RegisteredModel model) {
      String token = null;
      do {
        var page = view.registry().versions(model.name(), PAGE, token);
        if (page.items().stream()
            .anyMatch(version -> logged.containsKey(String.valueOf(version.lineage().modelId())))) {
          return true;
        }
        token = page.pageToken();
      } while (token != null);
      return false;
    }
  }
}
