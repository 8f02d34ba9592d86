package io.plumbline.internal.courier;

import io.plumbline.DestinationDelivery;
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
import io.plumbline.spi.BatchLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
 * Delivers the runs that it is told of to one destination, on a thread of its own: batch by batch,
 * each run in the order of its records, the runs in turn. What cannot be delivered now stays on
 * disk and is tried again.
 */
public final class Courier implements AutoCloseable {
  /** A batch that is not full waits so long for more. */
  static final long LINGER = TimeUnit.SECONDS.toNanos(1);

  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration MOST_PATIENCE = Duration.ofMinutes(2);
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final EmbeddedStore store;
  private final Destination destination;
  private final Time time;
  private final Sleeper sleeper;
  private final OncePerMinute warnings;
  private final Sender sender;
  private final Pace pace = new Pace(ThreadLocalRandom.current());
  private final BatchLimits limits;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Condition rounds = lock.newCondition();
  private final Map<String, Route> routes = new LinkedHashMap<>();
  private boolean stopping;
  private boolean hurried;
  private boolean resuming;
  private long round;

  private final AtomicLong retries = new AtomicLong();
  private volatile @Nullable String lastError;
  private volatile @Nullable String halted;
  private Duration patience = PATIENCE;
  private int share = 1;

  /** Makes a courier that delivers nothing yet. */
  public Courier(EmbeddedStore store, Destination destination, Sleeper sleeper) {
    this.sleeper = sleeper;
    this.store = store;
    this.destination = destination;
    this.time = store.time();
    this.warnings = new OncePerMinute(LOG, time);
    this.sender = new Sender(store, destination);
    this.limits = destination.backend().limits();
    this.thread = Threads.daemon("courier-" + destination.name(), this::work);
    thread.start();
  }

  /** Returns where it delivers to. */
  public Destination destination() {
    return destination;
  }

  // ---- what others ask for

