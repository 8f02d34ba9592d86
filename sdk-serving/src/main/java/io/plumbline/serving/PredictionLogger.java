package io.plumbline.serving;

import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.SkewGate;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.internal.capture.Capture;
import io.plumbline.serving.internal.capture.CaptureOptions;
import io.plumbline.spi.Backend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Logs what a live model was given and what it said, with the version that said it, into files that
 * pandas, polars, pyarrow and duckdb read. Requests hand rows over in tens of nanoseconds; one
 * thread of its own writes them.
 *
 * <pre>{@code
 * try (LiveModel model = LiveModel.open(registry, "models:/flight-delay@champion");
 *     PredictionLogger log = PredictionLogger.open(model)) {
 *   try (Lease lease = model.lease()) {
 *     lease.predict(features, out);
 *     log.row(lease, requestId).features(features).prediction(out).commit();
 *   }
 * }
 * }</pre>
 *
 * <p>When the disk can't follow, rows are dropped and counted; no request waits. {@link
 * Builder#mustLog} has requests wait instead. Safe for many threads.
 */
public interface PredictionLogger extends AutoCloseable {
  /** The folder of the local store that logs are in unless they are told otherwise. */
  String FOLDER = "predictions";

  /** Opens a logger with the defaults of {@link Builder}. */
  static PredictionLogger open(LiveModel model) {
    return builder(model).open();
  }

  /**
   * Begins to describe a logger.
   *
   * @param model one that {@link LiveModel} has opened
   */
  static Builder builder(LiveModel model) {
    return new Builder(model);
  }

  /**
   * Begins a row of the version of a lease.
   *
   * @param lease of this logger's live model
   * @param requestId the caller's id, by which labels are joined later; up to 256 characters
   */
  LogRow row(Lease lease, String requestId);

  /**
   * Logs the usual row in one call, the fastest way there is: the same as {@code row(lease,
   * requestId).features(features).prediction(outputs).commit()}.
   */
  boolean log(Lease lease, String requestId, double[] features, double[] outputs);

  /** Returns what has become of the rows. */
  LogStatus status();

  /**
   * Waits until every row that was committed before is in a file; with {@link Builder#mustLog}, on
   * the device.
   *
   * @return whether that was so within the time
   */
  boolean flush(Duration timeout);

  /**
   * Writes what is waiting, ten seconds long at most, completes the files, and ships them in what
   * is left of these seconds, if they are to be shipped: what is left then is shipped when the log
   * is opened again. Rows that are committed afterwards are dropped and counted. Idempotent.
   */
  @Override
  void close();

  /** Is told of each window of a version's rows that is over, on the logger's thread. */
  @FunctionalInterface
  interface WindowListener {
    /**
     * Called when a window is over: {@code Drift.compare(profile, counts)} says what has moved.
     * What it throws is logged; what it takes long for holds up the log.
     *
     * @param version the version that has predicted these rows
     * @param slice of which rows; {@link io.plumbline.drift.Windows#ALL} for all
     * @param counts the rows, counted into the bins of the version's own profile, whatever the
     *     sampling
     */
    void ended(ModelVersion version, String slice, WindowCounts counts);
  }

  /** Is told of drift. */
  @FunctionalInterface
  interface DriftListener {
    /**
     * A window was judged. It is called on the logger's thread, as {@link WindowListener#ended} is:
     * what takes long belongs on another one.
     *
     * @param version whose rows these were
     * @param report what was found, in this window and those before it
     */
    void judged(ModelVersion version, DriftReport report);
  }

  /** Is told how the first rows of a version compare with its training data. */
  @FunctionalInterface
  interface GateListener {
    /**
     * Called once for each version, on the logger's thread: with STOP as soon as the gate stops it,
     * with PASS when enough rows have passed, with WAIT if its first hour had too few. What it
     * throws is logged; what it takes long for holds up the log.
     *
     * @param version the version that has predicted these rows
     * @param finding what the gate says, with its reasons
     */
    void judged(ModelVersion version, SkewGate.Finding finding);
  }

