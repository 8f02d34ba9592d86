package io.plumbline.internal.courier;

import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.store.EmbeddedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a lane: what its thread goes through round by round, what others tell of them, and
 * who waits for them. For many threads.
 */
final class Routes {
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(200);

  private final Cargo cargo;
  private final Time time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Condition rounds = lock.newCondition();
  private final Map<Key, Route> routes = new LinkedHashMap<>();

  /** The parts that are not tried again until somebody asks for it, and why. */
  private final Map<Key, String> givenUp = new LinkedHashMap<>();

  private boolean stopping;
  private int waiting;
  private boolean resuming;
  private boolean changed;
  private long round;
  private long upToDateAt;

  /** What one writer has written into one run. */
  private record Key(String runId, String writer) {
    static Key of(Route route) {
      return new Key(route.runId, route.writer);
    }
  }

  Routes(Cargo cargo, Time time) {
    this.cargo = cargo;
    this.time = time;
    this.upToDateAt = time.nanos();
  }

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      upToDateAt = allAreUpToDate() ? time.nanos() : upToDateAt;
      change.run();
      changed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- what others tell

  /** A writer writes into a run. */
  void follow(String runId, String writer) {
    change(() -> route(new Key(runId, writer)).opened());
  }

  /**
   * Something has come into a part of a run. What was given up is not tried again for that.
   *
   * @param left whether its writer is gone
   */
  void tell(String runId, String writer, boolean left) {
    Key key = new Key(runId, writer);
    change(
        () -> {
          if (!givenUp.containsKey(key)) {
            route(key).told(left);
          }
        });
  }

  /** What was given up of a part of a run may be tried again. */
  void forgive(String runId, String writer) {
    change(() -> givenUp.remove(new Key(runId, writer)));
  }

  /**
   * A writer that is gone has left something.
   *
   * @param since when all had arrived the last time, in epoch milliseconds
   */
  void takeUp(String runId, String writer, long since) {
    change(
        () -> {
          long age = TimeUnit.MILLISECONDS.toNanos(Math.max(0, time.millis() - since));
          upToDateAt = Math.min(upToDateAt, time.nanos() - age);
          Key key = new Key(runId, writer);
          givenUp.remove(key);
          routes.computeIfAbsent(key, k -> Route.left(runId, writer)).filesTold = 0;
        });
  }

  private Route route(Key key) {
    givenUp.remove(key);
    givenUp.remove(new Key(key.runId, "")); // else it would stay behind, for that writer's sake
    return routes.computeIfAbsent(key, k -> new Route(k.runId, k.writer));
  }

  /** A writer is done with a run. */
  void ending(String runId, String writer, Receipt written) {
    change(
        () -> {
          Route route = routes.get(new Key(runId, writer));
          if (route != null) {
            route.closed(written);
          }
        });
  }

  /** What of a run is left can't be found out, for some reason, for now. */
  void unreadable(Map<String, String> runs) {
    change(
        () -> {
          givenUp.keySet().removeIf(key -> key.writer.isEmpty());
          runs.forEach((run, why) -> givenUp.put(new Key(run, ""), "run " + run + ": " + why));
        });
  }

  boolean areUnreadable() {
    return locked(() -> givenUp.keySet().stream().anyMatch(key -> key.writer.isEmpty()));
  }

  /** What programs have left is to be looked for, or was. */
  void resuming(boolean wanted) {
    change(() -> resuming = wanted);
  }

  void stop() {
    change(() -> stopping = true);
    wake();
  }

  // ---- what others ask

