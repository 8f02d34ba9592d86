package io.plumbline.serving.internal;

import io.plumbline.internal.Threads;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.FetchedModel;
import io.plumbline.serving.internal.LiveModels.Options;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A version that is loaded, and may be leased until it is closed. */
final class LoadedVersion {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");

  private final ModelVersion version;
  private final VersionFacts facts;
  private final Inputs inputs;
  private final List<String> outputNames;
  private final int outputs;
  private final Path folder;
  private final LoadedModel model;
  private volatile long memory;
  private volatile int golden;
  private final PredictorPool pool;
  private final Leases leases;

  /**
   * Makes it of a model that is loaded.
   *
   * @param options how many predictors may be open at once, and how long a call waits for one
   * @param closed told when the model is closed, with what went wrong, or null
   */
  LoadedVersion(
      FetchedModel fetched,
      LoadedModel model,
      Inputs inputs,
      List<String> outputNames,
      Options options,
      Closed closed) {
    this.version = fetched.version();
    this.folder = fetched.folder();
    this.model = model;
    this.memory = model.memoryBytes();
    this.inputs = inputs;
    this.outputNames = outputNames;
    this.facts =
        VersionFacts.of(version, fetched.model(), inputs.count(), model.outputs(), outputNames);
    this.outputs = model.outputs();
    this.memory = model.memoryBytes();
    this.pool = new PredictorPool(model, options.predictors, options.predictorTimeout.toNanos());
    this.leases =
        new Leases(
            Runtime.getRuntime().availableProcessors() * 2,
            // Not on the thread of the request that came last: to close may take long.
            () -> Threads.daemon("live-close", () -> closed.closed(this, pool.close())).start());
  }

  /** Is told when a version is closed. */
  interface Closed {
    void closed(LoadedVersion version, @Nullable Throwable failure);
  }

  ModelVersion version() {
    return version;
  }

  VersionFacts facts() {
    return facts;
  }

  Inputs inputs() {
    return inputs;
  }

  /** Returns how many golden records it has passed. */
  int golden() {
    return golden;
  }

  void passedGolden(int records) {
    golden = records;
  }

  List<String> outputNames() {
    return outputNames;
  }

  int outputs() {
    return outputs;
  }

  /** Returns what the model takes now, by its own estimate; at last, once it is being closed. */
  long memory() {
    int place = leases.place();
    if (leases.enter(place)) {
      try {
        memory = model.memoryBytes();
      } catch (RuntimeException e) {
        LOG.debug("{} does not say how much memory it takes: {}", version, e.toString());
      } finally {
        leases.leave(place);
      }
    }
    return memory;
  }

  /** Tells the cache that its files are in use: a native library may have them mapped. */
  void touch() {
    try {
      Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
    } catch (IOException e) {
      LOG.debug("the cache does not know that {} is in use: {}", folder, e.toString());
    }
  }

  /** Who holds this version; those who predict do. */
  Leases leases() {
    return leases;
  }

  /** Gives no leases any more, and closes the model when the last one is returned. Called once. */
  void retire() {
    leases.close();
  }

  // ---- predicting, by those who have a lease

  private void check(int given, int wanted, String what) {
    if (given < wanted) {
      throw new IllegalArgumentException(
          "the " + what + " has " + given + " numbers; " + version.uri() + " needs " + wanted);
    }
  }

  private void checkRow(int given) {
    if (given != inputs.count()) {
      throw new IllegalArgumentException(
          "the row has " + given + " numbers; " + version.uri() + " takes " + inputs.count());
    }
  }

  void predict(double[] features, double[] out) {
    checkRow(features.length);
    check(out.length, outputs, "output");
    Predictor predictor = pool.acquire();
    try {
      predictor.predict(features, 1, out);
    } finally {
      pool.release(predictor);
    }
  }

  void predict(float[] features, float[] out) {
    checkRow(features.length);
    check(out.length, outputs, "output");
    Predictor predictor = pool.acquire();
    try {
      predictor.predict(features, 1, out);
    } finally {
      pool.release(predictor);
    }
  }

  void predictBatch(double[] rows, int count, double[] out) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + "; it must be at least 1");
    }
    check(rows.length, Math.multiplyExact(count, inputs.count()), "batch");
    check(out.length, Math.multiplyExact(count, outputs), "output");
    Predictor predictor = pool.acquire();
    try {
      predictor.predict(rows, count, out);
    } finally {
      pool.release(predictor);
    }
  }

  double[] predict(Map<String, ? extends @Nullable Object> row, LongAdder dropped) {
    double[] out = new double[outputs];
    if (inputs.hasText()) {
      predictColumns(inputs.columns(row, dropped), 1, out);
      return out;
    }
    double[] features = new double[inputs.count()];
    inputs.encode(row, features, dropped);
    predict(features, out);
    return out;
  }

  /** Predicts rows of named columns; gives the outputs of each row. */
  double[][] predictColumns(Map<String, ?> columns, LongAdder dropped) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("there are no columns");
    }
    Object first = columns.values().iterator().next();
    if (!first.getClass().isArray()) {
      throw new IllegalArgumentException(
          "a column is an array, not a " + first.getClass().getName());
    }
    int rows = Widening.length(first);
    double[] flat = new double[Math.multiplyExact(rows, outputs)];
    predictColumns(inputs.columns(columns, rows, dropped), rows, flat);
    double[][] out = new double[rows][];
    for (int row = 0; row < rows; row++) {
      out[row] = Arrays.copyOfRange(flat, row * outputs, (row + 1) * outputs);
    }
    return out;
  }

  void predictColumns(Object[] columns, int rows, double[] out) {
    if (columns.length != inputs.count() || rows < 1) {
      throw new IllegalArgumentException(
          rows + " rows of " + columns.length + " columns; the model takes " + inputs.count());
    }
    check(out.length, Math.multiplyExact(rows, outputs), "output");
    Predictor predictor = pool.acquire();
    try {
      predictor.predictColumns(columns, rows, out);
    } finally {
      pool.release(predictor);
    }
  }
}
