package io.plumbline.internal.copy;

import io.plumbline.ConfigException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Run;
import io.plumbline.model.RunTags;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Copies one run after the other. Each step looks at what the copy has and adds what it lacks, and
 * the copy says last of all what the run looked like; so a copy that was interrupted goes on.
 */
final class RunCopy {
  /** The tag under which a backend keeps the id that a program of ours gave a run. */
  private static final String LOCAL_ID = "plumbline.run.id";

  /** What is a field of a run here, or says something else of the copy than of the run. */
  private static final Set<String> NOT_COPIED =
      Set.of(
          RunTags.NAME, RunTags.USER, RunTags.PARENT, LOCAL_ID, StoreCopy.ORIGIN, StoreCopy.SEEN);

  private static final int SHARE = 250_000;
  private static final int DEEPEST = 64;

  /** What has become of a run. */
  enum Outcome {
    NEW,
    CHANGED,
    SAME,
    OWN,
    DELETED_HERE
  }

  private final RunStore source;
  private final EmbeddedStore store;
  private final EmbeddedBackend target;
  private final String origin;
  private final boolean recheck;
  private final CopyCount count;
  private final Map<String, String> own = new HashMap<>();

  RunCopy(
      RunStore source,
      EmbeddedStore store,
      EmbeddedBackend target,
      String origin,
      boolean recheck,
      CopyCount count) {
    this.source = source;
    this.store = store;
    this.target = target;
    this.origin = origin;
    this.recheck = recheck;
    this.count = count;
  }

