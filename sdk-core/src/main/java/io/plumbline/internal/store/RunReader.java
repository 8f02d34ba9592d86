package io.plumbline.internal.store;

import io.plumbline.StoreException;
import io.plumbline.internal.Time;
import io.plumbline.internal.history.MetricStats;
import io.plumbline.internal.journal.RunFolders;
import io.plumbline.internal.journal.RunState;
import io.plumbline.internal.journal.WriterFolder;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterView;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Experiment;
import io.plumbline.model.LinkedMetric;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads runs from the files of a store, whoever writes them meanwhile.
 *
 * <p>A run is merged from its writers. Of a run that has ended, the summaries say all; of one that
 * is being written, the segments are read from the summaries on.
 */
public final class RunReader {
  /** How fresh a folder may be and still be remembered: its time stamps are coarse. */
  private static final long SETTLED_MILLIS = 2_000;

  /**
   * A run as it was read.
   *
   * @param hasFiles whether it has artifacts
   */
  private record Found(Run run, boolean hasFiles) {}

  private record Remembered(long modified, Found found) {}

  private final Path store;
  private final Path runs;
  private final Time time;
  private final long lostNanos;
  private final ExperimentFiles experiments;
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

  RunReader(Path store, ExperimentFiles experiments, Time time, long lostNanos) {
    this.experiments = experiments;
    this.store = store;
    this.runs = store.resolve("runs");
    this.time = time;
    this.lostNanos = lostNanos;
  }

  /** Returns a run's folder. */
  public Path folder(String runId) {
    return runs.resolve(RunFolders.name(runId));
  }

  /** Returns the ids of the writers of a run. */
  static List<String> writers(Path folder) {
    TreeSet<String> writers = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        boolean ours = name.endsWith(".seg") || name.endsWith(".run.json");
        if (ours && name.indexOf('.') == 16) {
          writers.add(name.substring(0, 16));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be listed: " + e, e);
    }
    return List.copyOf(writers);
  }

