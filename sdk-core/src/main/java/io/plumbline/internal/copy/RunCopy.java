package io.plumbline.internal.copy;

import io.plumbline.ConflictException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.journal.WriterTail;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Experiment;
import io.plumbline.model.Run;
import io.plumbline.model.RunTags;
import io.plumbline.spi.Backend;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies one run after the other. Each step looks at what the copy has and adds what it lacks, and
 * the copy says last of all what the run looked like; so a copy that was interrupted goes on.
 */
final class RunCopy {
  /** What is a field of a run here, or says something else of the copy than of the run. */
  private static final Set<String> NOT_COPIED =
      Set.of(
          RunTags.NAME,
          RunTags.USER,
          RunTags.PARENT,
          RunTags.WRITER,
          RunTags.LOCAL_ID,
          StoreCopy.ORIGIN,
          StoreCopy.SEEN);

  private static final int SHARE = 250_000;

  /** What has become of a run. */
  enum Outcome {
    NEW,
    CHANGED,
    SAME,
    OWN,
    DELETED_HERE
  }

  private final RunStore source;
  private final Attempts attempts;
  private final Guard guard;
  private final EmbeddedStore store;
  private final EmbeddedBackend target;
  private final String origin;
  private final boolean recheck;
  private final CopyCount count;
  private final FileCopy files;
  private final Map<String, String> own = new HashMap<>();

  RunCopy(
      Backend backend,
      int retries,
      Guard guard,
      EmbeddedStore store,
      EmbeddedBackend target,
      String origin,
      boolean recheck,
      CopyCount count) {
    this.source = Retrying.of(RunStore.class, backend.runs(), retries, Sleeper.SYSTEM);
    this.attempts = new Attempts(backend, retries);
    this.guard = guard;
    this.store = store;
    this.target = target;
    this.origin = origin;
    this.recheck = recheck;
    this.count = count;
    this.files = new FileCopy(new Attempts(backend, retries), guard, store, target, recheck, count);
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
    boolean known = there.isPresent() && now.equals(seen) && run.deleted() == there.get().deleted();
    if (known && !recheck) {
      return again(run, id, there.get());
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

  /** A run that looks as it did may have new files, and files that could not be copied then. */
  private Outcome again(Run run, String id, Run copy) {
    if (run.deleted()) {
      return Outcome.SAME;
    }
    long before = count.changes();
    files.artifacts(run.id(), id);
    if (FileCopy.lacks(copy, run)) {
      source.find(run.id()).ifPresent(whole -> files.models(whole, id, copy));
    }
    return before == count.changes() ? Outcome.SAME : Outcome.CHANGED;
  }

  /** A run that this store has logged itself is not a second time in it. */
  private boolean isOwn(Run run) {
    for (String id : new String[] {run.tags().getOrDefault(RunTags.LOCAL_ID, ""), run.id()}) {
      Optional<Run> there = isRunId(id) ? target.find(id) : Optional.empty();
      if (there.isPresent()
          && !there.get().tags().containsKey(StoreCopy.ORIGIN)
          && hasWritten(run.tags().get(RunTags.WRITER), id)) {
        own.put(run.id(), id);
        return true;
      }
    }
    return false;
  }

  /** Another store may call a run the same. */
  private boolean hasWritten(@Nullable String writer, String id) {
    try {
      return writer == null || WriterTail.writers(store.runs().folder(id)).contains(writer);
    } catch (IOException e) {
      return true; // rather not a second time
    }
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
    boolean facts = facts(run, id, copy, seen);
    boolean points = points(run, id);
    files.artifacts(run.id(), id);
    files.models(run, id, copy);
    List<RunUpdate> last = new ArrayList<>();
    status(run, copy, last);
    RunPicture picture = facts && points ? now : now.incomplete();
    last.add(new RunUpdate.SetTag(StoreCopy.SEEN, picture.toText()));
    apply(id, last);
    if (run.deleted()) {
      target.setDeleted(id, true);
    }
  }

  /** Applies what is new, or at least what of it can be; returns whether that was all. */
  private boolean facts(Run run, String id, Run copy, RunPicture seen) {
    List<RunUpdate> updates = updates(run, copy, seen);
    try {
      apply(id, updates);
      return true;
    } catch (IllegalArgumentException | ConflictException e) {
      boolean all = true;
      for (RunUpdate update : updates) {
        all &= guard.done("run " + run.id(), () -> apply(id, List.of(update)));
      }
      return all;
    }
  }

  /** Copies the points that are not there; returns whether that was all. */
  private boolean points(Run run, String id) {
    boolean all = true;
    for (String key : run.metrics().keySet()) {
      all &=
          guard.done(
              "run " + run.id() + ": the metric " + Printable.quote(key),
              () -> attempts.repeat(count::changes, () -> points(run, id, key)));
    }
    return all;
  }

  private long points(Run run, String id, String key) {
    return new HistoryCopy(
            SHARE,
            points -> {
              apply(id, points);
              count.points(points.size());
            })
        .copy(attempts.runs().metricHistory(run.id(), key), target.metricHistory(id, key));
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
            Map.of(StoreCopy.ORIGIN, Imported.mark(origin, run.id()))));
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
}