  /** Returns what a run is called here. */
  String id(String remote) {
    String known = own.get(remote);
    if (known != null) {
      return known;
    }
    return isRunId(remote)
        ? remote
        : Sha256.of(remote.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  private static boolean isRunId(String text) {
    try {
      return Names.runId(text).equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Copies a run.
   *
   * @param run as a search shows it
   */
  Outcome copy(Run run, Experiment experiment) {
    if (isOwn(run)) {
      return Outcome.OWN;
    }
    String id = id(run.id());
    Optional<Run> there = target.find(id);
    RunPicture seen =
        there
            .map(copy -> RunPicture.ofText(copy.tags().getOrDefault(StoreCopy.SEEN, "")))
            .orElse(RunPicture.NONE);
    if (there.isPresent() && there.get().deleted() && !seen.deleted()) {
      return Outcome.DELETED_HERE;
    }
    RunPicture now = RunPicture.of(run);
    if (there.isPresent() && now.equals(seen) && run.deleted() == there.get().deleted()) {
      if (!recheck && (run.deleted() || artifacts(run.id(), id) == 0)) {
        return Outcome.SAME;
      } else if (!recheck) {
        return Outcome.CHANGED;
      }
    }
    Optional<Run> whole = source.find(run.id());
    if (whole.isEmpty()) {
      return Outcome.SAME; // erased just now
    }
    long before = count.changes();
    write(whole.get(), id, experiment, there.orElse(null), seen, now);
    boolean same = there.isPresent() && now.equals(seen) && before == count.changes();
    return there.isEmpty() ? Outcome.NEW : same ? Outcome.SAME : Outcome.CHANGED;
  }

  /** A run that this store has logged itself is not a second time in it. */
  private boolean isOwn(Run run) {
    for (String id : new String[] {run.tags().getOrDefault(LOCAL_ID, ""), run.id()}) {
      Optional<Run> there = isRunId(id) ? target.find(id) : Optional.empty();
      if (there.isPresent() && !there.get().tags().containsKey(StoreCopy.ORIGIN)) {
        own.put(run.id(), id);
        return true;
      }
    }
    return false;
  }

  private void write(
      Run run,
      String id,
      Experiment experiment,
      @Nullable Run there,
      RunPicture seen,
      RunPicture now) {
    if (there == null) {
      create(run, id, experiment);
    } else if (there.deleted()) {
      target.setDeleted(id, false);
    }
    Run copy = target.find(id).orElseThrow(() -> EmbeddedStore.noRun(id));
    apply(id, updates(run, copy, seen));
    for (String key : run.metrics().keySet()) {
      count.points(
          new HistoryCopy(SHARE, points -> apply(id, points))
              .copy(source.metricHistory(run.id(), key), target.metricHistory(id, key)));
    }
    artifacts(run.id(), id);
    models(run, id, copy);
    List<RunUpdate> last = new ArrayList<>();
    status(run, copy, last);
    last.add(new RunUpdate.SetTag(StoreCopy.SEEN, now.toText()));
    apply(id, last);
    if (run.deleted()) {
      target.setDeleted(id, true);
    }
  }

  private void create(Run run, String id, Experiment experiment) {
    target.createRun(
        new NewRun(
            id,
            experiment.id(),
            name(run),
            run.user(),
            run.parentId().map(this::id).orElse(null),
            run.startTime().toEpochMilli(),
            Map.of(StoreCopy.ORIGIN, origin + " run " + run.id())));
  }

  /** A server may take what is no name here. */
  private static String name(Run run) {
    StringBuilder name = new StringBuilder();
    run.name()
        .codePoints()
        .limit(500)
        .forEach(c -> name.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return name.toString().isBlank() ? run.id() : name.toString();
  }

  private void apply(String id, List<RunUpdate> updates) {
    if (!updates.isEmpty()) {
      target.apply(id, "import " + UUID.randomUUID(), updates);
    }
  }

  private static List<RunUpdate> updates(Run run, Run copy, RunPicture seen) {
    List<RunUpdate> updates = new ArrayList<>();
    if (!copy.name().equals(name(run))) {
      updates.add(new RunUpdate.Rename(name(run)));
    }
    run.params()
        .forEach(
            (key, value) -> {
              if (!value.equals(copy.params().get(key))) {
                updates.add(new RunUpdate.LogParam(key, value));
              }
            });
    run.tags()
        .forEach(
            (key, value) -> {
              if (!NOT_COPIED.contains(key) && !value.equals(copy.tags().get(key))) {
                updates.add(new RunUpdate.SetTag(key, value));
              }
            });
    for (String key : seen.tags()) {
      if (!run.tags().containsKey(key) && copy.tags().containsKey(key)) {
        updates.add(new RunUpdate.DeleteTag(key));
      }
    }
    run.inputs().stream()
        .filter(input -> !copy.inputs().contains(input))
        .forEach(input -> updates.add(new RunUpdate.LogInput(input)));
    return updates;
  }

  private void status(Run run, Run copy, List<RunUpdate> updates) {
    if (run.status().ended()) {
      long end = run.endTime().orElse(run.startTime()).toEpochMilli();
      boolean same =
          copy.status() == run.status()
              && copy.endTime().filter(there -> there.toEpochMilli() == end).isPresent();
      if (!same) {
        updates.add(new RunUpdate.SetStatus(run.status(), end));
      }
    } else if (copy.status().ended()) {
      updates.add(new RunUpdate.SetStatus(run.status(), store.time().millis()));
    }
  }

  // ---- files

  /** Without its files a run is still worth having: nothing here can make them reachable. */
  private int artifacts(String remote, String id) {
    try {
      return artifacts(remote, id, "", 0);
    } catch (ConfigException e) {
      count.problem("the artifacts of run " + remote + ": " + e.getMessage());
      return 0;
    }
  }

  /** Copies the artifacts that are not there, or have another size; returns how many. */
  private int artifacts(String remote, String id, String directory, int depth) {
    List<Artifact> theirs = source.artifacts(remote, directory);
    if (theirs.isEmpty() || depth > DEEPEST) {
      return 0;
    }
    Map<String, Artifact> ours =
        target.artifacts(id, directory).stream()
            .collect(Collectors.toMap(Artifact::path, Function.identity()));
    int copied = 0;
    for (Artifact artifact : theirs) {
      if (artifact.directory()) {
        copied += artifacts(remote, id, artifact.path(), depth + 1);
        continue;
      }
      Artifact there = ours.get(artifact.path());
      if (there == null || there.directory() || there.size() != artifact.size() || recheck) {
        copied += artifact(remote, id, artifact.path(), there);
      }
    }
    return copied;
  }

  private int artifact(String remote, String id, String path, @Nullable Artifact there) {
    try {
      Names.path(path);
    } catch (IllegalArgumentException e) {
      count.problem("run " + remote + ": " + e.getMessage());
      return 0;
    }
    return inFolder(
        folder -> {
          Path file = folder.resolve("content");
          try (InputStream in = source.openArtifact(remote, path)) {
            Files.copy(in, file);
            if (there != null && Sha256.of(file).sha256().equals(there.sha256())) {
              return 0;
            }
          }
          try {
            target.putArtifact(id, path, file);
          } catch (IllegalArgumentException e) {
            count.problem("run " + remote + ": " + e.getMessage());
            return 0;
          }
          count.artifact();
          return 1;
        });
  }

  private interface InFolder {
    int apply(Path folder) throws IOException;
  }

  private int inFolder(InFolder action) {
    try {
      Path folder = store.temporaryFolder();
      try {
        return action.apply(folder);
      } finally {
        store.removeTemporary(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void models(Run run, String id, Run copy) {
    Map<String, LoggedModel> there = new LinkedHashMap<>();
    copy.models().forEach(model -> there.put(model.id(), model));
    for (LoggedModel model : run.models()) {
      if (there.containsKey(model.id())) {
        continue;
      }
      try {
        model(id, model);
      } catch (ConfigException | IntegrityException | NotFoundException e) {
        if (!model.parts().isEmpty()) {
          throw e;
        }
        // One that could not be described is no better at the next attempt.
        count.problem(
            "run "
                + run.id()
                + ": the model "
                + Printable.quote(model.name())
                + ": "
                + e.getMessage());
      }
    }
  }

  private void model(String id, LoggedModel model) {
    inFolder(
        folder -> {
          ModelPackage fetched = source.readModel(model, folder);
          target.putModel(id, model, fetched);
          count.model();
          return 1;
        });
  }
}