  /** Describes a logger, and opens it. */
  final class Builder {
    private final LiveModel model;
    private final CaptureOptions options = new CaptureOptions();

    private Builder(LiveModel model) {
      this.model = Objects.requireNonNull(model, "model");
    }

    /** Where the log is; the folder {@link #FOLDER} of the registry's local store unless set. */
    public Builder folder(Path folder) {
      options.folder = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /** How the files are written; {@link LogOptions#DEFAULT} unless set. */
    public Builder files(LogOptions files) {
      options.files = Objects.requireNonNull(files, "files");
      return this;
    }

    /**
     * The model is a binary classifier: its first output is the probability of the positive class.
     * The log has it as {@code prediction_score}, and as {@code prediction} 1 from the threshold on
     * and 0 below.
     */
    public Builder binary(double threshold) {
      if (!(threshold >= 0 && threshold <= 1)) {
        throw new IllegalArgumentException("threshold is " + threshold + "; it must be 0 to 1");
      }
      options.threshold = threshold;
      return this;
    }

    /**
     * The model's outputs are the probabilities of these classes. The log has them as {@code
     * proba_<class>}, and the most probable one as {@code prediction}.
     */
    public Builder classes(List<String> names) {
      options.classes = List.copyOf(names);
      return this;
    }

    /**
     * Logs this share of the rows, chosen by their request ids: every host and every log chooses
     * the same ids, so that labels join. All rows are logged unless it is set. Whatever is logged,
     * every row is counted into the profile.
     *
     * @param share 0 to 1
     */
    public Builder sample(double share) {
      options.sample = CaptureOptions.share(share);
      return this;
    }

    /** Logs another share of the rows of a slice: rare ones in full, say. */
    public Builder sampleSlice(String slice, double share) {
      options.sliceSamples.put(Objects.requireNonNull(slice, "slice"), CaptureOptions.share(share));
      return this;
    }

    /** Logs another share of the rows that did not end well. */
    public Builder sampleFailures(double share) {
      options.failureSample = CaptureOptions.share(share);
      return this;
    }

    /**
     * Logs an embedding, as a list of so many 32-bit numbers: a column beside those of the feature
     * schema, which has no such type.
     *
     * @param length of every value: 1 to 65,536
     */
    public Builder embedding(String column, int length) {
      options.embedding(Objects.requireNonNull(column, "column"), length);
      return this;
    }

    /** Logs a feature under another name, because its own is one of the log's. */
    public Builder rename(String feature, String column) {
      options.renamed.put(
          Objects.requireNonNull(feature, "feature"), Objects.requireNonNull(column, "column"));
      return this;
    }

    /**
     * What is kept of a column's values: of a feature, or of {@code _entity_id}.
     *
     * @throws IllegalArgumentException from {@link #open}, if there is no such column, or its
     *     values are of another kind
     */
    public Builder privacy(String column, Privacy privacy) {
      options.privacy.put(
          Objects.requireNonNull(column, "column"), Objects.requireNonNull(privacy, "privacy"));
      return this;
    }

    /** The endpoint that this process serves, for the column {@code _endpoint}. */
    public Builder endpoint(String name) {
      options.endpoint = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * No row is dropped: a request whose row finds no room waits for the disk. For batch scoring,
     * and where each prediction must be on record.
     */
    public Builder mustLog() {
      options.mustLog = true;
      return this;
    }

    /**
     * How many bytes waiting rows may take, at most; 64 MiB unless set. It bounds how many rows
     * wait for the disk: no more than 8,192.
     */
    public Builder memory(long bytes) {
      options.memory = CaptureOptions.positive("memory", bytes);
      return this;
    }

    /** How many characters of a text are kept; 1,000 unless set. */
    public Builder longestText(int characters) {
      options.longestText = (int) CaptureOptions.positive("longestText", characters);
      return this;
    }

    /**
     * Ships every closed part to where the runs are: it becomes an artifact of the run that has
     * logged the version's model, or of a run of its own for a version that no run has logged, with
     * {@code _schema.json}, below {@code predictions/}. A thread of its own does it, tries again
     * when that fails, and begins with what an earlier program has left; {@link LogStatus#shipping}
     * says how it goes. A retention deletes only what was shipped; a disk budget deletes that
     * first.
     *
     * <p>Where tracking is disabled nothing is shipped.
     */
    public Builder ship() {
      options.ship = true;
      return this;
    }

    /** Ships to another place: for tests. */
    Builder ship(Supplier<Backend> destination) {
      options.destination = Objects.requireNonNull(destination, "destination");
      return ship();
    }

    /**
     * Is told of each window of rows of a version that has a reference profile, when its time is
     * over and five minutes have passed for late rows, and of those that are open when the logger
     * is closed.
     *
     * @param length of a window by event time: whole minutes, up to 31 days
     */
    public Builder onWindow(Duration length, WindowListener listener) {
      options.window = Objects.requireNonNull(length, "length");
      options.windows = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Judges each window of all rows of a version against the profile that it came with, by the
     * standard policy, and tells what was found: also where nothing was, so ask {@code
     * report.verdict().alarms()}. Drift must last, so an alarm needs two of three windows; those
     * that were counted before a restart count, too.
     *
     * <pre>{@code
     * .onDrift(Duration.ofHours(1), (version, report) -> {
     *   if (report.verdict().alarms()) {
     *     post(AlertMessage.of(version.uri(), report).toSlackJson());
     *   }
     * })
     * }</pre>
     *
     * @param length of a window, as for {@link #onWindow}: both have the same
     */
    public Builder onDrift(Duration length, DriftListener listener) {
      return onDrift(length, AlarmPolicy.standard(), listener);
    }

    /** Judges each window by another policy. */
    public Builder onDrift(Duration length, AlarmPolicy policy, DriftListener listener) {
      options.window = Objects.requireNonNull(length, "length");
      options.driftPolicy = Objects.requireNonNull(policy, "policy");
      options.driftListener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * Compares the first rows of each version with the profile that it came with, all rows that
     * were accepted, by limits that are stricter than those of drift: what a deploy breaks shows
     * within minutes. Listeners of the live model get an event ({@link LiveEvent.Kind#SKEW}) when
     * it does.
     *
     * <p>A version is judged once, in the first hour after its first row; a restart goes on with
     * that hour.
     *
     * @param gate such as {@code profile -> SkewGate.against(profile).without("hour")}
     * @param listener is told what was found
     */
    public Builder onFirstRows(Function<Profile, SkewGate> gate, GateListener listener) {
      options.gate = Objects.requireNonNull(gate, "gate");
      options.gateListener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /**
     * How long the windows are by which rows are counted, and kept on disk beside the log; an hour
     * unless set, here or by {@link #onWindow}.
     *
     * @param length whole minutes, up to 31 days
     */
    public Builder windows(Duration length) {
      options.window = Objects.requireNonNull(length, "length");
      return this;
    }

    /**
     * How much of the windows' counts is kept on disk, in {@code _windows} beside the log: 1 GiB
     * unless set, the oldest are deleted first. They take kilobytes where rows take gigabytes, so
     * they may well be kept longer.
     *
     * @param age windows that were last written before so long are deleted, too
     * @param diskBudget the bytes of all windows together; 0 for no limit
     */
    public Builder keepWindows(Duration age, long diskBudget) {
      if (age.isNegative() || age.isZero()) {
        throw new IllegalArgumentException("age must be positive, not " + age);
      }
      if (diskBudget < 0) {
        throw new IllegalArgumentException("diskBudget must be 0 or more, not " + diskBudget);
      }
      options.windowRetention = age;
      options.windowBudget = diskBudget;
      return this;
    }

    /**
     * Opens the logger.
     *
     * @throws IllegalArgumentException if the live model is not one of {@link LiveModel}'s own, or
     *     the version that serves can't be logged or its log shipped so; the message says why
     * @throws io.plumbline.StoreException if the folder can't be written to
     */
    public PredictionLogger open() {
      return Capture.open(model, options);
    }
  }
}
