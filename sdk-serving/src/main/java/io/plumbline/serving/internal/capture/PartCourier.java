package io.plumbline.serving.internal.capture;

import io.plumbline.PlumblineException;
import io.plumbline.drift.internal.ship.PartShipper;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Threads;
import io.plumbline.internal.Time;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.internal.Registries;
import io.plumbline.serving.ShipStatus;
import io.plumbline.serving.internal.LiveModels;
import io.plumbline.spi.Backend;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The courier of a log's closed parts: a thread that ships what is closed, and looks once a minute
 * for what others have left. While its destination fails it tries ever more rarely.
 */
final class PartCourier implements PartShipper.Listener {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline.serving");
  private static final long LOOK = TimeUnit.MINUTES.toNanos(1);
  private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int DOUBLINGS = 7;

  /** Another courier of the log is at it: it may not have seen what was closed just now. */
  private static final long TURN = TimeUnit.MILLISECONDS.toNanos(200);

  private final PartShipper shipper;
  private final VersionHomes homes;
  private final Supplier<Backend> destination;
  private final OncePerMinute warnings = new OncePerMinute(LOG, Time.SYSTEM);
  private final Thread thread = Threads.daemon("prediction-courier", this::run);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private boolean closedParts;
  private boolean closing;
  private volatile long deadline = Long.MAX_VALUE;
  private volatile boolean bounded;
  private int failedPasses;
  private boolean refusedOne;
  private final AtomicLong shipped = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile String failure = "";

  private PartCourier(PartShipper shipper, VersionHomes homes, Supplier<Backend> destination) {
    this.shipper = shipper;
    this.homes = homes;
    this.destination = destination;
  }

  /**
   * Makes the courier of a log, if it is to be shipped.
   *
   * @throws IllegalArgumentException if the live model follows no registered version
   */
  static @Nullable PartCourier of(LiveModels.Inside model, Path folder, CaptureOptions options) {
    if (!options.ship) {
      return null;
    }
    Supplier<Backend> destination = options.destination;
    if (destination == null) {
      destination = Registries.runs(model.registry()).orElse(null);
    }
    if (destination == null) {
      LOG.info("the prediction log {} is not shipped: tracking is disabled", folder);
      return null;
    }
    ModelVersion version = model.serving().version();
    if (!version.registered()) {
      throw new IllegalArgumentException(
          version.uri()
              + " is not registered, and only the predictions of registered versions are shipped:"
              + " register it, or leave ship() out");
    }
    VersionHomes homes = new VersionHomes(model.registry(), Time.SYSTEM);
    return new PartCourier(new PartShipper(folder, homes, Time.SYSTEM), homes, destination);
  }

  /** Has the log tell of closed parts, and keep them until they are shipped. */
  LogOptions watch(LogOptions files) {
    return files
        .withKeepUnshipped()
        .withPartListener(
            part -> {
              closedPart();
              files.onPartClosed().accept(part);
            });
  }

  private void closedPart() {
    lock.lock();
    try {
      waiting.incrementAndGet();
      closedParts = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void start() {
    thread.start();
  }

  ShipStatus status() {
    return new ShipStatus(true, shipped.get(), bytes.get(), waiting.get(), failures.get(), failure);
  }

  // ---- the thread

  private void run() {
    while (!isClosing()) {
      rest(pass());
    }
    while (pass() == TURN && goesOn()) {
      LockSupport.parkNanos(TURN / 10);
    }
    warnings.flush();
  }

  private boolean isClosing() {
    lock.lock();
    try {
      closedParts = false;
      return closing;
    } finally {
      lock.unlock();
    }
  }

  /** Ships what is there; returns for how long it may rest: less than nothing if it failed. */
  private long pass() {
    try {
      refusedOne = false;
      List<Path> parts = shipper.waiting();
      waiting.set(parts.size());
      boolean ours = parts.isEmpty() || ship(parts);
      failedPasses = 0;
      if (!refusedOne && ours) {
        failure = "";
      }
      return ours ? LOOK : TURN;
    } catch (Throwable e) { // an Error too: the next attempt may find a better world
      String why = e instanceof PlumblineException ? String.valueOf(e.getMessage()) : e.toString();
      failed("the prediction log can't be shipped now: ", why);
      return -pause(failedPasses++);
    }
  }

  private boolean ship(List<Path> parts) throws Exception {
    homes.forget();
    try (Backend backend = destination.get()) {
      return shipper.ship(parts, backend.runs(), this, this::goesOn);
    }
  }

  private static long pause(int failedBefore) {
    long longest = FIRST_PAUSE << Math.min(DOUBLINGS, failedBefore);
    return longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
  }

  private boolean goesOn() {
    return !bounded || System.nanoTime() - deadline < 0;
  }

  /** Waits; news cut the wait short only where nothing has failed. */
  private void rest(long nanos) {
    long left = Math.abs(nanos);
    lock.lock();
    try {
      while (left > 0 && !closing && !(closedParts && nanos > 0)) {
        left = news.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      LOG.debug("the courier was interrupted: it goes on");
    } finally {
      lock.unlock();
    }
  }

  private void failed(String what, String why) {
    failures.incrementAndGet();
    failure = why;
    warnings.warn("ship", () -> what + why);
  }

  @Override
  public void shipped(Path part, long size) {
    shipped.incrementAndGet();
    bytes.addAndGet(size);
    waiting.decrementAndGet();
  }

  @Override
  public void refused(Path part, String why) {
    refusedOne = true;
    failed(part + " can't be shipped: ", why);
  }

  @Override
  public void gone(Path part) {
    waiting.decrementAndGet();
  }

  // ---- the end

  /** Has the thread ship what is closed and end, and waits for that until a moment. */
  void close(long until) {
    deadline = until;
    bounded = true;
    lock.lock();
    try {
      closing = true;
      news.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long left = waiting.get();
    if (left > 0) {
      LOG.warn("{} parts of the prediction log wait to be shipped when it is opened again", left);
    }
  }
}
