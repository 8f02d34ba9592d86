package io.plumbline.serving.internal;

import io.plumbline.drift.Profile;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveEvent;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.LiveStatus;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.serving.TypedModel;
import io.plumbline.serving.internal.LiveModels.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A live model: what predicts holds a lease for as long as it does. */
final class StoreLiveModel implements LiveModel {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");
  private static final Duration CLOSE = Duration.ofSeconds(10);

  private final ModelRegistry registry;
  private final ModelRef ref;
  private final Options options;
  private final Versions versions;
  private final Follower follower;
  private final Events events;
  private final Attached attached;
  private final LongAdder dropped = new LongAdder();
  private final AtomicBoolean closed = new AtomicBoolean();

  StoreLiveModel(
      ModelRegistry registry,
      ModelRef ref,
      Options options,
      Versions versions,
      Follower follower,
      Events events,
      Attached attached) {
    this.registry = registry;
    this.ref = ref;
    this.options = options;
    this.versions = versions;
    this.follower = follower;
    this.events = events;
    this.attached = attached;
  }

  /** What a call does with the version that serves. */
  private interface Use<T> {
    T with(LoadedVersion version);
  }

  private <T> T use(Use<T> use) {
    while (true) {
      LoadedVersion version = serving();
      Leases leases = version.leases();
      int place = leases.place();
      if (leases.enter(place)) {
        try {
          return use.with(version);
        } finally {
          leases.leave(place);
        }
      }
    }
  }

  /** Returns the version that serves; waits for the first one. */
  private LoadedVersion serving() {
    LoadedVersion version = versions.current();
    return version == null ? awaitServing() : version;
  }

  private LoadedVersion awaitServing() {
    LoadedVersion version = closed.get() ? null : versions.await(options.startTimeout.toNanos());
    if (version == null) {
      throw follower.notReady();
    }
    return version;
  }

  // ---- predicting

  @Override
  public double[] predict(double[] features) {
    return use(
        version -> {
          double[] out = new double[version.outputs()];
          version.predict(features, out);
          return out;
        });
  }

  @Override
  public void predict(double[] features, double[] out) {
    // Not through use(): a lambda that captures would be garbage.
    while (true) {
      LoadedVersion version = serving();
      Leases leases = version.leases();
      int place = leases.place();
      if (leases.enter(place)) {
        try {
          version.predict(features, out);
          return;
        } finally {
          leases.leave(place);
        }
      }
    }
  }

  @Override
  public void predict(float[] features, float[] out) {
    while (true) {
      LoadedVersion version = serving();
      Leases leases = version.leases();
      int place = leases.place();
      if (leases.enter(place)) {
        try {
          version.predict(features, out);
          return;
        } finally {
          leases.leave(place);
        }
      }
    }
  }

  @Override
  public double[] predict(String requestId, double[] features) {
    PredictionLogger log = attached.logger();
    if (log == null) {
      return predict(features);
    }
    try (HeldLease lease = take()) {
      double[] out = new double[lease.facts().outputs()];
      try {
        lease.predict(features, out);
      } catch (RuntimeException e) {
        boolean unused =
            log.row(lease, requestId).features(features).outcome(LogRow.Outcome.ERROR).commit();
        throw e;
      }
      boolean unused = log.log(lease, requestId, features, out);
      return out;
    }
  }

  @Override
  public void predictBatch(double[] rows, int count, double[] out) {
    use(
        version -> {
          version.predictBatch(rows, count, out);
          return out;
        });
  }

  @Override
  public double[] predict(Map<String, ? extends @Nullable Object> row) {
    return use(version -> version.predict(row, dropped));
  }

  @Override
  public double[][] predictColumns(Map<String, ?> columns) {
    return use(version -> version.predictColumns(columns, dropped));
  }

  @Override
  public <I extends Record, O extends Record> TypedModel<I, O> as(Class<I> input, Class<O> output) {
    RecordInput<I> in = new RecordInput<>(input);
    RecordOutput<O> out = new RecordOutput<>(output);
    return row ->
        use(version -> out.of(version.predict(in.values(row), dropped), version.outputNames()));
  }

  @Override
  public Lease lease() {
    return take();
  }

  private HeldLease take() {
    while (true) {
      LoadedVersion version = serving();
      int place = version.leases().place();
      long token = version.leases().take(place);
      if (token != Leases.NONE) {
        HeldLease lease = new HeldLease(version, place, token, dropped);
        if (options.traceLeases) {
          versions.traces().add(lease);
        }
        return lease;
      }
    }
  }

  // ---- looking and steering

  @Override
  public Optional<Profile> profile() {
    LoadedVersion version = versions.current();
    return version == null ? Optional.empty() : Optional.ofNullable(version.facts().profile());
  }

  LiveModels.Inside inside() {
    return new LiveModels.Inside() {
      @Override
      public Path store() {
        return registry.store();
      }

      @Override
      public ModelRegistry registry() {
        return registry;
      }

      @Override
      public @Nullable String alias() {
        return ref instanceof ModelRef.ByAlias by ? by.alias() : null;
      }

      @Override
      public VersionFacts serving() {
        return StoreLiveModel.this.serving().facts();
      }

      @Override
      public void attach(PredictionLogger logger, Consumer<VersionFacts> prepare) {
        attached.attach(logger, prepare);
      }

      @Override
      public void skewed(ModelVersion version, String reason) {
        events.tell(LiveEvent.Kind.SKEW, version, null, reason);
      }

      @Override
      public void detach(PredictionLogger logger) {
        attached.detach(logger);
      }
    };
  }

  @Override
  public LiveStatus status() {
    return follower.status(dropped.sum());
  }

  @Override
  public boolean refresh(Duration timeout) {
    return follower.refresh(timeout);
  }

  @Override
  public ModelVersion rollback(String reason) {
    ModelVersion back = versions.rollback(reason);
    if (back == null) {
      throw new IllegalStateException(
          "no earlier version of " + ref + " is loaded; use keepWarm, or roll the alias back");
    }
    follower.wake();
    return back;
  }

  @Override
  public ModelVersion pin() {
    ModelVersion serving = versions.pin();
    if (serving == null) {
      throw new IllegalStateException("no version of " + ref + " serves that could be pinned");
    }
    follower.wake();
    return serving;
  }

  @Override
  public void unpin() {
    versions.unpin();
    follower.wake();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long deadline = System.nanoTime() + CLOSE.toNanos();
    follower.close(CLOSE.toNanos() / 2);
    if (!versions.close(deadline - System.nanoTime())) {
      LOG.warn(
          "{} is closed, but {} of its leases were not returned: their versions stay open",
          ref,
          versions.leases());
    }
    events.close();
  }

  @Override
  public String toString() {
    return "LiveModel[" + ref + ", " + status().state() + "]";
  }
}
