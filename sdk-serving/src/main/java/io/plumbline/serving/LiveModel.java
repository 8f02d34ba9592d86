package io.plumbline.serving;

import io.plumbline.IncompatibleModelException;
import io.plumbline.drift.FeatureTransform;
import io.plumbline.drift.Profile;
import io.plumbline.drift.TransformCheck;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.internal.LiveModels;
import io.plumbline.spi.ModelLoader;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model that predicts with the version that a reference points to, and follows it: a new version
 * is fetched, verified, loaded, checked and warmed up beside the old one, takes its place in one
 * step, and the old one is closed when its last caller has left.
 *
 * <pre>{@code
 * try (LiveModel model = LiveModel.open(registry, "models:/flight-delay@champion")) {
 *   double[] score = model.predict(features);
 * }
 * }</pre>
 *
 * <p>Safe for many threads; one for each reference is enough for a process.
 */
public interface LiveModel extends AutoCloseable {
  /**
   * Opens a live model with the defaults of {@link Builder}.
   *
   * @param ref such as {@code models:/flight-delay@champion}
   */
  static LiveModel open(ModelRegistry registry, String ref) {
    return builder(registry, ref).open();
  }

  /** Begins to describe a live model. */
  static Builder builder(ModelRegistry registry, String ref) {
    return new Builder(registry, ModelRef.parse(ref));
  }

  // ---- predicting

  /**
   * Predicts one row.
   *
   * @param features as many numbers as the model has inputs, in their order; NaN is a missing value
   * @return as many numbers as the model has outputs
   * @throws IllegalArgumentException if there are more or fewer numbers
   * @throws IllegalStateException if no version serves within the start's timeout, or this is
   *     closed
   */
  double[] predict(double[] features);

  /**
   * Predicts one row, and logs it if a {@link PredictionLogger} is open for this model, with the
   * version that has predicted.
   *
   * @param requestId by which labels are joined later
   */
  double[] predict(String requestId, double[] features);

  /** Predicts one row into an array of the caller: no garbage but the engine's own. */
  void predict(double[] features, double[] out);

  /** Predicts one row in 32 bits. */
  void predict(float[] features, float[] out);

  /**
   * Predicts several rows.
   *
   * @param rows the rows one after the other
   * @param count how many
   * @param out gets the outputs of each row, one after the other
   */
  void predictBatch(double[] rows, int count, double[] out);

  /**
   * Predicts one row of named values, checked against the model's signature. Integers become longs
   * or doubles and floats doubles; nothing else is converted. Names that are no inputs are left out
   * and counted.
   *
   * @throws IllegalArgumentException if a required value is missing, or one does not fit its type
   */
  double[] predict(Map<String, ? extends @Nullable Object> row);

  /**
   * Predicts rows of named columns.
   *
   * @param columns arrays of one length: {@code double[]}, {@code float[]}, {@code long[]}, {@code
   *     int[]}, {@code boolean[]} or {@code String[]}
   * @return for each row the outputs
   */
  double[][] predictColumns(Map<String, ?> columns);

  /**
   * Returns this model with records: the components of the input are found by name, the outputs
   * become the components of the output by name, or by position where names differ.
   *
   * @throws IllegalArgumentException if a type is no record, or a component can't be an input or
   *     output
   */
  <I extends Record, O extends Record> TypedModel<I, O> as(Class<I> input, Class<O> output);

  /**
   * Takes a lease: one version, from here to its return, whatever is swapped meanwhile.
   *
   * @throws IllegalStateException if no version serves within the start's timeout, or this is
   *     closed
   */
  Lease lease();

  // ---- looking and steering

  /** Returns how it stands. */
  LiveStatus status();

  /** Returns the reference profile of the version that serves, if it came with one. */
  Optional<Profile> profile();

  /**
   * Asks the registry now, forgets what was rejected, and tries it again. Returns when that is done
   * - or has been rejected again: {@link #status} tells - or after the timeout.
   *
   * @return whether it was done in time
   */
  boolean refresh(Duration timeout);

  /**
   * Goes back to the version that served before, which is still loaded: in less than a millisecond,
   * and stays there until {@link #unpin}. Called again, it goes further back, as far as versions
   * are kept warm, and never to one that was left.
   *
   * @return the version that serves now
   * @throws IllegalStateException if no earlier version is loaded; nothing has changed then
   */
  ModelVersion rollback(String reason);

  /**
   * Stays at the present version, whatever the reference points to.
   *
   * @return the version that serves
   * @throws IllegalStateException if none serves
   */
  ModelVersion pin();

  /** Follows the reference again. */
  void unpin();

  /**
   * Ends the following, and closes every version when its last lease is returned; waits for that no
   * longer than ten seconds. A version whose lease is not returned stays open, with an alarm: to
   * close it would crash the process. Idempotent.
   */
  @Override
  void close();

  /** Describes a live model, and opens it. */
  final class Builder {
    private final ModelRegistry registry;
    private final ModelRef ref;
    private final LiveModels.Options options = new LiveModels.Options();

    private Builder(ModelRegistry registry, ModelRef ref) {
      this.registry = registry;
      this.ref = ref;
    }

