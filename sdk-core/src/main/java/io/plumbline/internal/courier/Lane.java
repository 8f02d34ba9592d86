package io.plumbline.internal.courier;

import io.plumbline.ConfigException;
import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.spi.Backend.Capability;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one kind of cargo of the runs that it is told of to one destination, on a thread of its
 * own: batch by batch, each run in its order, the runs in turn. What cannot be delivered now stays
 * on disk and is tried again.
 */
final class Lane implements AutoCloseable {
  /** A batch that is not full waits so long for more. */
  static final long LINGER = TimeUnit.SECONDS.toNanos(1);

  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(200);
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final Cargo cargo;
  private final EmbeddedStore store;
  private final Destination destination;
  private final Sender sender;
  private final Halt halt;
  private final Time time;
  private final Sleeper sleeper;
  private final OncePerMinute warnings;
  private final Pace pace = new Pace(ThreadLocalRandom.current());
  private final Patience patience;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Condition rounds = lock.newCondition();
  private final Map<String, Route> routes = new LinkedHashMap<>();

  /** The parts that are not tried again until somebody asks for it, and why. */
  private final Map<String, String> givenUp = new LinkedHashMap<>();

  private @Nullable Lane files;
  private boolean stopping;
  private boolean hurried;
  private boolean resuming;
  private boolean changed;
  private long round;
  private long upToDateAt;

  private final AtomicLong retries = new AtomicLong();
  private volatile @Nullable String lastError;

  Lane(
      Cargo cargo,
      EmbeddedStore store,
      Destination destination,
      Sender sender,
      Halt halt,
      Sleeper sleeper) {
    this.cargo = cargo;
    this.store = store;
    this.destination = destination;
    this.sender = sender;
    this.halt = halt;
    this.sleeper = sleeper;
    this.time = store.time();
    this.upToDateAt = time.nanos();
    this.warnings = new OncePerMinute(LOG, time);
    // Where batches have keys, their bounds must stay.
    boolean keyed = destination.backend().capabilities().contains(Capability.REPLAY);
    this.patience = new Patience(destination.backend().limits(), !keyed);
    this.thread =
        Threads.daemon(
            "courier-" + destination.name() + cargo.suffix.replace('.', '-'), this::work);
  }

  /**
   * Starts.
   *
   * @param files the lane that is told of the files that this one meets, or null
   */
  void start(@Nullable Lane files) {
    this.files = files;
    thread.start();
  }

  // ---- what others ask for

  /** Delivers what a writer writes into a run, from now on and from where it was left. */
  void follow(String runId, String writer) {
    change(() -> route(runId, writer).opened());
  }

  /** Delivers what has come into a part of a run. */
  private void tell(String runId, String writer) {
    change(() -> route(runId, writer).told());
  }

  /** Delivers what a writer has left, which adds nothing to it. */
  private void takeUp(String runId, String writer) {
    change(
        () -> {
          givenUp.remove(runId + "/" + writer);
          routes.putIfAbsent(runId + "/" + writer, Route.left(runId, writer));
        });
  }

  /** Delivers what programs that are gone have left, beside what this one writes. */
  void resume() {
    change(() -> resuming = true);
  }

  /**
   * Says that a writer is done with a run: once all is delivered, it is forgotten.
   *
   * @param written promises that all is in the segments
   */
  void ending(String runId, String writer, Receipt written) {
    change(
        () -> {
          Route route = routes.get(runId + "/" + writer);
          if (route != null) {
            route.closed(written);
          }
        });
  }

