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
  private final long patience;
  private final AtomicReferenceArray<@Nullable Predictor> idle;
  private final int mask;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();
  private final List<Predictor> opened = new ArrayList<>();
  private int places;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Makes a pool.
   *
   * @param most how many predictors may be open, where each serves one call at a time
   * @param patience how many nanoseconds a call waits for one
   */
  PredictorPool(LoadedModel model, int most, long patience) {
    this.model = model;
    this.patience = patience;
    this.most = model.concurrency() == LoadedModel.Concurrency.PER_THREAD ? Math.max(1, most) : 1;
    int slots = Integer.highestOneBit(Math.max(1, this.most * 2 - 1));
    this.idle = new AtomicReferenceArray<>((slots + 1) * SPREAD);
    this.mask = slots - 1;
    this.shared = model.concurrency() == LoadedModel.Concurrency.SHARED ? open() : null;
  }

  /** Opens one without the lock: it may take long, and others may be given back meanwhile. */
  private Predictor open() {
    Predictor fresh = null;
    try {
      fresh = model.open();
      return fresh;
    } finally {
      lock.lock();
      try {
        if (fresh == null) {
          places--;
          returned.signal();
        } else {
          opened.add(fresh);
        }
      } finally {
        lock.unlock();
      }
    }
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
    if (free == null) {
      free = awaitFreeOrPlace();
    }
    return free == null ? open() : free;
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

  /** Waits for a predictor that is given back, or the right to open one: null. */
  private @Nullable Predictor awaitFreeOrPlace() {
    long left = patience;
    lock.lock();
    try {
      waiting.incrementAndGet();
      while (true) {
        Predictor free = poll();
        if (free != null) {
          return free;
        }
        if (places < most) {
          places++;
          return null;
        }
        if (left <= 0) {
          throw new IllegalStateException(
              "all "
                  + most
                  + " predictors were in use for "
                  + patience / 1_000_000
                  + " ms; raise predictors or predictorTimeout, or send fewer calls at a time");
        }
        left = returned.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "interrupted while all " + most + " predictors were in use", e);
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

  /**
   * Closes all predictors and the model. None may be in use.
   *
   * @return what has failed first, or null
   */
  @Nullable Throwable close() {
    Throwable failure = null;
    for (Predictor predictor : opened) {
      failure = close(predictor, failure);
    }
    return close(model, failure);
  }

  private static @Nullable Throwable close(AutoCloseable what, @Nullable Throwable before) {
    try {
      what.close();
      return before;
    } catch (Throwable e) { // whatever native code throws: the others are to be closed
      return before == null ? e : before;
    }
  }
}