  /** Returns the ids of the writers of a run in the order in which they opened it. */
  static List<String> writersInOrder(Path folder) {
    List<String> writers = writers(folder);
    if (writers.size() < 2) {
      return writers;
    }
    Map<String, Long> opened = new LinkedHashMap<>();
    try {
      for (String writer : writers) {
        opened.put(writer, new WriterLog(folder, writer).opened());
      }
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
    return opened.entrySet().stream()
        .sorted(Map.Entry.comparingByValue()) // stable: those of one moment stay sorted by id
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Reads a run; nothing if there is none. */
  public Optional<Run> find(String runId) {
    Found found = read(folder(runId), runId);
    return found == null
        ? Optional.empty()
        : Optional.of(renamed(found.run, experiments.get(found.run.experimentId())));
  }

  /** A run's start says what its experiment was called then. */
  private static Run renamed(Run run, Optional<Experiment> experiment) {
    return experiment.isEmpty() || experiment.get().name().equals(run.experiment())
        ? run
        : run.toBuilder().experiment(run.experimentId(), experiment.get().name()).build();
  }

  /** Returns whether a run, since it was last read by {@link #all}, is known to have no files. */
  boolean isWithoutFiles(String runId) {
    Path folder = folder(runId);
    Remembered known = remembered.get(String.valueOf(folder.getFileName()));
    try {
      return known != null
          && !known.found.hasFiles
          && known.modified == Files.getLastModifiedTime(folder).toMillis();
    } catch (IOException e) {
      return false; // whoever reads it says why
    }
  }

  /** Reads a run with all its artifacts; null if there is none. */
  @Nullable RunState state(String runId) {
    Path folder = folder(runId);
    RunState merged = null;
    try {
      for (String writer : writers(folder)) {
        RunState part = WriterView.load(folder, writer).state();
        if (part.artifactsLeftOut()) {
          part = WriterView.scan(folder, writer).state();
        }
        merged = merge(merged, part);
      }
    } catch (IOException e) {
      throw new StoreException("run " + runId + " can't be read: " + e, e);
    }
    return merged;
  }

  private static RunState merge(@Nullable RunState merged, RunState part) {
    if (merged == null) {
      return part;
    }
    merged.merge(part);
    return merged;
  }

  /**
   * Reads all runs of the store; those that have not changed since the last time, from memory.
   * Those of deleted experiments count as deleted.
   */
  public List<Run> all() {
    Map<String, Experiment> known = new HashMap<>();
    experiments.all().forEach(experiment -> known.put(experiment.id(), experiment));
    List<Run> all = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(runs)) {
      for (Path folder : folders) {
        if (String.valueOf(folder.getFileName()).startsWith(".")) {
          continue; // it is being erased
        }
        Run run = cached(folder);
        if (run != null) {
          Optional<Experiment> in = Optional.ofNullable(known.get(run.experimentId()));
          Run now = renamed(run, in);
          boolean gone = in.isPresent() && in.get().deleted() && !now.deleted();
          all.add(gone ? now.toBuilder().deleted(true).build() : now);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new StoreException("the runs in " + runs + " can't be listed: " + e, e);
    }
    return all;
  }

  private @Nullable Run cached(Path folder) {
    String name = String.valueOf(folder.getFileName());
    try {
      long modified = Files.getLastModifiedTime(folder).toMillis();
      Remembered known = remembered.get(name);
      if (known != null && known.modified == modified) {
        return known.found.run;
      }
      Found found = read(folder, null);
      if (found == null) {
        return null;
      }
      if (found.run.status().ended() && Math.abs(time.millis() - modified) > SETTLED_MILLIS) {
        remembered.put(name, new Remembered(modified, found));
      }
      return found.run;
    } catch (NoSuchFileException e) {
      return null; // erased just now
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
  }

  private @Nullable Found read(Path folder, @Nullable String runId) {
    RunState merged = null;
    List<String> problems = new ArrayList<>();
    try {
      for (String writer : writers(folder)) {
        RunState part = WriterView.summaryState(folder, writer);
        if (part == null) {
          WriterView view = WriterView.load(folder, writer);
          part = view.state();
          problems.addAll(view.report().problems());
        }
        merged = merge(merged, part);
      }
      // Files without a whole event are a run that is being made, or that a full disk has stopped.
      boolean begun = merged != null && (merged.start() != null || merged.run() != null);
      if (merged == null || (!begun && (runId == null || problems.isEmpty()))) {
        return null;
      }
      boolean hasFiles = merged.artifactsLeftOut() || !merged.artifacts().isEmpty();
      return new Found(toRun(folder, merged, problems), hasFiles);
    } catch (JsonException e) {
      throw new StoreException("the run in " + folder + " is damaged: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
  }

  private Run toRun(Path folder, RunState state, List<String> problems) {
    String id = state.run() == null ? String.valueOf(folder.getFileName()) : state.run();
    Run.Builder run = Run.builder(id).deleted(state.deleted()).params(state.params());
    JsonObject start = state.start();
    if (start != null) {
      run.experiment(start.string("experiment"), start.string("experimentName"));
      run.startTime(Instant.ofEpochMilli(start.longValue("time")));
      run.user(String.valueOf(start.stringOr("user", "")));
      run.parentId(start.stringOr("parent", null));
    }
    String name = state.name();
    run.name(name == null ? id : name);
    RunStatus status = status(state);
    run.status(status);
    if (status.ended()) {
      run.endTime(Instant.ofEpochMilli(state.statusTime()));
    }
    run.tags(state.tags());
    run.metrics(summaries(state));
    run.linkedMetrics(
        state.linked().stream()
            .filter(link -> link.stats().count() > 0)
            .map(RunReader::linked)
            .toList());
    run.inputs(state.inputs().stream().map(RunJson::input).toList());
    run.models(state.models().stream().map(model -> RunJson.model(id, model)).toList());
    problems.forEach(run::warning);
    state.conflicts().forEach(run::warning);
    state.warnings().forEach(run::warning);
    state
        .dropped()
        .forEach((reason, n) -> run.warning(n + " metrics were dropped, reason: " + reason));
    return run.build();
  }

  private RunStatus status(RunState state) {
    String text = state.status();
    RunStatus status = text == null ? RunStatus.UNKNOWN : RunStatus.of(text);
    if (status == RunStatus.RUNNING
        && !WriterFolder.lives(store, state.statusWriter(), time, lostNanos)) {
      return RunStatus.LOST;
    }
    return status;
  }

  private static Map<String, MetricSummary> summaries(RunState state) {
    Map<String, MetricSummary> summaries = new LinkedHashMap<>();
    for (Map.Entry<String, MetricStats> e : state.metrics().entrySet()) {
      if (e.getValue().count() > 0) {
        summaries.put(e.getKey(), e.getValue().summary(e.getKey()));
      }
    }
    return summaries;
  }

  private static LinkedMetric linked(RunState.Linked link) {
    JsonObject input = link.inputObject();
    return new LinkedMetric(
        link.stats().summary(link.key()),
        input == null ? null : RunJson.input(input),
        link.model());
  }
}
