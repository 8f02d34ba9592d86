package io.plumbline.serving.internal;

import io.plumbline.model.ModelVersion;
import io.plumbline.serving.Lease;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A lease, of its own for each caller: a second close must not return another's. It counts its own
 * calls, so that a close by one thread does not take the model from under the call of another.
 */
final class HeldLease implements Lease {
  private static final int CLOSED = 1 << 30;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(HeldLease.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LoadedVersion of;
  private final int stripe;
  private final LongAdder dropped;

  /** How many calls are under way, and whether it is closed. */
  private volatile int state;

  HeldLease(LoadedVersion of, int stripe, LongAdder dropped) {
    this.of = of;
    this.stripe = stripe;
    this.dropped = dropped;
  }

  private void begin() {
    if (((int) STATE.getAndAdd(this, 1) & CLOSED) != 0) {
      end();
      throw returned();
    }
  }

  private void end() {
    if ((int) STATE.getAndAdd(this, -1) == CLOSED + 1) {
      giveBack();
    }
  }

  /** Late calls may find it closed and unused again; it is given back once. */
  private void giveBack() {
    if (STATE.compareAndSet(this, CLOSED, CLOSED | CLOSED >> 1)) {
      of.release(stripe);
    }
  }

  @Override
  public ModelVersion version() {
    if (!isOpen()) {
      throw returned();
    }
    return of.version();
  }

  private static IllegalStateException returned() {
    return new IllegalStateException("this lease has been returned; take another one");
  }

  @Override
  public void predict(double[] features, double[] out) {
    begin();
    try {
      of.predict(features, out);
    } finally {
      end();
    }
  }

  @Override
  public void predict(float[] features, float[] out) {
    begin();
    try {
      of.predict(features, out);
    } finally {
      end();
    }
  }

  @Override
  public void predictBatch(double[] rows, int count, double[] out) {
    begin();
    try {
      of.predictBatch(rows, count, out);
    } finally {
      end();
    }
  }

  @Override
  public double[] predict(Map<String, ? extends @Nullable Object> row) {
    begin();
    try {
      return of.predict(row, dropped);
    } finally {
      end();
    }
  }

  @Override
  public double[][] predictColumns(Map<String, ?> columns) {
    begin();
    try {
      return of.predictColumns(columns, dropped);
    } finally {
      end();
    }
  }

  @Override
  public void close() {
    if (STATE.compareAndSet(this, 0, CLOSED | CLOSED >> 1)) {
      of.release(stripe); // the usual case: no call is under way
      return;
    }
    if (((int) STATE.getAndBitwiseOr(this, CLOSED) & CLOSED) == 0 && state == CLOSED) {
      giveBack();
    }
  }

  boolean isOf(LoadedVersion version) {
    return of == version;
  }

  boolean isOpen() {
    return (state & CLOSED) == 0;
  }
}
