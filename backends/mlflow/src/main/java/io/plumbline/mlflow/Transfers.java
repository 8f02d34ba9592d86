package io.plumbline.mlflow;

import io.plumbline.TransportException;
import io.plumbline.internal.Threads;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Transfers several files, or parts of one, at the same time: four at most, whoever asks. The
 * threads end when nothing was to be done for some seconds.
 *
 * <p>Parts of a file need an instance of their own: a file that waits for its parts would take the
 * thread that they need.
 */
final class Transfers implements AutoCloseable {
  /** How many are under way at the same time. */
  static final int AT_ONCE = 4;

  private final ThreadPoolExecutor pool;

  /**
   * Makes it; there is no thread yet.
   *
   * @param name what the threads are called
   */
  Transfers(String name) {
    pool =
        new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            2,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.factory(name));
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * Does all of that, and waits. The first failure stops the others, and is thrown when none of
   * them is under way any more.
   */
  void all(List<Runnable> tasks) {
    if (tasks.size() == 1) {
      tasks.get(0).run();
      return;
    }
    Batch batch = new Batch(tasks);
    try {
      for (int i = 0; i < Math.min(AT_ONCE, tasks.size()); i++) {
        pool.execute(new Worker(batch));
      }
    } catch (RejectedExecutionException e) {
      batch.fail(closed());
    }
    batch.await();
  }

  /** Returns how many threads' turns at a batch have not begun, for tests. */
  int waiting() {
    return pool.getQueue().size();
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("this backend is closed; open another one");
  }

  @Override
  public void close() {
    // Who waits for one that has not begun would wait for ever.
    for (Runnable waiting : pool.shutdownNow()) {
      if (waiting instanceof Worker worker) {
        worker.batch().fail(closed());
      }
    }
  }

  /** One of the threads' turns at a batch. */
  private record Worker(Batch batch) implements Runnable {
    @Override
    public void run() {
      batch.work();
    }
  }

  private static final class Batch {
    private final List<Runnable> tasks;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Thread> working = new HashSet<>();
    private int next;
    private int done;
    private @Nullable Throwable failure;

    Batch(List<Runnable> tasks) {
      this.tasks = tasks;
    }

    void work() {
      for (Runnable task = take(); task != null; task = take()) {
        Throwable thrown = null;
        try {
          task.run();
        } catch (RuntimeException | Error e) {
          thrown = e;
        }
        leave(thrown);
      }
    }

    private @Nullable Runnable take() {
      lock.lock();
      try {
        if (failure != null || next == tasks.size()) {
          return null;
        }
        working.add(Thread.currentThread());
        return tasks.get(next++);
      } finally {
        lock.unlock();
      }
    }

    private void leave(@Nullable Throwable thrown) {
      lock.lock();
      try {
        working.remove(Thread.currentThread());
        // In one step: who waits must not see that all is done before it sees what has failed.
        if (thrown != null) {
          fail(thrown);
        }
        done++;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      // The interrupt was for this batch; the thread's next one knows nothing of it.
      Thread.interrupted();
    }

    void fail(Throwable thrown) {
      lock.lock();
      try {
        if (failure == null) {
          failure = thrown;
          working.forEach(Thread::interrupt);
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void await() {
      boolean interrupted = false;
      lock.lock();
      try {
        while (failure == null ? done < tasks.size() : !working.isEmpty()) {
          try {
            changed.await();
          } catch (InterruptedException e) {
            interrupted = true;
            fail(new TransportException("interrupted while files were transferred", e));
          }
        }
      } finally {
        lock.unlock();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      rethrow(failure);
    }

    private static void rethrow(@Nullable Throwable thrown) {
      if (thrown instanceof RuntimeException e) {
        throw e;
      }
      if (thrown instanceof Error e) {
        throw e;
      }
    }
  }
}
