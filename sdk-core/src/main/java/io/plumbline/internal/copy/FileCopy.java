package io.plumbline.internal.copy;

import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.internal.store.Names;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Copies the files and models of runs; what cannot be copied is left out and told. */
final class FileCopy {
  private static final int DEEPEST = 64;

  /** From here on a file that broke off is gone on with, for one more request. */
  private static final long LARGE = 8L << 20;

  /** Common file systems take 255 bytes, and more are added while a file arrives. */
  private static final int LONGEST_NAME = 200;

  private final Attempts attempts;
  private final Guard guard;
  private final EmbeddedStore store;
  private final EmbeddedBackend target;
  private final boolean recheck;
  private final CopyCount count;

  FileCopy(
      Attempts attempts,
      Guard guard,
      EmbeddedStore store,
      EmbeddedBackend target,
      boolean recheck,
      CopyCount count) {
    this.attempts = attempts;
    this.guard = guard;
    this.store = store;
    this.target = target;
    this.recheck = recheck;
    this.count = count;
  }

  // ---- artifacts

  /**
   * Copies the artifacts that are not there, or have another size.
   *
   * @param remote the run's id there
   * @param id the run's id here
   */
  void artifacts(String remote, String id) {
    directory(remote, id, "", 0);
  }

  private void directory(String remote, String id, String directory, int depth) {
    String what =
        directory.isEmpty()
            ? "the artifacts of run " + remote
            : "run " + remote + ": the directory " + Printable.quote(directory);
    guard.done(
        what,
        () -> {
          List<Artifact> theirs =
              attempts.repeat(() -> 0, () -> attempts.runs().artifacts(remote, directory));
          if (!theirs.isEmpty() && depth > DEEPEST) {
            count.problem(what + " is more than " + DEEPEST + " directories deep");
            return;
          }
          files(remote, id, directory, theirs, depth);
        });
  }

  private void files(String remote, String id, String directory, List<Artifact> theirs, int depth) {
    if (theirs.isEmpty()) {
      return;
    }
    Map<String, Artifact> ours =
        target.artifacts(id, directory).stream()
            .collect(Collectors.toMap(Artifact::path, Function.identity()));
    for (Artifact artifact : theirs) {
      if (artifact.directory()) {
        directory(remote, id, artifact.path(), depth + 1);
        continue;
      }
      Artifact there = ours.get(artifact.path());
      if (there == null || there.directory() || there.size() != artifact.size() || recheck) {
        guard.done(
            "run " + remote + ": the artifact " + Printable.quote(artifact.path()),
            () -> artifact(remote, id, artifact, there));
      }
    }
  }

  private void artifact(String remote, String id, Artifact artifact, @Nullable Artifact there) {
    Names.path(artifact.path());
    try (Staging staging = Staging.in(store)) {
      Path file = fetched(staging, remote, artifact);
      if (there != null && sha256(file).equals(there.sha256())) {
        return;
      }
      target.putArtifact(id, artifact.path(), file);
      count.artifact();
    }
  }

  private Path fetched(Staging staging, String remote, Artifact artifact) {
    String path = artifact.path();
    if (artifact.size() < LARGE || !isFileName(path)) {
      Path file = staging.folder().resolve("content");
      return attempts.repeat(
          staging::size, () -> write(attempts.runs().openArtifact(remote, path), file));
    }
    return staging.fill(
        () ->
            attempts.repeat(
                staging::size,
                () -> {
                  attempts.runs().fetchArtifacts(remote, path, staging.folder());
                  return staging.folder().resolve(path);
                }));
  }

  private static boolean isFileName(String path) {
    return Arrays.stream(path.split("/"))
        .allMatch(name -> name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME);
  }

  private static Path write(InputStream content, Path file) {
    try (content) {
      Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new StoreException("cannot write " + file + ": " + e, e);
    }
  }

  private static String sha256(Path file) {
    try {
      return Sha256.of(file).sha256();
    } catch (IOException e) {
      throw new StoreException("cannot read " + file + ": " + e, e);
    }
  }

  // ---- models

  /** Returns whether a run has a model that its copy lacks. */
  static boolean lacks(Run copy, Run run) {
    return !ids(copy).containsAll(ids(run));
  }

  private static Set<String> ids(Run run) {
    return run.models().stream().map(LoggedModel::id).collect(Collectors.toSet());
  }

  /** Copies the models that are not there. */
  void models(Run run, String id, Run copy) {
    Set<String> there = ids(copy);
    for (LoggedModel model : run.models()) {
      if (there.contains(model.id())) {
        continue;
      }
      String what = "run " + run.id() + ": the model " + Printable.quote(model.name());
      // One without parts may be of another client, and is described when it is read.
      guard.done(what, () -> model(model, id));
    }
  }

  private void model(LoggedModel model, String id) {
    try (Staging staging = Staging.in(store)) {
      ModelPackage read =
          staging.fill(
              () ->
                  attempts.repeat(
                      staging::size, () -> attempts.runs().readModel(model, staging.folder())));
      target.putModel(id, model, read);
      count.model();
    }
  }
}
