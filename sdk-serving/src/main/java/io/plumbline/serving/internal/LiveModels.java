package io.plumbline.serving.internal;

import io.plumbline.drift.FeatureTransform;
import io.plumbline.drift.TransformCheck;
import io.plumbline.internal.Time;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveEvent;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.ModelFunction;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.serving.StartMode;
import io.plumbline.serving.SwapPolicy;
import io.plumbline.spi.ModelLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens live models. */
public final class LiveModels {
  private LiveModels() {}

  /** What the builder has collected. */
  public static final class Options {
    private static final Duration LONGEST = Duration.ofDays(365);

    public StartMode start = StartMode.AWAIT;
    public Duration startTimeout = Duration.ofSeconds(30);
    public SwapPolicy policy = SwapPolicy.AVAILABILITY;
    public int keepWarm = 1;
    public long memoryBudget = Long.MAX_VALUE;
    public boolean requireGolden;
    public boolean allowNewerFormat;
    public int warmUp = 50;
    public Duration loadTimeout = Duration.ofMinutes(5);
    public int predictors = 2 * Runtime.getRuntime().availableProcessors();
    public Duration predictorTimeout = Duration.ofSeconds(10);
    public Duration leaseAlarm = Duration.ofSeconds(30);
    public boolean traceLeases;
    public @Nullable FeatureTransform<?> transform;
    public TransformCheck.Policy transformPolicy = TransformCheck.Policy.FAIL;
    public @Nullable FeatureSchema schema;
    public TransformCheck.Policy schemaPolicy = TransformCheck.Policy.FAIL;
    public final Map<String, String> loaderSettings = new LinkedHashMap<>();
    public final List<ModelLoader> loaders = new ArrayList<>();
    public final Map<String, ModelFunction> functions = new LinkedHashMap<>();
    public final List<LiveEvent.Listener> listeners = new ArrayList<>();

    /** Copies them: a builder may be used again, and changed. */
    Options copy() {
      Options copy = new Options();
      copy.start = start;
      copy.startTimeout = positive("startTimeout", startTimeout);
      copy.policy = policy;
      copy.keepWarm = keepWarm;
      copy.memoryBudget = memoryBudget;
      copy.requireGolden = requireGolden;
      copy.allowNewerFormat = allowNewerFormat;
      copy.warmUp = warmUp;
      copy.loadTimeout = positive("loadTimeout", loadTimeout);
      copy.predictors = predictors;
      copy.predictorTimeout = positive("predictorTimeout", predictorTimeout);
      copy.leaseAlarm = positive("leaseAlarm", leaseAlarm);
      copy.traceLeases = traceLeases;
      copy.transform = transform;
      copy.transformPolicy = transformPolicy;
      copy.schema = schema;
      copy.schemaPolicy = schemaPolicy;
      copy.loaderSettings.putAll(loaderSettings);
      copy.loaders.addAll(loaders);
      copy.functions.putAll(functions);
      copy.listeners.addAll(listeners);
      return copy;
    }

    private static Duration positive(String name, Duration value) {
      if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            name + " is " + value + "; it must be more than nothing, and a year at most");
      }
      return value;
    }
  }

  /** What a logger needs of a live model. */
  public interface Inside {
    /** The local store's folder. */
    Path store();

    /** The registry in which it is followed. */
    ModelRegistry registry();

    /** The alias that it follows, if it follows one. */
    @Nullable String alias();

    /**
     * Returns the version that serves.
     *
     * @throws IllegalStateException if none does within the start's timeout
     */
    VersionFacts serving();

    /**
     * Attaches what logs this model's predictions.
     *
     * @param prepare called with each version before it serves; what it throws is logged
     * @throws IllegalStateException if another one is attached
     */
    void attach(PredictionLogger logger, Consumer<VersionFacts> prepare);

    /** Tells listeners that the first rows of a version are not like its training data. */
    void skewed(ModelVersion version, String reason);

    /** Detaches it again. */
    void detach(PredictionLogger logger);
  }

  /**
   * Returns the inside of a live model.
   *
   * @throws IllegalArgumentException if it is another implementation
   */
  public static Inside inside(LiveModel model) {
    if (model instanceof StoreLiveModel own) {
      return own.inside();
    }
    throw new IllegalArgumentException(
        "predictions are logged of what LiveModel.open has opened, not of a "
            + model.getClass().getName());
  }

  /** Returns what a lease's version is; null if the lease is another implementation. */
  public static @Nullable VersionFacts facts(Lease lease) {
    return lease instanceof HeldLease held ? held.facts() : null;
  }

  /** Opens a live model. */
  public static LiveModel open(ModelRegistry registry, ModelRef ref, Options collected) {
    Options options = collected.copy();
    Events events = new Events(ref, options.listeners, Time.SYSTEM);
    Attached attached = new Attached();
    VersionLoader loader = new VersionLoader(options, attached, events);
    Versions versions = new Versions(options, events, Time.SYSTEM);
    Follower follower = new Follower(registry, ref, options, loader, versions, events);
    StoreLiveModel model =
        new StoreLiveModel(registry, ref, options, versions, follower, events, attached);
    try {
      follower.start();
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }
}