  /**
   * Marks a run that is about to start as one that goes to this destination.
   *
   * @param remoteId its id over there if it is adopted; null if it is to be made
   */
  public void announce(String runId, @Nullable String remoteId) {
    try {
      Path folder = store.runs().folder(runId);
      Files.createDirectories(folder);
      DeliveryFiles files = new DeliveryFiles(folder, destination.name());
      if (files.remote().isEmpty()) {
        files.write(new DeliveryFiles.Remote(remoteId, null, remoteId != null));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether a run goes to this destination. */
  public boolean delivers(String runId) {
    return Files.exists(
        store.runs().folder(runId).resolve(DeliveryFiles.remoteName(destination.name())));
  }

  /** Delivers what a writer writes into a run, from now on and from where it was left. */
  public void follow(String runId, String writer) {
    lock.lock();
    try {
      routes.computeIfAbsent(runId + "/" + writer, k -> new Route(runId, writer)).opened();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Delivers what programs that are gone have left, beside what this one writes. */
  public void resume() {
    lock.lock();
    try {
      resuming = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says that a writer is done with a run: once all is delivered, it is forgotten.
   *
   * @param written promises that all is in the segments
   */
  void ending(String runId, String writer, Receipt written) {
    lock.lock();
    try {
      Route route = routes.get(runId + "/" + writer);
      if (route != null) {
        route.closed(written);
        news.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that is in the segments now is delivered.
   *
   * @return whether that was so within the time
   */
  public boolean await(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    lock.lock();
    try {
      hurried = true;
      // The round under way may have looked at a run before its last record.
      long wanted = round + 2;
      news.signalAll();
      while (true) {
        if (round >= wanted && !resuming && routes.values().stream().allMatch(Route::isUpToDate)) {
          return true;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0 || halted != null || !thread.isAlive()) {
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

  /** Returns how it goes. */
  public DestinationDelivery delivery() {
    int behind;
    lock.lock();
    try {
      behind = (int) routes.values().stream().filter(route -> !route.isUpToDate()).count();
    } finally {
      lock.unlock();
    }
    return new DestinationDelivery(
        destination.name(),
        destination.uri(),
        sender.points(),
        sender.rejected(),
        retries.get(),
        behind,
        halted != null,
        halted != null ? halted : lastError);
  }

  /**
   * Stops, in the middle of a request if need be; what is not delivered stays on disk. The backend
   * stays open.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      stopping = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
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
      halted = "the courier has failed: " + e;
      LOG.error("nothing more is delivered to {}; everything stays on disk", destination.uri(), e);
    } finally {
      snapshot().forEach(Route::close);
      wakeAll();
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
    List<Route> left = new Backlog(store, destination.name()).find();
    lock.lock();
    try {
      left.forEach(route -> routes.putIfAbsent(route.runId + "/" + route.writer, route));
      resuming = false;
    } finally {
      lock.unlock();
    }
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

  private void wakeAll() {
    lock.lock();
    try {
      rounds.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void endRound(boolean sent) throws InterruptedException {
    lock.lock();
    try {
      round++;
      rounds.signalAll();
      for (Route route : List.copyOf(routes.values())) {
        if (route.isOver()) {
          route.close();
          routes.values().remove(route);
        }
      }
      if (!sent && !stopping) {
        pauseForNews();
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // waking up for nothing is a round for nothing
  private void pauseForNews() throws InterruptedException {
    if (routes.isEmpty() && !hurried && !resuming) {
      news.await();
    } else {
      news.awaitNanos(hurried ? POLL / 20 : POLL);
    }
  }

  /** Sends at most one batch of a run; returns whether something was sent. */
  private boolean visit(Route route) throws InterruptedException {
    if (halted != null) {
      return false;
    }
    try {
      Optional<RunDelivery> open = route.open(store, destination.name(), time.nanos());
      return open.isPresent() && visit(route, open.get());
    } catch (NotYetException e) {
      return false;
    } catch (RunGoneException e) {
      forget(route, String.valueOf(e.getMessage()));
      return false;
    } catch (IOException e) {
      failed(new TransportException("the store can't be read: " + e, e), null);
      return false;
    } catch (ServerException.Unauthorized e) {
      halt(e);
      return false;
    } catch (ServerException.RateLimited e) {
      failed(e, e.retryAfter().orElse(null));
      return false;
    } catch (ServerException e) {
      afterServerError(route, e);
      return false;
    } catch (PlumblineException e) {
      failed(e, null);
      return false;
    } catch (RuntimeException e) {
      LOG.error("the delivery of run {} to {} is given up", route.runId, destination.name(), e);
      forget(route, e.toString());
      return false;
    }
  }

  private boolean visit(Route route, RunDelivery delivery)
      throws IOException, InterruptedException {
    boolean ending = route.isWritten(); // asked before the reading: then that finds all
    int waiting = delivery.read(limits);
    route.read(waiting == 0, ending);
    if (waiting == 0 || lingers(route, delivery, waiting, ending)) {
      if (route.isOver()) {
        delivery.complete();
      }
      delivery.pause();
      return false;
    }
    waitForTurn();
    sender.send(delivery, delivery.take(smaller()), patience);
    route.waitsSince = 0;
    succeeded();
    return true;
  }

  private void afterServerError(Route route, ServerException e) throws InterruptedException {
    boolean mayPass = e.status() == 0 || e.status() >= 500 && e.status() != 501;
    if (mayPass) {
      failed(e, null);
    } else {
      forget(route, String.valueOf(e.getMessage()));
    }
  }

  /** A batch that is not full waits a moment for more, unless somebody waits for it. */
  private boolean lingers(Route route, RunDelivery delivery, int waiting, boolean ending)
      throws IOException {
    if (waiting >= limits.updates() || ending || isHurried()) {
      return false;
    }
    long now = time.nanos();
    if (route.waitsSince == 0) {
      route.waitsSince = now == 0 ? 1 : now;
      // The first batch of a run goes at once: people look whether it has arrived.
      return delivery.hasRemoteId();
    }
    return now - route.waitsSince < LINGER;
  }

  private boolean isHurried() {
    lock.lock();
    try {
      return hurried;
    } finally {
      lock.unlock();
    }
  }

  private void waitForTurn() throws InterruptedException {
    long wait = pace.waitFrom(time.nanos());
    if (wait > 0) {
      sleeper.sleep(wait); // the close interrupts it
    }
  }

  /** Returns the limits, smaller for a while after a batch that took too long. */
  private BatchLimits smaller() {
    return share == 1
        ? limits
        : new BatchLimits(
            Math.max(1, limits.metrics() / share),
            Math.max(1, limits.params() / share),
            Math.max(1, limits.tags() / share),
            Math.max(1, limits.updates() / share));
  }

  private void succeeded() {
    pace.succeeded(time.nanos());
    lastError = null;
    share = Math.max(1, share / 2);
    patience = share == 1 ? PATIENCE : patience;
  }

  private void failed(PlumblineException e, @Nullable Duration wanted) throws InterruptedException {
    if (isStopping()) {
      throw new InterruptedException();
    }
    retries.incrementAndGet();
    lastError = String.valueOf(e.getMessage());
    if (e.getCause() instanceof InterruptedIOException) { // it took too long

      Duration longer = patience.multipliedBy(2);
      patience = longer.compareTo(MOST_PATIENCE) < 0 ? longer : MOST_PATIENCE;
      // Where batches have keys, their bounds must stay.
      boolean keyed = destination.backend().capabilities().contains(Capability.REPLAY);
      share = keyed ? 1 : Math.min(limits.updates(), share * 2);
    }
    pace.failed(time.nanos(), wanted);
    warnings.warn(
        "delivery " + destination.name(),
        () -> "what is logged is not delivered to " + destination.uri() + " yet: " + lastError);
  }

  private void halt(ServerException.Unauthorized e) {
    halted = String.valueOf(e.getMessage());
    LOG.error(
        "nothing more is delivered to {}: {}; everything stays on disk, and `plumbline sync` sends it",
        destination.uri(),
        halted);
    wakeAll();
  }

  /** The run is not tried again until somebody asks for it. */
  private void forget(Route route, String why) {
    lastError = "run " + route.runId + ": " + why;
    LOG.error("run {} is not delivered to {}: {}", route.runId, destination.uri(), why);
    lock.lock();
    try {
      route.close();
      routes.values().remove(route);
    } finally {
      lock.unlock();
    }
  }
}
