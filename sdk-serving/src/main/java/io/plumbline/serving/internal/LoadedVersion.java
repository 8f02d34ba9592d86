package io.plumbline.serving.internal;

import io.plumbline.model.ModelVersion;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A version that is loaded, and may be leased until it is closed. */
final class LoadedVersion {
  private final ModelVersion version;
  private final Inputs inputs;
  private final List<String> outputNames;
  private final int outputs;
  private final long memory;
  private final PredictorPool pool;
  private final LeaseCounter leases;

  /**
   * Makes it of a model that is loaded.
   *
   * @param most how many predictors may be open at once
   * @param closed told when the model is closed, with what went wrong, or null
   */
  LoadedVersion(
      ModelVersion version,
      LoadedModel model,
      Inputs inputs,
      List<String> outputNames,
      int most,
      Closed closed) {
    this.version = version;
    this.inputs = inputs;
    this.outputNames = outputNames;
    this.outputs = model.outputs();
    this.memory = model.memoryBytes();
    this.pool = new PredictorPool(model, most);
    this.leases =
        new LeaseCounter(
            Runtime.getRuntime().availableProcessors() * 2,
            () -> {
              try {
                pool.close();
                closed.closed(this, null);
              } catch (RuntimeException e) {
                closed.closed(this, e);
              }
            });
  }

  /** Is told when a version is closed. */
  interface Closed {
    void closed(LoadedVersion version, @Nullable RuntimeException failure);
  }

  ModelVersion version() {
    return version;
  }

  Inputs inputs() {
    return inputs;
  }

  List<String> outputNames() {
    return outputNames;
  }

  int outputs() {
    return outputs;
  }

  long memory() {
    return memory;
  }

  /** Takes a lease: the stripe to return it to, or -1 if this version is being closed. */
  int acquire() {
    return leases.acquire();
  }

  void release(int stripe) {
    leases.release(stripe);
  }

  long active() {
    return leases.active();
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
