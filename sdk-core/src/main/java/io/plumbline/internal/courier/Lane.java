package io.plumbline.internal.courier;

import io.plumbline.ConfigException;
import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Receipt;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.spi.Backend.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
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

  /** So many parts that programs have left are open at a time. */
  private static final int MOST_OPEN = 16;

  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.delivery");

  private final Cargo cargo;
  private final EmbeddedStore store;
  private final Destination destination;
  private final Sender sender;
  private final Halt halt;
  private final Announcements announcements;
  private final Time time;
  private final Turns turns;
  private final Setbacks setbacks;
  private final Patience patience;
  private final Routes routes;
  private final @Nullable Lane files;
  private final @Nullable Leftovers leftovers;
  private final Thread thread;
  private int open;

  /**
   * Makes a lane, which delivers nothing before it is started.
   *
   * @param announcements what marks runs as those that go there
   * @param pace when the destination may be asked, by both lanes
   * @param files the lane that is told of the files that this one meets, or null
   */
  Lane(
      Cargo cargo,
      EmbeddedStore store,
      Destination destination,
      Sender sender,
      Halt halt,
      Announcements announcements,
      Sleeper sleeper,
      Pace pace,
      @Nullable Lane files) {
    this.cargo = cargo;
    this.store = store;
    this.destination = destination;
    this.sender = sender;
    this.halt = halt;
    this.announcements = announcements;
    this.time = store.time();
    this.turns = new Turns(time, sleeper, pace);
    this.files = files;
    this.routes = new Routes(cargo, time);
    // Where batches have keys, their bounds must stay.
    boolean keyed = destination.backend().capabilities().contains(Capability.REPLAY);
    this.patience = new Patience(destination.backend().limits(), !keyed);
    this.setbacks = new Setbacks(destination, time, turns, patience);
    this.leftovers =
        files == null ? null : new Leftovers(store, destination, setbacks, routes, files.routes);
    this.thread =
        Threads.daemon(
            "courier-" + destination.name() + cargo.suffix.replace('.', '-'), this::work);
  }

  void start() {
    thread.start();
  }

  // ---- what others ask for

  /** Returns what is on its way, for those who add to it or ask for it. */
  Routes routes() {
    return routes;
  }

  /**
   * Waits until all that is in the segments now is delivered.
   *
   * @param deadline by {@link System#nanoTime}
   * @return whether that was so within the time
   */
  boolean await(long deadline) {
    return routes.await(deadline, () -> halt.reason() != null || !thread.isAlive());
  }

  long retries() {
    return setbacks.count();
  }

  /** Returns what is wrong now, or what is why something was given up. */
  @Nullable String lastError() {
    String now = setbacks.last();
    return now != null ? now : routes.whyGivenUp();
  }

  /** Stops, in the middle of a request if need be. */
  void stop() {
    routes.stop();
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
      while (!routes.isStopping()) {
        if (leftovers != null) {
          leftovers.takeUp();
        }
        boolean sent = false;
        open = routes.openLeft();
        for (Route route : routes.all()) {
          sent |= !routes.isStopping() && pass(route);
        }
        routes.endRound(sent || turns.nap());
      }
    } catch (InterruptedException e) {
      // The close: what is under way is sent again by the next courier.
    } catch (RuntimeException | Error e) {
      halt.stop("the courier has failed: " + e);
      LOG.error("nothing more is delivered to {}; everything stays on disk", destination.uri(), e);
    } finally {
      routes.all().forEach(Route::close);
      routes.wake();
    }
  }

  private void removed(Route route) {
    if (files != null) {
      files.routes.ending(route.runId, route.writer, Receipt.kept());
    }
  }

  /**
   * Comes by a run. Of those that programs have left, however many there are, few are open at a
   * time: each has a file open, and records in memory.
   */
  private boolean pass(Route route) throws InterruptedException {
    boolean left = route.isLeft();
    int others = open - (left && route.isOpen() ? 1 : 0);
    if (left && !route.isOpen() && others >= MOST_OPEN) {
      route.waitsFor = null; // for nothing but its turn
      return false;
    }
    boolean sent = visit(route);
    if (routes.removeIfOver(route)) {
      removed(route);
    } else if (!sent && left && others >= MOST_OPEN - 1) {
      route.rest(time.nanos()); // it waits for something: another one has its turn
    }
    open = others + (left && route.isOpen() ? 1 : 0);
    return sent;
  }

  /** Sends at most one batch of a run; returns whether something was sent. */
  private boolean visit(Route route) throws InterruptedException {
    if (halt.reason() != null) {
      route.close(); // another program may deliver it
      return false;
    }
    if (!turns.isOf(route)) {
      return false;
    }
    try {
      return visitUnlessStopping(route);
    } catch (NotYetException e) {
      route.waitsFor = e.getMessage();
      return false;
    } catch (RunMovedException e) {
      route.again();
      if (cargo == Cargo.RECORDS) {
        routes.resuming(true); // all of it is sent anew, what other writers have left of it, too
      }
      return true;
    } catch (RunGoneException e) {
      gone(route, String.valueOf(e.getMessage()));
      return false;
    } catch (IOException e) {
      failedHere(route, e);
      return false;
    } catch (ServerException.Unauthorized e) {
      halt.stop("run " + route.runId + ": " + e.getMessage());
      LOG.error(
          "nothing more is delivered to {}, from run {} on: {}; everything stays on disk, and"
              + " `plumbline sync` sends it once that is mended",
          destination.uri(),
          route.runId,
          e.getMessage());
      return false;
    } catch (ServerException e) {
      if (Setbacks.mayPass(e)) {
        setbacks.there(route, e);
      } else {
        giveUp(route, String.valueOf(e.getMessage()));
      }
      return false;
    } catch (ConfigException | GivenUpException e) {
      // Somebody has to change something, here or there: the other runs do not wait for that.
      giveUp(route, String.valueOf(e.getMessage()));
      return false;
    } catch (PlumblineException e) {
      setbacks.there(route, e);
      return false;
    } catch (RuntimeException e) {
      LOG.error("the delivery of run {} to {} is given up", route.runId, destination.name(), e);
      giveUp(route, e.toString());
      return false;
    }
  }

  private boolean visitUnlessStopping(Route route) throws IOException, InterruptedException {
    try {
      return visitOpen(route);
    } catch (IOException | RuntimeException e) {
      endIfStopping();
      throw e;
    }
  }

  private boolean visitOpen(Route route) throws IOException, InterruptedException {
    announcements.keep(route.runId);
    Optional<RunDelivery> open = route.open(store, destination, cargo, time.nanos());
    if (open.isPresent() && cargo == Cargo.RECORDS && announcements.revise(route.runId)) {
      route.again();
      return true;
    }
    return open.isPresent() && visit(route, open.get());
  }

  private boolean visit(Route route, RunDelivery delivery)
      throws IOException, InterruptedException {
    if (delivery.hasMoved()) {
      turns.await();
      route.waitsFor = null;
      sender.settle(delivery, patience.time());
      delivery.remoteId(); // if it is another run now, all of it is sent
    }
    Receipt ending = route.written(); // asked before the reading: then that finds all
    long now = System.nanoTime();
    int most = destination.backend().limits().updates();
    int waiting = delivery.read(most);
    if (waiting < most) {
      route.sawAll(now, delivery.readTo());
    }
    route.arrived(delivery.arrivedTo());
    if (files != null
        && delivery.filesUpTo() > route.filesTold
        && delivery.remoteId().isPresent()) {
      route.filesTold = delivery.filesUpTo();
      files.routes.tell(route.runId, route.writer, route.isLeft());
    }
    if (files != null) {
      delivery.files(files.routes.hasGivenUp(route), () -> earlierIsUnderWay(route));
    }
    route.read(waiting == 0, ending);
    if (waiting == 0 || lingers(route, delivery, waiting, ending != null)) {
      if (route.isOver()) {
        delivery.complete();
      }
      delivery.pause();
      return false;
    }
    if (delivery.overwrites() && routes.isBehindAnother(route, store)) {
      throw new NotYetException("what an earlier program has said of the run");
    }
    turns.await();
    List<Parcel> batch = delivery.take(patience.limits());
    route.waitsFor = null;
    sender.send(delivery, batch, patience.time());
    route.waitsSince = 0;
    turns.succeeded(route);
    patience.succeeded();
    setbacks.over();
    return true;
  }

  /** Returns whether records or files of a writer before this one have not arrived yet. */
  private boolean earlierIsUnderWay(Route route) throws IOException {
    return routes.isBehindAnother(route, store)
        || files != null && files.routes.isBehindAnother(route, store);
  }

  /** A batch of records that is not full waits a moment for more, unless somebody waits for it. */
  private boolean lingers(Route route, RunDelivery delivery, int waiting, boolean ending)
      throws IOException {
    if (cargo == Cargo.FILES
        || waiting >= destination.backend().limits().updates()
        || ending
        || delivery.isInTheMiddle()
        || routes.isHurried()) {
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

  /** What the close has interrupted is no failure. */
  private void endIfStopping() throws InterruptedException {
    if (routes.isStopping()) {
      throw new InterruptedException();
    }
  }

  /** The other runs do not wait for one whose files can't be read or written. */
  private void failedHere(Route route, IOException e) {
    route.read(false, null);
    if (Files.isDirectory(store.runs().folder(route.runId))) {
      setbacks.here(route, e);
    } else {
      gone(route, Route.erased().getMessage());
    }
  }

  /** The run is not tried again until somebody asks for it, and is behind until then. */
  private void giveUp(Route route, String why) {
    routes.giveUp(route, why);
    told(route, why);
  }

  /** Somebody has deleted the run: here, or there, which is told once and not tried again. */
  private void gone(Route route, @Nullable String why) {
    DeliveryFiles notes = new DeliveryFiles(store.runs().folder(route.runId), destination.name());
    try {
      Optional<Remote> remote = notes.remote();
      if (remote.isPresent()) {
        notes.write(remote.get().gone(why));
        giveUp(route, why + "; `plumbline sync --all` tries it again");
        return;
      }
    } catch (IOException e) {
      LOG.debug("the run is tried again by the next program", e);
    }
    routes.remove(route);
    told(route, String.valueOf(why));
  }

  private void told(Route route, String why) {
    setbacks.last("run " + route.runId + ": " + why);
    LOG.error(
        "{} of run {} are not delivered to {}: {}",
        cargo == Cargo.FILES ? "artifacts and models" : "records",
        route.runId,
        destination.uri(),
        why);
    removed(route);
  }
}