  private Route route(String runId, String writer) {
    givenUp.remove(runId + "/" + writer);
    return routes.computeIfAbsent(runId + "/" + writer, k -> new Route(runId, writer));
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that is in the segments now is delivered.
   *
   * @param deadline by {@link System#nanoTime}
   * @return whether that was so within the time
   */
  boolean await(long deadline) {
    lock.lock();
    try {
      hurried = true;
      // The round under way may have looked at a run before its last record.
      long wanted = round + 2;
      news.signalAll();
      while (true) {
        if (round >= wanted && isDone()) {
          return givenUp.isEmpty();
        }
        long left = deadline - System.nanoTime();
        if (left <= 0 || halt.reason() != null || !thread.isAlive()) {
          return false;
        }
        rounds.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      hurried = false;
      lock.unlock();
    }
  }

  private boolean isDone() {
    return !resuming && routes.values().stream().allMatch(Route::isUpToDate);
  }

  /** Returns whether nothing is left but what was given up, or waits for something else. */
  boolean isAtRest() {
    lock.lock();
    try {
      return !resuming
          && routes.values().stream().allMatch(route -> route.isUpToDate() || route.blocked);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the runs of which something has not arrived. */
  List<String> behind() {
    lock.lock();
    try {
      List<String> behind = new ArrayList<>();
      for (Route route : routes.values()) {
        if (!route.isUpToDate()) {
          behind.add(route.runId);
        }
      }
      givenUp.keySet().forEach(part -> behind.add(part.substring(0, part.lastIndexOf('/'))));
      return behind;
    } finally {
      lock.unlock();
    }
  }

  /** Returns for how long something has been behind, in nanoseconds; 0 if nothing is. */
  long lag() {
    lock.lock();
    try {
      return allIsUpToDate() ? 0 : time.nanos() - upToDateAt;
    } finally {
      lock.unlock();
    }
  }

  private boolean allIsUpToDate() {
    return routes.values().stream().allMatch(Route::isUpToDate);
  }

  long retries() {
    return retries.get();
  }

  /** Returns what is wrong now, or what is why something was given up. */
  @Nullable String lastError() {
    String now = lastError;
    lock.lock();
    try {
      return now != null ? now : givenUp.values().stream().findFirst().orElse(null);
    } finally {
      lock.unlock();
    }
  }

  /** Wakes up whoever waits, to look again. */
  void wake() {
    lock.lock();
    try {
      rounds.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops, in the middle of a request if need be. */
  void stop() {
    change(() -> stopping = true);
    thread.interrupt();
  }

  @Override
  public void close() {
    stop();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- the thread

  private void work() {
    try {
      while (!isStopping()) {
        takeUpWhatWasLeft();
        boolean sent = false;
        for (Route route : snapshot()) {
          sent |= !isStopping() && visit(route);
        }
        endRound(sent);
      }
    } catch (InterruptedException e) {
      // The close: what is under way is sent again by the next courier.
    } catch (RuntimeException | Error e) {
      halt.stop("the courier has failed: " + e);
      LOG.error("nothing more is delivered to {}; everything stays on disk", destination.uri(), e);
    } finally {
      snapshot().forEach(Route::close);
      wake();
    }
  }

  private void takeUpWhatWasLeft() {
    lock.lock();
    try {
      if (!resuming) {
        return;
      }
    } finally {
      lock.unlock();
    }
    for (Backlog.Part part : new Backlog(store, destination.name()).find()) {
      if (part.records()) {
        takeUp(part.runId(), part.writer());
      }
      if (part.files() && files != null) {
        files.takeUp(part.runId(), part.writer());
      }
    }
    change(() -> resuming = false);
  }

  private List<Route> snapshot() {
    lock.lock();
    try {
      return new ArrayList<>(routes.values());
    } finally {
      lock.unlock();
    }
  }

  private boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  private boolean isHurried() {
    lock.lock();
    try {
      return hurried;
    } finally {
      lock.unlock();
    }
  }

  private void endRound(boolean sent) throws InterruptedException {
    snapshot().stream().filter(this::removeIfOver).forEach(this::removed);
    lock.lock();
    try {
      round++;
      upToDateAt = allIsUpToDate() ? time.nanos() : upToDateAt;
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

  /** In one step: who opens the run again meanwhile finds it, or makes a new route. */
  private boolean removeIfOver(Route route) {
    lock.lock();
    try {
      if (route.isOver()) {
        route.close();
        return routes.values().remove(route);
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void remove(Route route) {
    lock.lock();
    try {
      route.close();
      routes.values().remove(route);
    } finally {
      lock.unlock();
    }
    removed(route);
  }

  private void removed(Route route) {
    if (files != null) {
      files.ending(route.runId, route.writer, Receipt.kept());
    }
  }

  /** Records come without a word; of files this is told. */
  @SuppressWarnings("WaitNotInLoop") // waking up for nothing is a round for nothing
  private void pauseForNews() throws InterruptedException {
    boolean nothing = cargo == Cargo.RECORDS ? routes.isEmpty() : allIsUpToDate();
    if (nothing && !hurried && !resuming) {
      news.await();
    } else {
      news.awaitNanos(hurried ? POLL / 20 : POLL);
    }
  }

  /** Sends at most one batch of a run; returns whether something was sent. */
  private boolean visit(Route route) throws InterruptedException {
    if (halt.reason() != null) {
      return false;
    }
    try {
      Optional<RunDelivery> open = route.open(store, destination.name(), cargo, time.nanos());
      return open.isPresent() && visit(route, open.get());
    } catch (NotYetException e) {
      route.blocked = true;
      return false;
    } catch (RunGoneException e) {
      forget(route, String.valueOf(e.getMessage()));
      return false;
    } catch (IOException e) {
      failed(new TransportException("the store can't be read: " + e, e));
      return false;
    } catch (ServerException.Unauthorized e) {
      halt.stop(String.valueOf(e.getMessage()));
      LOG.error(
          "nothing more is delivered to {}: {}; everything stays on disk, and `plumbline sync`"
              + " sends it",
          destination.uri(),
          e.getMessage());
      return false;
    } catch (ServerException e) {
      afterServerError(route, e);
      return false;
    } catch (ConfigException e) {
      // Somebody has to change something, here or there: the other runs do not wait for that.
      giveUp(route, String.valueOf(e.getMessage()));
      return false;
    } catch (PlumblineException e) {
      failed(e);
      return false;
    } catch (RuntimeException e) {
      LOG.error("the delivery of run {} to {} is given up", route.runId, destination.name(), e);
      giveUp(route, e.toString());
      return false;
    }
  }

  private boolean visit(Route route, RunDelivery delivery)
      throws IOException, InterruptedException {
    Receipt ending = route.written(); // asked before the reading: then that finds all
    int waiting = delivery.read(destination.backend().limits());
    if (files != null
        && delivery.filesUpTo() > route.filesTold
        && delivery.remoteId().isPresent()) {
      route.filesTold = delivery.filesUpTo();
      files.tell(route.runId, route.writer);
    }
    delivery.filesGivenUp(files != null && files.hasGivenUp(route));
    route.read(waiting == 0, ending);
    if (waiting == 0 || lingers(route, delivery, waiting, ending != null)) {
      if (route.isOver()) {
        delivery.complete();
      }
      delivery.pause();
      return false;
    }
    waitForTurn();
    sender.send(delivery, delivery.take(patience.limits()), patience.time());
    route.waitsSince = 0;
    route.blocked = false;
    pace.succeeded(time.nanos());
    patience.succeeded();
    lastError = null;
    return true;
  }

  private void afterServerError(Route route, ServerException e) throws InterruptedException {
    boolean mayPass =
        e instanceof ServerException.RateLimited
            // What is no refusal is no answer of the server: of a login page or a portal, say.
            || e.status() < 400
            || e.status() >= 500 && e.status() != 501;
    if (mayPass) {
      failed(e);
    } else {
      giveUp(route, String.valueOf(e.getMessage()));
    }
  }

  /** A batch of records that is not full waits a moment for more, unless somebody waits for it. */
  private boolean lingers(Route route, RunDelivery delivery, int waiting, boolean ending)
      throws IOException {
    if (cargo == Cargo.FILES
        || waiting >= destination.backend().limits().updates()
        || ending
        || isHurried()) {
      return false;
    }
    long now = time.nanos();
    if (route.waitsSince == 0) {
      route.waitsSince = now == 0 ? 1 : now;
      // The first batch of a run goes at once: people look whether it has arrived.
      return delivery.remoteId().isPresent();
    }
    return now - route.waitsSince < LINGER;
  }

  private void waitForTurn() throws InterruptedException {
    long wait = pace.waitFrom(time.nanos());
    if (wait > 0) {
      sleeper.sleep(wait); // the close interrupts it
    }
  }

  private void failed(PlumblineException e) throws InterruptedException {
    if (isStopping()) {
      throw new InterruptedException();
    }
    retries.incrementAndGet();
    lastError = String.valueOf(e.getMessage());
    if (e.getCause() instanceof InterruptedIOException) {
      patience.tookTooLong();
    }
    pace.failed(
        time.nanos(),
        e instanceof ServerException.RateLimited limited
            ? limited.retryAfter().orElse(null)
            : null);
    warnings.warn(
        "delivery " + destination.name(),
        () -> "what is logged is not delivered to " + destination.uri() + " yet: " + lastError);
  }

  private boolean hasGivenUp(Route route) {
    lock.lock();
    try {
      return givenUp.containsKey(route.runId + "/" + route.writer);
    } finally {
      lock.unlock();
    }
  }

  /** The run is not tried again until somebody asks for it, and is behind until then. */
  private void giveUp(Route route, String why) {
    change(() -> givenUp.put(route.runId + "/" + route.writer, "run " + route.runId + ": " + why));
    forget(route, why);
  }

  /** The run can't arrive any more. */
  private void forget(Route route, String why) {
    lastError = "run " + route.runId + ": " + why;
    LOG.error("run {} is not delivered to {}: {}", route.runId, destination.uri(), why);
    remove(route);
  }
}
