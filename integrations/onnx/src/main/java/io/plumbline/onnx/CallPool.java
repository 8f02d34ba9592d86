package io.plumbline.onnx;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Keeps calls for the next one who predicts. Nobody waits for anybody: a thread looks for one from
 * a place of its own on, and makes one if there is none; at most {@value #SIZE} are kept.
 */
final class CallPool implements AutoCloseable {
  private static final int SIZE = 16;

  private final Supplier<Call> maker;
  private final AtomicReferenceArray<Call> places = new AtomicReferenceArray<>(SIZE);
  private volatile boolean closed;

  CallPool(Supplier<Call> maker) {
    this.maker = maker;
  }

  /**
   * Takes a call; who takes it gives it back.
   *
   * @throws IllegalStateException if the pool is closed
   */
  Call take() {
    if (closed) {
      throw new IllegalStateException("the predictor is closed");
    }
    int start = start();
    for (int i = 0; i < SIZE; i++) {
      int place = (start + i) % SIZE;
      Call call = places.get(place);
      if (call != null && places.compareAndSet(place, call, null)) {
        return call;
      }
    }
    return maker.get();
  }

  /** Takes a call back. */
  void give(Call call) {
    int start = start();
    for (int i = 0; i < SIZE && !closed; i++) {
      if (places.compareAndSet((start + i) % SIZE, null, call)) {
        if (closed) {
          close();
        }
        return;
      }
    }
    call.close();
  }

  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < SIZE; i++) {
      Call call = places.getAndSet(i, null);
      if (call != null) {
        call.close();
      }
    }
  }

  private static int start() {
    return (int) (Thread.currentThread().getId() & 0x7fffffff) % SIZE;
  }
}
