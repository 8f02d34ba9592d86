package io.plumbline.serving.internal;

import io.plumbline.internal.Time;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.LiveEvent;
import io.plumbline.serving.internal.LiveModels.Options;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The loaded versions of a live model: the one that serves, those that are kept warm, and those
 * that are being closed. Publishing is one write; nothing is closed while it is leased.
 */
final class Versions {
  private final Options options;
  private final Events events;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LeaseTraces traces = new LeaseTraces();
  private final Deque<LoadedVersion> warm = new ArrayDeque<>();
  private final Set<LoadedVersion> retiring = ConcurrentHashMap.newKeySet();
  private volatile @Nullable LoadedVersion current;
  private volatile @Nullable Instant since;
  private volatile boolean closed;

  Versions(Options options, Events events, Time time) {
    this.options = options;
    this.events = events;
    this.time = time;
  }

  /** Returns the version that serves, or null. */
  @Nullable LoadedVersion current() {
    return current;
  }

  @Nullable Instant since() {
    return since;
  }

  List<ModelVersion> warm() {
    lock.lock();
    try {
      List<ModelVersion> all = new ArrayList<>();
      warm.forEach(version -> all.add(version.version()));
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many leases are out. */
  long leases() {
    lock.lock();
    try {
      LoadedVersion serving = current;
      long leases = serving == null ? 0 : serving.active();
      for (LoadedVersion version : warm) {
        leases += version.active();
      }
      for (LoadedVersion version : retiring) {
        leases += version.active();
      }
      return leases;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the memory that all loaded versions take, by estimate. */
  long memory() {
    lock.lock();
    try {
      LoadedVersion serving = current;
      long bytes = serving == null ? 0 : serving.memory();
      for (LoadedVersion version : warm) {
        bytes += version.memory();
      }
      for (LoadedVersion version : retiring) {
        bytes += version.memory();
      }
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  // ---- exchanging

  /** Lets a version serve. The one before stays warm, as far as that was asked for. */
  void publish(LoadedVersion fresh, String reason) {
    LoadedVersion before;
    List<LoadedVersion> old = new ArrayList<>();
    lock.lock();
    try {
      if (closed) {
        old.add(fresh);
        before = null;
      } else {
        before = current;
        current = fresh;
        since = Instant.ofEpochMilli(time.millis());
        if (before != null) {
          warm.addFirst(before);
        }
        while (warm.size() > options.keepWarm) {
          old.add(warm.removeLast());
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (!closed) {
      events.tell(LiveEvent.Kind.SWAPPED, fresh.version(), version(before), reason);
    }
    old.forEach(this::retire);
  }

  private static @Nullable ModelVersion version(@Nullable LoadedVersion loaded) {
    return loaded == null ? null : loaded.version();
  }

  /**
   * Goes back to a warm version: one write. The one that has served stays warm in its place, so
   * that a mistake can be mended.
   *
   * @param wanted which, or null for the one that served last
   * @return the version, or null if it is not warm
   */
  @Nullable ModelVersion back(@Nullable ModelVersion wanted, String reason) {
    LoadedVersion before;
    LoadedVersion target = null;
    lock.lock();
    try {
      for (LoadedVersion version : warm) {
        if (wanted == null || isSame(version.version(), wanted)) {
          target = version;
          break;
        }
      }
      if (target == null || closed) {
        return null;
      }
      before = current;
      warm.remove(target);
      if (before != null) {
        warm.addLast(before);
      }
      current = target;
      since = Instant.ofEpochMilli(time.millis());
    } finally {
      lock.unlock();
    }
    events.tell(LiveEvent.Kind.ROLLED_BACK, target.version(), version(before), reason);
    return target.version();
  }

  /** Whether two pictures are of one version: their tags and aliases may differ. */
  static boolean isSame(ModelVersion a, ModelVersion b) {
    return a.name().equals(b.name()) && a.version() == b.version() && a.digest().equals(b.digest());
  }

  /** Takes all versions away, so that a new one finds the memory; returns the one that served. */
  @Nullable LoadedVersion clear() {
    LoadedVersion before;
    List<LoadedVersion> old;
    lock.lock();
    try {
      before = current;
      current = null;
      old = new ArrayList<>(warm);
      warm.clear();
      if (before != null) {
        old.add(before);
      }
    } finally {
      lock.unlock();
    }
    old.forEach(this::retire);
    return before;
  }

  private void retire(LoadedVersion version) {
    retiring.add(version);
    version.retire();
    if (retiring.contains(version)) {
      LeaseAlarm.watch(version, this, options, events);
    }
  }

  LeaseTraces traces() {
    return traces;
  }

  boolean isRetiring(LoadedVersion version) {
    return retiring.contains(version);
  }

  /** Called when a version's last lease has been returned and its model is closed. */
  void closed(LoadedVersion version, @Nullable RuntimeException failure) {
    lock.lock();
    try {
      retiring.remove(version);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    events.tell(
        LiveEvent.Kind.CLOSED,
        version.version(),
        null,
        failure == null ? "" : "its close has failed: " + failure);
  }

  // ---- waiting

  /**
   * Waits for a version that serves.
   *
   * @return null if there is none within the time, or this is closed
   */
  @Nullable LoadedVersion await(long nanos) {
    return await(nanos, () -> current != null) ? current : null;
  }

  /** Waits until no version is being closed; returns whether that was so within the time. */
  boolean awaitRetired(long nanos) {
    return await(nanos, retiring::isEmpty);
  }

  private boolean await(long nanos, java.util.function.BooleanSupplier condition) {
    long left = nanos;
    boolean interrupted = false;
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0 || interrupted) {
          return false;
        }
        try {
          left = changed.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Gives no leases any more. */
  void close() {
    closed = true;
    clear();
  }
}