  /**
   * Waits until all that is in the segments now is delivered.
   *
   * @param deadline by {@link System#nanoTime}
   * @param stuck whether nothing more is delivered
   * @return whether that was so within the time
   */
  boolean await(long deadline, BooleanSupplier stuck) {
    lock.lock();
    try {
      waiting++;
      // The round under way may have looked at a run before its last record.
      long wanted = round + 2;
      long now = System.nanoTime();
      news.signalAll();
      while (true) {
        if (round >= wanted
            && !resuming
            && routes.values().stream().allMatch(route -> route.hasArrived(now))) {
          return givenUp.isEmpty();
        }
        long left = deadline - System.nanoTime();
        if (left <= 0 || stopping || stuck.getAsBoolean()) {
          return false;
        }
        rounds.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  private boolean allAreUpToDate() {
    return routes.values().stream().allMatch(Route::isUpToDate);
  }

  /** Returns whether nothing is left but what was given up, or waits for something else. */
  boolean areAtRest() {
    return locked(
        () ->
            !resuming
                && routes.values().stream()
                    .allMatch(route -> route.isUpToDate() || route.waitsFor != null));
  }

  /** Returns what a part of a run waits for; null if none does. */
  @Nullable String waitsFor() {
    lock.lock();
    try {
      for (Route route : routes.values()) {
        String what = route.isUpToDate() ? null : route.waitsFor;
        if (what != null) {
          return "run " + route.runId + " waits for " + what;
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the runs of which something has not arrived. */
  List<String> behind() {
    return locked(
        () -> {
          List<String> behind = new ArrayList<>();
          for (Route route : routes.values()) {
            if (!route.isUpToDate()) {
              behind.add(route.runId);
            }
          }
          givenUp.keySet().forEach(key -> behind.add(key.runId));
          return behind;
        });
  }

  /** Returns for how long something has been behind, in nanoseconds; 0 if nothing is. */
  long lag() {
    return locked(() -> allAreUpToDate() ? 0 : time.nanos() - upToDateAt);
  }

  /** Returns why something was given up; null if nothing was. */
  @Nullable String whyGivenUp() {
    lock.lock();
    try {
      return givenUp.values().stream().findFirst().orElse(null);
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether what an earlier writer has left of the same run has not arrived. */
  boolean isBehindAnother(Route route, EmbeddedStore store) throws IOException {
    for (Route other : all()) {
      if (!other.isUpToDate() && other.precedes(route, store)) {
        return true;
      }
    }
    return false;
  }

  boolean hasGivenUp(Route route) {
    return locked(() -> givenUp.containsKey(Key.of(route)));
  }

  boolean isStopping() {
    return locked(() -> stopping);
  }

  /** Returns whether somebody waits. */
  boolean isHurried() {
    return locked(() -> waiting > 0);
  }

  boolean isResuming() {
    return locked(() -> resuming);
  }

  /** Wakes up whoever waits, and the lane, to look again. */
  void wake() {
    lock.lock();
    try {
      rounds.signalAll();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- the lane's thread

  List<Route> all() {
    return locked(() -> new ArrayList<>(routes.values()));
  }

  /** Returns how many are open of those that programs have left. */
  int openLeft() {
    return locked(
        () ->
            (int)
                routes.values().stream().filter(route -> route.isLeft() && route.isOpen()).count());
  }

  /**
   * Takes a route out, if nothing more will come on it. In one step: who opens the run again
   * meanwhile finds it, or makes a new route.
   */
  boolean removeIfOver(Route route) {
    return locked(() -> route.isOver() && remove(route));
  }

  /** Takes a route out; returns whether it was there. */
  boolean remove(Route route) {
    return locked(
        () -> {
          route.close();
          return routes.values().remove(route);
        });
  }

  /** Takes a route out, which is not tried again until somebody asks for it. */
  void giveUp(Route route, String why) {
    change(
        () -> {
          remove(route);
          givenUp.put(Key.of(route), "run " + route.runId + ": " + why);
        });
  }

  /**
   * Ends a round, and waits for news if there is nothing to do.
   *
   * @param sent whether something was sent in the round
   */
  void endRound(boolean sent) throws InterruptedException {
    lock.lock();
    try {
      round++;
      upToDateAt = allAreUpToDate() ? time.nanos() : upToDateAt;
      rounds.signalAll();
      // What was said during the round may have come too late for it.
      if (!sent && !changed) {
        pauseForNews();
      }
      changed = false;
    } finally {
      lock.unlock();
    }
  }

  /** Records come without a word; of files the lane is told. */
  @SuppressWarnings("WaitNotInLoop") // waking up for nothing is a round for nothing
  private void pauseForNews() throws InterruptedException {
    boolean nothing = cargo == Cargo.RECORDS ? routes.isEmpty() : allAreUpToDate();
    if (nothing && waiting == 0 && !resuming && !areUnreadable()) {
      news.await();
    } else {
      news.awaitNanos(waiting > 0 ? POLL / 20 : POLL);
    }
  }
}
