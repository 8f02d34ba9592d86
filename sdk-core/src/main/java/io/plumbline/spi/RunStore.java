package io.plumbline.spi;

import io.plumbline.ConflictException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunTags;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps experiments, runs and what they log.
 *
 * <p>What a call has stored, the next call sees, from every instance that is opened on the same
 * place. Unknown ids are a {@link NotFoundException}, except where a method says otherwise.
 */
public interface RunStore {
  // ---- experiments

  /**
   * Makes an experiment.
   *
   * @throws ConflictException if the name is taken, by a deleted experiment too
   */
  Experiment createExperiment(String name, Map<String, String> tags);

  /** Finds an experiment by name, deleted or not. */
  Optional<Experiment> findExperiment(String name);

  /** Lists all experiments, deleted ones included, by name. */
  List<Experiment> experiments();

  /** Sets a tag of an experiment. */
  void setExperimentTag(String experimentId, String key, String value);

  /** Gives an experiment another name. */
  void renameExperiment(String experimentId, String name);

  /** Deletes an experiment, or takes that back; repeating either is fine. */
  void setExperimentDeleted(String experimentId, boolean deleted);

  // ---- runs

  /**
   * Makes a run, in state RUNNING.
   *
   * @return the run's id in this backend
   * @throws ConflictException if there is a run with that id
   */
  String createRun(NewRun run);

  /**
   * Finds the run that {@link #createRun} has made of the same: its caller has not heard the
   * answer. One with the same {@link NewRun#id} and another {@link RunTags#WRITER} is somebody
   * else's.
   *
   * @return the run's id in this backend; nothing if there is no such run
   */
  default Optional<String> findCreated(NewRun run) {
    return find(run.id())
        .filter(found -> Objects.equals(writer(found.tags()), writer(run.tags())))
        .map(Run::id);
  }

  private static @Nullable String writer(Map<String, String> tags) {
    return tags.get(RunTags.WRITER);
  }

  /**
   * Deletes the other runs that were made of the same {@link NewRun} as this one, but some: where
   * something on the way repeats the request of {@link #createRun}, or carries it out after its
   * caller has given up, a backend that chooses the ids has twins. One that takes the caller's ids
   * has none.
   *
   * @param runId the run's id in this backend
   * @param localId its {@link NewRun#id}
   * @param kept the ids in this backend of those that stay, too
   */
  default void deleteTwins(String runId, String localId, Set<String> kept) {}

  /**
   * Applies changes to a run, in order.
   *
   * @param batchKey names the batch: the same key again changes nothing, so a caller that did not
   *     hear the answer may repeat itself
   * @throws ConflictException if a param has another value; then nothing of the batch is applied
   */
  void apply(String runId, String batchKey, List<RunUpdate> updates);

  /** Reads a run, deleted or not; nothing if there is none. */
  Optional<Run> find(String runId);

  /** Returns one page of the runs that a query asks for. */
  Page<Run> search(RunQuery query);

  /** Returns the points of a metric; empty if there are none. */
  MetricHistory metricHistory(String runId, String key);

  /** Deletes a run, or takes that back; repeating either is fine. */
  void setDeleted(String runId, boolean deleted);

  /**
   * Removes a deleted run for good.
   *
   * @throws ConflictException if the run is not deleted
   */
  void erase(String runId);

  // ---- artifacts

  /**
   * Keeps a file's content under a path of the run, replacing what was there. When the call has
   * returned the caller may delete the file.
   *
   * @param path relative, {@code /} between its parts
   */
  void putArtifact(String runId, String path, Path file);

  /**
   * Keeps several files, as {@link #putArtifact} keeps each. If it fails, some of them may be
   * there; it may be repeated.
   *
   * @param files by their paths
   */
  default void putArtifacts(String runId, Map<String, Path> files) {
    files.forEach((path, file) -> putArtifact(runId, path, file));
  }

  /** Lists one directory of a run's artifacts; empty if there is none; {@code ""} is the root. */
  List<Artifact> artifacts(String runId, String directory);

  /** Opens an artifact's content, which the caller closes. */
  InputStream openArtifact(String runId, String path);

  /**
   * Copies an artifact, or a directory with all below it, into a folder, each file under its path.
   * A file is there whole or not at all. If it fails, it may be repeated: what is there whole need
   * not be brought again.
   *
   * @param path {@code ""} for all
   * @throws NotFoundException if there is no such file or directory
   */
  default void fetchArtifacts(String runId, String path, Path folder) {
    Fetched.artifacts(this, runId, path, folder);
  }

  // ---- models

  /** Keeps a model under a name in the run. */
  LoggedModel putModel(String runId, String name, ModelPackage model);

  /** Finds a logged model by its id. */
  default Optional<LoggedModel> findModel(String modelId) {
    RunQuery query = RunQuery.builder().build();
    while (true) {
      Page<Run> page = search(query);
      Optional<LoggedModel> found =
          page.items().stream()
              .flatMap(run -> run.models().stream())
              .filter(model -> model.id().equals(modelId))
              .findFirst();
      if (found.isPresent() || page.pageToken() == null) {
        return found;
      }
      query = query.toBuilder().pageToken(page.pageToken()).build();
    }
  }

  /** Opens a part of a model. */
  InputStream openModelPart(LoggedModel model, String part);

  /**
   * Copies the parts of a model into a folder, each under its name. A file is there whole or not at
   * all. If it fails, it may be repeated: what is there whole need not be brought again.
   */
  default void fetchModel(LoggedModel model, Path folder) {
    for (Artifact part : model.parts()) {
      Fetched.copy(openModelPart(model, part.path()), folder, part.path());
    }
  }

  /**
   * Copies a model into a folder, and reads it there as a package.
   *
   * @param folder is empty; the package's parts are its files
   * @throws io.plumbline.IntegrityException if what arrives is not what the model says of itself
   */
  default ModelPackage readModel(LoggedModel model, Path folder) {
    fetchModel(model, folder);
    ModelPackage read = ModelPackage.read(folder);
    if (!read.digest().equals(model.digest())) {
      throw new IntegrityException(
          "model " + model.id() + " has the digest " + read.digest() + ", not " + model.digest());
    }
    return read;
  }
}