    /** What opening waits for; {@link StartMode#AWAIT} unless set. */
    public Builder start(StartMode mode) {
      options.start = mode;
      return this;
    }

    /** How long the start, or a request before it is done, waits at most; 30 s unless set. */
    public Builder startTimeout(Duration timeout) {
      options.startTimeout = timeout;
      return this;
    }

    /** In which order versions are exchanged; {@link SwapPolicy#AVAILABILITY} unless set. */
    public Builder policy(SwapPolicy policy) {
      options.policy = policy;
      return this;
    }

    /** How many earlier versions stay loaded for a rollback; 1 unless set, 0 to 10. */
    public Builder keepWarm(int versions) {
      if (versions < 0 || versions > 10) {
        throw new IllegalArgumentException("keepWarm is " + versions + "; it must be 0 to 10");
      }
      options.keepWarm = versions;
      return this;
    }

    /** How many bytes the loaded versions may take together, by estimate; no bound unless set. */
    public Builder memoryBudget(long bytes) {
      if (bytes < 1) {
        throw new IllegalArgumentException("memoryBudget is " + bytes + "; it must be positive");
      }
      options.memoryBudget = bytes;
      return this;
    }

    /** Refuses versions without golden records. */
    public Builder requireGolden() {
      options.requireGolden = true;
      return this;
    }

    /** Takes models whose format is newer than the engine: they may predict wrongly. */
    public Builder allowNewerFormat() {
      options.allowNewerFormat = true;
      return this;
    }

    /** How many predictions warm a version up before it serves; 50 unless set. */
    public Builder warmUp(int predictions) {
      if (predictions < 0) {
        throw new IllegalArgumentException("warmUp is " + predictions + "; it must be 0 or more");
      }
      options.warmUp = predictions;
      return this;
    }

    /** How long loading and checking a version may take; 5 minutes unless set. */
    public Builder loadTimeout(Duration timeout) {
      options.loadTimeout = timeout;
      return this;
    }

    /**
     * How many predictors may be open at once, where each serves one thread at a time; twice the
     * processors unless set.
     */
    public Builder predictors(int most) {
      if (most < 1) {
        throw new IllegalArgumentException("predictors is " + most + "; it must be at least 1");
      }
      options.predictors = most;
      return this;
    }

    /**
     * How long a call waits for a predictor when all are in use; 10 s unless set. It fails then: a
     * request that waits longer is rarely waited for.
     */
    public Builder predictorTimeout(Duration timeout) {
      options.predictorTimeout = timeout;
      return this;
    }

    /** A setting that a loader understands, such as {@code onnx.intra-op-threads}. */
    public Builder loaderSetting(String key, String value) {
      options.loaderSettings.put(key, value);
      return this;
    }

    /** A loader that is asked before those on the class path. */
    public Builder loader(ModelLoader loader) {
      options.loaders.add(loader);
      return this;
    }

    /** A plain function, for packages that {@link Functions#pack} has made under that name. */
    public Builder function(String name, ModelFunction function) {
      options.functions.put(name, function);
      return this;
    }

    /**
     * Compares the transform that makes this program's features with the one that each version was
     * trained with, whenever a version is loaded: name, version, settings and order of the
     * features, what both make of the transform's examples, and the digests in the version's
     * profile.
     *
     * @param transform what makes the features here
     * @param policy whether a version that was trained with another one is served with an event and
     *     a warning, or refused: the one before serves on
     */
    public Builder transform(FeatureTransform<?> transform, TransformCheck.Policy policy) {
      options.transform = Objects.requireNonNull(transform, "transform");
      options.transformPolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /**
     * Compares the features that this program was written for with each version's own, by the
     * digests of their schemas, whenever a version is loaded.
     *
     * @param schema the features as this program knows them
     * @param policy as in {@link #transform}
     */
    public Builder features(FeatureSchema schema, TransformCheck.Policy policy) {
      options.schema = Objects.requireNonNull(schema, "schema");
      options.schemaPolicy = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** After how long a lease of a version that serves no more raises an alarm; 30 s unless set. */
    public Builder leaseAlarm(Duration after) {
      options.leaseAlarm = after;
      return this;
    }

    /** Keeps for each lease where it was taken, for the alarm: for tests and hunts, as it costs. */
    public Builder traceLeases() {
      options.traceLeases = true;
      return this;
    }

    /** Is told of what happens. */
    public Builder onEvent(LiveEvent.Listener listener) {
      options.listeners.add(listener);
      return this;
    }

    /** Applies settings that were made elsewhere. */
    public Builder with(Consumer<Builder> settings) {
      settings.accept(this);
      return this;
    }

    /**
     * Opens the live model.
     *
     * @throws IncompatibleModelException if the first version can't be loaded here
     * @throws io.plumbline.NotFoundException if the registry says that the reference resolves to
     *     nothing that may be used
     * @throws IllegalStateException if no version serves within the start's timeout; the message
     *     says why
     */
    public LiveModel open() {
      return LiveModels.open(registry, ref, options);
    }
  }
}
