package io.plumbline.tracking;

import io.plumbline.Config;
import io.plumbline.ConflictException;
import io.plumbline.Delivery;
import io.plumbline.NotFoundException;
import io.plumbline.Plumbline;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.tracking.internal.Clients;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts runs, and reads, finds and tends those that exist. Safe for many threads.
 *
 * <pre>{@code
 * try (TrackingClient tracking = TrackingClient.create()) {
 *   tracking.run("flight-delay", tracker -> {
 *     tracker.logParam("max_depth", 6);
 *     tracker.logMetric("auc", 0.93);
 *   });
 * }
 * }</pre>
 */
public interface TrackingClient extends AutoCloseable {
  /** The body of a run: what the lambda forms call. */
  @FunctionalInterface
  interface Body<X extends Exception> {
    /** Trains, and logs through the tracker. */
    void accept(Tracker tracker) throws X;
  }

  /** The body of a run that returns something. */
  @FunctionalInterface
  interface Call<T, X extends Exception> {
    /** Trains, logs through the tracker, and returns a result. */
    T apply(Tracker tracker) throws X;
  }

  /**
   * Opens a client with the configuration that {@link Config#load()} finds; closing it closes all.
   */
  static TrackingClient create() {
    return create(Config.load());
  }

  /** Opens a client with that configuration; closing it closes all. */
  static TrackingClient create(Config config) {
    return Clients.owning(Plumbline.open(config));
  }

  /** Returns a client on an opened Plumbline, which stays open when the client is closed. */
  static TrackingClient of(Plumbline plumbline) {
    return Clients.sharing(plumbline);
  }

  // ---- runs

  /**
   * Runs the body in a new run: FINISHED when it returns, FAILED when it throws, and then the
   * exception goes on to the caller.
   *
   * @param experiment the experiment's name, made if it does not exist; at a server, {@code #17} is
   *     the one with that id, which must be there
   * @return the run as it ended
   */
  <X extends Exception> Run run(String experiment, Body<X> body) throws X;

  /**
   * Runs the body in a new run of the configured experiment: the one that {@code experiment} or
   * MLflow's variables name, else {@code default}.
   */
  <X extends Exception> Run run(Body<X> body) throws X;

  /** Runs the body in a new run with options. */
  <X extends Exception> Run run(String experiment, RunOptions options, Body<X> body) throws X;

  /** Runs the body in a new run and returns what it returns. */
  <T, X extends Exception> T call(String experiment, RunOptions options, Call<T, X> body) throws X;

  /** Starts a run of the configured experiment, which the caller finishes or closes. */
  Tracker start();

  /** Starts a run of the configured experiment with options. */
  Tracker start(RunOptions options);

  /** Starts a run, which the caller finishes or closes. */
  Tracker start(String experiment);

  /** Starts a run with options. */
  Tracker start(String experiment, RunOptions options);

  /**
   * Goes on with a run, whatever has ended it, or starts it under that id.
   *
   * @param runId up to 256 letters, digits, {@code _} and {@code -}; of a run that is there, its id
   *     at the server does, too
   * @throws NotFoundException if the mode is MUST and there is no such run
   * @throws ConflictException if the mode is NEVER and there is one, or if it was deleted
   */
  Tracker resume(String runId, Resume mode);

  /**
   * Logs into a run that another process owns: closing the tracker does not end the run.
   *
   * @throws NotFoundException if there is no such run
   */
  Tracker join(String runId);

  /**
   * Reads a run.
   *
   * @throws NotFoundException if there is none with that id
   */
  Run get(String runId);

  /** Reads a run, or nothing if there is none with that id. */
  Optional<Run> find(String runId);

  /**
   * Returns the runs of an experiment that fit a filter in MLflow's grammar, newest first, at most
   * 1,000.
   */
  List<Run> search(String experiment, String filter);

  /** Returns one page of the runs that a query asks for. */
  Page<Run> search(RunQuery query);

  /** Returns the points of a metric; empty if the run has no such metric. */
  MetricHistory metricHistory(String runId, String key);

  /**
   * Writes one line for each run that the query asks for, all pages of it: its params, last metrics
   * and tags.
   */
  void exportRuns(RunQuery query, ExportFormat format, Writer out) throws IOException;

  /** Writes one line for each point of each metric of the runs that the query asks for. */
  void exportMetrics(RunQuery query, ExportFormat format, Writer out) throws IOException;

  /** Marks a run as deleted; {@link #restore} takes that back. */
  void delete(String runId);

  /** Takes a deletion back. */
  void restore(String runId);

  /**
   * Removes a deleted run for good. Its artifacts' contents go with the store's next clean-up.
   *
   * @throws ConflictException if the run is not deleted, or is still being written
   */
  void erase(String runId);

  /** Sets a tag of a run that may have ended long ago. */
  void setTag(String runId, String key, String value);

  /** Removes a tag of a run. */
  void deleteTag(String runId, String key);

  /** Gives a run another name. */
  void rename(String runId, String name);

  // ---- artifacts

  /** Lists the artifacts in a directory of a run; {@code ""} is the root. */
  List<Artifact> artifacts(String runId, String path);

  /**
   * Opens an artifact's content.
   *
   * @throws NotFoundException if the run has no such file
   */
  InputStream openArtifact(String runId, String path);

  /**
   * Copies an artifact, or a directory with all in it, into a folder, and checks every digest.
   *
   * @param path {@code ""} for all
   * @return where it now is
   */
  Path download(String runId, String path, Path folder);

  /**
   * Copies a logged model's parts into a folder, and checks every digest. One that a client of
   * MLflow has logged becomes a package there.
   *
   * @return the model, as a package on these files
   */
  ModelPackage downloadModel(LoggedModel model, Path folder);

  // ---- experiments

  /**
   * Makes an experiment.
   *
   * @throws ConflictException if there is one with that name
   */
  Experiment createExperiment(String name, Map<String, String> tags);

  /** Finds an experiment by name; at a server also by its id, as {@code #17}. */
  Optional<Experiment> findExperiment(String name);

  /** Lists the experiments, deleted ones included, by name. */
  List<Experiment> experiments();

  /** Sets a tag of an experiment. */
  void setExperimentTag(String name, String key, String value);

  /**
   * Gives an experiment another name.
   *
   * @throws ConflictException if there is one with that name
   */
  void renameExperiment(String name, String newName);

  /** Marks an experiment as deleted; its runs are no longer found. */
  void deleteExperiment(String name);

  /** Takes a deletion back. */
  void restoreExperiment(String name);

  // ---- delivery

  /** Returns where runs are kept: a folder, or a server's address. */
  String location();

  /**
   * Waits until everything that was logged before this call is on disk, as far as the fsync policy
   * says.
   *
   * @return whether that was so within the time
   */
  boolean flush(Duration timeout);

  /**
   * Waits until all that was logged before has arrived at the server; where the store keeps the
   * runs, until it is on disk. While a program logs more than its server takes, this may be seen
   * too late.
   *
   * @return whether that was so within the time; if not, it stays on disk and is still delivered
   */
  boolean awaitDelivery(Duration timeout);

  /**
   * Returns the id that a run has at the server: nothing if it has not arrived there yet, or is not
   * delivered. Where the store keeps the runs it is the run's own.
   */
  Optional<String> remoteId(String runId);

  /** Returns where the logged records are right now. */
  Delivery delivery();

  /**
   * Writes what is left and gives everything back, within the configured time (10 s). Runs that are
   * still open end as FAILED. Idempotent.
   */
  @Override
  void close();
}
