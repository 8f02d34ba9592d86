package io.plumbline.serving.internal;

import io.plumbline.internal.Time;
import io.plumbline.model.ModelVersion;
import io.plumbline.serving.LiveEvent;
import io.plumbline.serving.internal.LiveModels.Options;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
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

  /** What people have rolled back from: they do not want to come back to it. */
  private final Set<LoadedVersion> left = new HashSet<>();

  private volatile @Nullable LoadedVersion current;
  private volatile boolean pinned;
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
      long leases = serving == null ? 0 : serving.leases().active();
      for (LoadedVersion version : warm) {
        leases += version.leases().active();
      }
      for (LoadedVersion version : retiring) {
        leases += version.leases().active();
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
      return bytes + retiringMemory();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the memory of those that are being closed, and can't be while they are leased. */
  long retiringMemory() {
    long bytes = 0;
    for (LoadedVersion version : retiring) {
      bytes += version.memory();
    }
    return bytes;
  }

  // ---- exchanging

  /**
   * Lets a version serve. The one before stays warm, as far as that was asked for.
   *
   * @return false if another one was pinned meanwhile, or this is closed: then it is closed too
   */
  boolean publish(LoadedVersion fresh, String reason) {
    LoadedVersion before = null;
    List<LoadedVersion> old = new ArrayList<>();
    lock.lock();
    try {
      if (closed || pinned) {
        old.add(fresh);
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
      retiring.addAll(old); // at once: at every moment each version is counted somewhere
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean serves = !old.contains(fresh);
    if (serves) {
      events.tell(LiveEvent.Kind.SWAPPED, fresh.version(), version(before), reason);
    }
    old.forEach(this::retire);
    return serves;
  }

  private static @Nullable ModelVersion version(@Nullable LoadedVersion loaded) {
    return loaded == null ? null : loaded.version();
  }

  /**
   * Goes to a warm version, as the registry wishes: one write. The one that has served stays warm
   * in its place, so that a mistake can be mended.
   *
   * @return whether that was done: not if it is not warm, or another one is pinned
   */
  boolean back(ModelVersion wanted, String reason) {
    LoadedVersion before;
    LoadedVersion target;
    lock.lock();
    try {
      target = pinned || closed ? null : firstWarm(version -> isSame(version.version(), wanted));
      if (target == null) {
        return false;
      }
      before = exchange(target);
    } finally {
      lock.unlock();
    }
    events.tell(LiveEvent.Kind.ROLLED_BACK, target.version(), version(before), reason);
    return true;
  }

  /**
   * Goes back to the version that served last, and stays there, as a person wishes. The next one
   * goes further back, never to what was left.
   *
   * @return the version, or null if none is warm; then nothing has changed
   */
  @Nullable ModelVersion rollback(String reason) {
    LoadedVersion before;
    LoadedVersion target;
    lock.lock();
    try {
      target = closed ? null : firstWarm(version -> !left.contains(version));
      if (target == null) {
        return null;
      }
      before = exchange(target);
      if (before != null) {
        left.add(before);
      }
      pinned = true;
    } finally {
      lock.unlock();
    }
    events.tell(LiveEvent.Kind.ROLLED_BACK, target.version(), version(before), reason);
    return target.version();
  }

  private @Nullable LoadedVersion firstWarm(Predicate<LoadedVersion> wanted) {
    for (LoadedVersion version : warm) {
      if (wanted.test(version)) {
        return version;
      }
    }
    return null;
  }

  private @Nullable LoadedVersion exchange(LoadedVersion target) {
    LoadedVersion before = current;
    warm.remove(target);
    if (before != null) {
      warm.addLast(before);
    }
    current = target;
    since = Instant.ofEpochMilli(time.millis());
    return before;
  }

  /** Stays at the version that serves; returns it, or null if there is none. */
  @Nullable ModelVersion pin() {
    lock.lock();
    try {
      LoadedVersion serving = current;
      pinned = serving != null;
      return version(serving);
    } finally {
      lock.unlock();
    }
  }

  void unpin() {
    lock.lock();
    try {
      pinned = false;
      left.clear();
    } finally {
      lock.unlock();
    }
  }

  boolean isPinned() {
    return pinned;
  }

  /** Whether two pictures are of one version: their tags and aliases may differ. */
  static boolean isSame(ModelVersion a, ModelVersion b) {
    return a.name().equals(b.name()) && a.version() == b.version() && a.digest().equals(b.digest());
  }

  /**
   * Takes all versions away, so that a new one finds the memory.
   *
   * @return the one that served, or null; null too if it is pinned, and stays
   */
  @Nullable ModelVersion clear() {
    LoadedVersion before;
    List<LoadedVersion> old;
    lock.lock();
    try {
      if (pinned && !closed) {
        return null;
      }
      before = current;
      current = null;
      old = new ArrayList<>(warm);
      warm.clear();
      if (before != null) {
        old.add(before);
      }
      retiring.addAll(old);
    } finally {
      lock.unlock();
    }
    old.forEach(this::retire);
    return version(before);
  }

  private void retire(LoadedVersion version) {
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
  void closed(LoadedVersion version, @Nullable Throwable failure) {
    boolean served;
    lock.lock();
    try {
      served = retiring.remove(version);
      left.remove(version);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (!served && failure == null) {
      return; // it has failed a check, which is told elsewhere
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
    return await(nanos, () -> closed || current != null) ? current : null;
  }

  /** Waits until no version is being closed; returns whether that was so within the time. */
  boolean awaitRetired(long nanos) {
    return await(nanos, retiring::isEmpty);
  }

  private boolean await(long nanos, BooleanSupplier condition) {
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

  /**
   * Gives no leases any more, and waits until those that are out are returned.
   *
   * @return whether that was so within the time; the alarm is raised for each that was not
   */
  boolean close(long nanos) {
    closed = true;
    clear();
    lock.lock();
    try {
      changed.signalAll(); // those who wait for a version will get none
    } finally {
      lock.unlock();
    }
    boolean empty = awaitRetired(nanos);
    retiring.forEach(version -> LeaseAlarm.raise(version, this, events, "at the end"));
    return empty;
  }

  /** Tells the cache that the loaded versions are in use. */
  void touch() {
    lock.lock();
    try {
      LoadedVersion serving = current;
      if (serving != null) {
        serving.touch();
      }
      warm.forEach(LoadedVersion::touch);
    } finally {
      lock.unlock();
    }
  }
}
