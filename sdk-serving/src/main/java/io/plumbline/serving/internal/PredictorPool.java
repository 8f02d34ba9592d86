package io.plumbline.serving.internal;

import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives each call a predictor as the loaded model allows: the one for all, one for each call at a
 * time, or the only one in turn. Opened as they are needed, up to a bound; beyond it calls wait.
 */
final class PredictorPool {
  /** 16 references are a cache line at least. */
  private static final int SPREAD = 16;

  private final LoadedModel model;
  private final @Nullable Predictor shared;
  private final int most;
  private final AtomicReferenceArray<@Nullable Predictor> idle;
  private final int mask;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();
  private final List<Predictor> opened = new ArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Makes a pool.
   *
   * @param most how many predictors may be open, where each serves one call at a time
   */
  PredictorPool(LoadedModel model, int most) {
    this.model = model;
    this.most = model.concurrency() == LoadedModel.Concurrency.PER_THREAD ? Math.max(1, most) : 1;
    int slots = Integer.highestOneBit(Math.max(1, this.most * 2 - 1));
    this.idle = new AtomicReferenceArray<>((slots + 1) * SPREAD);
    this.mask = slots - 1;
    this.shared = model.concurrency() == LoadedModel.Concurrency.SHARED ? open() : null;
  }

  private Predictor open() {
    Predictor fresh = model.open();
    opened.add(fresh);
    return fresh;
  }

  private int slot(int from, int i) {
    return (((from + i) & mask) + 1) * SPREAD;
  }

  private static int home() {
    return (int) Thread.currentThread().getId();
  }

  /** Takes a predictor, to be returned by {@link #release}. */
  Predictor acquire() {
    if (shared != null) {
      return shared;
    }
    Predictor free = poll();
    return free == null ? openOrWait() : free;
  }

  private @Nullable Predictor poll() {
    int home = home();
    for (int i = 0; i <= mask; i++) {
      int at = slot(home, i);
      if (idle.get(at) != null) {
        Predictor free = idle.getAndSet(at, null);
        if (free != null) {
          return free;
        }
      }
    }
    return null;
  }

  private Predictor openOrWait() {
    lock.lock();
    try {
      waiting.incrementAndGet();
      while (true) {
        Predictor free = poll();
        if (free != null) {
          return free;
        }
        if (opened.size() < most) {
          return open();
        }
        returned.awaitUninterruptibly();
      }
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /** Gives a predictor back. */
  void release(Predictor predictor) {
    if (shared != null) {
      return;
    }
    int home = home();
    for (int i = 0; ; i++) {
      if (idle.compareAndSet(slot(home, i), null, predictor)) {
        break;
      }
    }
    if (waiting.get() > 0) {
      wake();
    }
  }

  private void wake() {
    lock.lock();
    try {
      returned.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Closes all predictors and the model. None may be in use. */
  void close() {
    RuntimeException failure = null;
    for (Predictor predictor : opened) {
      failure = close(predictor, failure);
    }
    failure = close(model, failure);
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable RuntimeException close(
      AutoCloseable what, @Nullable RuntimeException before) {
    try {
      what.close();
      return before;
    } catch (RuntimeException e) {
      return e;
    } catch (Exception e) {
      return new IllegalStateException(e);
    }
  }
}
