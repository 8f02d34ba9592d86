package io.plumbline.serving.internal;

import io.plumbline.IncompatibleModelException;
import io.plumbline.PlumblineException;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.FetchedModel;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.ModelWatch;
import io.plumbline.serving.LiveEvent;
import io.plumbline.serving.LiveStatus;
import io.plumbline.serving.LiveStatus.State;
import io.plumbline.serving.StartMode;
import io.plumbline.serving.SwapPolicy;
import io.plumbline.serving.internal.LiveModels.Options;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a reference on a thread of its own: takes the version that it resolves to, if it passes
 * its checks, and keeps the one that serves if it does not.
 */
final class Follower {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");
  private static final long PATIENCE_MILLIS = 5_000;
  private static final long LONGEST_NAP = TimeUnit.MINUTES.toNanos(1);

  private final ModelRegistry registry;
  private final ModelRef ref;
  private final Options options;
  private final VersionLoader loader;
  private final Versions versions;
  private final Events events;
  private final Rejections rejections = new Rejections(Time.SYSTEM);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private @Nullable ModelWatch watch;
  private @Nullable Thread thread;
  private boolean awake;
  private long steps;
  private volatile boolean pinned;
  private volatile boolean closed;
  private volatile String problem = "";
  private volatile @Nullable RuntimeException failure;
  private State told = State.STARTING;

  Follower(
      ModelRegistry registry,
      ModelRef ref,
      Options options,
      VersionLoader loader,
      Versions versions,
      Events events) {
    this.registry = registry;
    this.ref = ref;
    this.options = options;
    this.loader = loader;
    this.versions = versions;
    this.events = events;
  }

  // ---- the start

  /** Begins to follow, and waits as the start mode says. */
  void start() {
    watch = registry.watch(ref, (before, now) -> wake());
    thread = Threads.daemon("live-model", this::run);
    thread.start();
    switch (options.start) {
      case LAZY -> {
        // The first request waits.
      }
      default -> awaitFirst();
    }
  }

  private void awaitFirst() {
    long deadline = System.nanoTime() + options.startTimeout.toNanos();
    while (versions.current() == null) {
      RuntimeException why = failure;
      if (why != null) {
        throw why;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw notReady();
      }
      versions.await(Math.min(left, 5_000_000));
      if (Thread.currentThread().isInterrupted()) {
        throw new IllegalStateException("interrupted while " + ref + " was being loaded");
      }
    }
  }

  /** Says why no version serves. */
  IllegalStateException notReady() {
    if (closed) {
      return new IllegalStateException("the live model of " + ref + " is closed; open another one");
    }
    return new IllegalStateException(
        "no version of "
            + ref
            + " serves after "
            + options.startTimeout.toMillis()
            + " ms: "
            + (problem.isEmpty() ? "the first one is still being loaded" : problem));
  }

  // ---- the thread

