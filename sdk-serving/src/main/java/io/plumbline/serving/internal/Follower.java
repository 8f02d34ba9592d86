package io.plumbline.serving.internal;

import io.plumbline.IncompatibleModelException;
import io.plumbline.NotFoundException;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a reference on a thread of its own: takes the version that it resolves to, if it passes
 * its checks, and keeps the one that serves if it does not.
 */
final class Follower {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");
  private static final long LONGEST_NAP = TimeUnit.MINUTES.toNanos(1);
  private static final long AGAIN = TimeUnit.SECONDS.toNanos(1);
  private static final long TOUCH_EVERY = TimeUnit.MINUTES.toNanos(10);

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
  private long begun;
  private long done;
  private long touched = System.nanoTime();

  /** What served before it made room for a version that can't be loaded, until something serves. */
  private @Nullable ModelVersion displaced;

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

  void wake() {
    lock.lock();
    try {
      awake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean first = options.start == StartMode.LAST_KNOWN_GOOD;
    while (!closed) {
      begin();
      long pause;
      try {
        if (first) {
          first = false;
          boolean unused = takeLastKnownGood("the start");
        }
        pause = step();
        tellState();
        touch();
      } catch (RuntimeException | Error e) {
        LOG.warn("following {} goes on after a failure: {}", ref, e.toString());
        problem = e.toString();
        pause = AGAIN;
      }
      nap(pause);
    }
  }

  private void begin() {
    lock.lock();
    try {
      begun++;
      awake = false;
    } finally {
      lock.unlock();
    }
  }

  private void touch() {
    if (System.nanoTime() - touched > TOUCH_EVERY) {
      touched = System.nanoTime();
      versions.touch();
    }
  }

  private void nap(long nanos) {
    lock.lock();
    try {
      done++;
      woken.signalAll();
      long left = Math.min(nanos, LONGEST_NAP);
      while (!awake && !closed && left > 0) {
        left = woken.awaitNanos(left);
      }
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
    if (versions.isPinned()) {
      return LONGEST_NAP;
    }
    LoadedVersion serving = versions.current();
    if (seen.gone() || target == null) {
      problem = seen.reason();
      if (serving != null) {
        leaveQuarantined(serving);
      } else if (displaced != null) {
        return restoreDisplaced() ? LONGEST_NAP : AGAIN;
      } else if (seen.gone() || seen.state() == ModelWatch.State.FAILED) {
        unresolved(seen);
      }
      // Nobody wakes this thread when the first answer does not come.
      return seen.state() == ModelWatch.State.STARTING ? AGAIN : LONGEST_NAP;
    }
    if (serving != null && Versions.isSame(serving.version(), target)) {
      problem = seen.state() == ModelWatch.State.STALE ? seen.reason() : "";
      return LONGEST_NAP;
    }
    if (versions.back(target, ref + " points to it again")) {
      problem = "";
      rememberGood(target);
      return LONGEST_NAP;
    }
    if (!rejections.bars(target)) {
      take(target);
    }
    return restoreDisplaced() ? rejections.pause(target) : AGAIN;
  }

  /**
   * Nothing serves. If the registry is silent, what was good before may serve; if it says that
   * there is nothing, that is final for those who wait for the start.
   */
  private void unresolved(ModelWatch.Status seen) {
    boolean failFast = options.start == StartMode.FAIL_FAST;
    if (!seen.gone() && !failFast && takeLastKnownGood(seen.reason())) {
      return;
    }
    if (seen.gone() || failFast) {
      String why = ref + " can't be resolved: " + seen.reason();
      failure = seen.gone() ? new NotFoundException(why) : new IllegalStateException(why);
    }
  }

  private boolean takeLastKnownGood(String why) {
    return takeLastKnownGood(why, version -> true); // there is nobody to ask
  }

  private boolean takeLastKnownGood(String why, Predicate<ModelVersion> mayServe) {
    try {
      Optional<FetchedModel> good = registry.lastKnownGood(ref);
      if (good.isEmpty()
          || rejections.bars(good.get().version())
          || !mayServe.test(good.get().version())) {
        return false;
      }
      return versions.publish(
          loader.load(good.get(), versions::closed), "the last version that was good: " + why);
    } catch (RuntimeException e) {
      LOG.warn("the last good version of {} can't be loaded: {}", ref, e.toString());
      return false;
    }
  }

  /** Whether a version may still be used, as far as the registry answers. */
  private boolean isUsable(ModelVersion version) {
    if (!version.registered()) {
      return true;
    }
    try {
      return registry.version(version.name(), version.version()).usable();
    } catch (NotFoundException e) {
      return false;
    } catch (RuntimeException e) {
      return true; // it does not answer
    }
  }

  /** A quarantined version should not serve on, if an earlier one is warm and may be used. */
  private void leaveQuarantined(LoadedVersion serving) {
    if (!serving.version().registered()) {
      return;
    }
    try {
      ModelVersion now = registry.version(serving.version().name(), serving.version().version());
      if (now.quarantine().isEmpty()) {
        return;
      }
      for (ModelVersion earlier : versions.warm()) {
        if (registry.version(earlier.name(), earlier.version()).usable()) {
          boolean unused =
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
      boolean makesRoom = options.policy == SwapPolicy.RESOURCE;
      refuseOverBudget(target, target.size(), makesRoom ? 0 : versions.memory());
      FetchedModel fetched = registry.fetch(target);
      if (makesRoom) {
        makeRoom(fetched);
      }
      publish(target, loader.load(fetched, versions::closed));
    } catch (RuntimeException e) { // whatever it is: one version's failure is not the follower's
      reject(target, e);
    }
  }

  private void publish(ModelVersion target, LoadedVersion loaded) {
    try {
      refuseOverBudget(target, loaded.memory(), versions.memory());
    } catch (IncompatibleModelException e) {
      loaded.retire();
      throw e;
    }
    problem = ""; // before it serves: who sees its answers should see that all is well
    rejections.forget(target);
    if (versions.publish(loaded, ref + " points to it")) {
      displaced = null;
      rememberGood(target);
    }
  }

  private void rememberGood(ModelVersion target) {
    try {
      registry.rememberGood(ref, target);
    } catch (PlumblineException e) {
      LOG.warn("{} serves, but is not remembered as good: {}", target, e.getMessage());
    }
  }

  /** Over the budget by itself, a version never fits; over it with others, it may later. */
  private void refuseOverBudget(ModelVersion target, long bytes, long others) {
    if (bytes + others > options.memoryBudget) {
      throw new IncompatibleModelException(
          target.uri()
              + " would bring the loaded versions to "
              + (bytes + others)
              + " bytes, over the budget of "
              + options.memoryBudget
              + "; raise it, keep fewer versions warm, or choose SwapPolicy.RESOURCE",
          bytes > options.memoryBudget ? null : new Rejections.NoRoom());
    }
  }

  /** Closes what serves before the new one is loaded. Requests wait: so not for nothing. */
  private void makeRoom(FetchedModel fetched) {
    loader.check(fetched);
    // What was taken away before and is still leased would not leave: to go on would be in vain.
    refuseOverBudget(fetched.version(), fetched.version().size(), versions.retiringMemory());
    ModelVersion before = versions.clear();
    if (before != null) {
      displaced = before;
    }
    // Those who wait for a version give up after the start's timeout: this must be done before.
    long drain = Math.min(options.leaseAlarm.toNanos(), options.startTimeout.toNanos() / 4);
    boolean unused = versions.awaitRetired(drain);
    refuseOverBudget(fetched.version(), fetched.version().size(), versions.memory());
  }

  /**
   * Loads again what has made room for a version that was rejected.
   *
   * @return whether something serves now, or nothing did
   */
  private boolean restoreDisplaced() {
    ModelVersion before = displaced;
    if (before == null || versions.current() != null) {
      return true;
    }
    try {
      LoadedVersion loaded = loader.load(registry.fetch(before), versions::closed);
      boolean unused = versions.publish(loaded, "the new version was rejected");
      displaced = null;
      return true;
    } catch (RuntimeException e) {
      LOG.warn("{} can't be loaded again yet: {}", before, e.toString());
      return false;
    }
  }

  private void reject(ModelVersion target, RuntimeException cause) {
    LoadedVersion serving = versions.current();
    String why = String.valueOf(cause.getMessage());
    String uri = target.uri() + " ";
    // Before it is among the rejected: who sees it there should see the state that it leads to.
    problem = uri + "was rejected: " + (why.startsWith(uri) ? why.substring(uri.length()) : why);
    rejections.add(target, cause);
    events.tell(LiveEvent.Kind.REJECTED, target, serving == null ? null : serving.version(), why);
    boolean mayTake = options.start != StartMode.FAIL_FAST;
    if (serving == null
        && displaced == null
        && !(mayTake && takeLastKnownGood(problem, this::isUsable))) {
      failure = rejections.pause(target) == Long.MAX_VALUE || !mayTake ? cause : null;
    }
  }

  // ---- what others ask for

  boolean refresh(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    rejections.clear();
    return watch().refresh(timeout) && awaitStep(deadline);
  }

  /** Waits for a step that began after now: the one under way may not have seen the news. */
  private boolean awaitStep(long deadline) {
    lock.lock();
    try {
      long wanted = begun + 1;
      awake = true;
      woken.signalAll();
      while (done < wanted) {
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
    Map<String, String> rejected = rejections.reasons(); // first, see reject()
    LoadedVersion serving = versions.current();
    ModelWatch.Status seen = watch == null ? null : watch().status();
    State state = state(serving, seen);
    String reason = problem;
    if (state == State.CLOSED) {
      reason = "it was closed";
    } else if (versions.isPinned() && reason.isEmpty()) {
      reason = "pinned";
    } else if (state == State.STALE && reason.isEmpty() && seen != null) {
      reason = seen.reason(); // which the following thread has not seen yet
    }
    return new LiveStatus(
        state,
        reason,
        serving == null ? null : serving.version(),
        versions.since(),
        serving == null ? 0 : serving.golden(),
        versions.warm(),
        rejected,
        versions.isPinned(),
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
    if (versions.isPinned()) {
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

  void close(long patience) {
    closed = true;
    if (watch != null) {
      watch().close();
    }
    wake();
    awaitEnd(patience);
  }

  /** What is being loaded just now is closed by who has loaded it: that is worth a moment. */
  private void awaitEnd(long patience) {
    Thread following = thread;
    if (following == null || following == Thread.currentThread()) {
      return;
    }
    try {
      following.join(TimeUnit.NANOSECONDS.toMillis(patience));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
