package io.plumbline.serving.internal;

import io.plumbline.model.ModelVersion;
import io.plumbline.serving.Lease;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A lease, of its own for each caller: a second close must not return another's. Its calls are
 * counted, so that a close by one thread does not take the model from under the call of another.
 */
final class HeldLease implements Lease {
  private static final VarHandle CLOSED;

  static {
    try {
      CLOSED = MethodHandles.lookup().findVarHandle(HeldLease.class, "closed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LoadedVersion of;
  private final int place;
  private final long token;
  private final LongAdder dropped;

  /** Only of a lease that is counted: one that has a place is closed by its token. */
  private volatile boolean closed;

  HeldLease(LoadedVersion of, int place, long token, LongAdder dropped) {
    this.of = of;
    this.place = place;
    this.token = token;
    this.dropped = dropped;
  }

  private void begin() {
    of.leases().begin(place);
    if (!isOpen()) {
      end();
      throw returned();
    }
  }

  private void end() {
    of.leases().end(place);
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
    if (token != Leases.COUNTED) {
      of.leases().giveBack(place, token);
    } else if (CLOSED.compareAndSet(this, false, true)) {
      of.leases().leave(place);
    }
  }

  VersionFacts facts() {
    return of.facts();
  }

  boolean isOf(LoadedVersion version) {
    return of == version;
  }

  boolean isOpen() {
    return token == Leases.COUNTED ? !closed : of.leases().isOut(place, token);
  }
}