  private void wake() {
    lock.lock();
    try {
      awake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    if (options.start == StartMode.LAST_KNOWN_GOOD) {
      takeLastKnownGood("the start");
    }
    while (!closed) {
      long pause;
      try {
        pause = step();
      } catch (RuntimeException | Error e) {
        LOG.warn("following {} goes on after a failure: {}", ref, e.toString());
        problem = e.toString();
        pause = LONGEST_NAP;
      }
      tellState();
      nap(pause);
    }
  }

  private void nap(long nanos) {
    lock.lock();
    try {
      steps++;
      woken.signalAll();
      long left = Math.min(nanos, LONGEST_NAP);
      while (!awake && !closed && left > 0) {
        left = woken.awaitNanos(left);
      }
      awake = false;
    } catch (InterruptedException e) {
      LOG.debug("nobody interrupts this thread on purpose: {}", e.toString());
    } finally {
      lock.unlock();
    }
  }

  private ModelWatch watch() {
    ModelWatch following = watch;
    if (following == null) {
      throw new IllegalStateException("not started");
    }
    return following;
  }

  /** Does what there is to do, and returns in how many nanoseconds there may be more. */
  private long step() {
    ModelWatch.Status seen = watch().status();
    ModelVersion target = seen.resolved();
    if (pinned) {
      return LONGEST_NAP;
    }
    if (target == null) {
      problem = seen.reason();
      if (seen.state() == ModelWatch.State.FAILED && versions.current() == null) {
        unresolved(seen);
      }
      return LONGEST_NAP;
    }
    LoadedVersion serving = versions.current();
    boolean gone = seen.state() == ModelWatch.State.STALE && seen.failures() == 0;
    if (gone) {
      problem = seen.reason();
      leaveQuarantined(serving);
      return LONGEST_NAP;
    }
    if (serving != null && Versions.isSame(serving.version(), target)) {
      problem = seen.state() == ModelWatch.State.STALE ? seen.reason() : "";
      return LONGEST_NAP;
    }
    if (versions.back(target, ref + " points to it again") != null) {
      problem = "";
      return LONGEST_NAP;
    }
    if (!rejections.bars(target)) {
      take(target);
    }
    return rejections.pause(target);
  }

  /** The registry has not answered, or has no such thing: what was good before may serve. */
  private void unresolved(ModelWatch.Status seen) {
    boolean away = seen.failures() > 0;
    boolean mayTake = options.start != StartMode.FAIL_FAST;
    if (mayTake && takeLastKnownGood(seen.reason())) {
      return;
    }
    if (options.start == StartMode.FAIL_FAST) {
      failure = new IllegalStateException(ref + " can't be resolved: " + seen.reason());
    } else if (!away) {
      LOG.debug("{} resolves to nothing yet: {}", ref, seen.reason());
    }
  }

  private boolean takeLastKnownGood(String why) {
    try {
      Optional<FetchedModel> good = registry.lastKnownGood(ref);
      if (good.isEmpty() || rejections.bars(good.get().version())) {
        return false;
      }
      versions.publish(
          loader.load(good.get(), versions::closed), "the last version that was good: " + why);
      return true;
    } catch (PlumblineException e) {
      LOG.warn("the last good version of {} can't be loaded: {}", ref, e.getMessage());
      return false;
    }
  }

  /** A quarantined version should not serve on, if an earlier one is warm and may be used. */
  private void leaveQuarantined(@Nullable LoadedVersion serving) {
    if (serving == null || !serving.version().registered()) {
      return;
    }
    try {
      ModelVersion now = registry.version(serving.version().name(), serving.version().version());
      if (now.quarantine().isEmpty()) {
        return;
      }
      for (ModelVersion earlier : versions.warm()) {
        if (registry.version(earlier.name(), earlier.version()).usable()) {
          versions.back(earlier, now.uri() + " is quarantined: " + now.quarantine().get());
          return;
        }
      }
    } catch (PlumblineException e) {
      LOG.debug("whether {} is quarantined can't be asked now: {}", serving, e.toString());
    }
  }

  // ---- taking a version

  private void take(ModelVersion target) {
    try {
      FetchedModel fetched = registry.fetch(target);
      if (options.policy == SwapPolicy.RESOURCE) {
        replace(fetched);
      } else {
        refuseOverBudget(target, versions.memory() + fetched.model().size());
        publish(target, loader.load(fetched, versions::closed));
      }
    } catch (PlumblineException | IllegalArgumentException e) {
      reject(target, e);
    }
  }

  private void publish(ModelVersion target, LoadedVersion loaded) {
    long memory = loaded.memory() + versions.memory();
    if (memory > options.memoryBudget) {
      loaded.retire();
      refuseOverBudget(target, memory);
    }
    problem = ""; // before it serves: who sees its answers should see that all is well
    rejections.forget(target);
    versions.publish(loaded, ref + " points to it");
    try {
      registry.rememberGood(ref, target);
    } catch (PlumblineException e) {
      LOG.warn("{} serves, but is not remembered as good: {}", target, e.getMessage());
    }
  }

  private void refuseOverBudget(ModelVersion target, long bytes) {
    if (bytes > options.memoryBudget) {
      throw new IncompatibleModelException(
          target.uri()
              + " would bring the loaded versions to "
              + bytes
              + " bytes, over the budget of "
              + options.memoryBudget
              + "; raise it, keep fewer versions warm, or choose SwapPolicy.RESOURCE");
    }
  }

  /** Closes what serves before the new one is loaded, and loads it again if that one fails. */
  private void replace(FetchedModel fetched) {
    LoadedVersion before = versions.clear();
    versions.awaitRetired(options.leaseAlarm.toNanos());
    try {
      refuseOverBudget(fetched.version(), versions.memory() + fetched.model().size());
      publish(fetched.version(), loader.load(fetched, versions::closed));
    } catch (PlumblineException | IllegalArgumentException e) {
      if (before != null) {
        FetchedModel old = registry.fetch(before.version());
        versions.publish(loader.load(old, versions::closed), "the new version was rejected");
      }
      throw e;
    }
  }

  private void reject(ModelVersion target, RuntimeException cause) {
    rejections.add(target, cause);
    LoadedVersion serving = versions.current();
    problem = target.uri() + " was rejected: " + cause.getMessage();
    events.tell(
        LiveEvent.Kind.REJECTED,
        target,
        serving == null ? null : serving.version(),
        String.valueOf(cause.getMessage()));
    boolean mayTake = options.start != StartMode.FAIL_FAST;
    if (serving == null && !(mayTake && takeLastKnownGood(problem))) {
      failure = rejections.pause(target) == Long.MAX_VALUE || !mayTake ? cause : null;
    }
  }

  // ---- what others ask for

  boolean pinned() {
    return pinned;
  }

  void pin(boolean stay) {
    pinned = stay;
    wake();
  }

  boolean refresh(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    rejections.clear();
    return watch().refresh(timeout) && awaitStep(deadline);
  }

  /** Waits for a step that began after now: the one under way may not have seen the news. */
  private boolean awaitStep(long deadline) {
    lock.lock();
    try {
      long wanted = steps + 1;
      awake = true;
      woken.signalAll();
      while (steps < wanted || awake) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || closed) {
          return false;
        }
        long unused = woken.awaitNanos(Math.min(left, 1_000_000));
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  LiveStatus status(long dropped) {
    LoadedVersion serving = versions.current();
    ModelWatch.Status seen = watch == null ? null : watch().status();
    State state = state(serving, seen);
    String reason = problem;
    if (state == State.CLOSED) {
      reason = "it was closed";
    } else if (pinned && reason.isEmpty()) {
      reason = "pinned";
    } else if (state == State.STALE && reason.isEmpty() && seen != null) {
      reason = seen.reason(); // which the following thread has not seen yet
    }
    return new LiveStatus(
        state,
        reason,
        serving == null ? null : serving.version(),
        versions.since(),
        versions.warm(),
        rejections.reasons(),
        pinned,
        seen == null ? null : seen.confirmed(),
        versions.leases(),
        dropped);
  }

  private State state(@Nullable LoadedVersion serving, ModelWatch.@Nullable Status seen) {
    if (closed) {
      return State.CLOSED;
    }
    if (serving == null) {
      return problem.isEmpty() ? State.STARTING : State.FAILED;
    }
    if (pinned) {
      return State.READY;
    }
    return problem.isEmpty() && seen != null && seen.state() == ModelWatch.State.READY
        ? State.READY
        : State.STALE;
  }

  private void tellState() {
    State now = state(versions.current(), watch().status());
    if (now != told) {
      told = now;
      LoadedVersion serving = versions.current();
      events.tell(
          LiveEvent.Kind.STATE,
          serving == null ? null : serving.version(),
          null,
          now + (problem.isEmpty() ? "" : ": " + problem));
    }
  }

  void close() {
    closed = true;
    if (watch != null) {
      watch().close();
    }
    wake();
    awaitEnd();
  }

  /** What is being loaded just now is closed by who has loaded it: that is worth a moment. */
  private void awaitEnd() {
    Thread following = thread;
    if (following == null || following == Thread.currentThread()) {
      return;
    }
    try {
      following.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
