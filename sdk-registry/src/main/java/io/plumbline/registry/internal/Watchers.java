package io.plumbline.registry.internal;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelWatch;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The watches of one registry, on one thread, which is started with the first of them. */
final class Watchers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.registry");

  private final Function<ModelRef, ModelVersion> resolve;
  private final Duration interval;
  private final Duration stale;
  private final Time time;
  private final Set<Watch> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ScheduledThreadPoolExecutor thread;
  private boolean closed;

  Watchers(Function<ModelRef, ModelVersion> resolve, Duration interval, Duration stale, Time time) {
    this.resolve = resolve;
    this.interval = interval;
    this.stale = stale;
    this.time = time;
  }

  ModelWatch watch(ModelRef ref, ModelWatch.Listener listener) {
    Watch watch =
        new Watch(Objects.requireNonNull(ref, "ref"), Objects.requireNonNull(listener, "listener"));
    open.add(watch);
    watch.begin(thread());
    return watch;
  }

  private ScheduledThreadPoolExecutor thread() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("this registry is closed; open another one");
      }
      ScheduledThreadPoolExecutor running = thread;
      if (running == null) {
        running = new ScheduledThreadPoolExecutor(1, Threads.factory("registry-watch"));
        running.setRemoveOnCancelPolicy(true);
        thread = running;
      }
      return running;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (thread != null) {
        thread.shutdownNow();
      }
    } finally {
      lock.unlock();
    }
    open.forEach(Watch::close);
  }

  /** One watch. What changes of its state belongs to the thread; others see the status. */
  private final class Watch implements ModelWatch {
    private final ModelRef ref;
    private final Listener listener;
    private final WatchState state =
        new WatchState(interval, stale, time, () -> ThreadLocalRandom.current().nextDouble());
    private final ReentrantLock nextLock = new ReentrantLock();
    private volatile Status status = state.status();
    private volatile long due = time.nanos();
    private @Nullable ScheduledThreadPoolExecutor on;
    private @Nullable Future<?> next;
    private boolean nextIsNow;
    private boolean ended;
    private boolean asked;
    private volatile @Nullable Thread watching;

    Watch(ModelRef ref, Listener listener) {
      this.ref = ref;
      this.listener = listener;
    }

    void begin(ScheduledThreadPoolExecutor executor) {
      on = executor;
      Future<?> unused = schedule(Duration.ZERO);
    }

    /** Schedules the next question; one that waits already gives way only to one at once. */
    private @Nullable Future<?> schedule(Duration pause) {
      nextLock.lock();
      try {
        ScheduledThreadPoolExecutor executor = on;
        if (ended || executor == null) {
          return null;
        }
        if (next != null) {
          if (!pause.isZero() || nextIsNow) {
            return next; // one question serves all who wait for an answer from now on
          }
          next.cancel(false);
        }
        nextIsNow = pause.isZero();
        due = time.nanos() + pause.toNanos();
        next = executor.schedule(this::ask, pause.toNanos(), TimeUnit.NANOSECONDS);
        return next;
      } catch (RejectedExecutionException e) {
        LOG.debug("{} is watched no more: the registry is closed", ref);
        return null;
      } finally {
        nextLock.unlock();
      }
    }

    private void forgetNext() {
      nextLock.lock();
      try {
        watching = Thread.currentThread();
        next = null;
        nextIsNow = false;
      } finally {
        nextLock.unlock();
      }
    }

    private void ask() {
      forgetNext(); // this is it
      Status before = status;
      try {
        state.resolved(resolve.apply(ref));
      } catch (NotFoundException | ConflictException e) {
        state.gone(String.valueOf(e.getMessage()));
      } catch (Throwable e) { // an Error too: the next question may find a better world
        LOG.debug("{} can't be resolved now: {}", ref, e.toString());
        state.failed(e.toString());
      }
      publish(before, state.status());
      Future<?> unused = schedule(asked ? state.pause() : state.firstPause());
      asked = true;
    }

    private void publish(Status before, Status now) {
      nextLock.lock();
      try {
        if (ended) {
          return;
        }
        status = now;
      } finally {
        nextLock.unlock();
      }
      boolean news =
          before.state() != now.state()
              || !before.reason().equals(now.reason())
              || !Objects.equals(before.resolved(), now.resolved());
      if (news) {
        tell(before, now);
      }
    }

    private void tell(Status before, Status now) {
      try {
        listener.changed(before, now);
      } catch (Throwable e) {
        LOG.warn("a listener of {} has failed: {}", ref, e.toString());
      }
    }

    @Override
    public ModelRef ref() {
      return ref;
    }

    @Override
    public Status status() {
      return state.seen(status, Duration.ofNanos(Math.max(0, time.nanos() - due)));
    }

    @Override
    public boolean refresh(Duration timeout) {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        Future<?> asking = schedule(Duration.ZERO);
        if (asking == null) {
          return false;
        }
        if (Thread.currentThread() == watching) {
          return true; // a listener: it can't wait for its own thread
        }
        try {
          asking.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
          return true;
        } catch (CancellationException e) {
          LOG.debug("another refresh of {} was faster", ref); // whose answer may be too early
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        } catch (ExecutionException | TimeoutException e) {
          return false;
        }
      }
    }

    @Override
    public void close() {
      nextLock.lock();
      try {
        if (ended) {
          return;
        }
        ended = true;
        if (next != null) {
          next.cancel(false);
        }
        Status last = status;
        status =
            new Status(
                State.CLOSED,
                "it was closed",
                last.resolved(),
                java.time.Instant.ofEpochMilli(time.millis()),
                last.confirmed(),
                last.failures(),
                last.gone());
      } finally {
        nextLock.unlock();
      }
      open.remove(this);
    }

    @Override
    public String toString() {
      return "ModelWatch[" + ref + ", " + status.state() + "]";
    }
  }
}
