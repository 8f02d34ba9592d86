package io.plumbline.internal;

import io.plumbline.Config;
import io.plumbline.Delivery;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Couriers;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.courier.Destination;
import io.plumbline.internal.journal.Disk;
import io.plumbline.internal.journal.JournalOptions;
import io.plumbline.internal.spi.Providers;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.spi.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an opened {@link io.plumbline.Plumbline} is made of: for the clients of the SDK. */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("io.plumbline");

  private final Config config;
  private final @Nullable EmbeddedStore store;
  private final @Nullable Backend server;
  private final Deque<Runnable> beforeClose = new ConcurrentLinkedDeque<>();
  private final List<Courier> couriers = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch closeDone = new CountDownLatch(1);
  private @Nullable Thread hook;

  private Engine(Config config, @Nullable Backend server) {
    this.config = config;
    this.server = server;
    this.store =
        config.enabled() ? EmbeddedStore.open(config.store(), journalOptions(config)) : null;
  }

  /** Opens a configuration. */
  public static Engine open(Config config) {
    Objects.requireNonNull(config, "config");
    List<Destination> destinations = new ArrayList<>();
    Engine opened;
    try {
      // Before the store is opened: a missing backend must leave nothing behind.
      servers(config)
          .forEach(
              (name, server) ->
                  destinations.add(
                      new Destination(
                          name, server.trackingUri(), Providers.open(server, Keys.TRACKING_URI))));
      opened = new Engine(config, server(destinations));
    } catch (RuntimeException | Error e) {
      destinations.forEach(destination -> destination.backend().close());
      throw e;
    }
    opened.addHook();
    destinations.forEach(destination -> opened.deliverTo(destination).resume());
    return opened;
  }

  /**
   * Returns how to reach the server of the tracking URI, if it names one, and those that get
   * copies, by the names of these destinations; none in disabled mode.
   */
  public static Map<String, Config> servers(Config config) {
    Map<String, Config> servers = new LinkedHashMap<>();
    if (config.enabled()) {
      if (config.get(Keys.TRACKING_URI).remote() != null) {
        servers.put(Delivered.SERVER, config);
      }
      servers.putAll(config.copies());
    }
    return servers;
  }

  private static @Nullable Backend server(List<Destination> destinations) {
    return destinations.stream()
        .filter(destination -> destination.name().equals(Delivered.SERVER))
        .map(Destination::backend)
        .findFirst()
        .orElse(null);
  }

  /** Returns how a configuration wants its journal. */
  public static JournalOptions journalOptions(Config config) {
    return new JournalOptions(
        config.get(Keys.RING),
        Math.toIntExact(config.get(Keys.RING_SIZE)),
        config.get(Keys.FSYNC),
        config.get(Keys.FSYNC_INTERVAL).toNanos(),
        Math.toIntExact(config.get(Keys.SEGMENT_SIZE)),
        config.get(Keys.QUOTA),
        config.get(Keys.RESERVE),
        config.get(Keys.HEARTBEAT_INTERVAL).toNanos(),
        config.get(Keys.HEARTBEAT_LOST).toNanos(),
        Disk.REAL,
        Time.SYSTEM);
  }

  /** A hook only where the program is the JVM's own: elsewhere it would pin our class loader. */
  private void addHook() {
    boolean wanted =
        switch (config.get(Keys.SHUTDOWN_HOOK)) {
          case ON -> true;
          case OFF -> false;
          case AUTO -> Engine.class.getClassLoader() == ClassLoader.getSystemClassLoader();
        };
    if (!wanted || store == null) {
      return;
    }
    Thread thread = new Thread(this::close, "plumbline-shutdown");
    thread.setContextClassLoader(null);
    try {
      Runtime.getRuntime().addShutdownHook(thread);
      hook = thread;
    } catch (IllegalStateException e) {
      LOG.debug("opened while the JVM shuts down: no hook");
    }
  }

  /** Returns the configuration. */
  public Config config() {
    return config;
  }

  /** Throws if this is closed. */
  public void ensureOpen() {
    if (closed.get()) {
      throw new IllegalStateException(
          "this client is closed, or the Plumbline that it works on; open another one");
    }
  }

  /** Returns the opened store, or null in disabled mode. */
  public @Nullable EmbeddedStore store() {
    return store;
  }

  // ---- destinations

  /** Has the runs that are started from now on delivered to a destination, which this closes. */
  public Courier deliverTo(Destination destination) {
    return deliverTo(destination, Sleeper.SYSTEM);
  }

  /** The same with another way to wait between attempts. */
  public Courier deliverTo(Destination destination, Sleeper sleeper) {
    ensureOpen();
    if (store == null) {
      throw new IllegalStateException("nothing is delivered in disabled mode");
    }
    if (couriers.isEmpty()) {
      store.tell(new Couriers(store.journal().writer(), couriers));
    }
    Courier courier = new Courier(store, destination, sleeper);
    couriers.add(courier);
    return courier;
  }

  /** Returns the server that keeps the runs, or null if the store does. */
  public @Nullable Backend server() {
    return server;
  }

  /** Returns the couriers, one for each destination. */
  public List<Courier> couriers() {
    return List.copyOf(couriers);
  }

  /**
   * Waits until all that was logged before has arrived at all destinations.
   *
   * @return whether that was so within the time
   */
  public boolean awaitDelivery(Duration timeout) {
    if (store == null) {
      return true;
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean written = store.journal().settle(timeout);
    for (Courier courier : couriers) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      written &= courier.await(left);
    }
    return written;
  }

  /** Has something done when this is closed, the last one first. */
  public void beforeClose(Runnable action) {
    beforeClose.addFirst(action);
  }

  /** Takes that back. */
  public void forget(Runnable action) {
    beforeClose.remove(action);
  }

  /** Returns whether this is being closed because the JVM ends. */
  public boolean closesWithJvm() {
    return Thread.currentThread() == hook;
  }

  /** Returns where the logged records are right now. */
  public Delivery delivery() {
    return store == null
        ? new Delivery(0, 0, 0, Map.of(), Duration.ZERO, "disabled", List.of(), null)
        : store.journal().delivery().with(couriers.stream().map(Courier::delivery).toList());
  }

  /**
   * Waits until everything that was logged before is on disk, as far as the fsync policy says.
   *
   * @return whether that was so within the time
   */
  public boolean flush(Duration timeout) {
    return store == null || store.journal().flush(timeout);
  }

  /**
   * Ends what is still open, writes what is left and stops, within {@code close.timeout}. What
   * could not be written stays in the ring file, for the next program that opens the store.
   * Idempotent.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      awaitClose();
      return;
    }
    try {
      closeOnce();
    } finally {
      closeDone.countDown();
    }
  }

  /** A second close, such as the JVM's end during the first one, must not return before it. */
  private void awaitClose() {
    try {
      closeDone.await(config.get(Keys.CLOSE_TIMEOUT).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeOnce() {
    for (Runnable action = beforeClose.poll(); action != null; action = beforeClose.poll()) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.warn("closing goes on after a failure: {}", e.toString());
      }
    }
    Duration bound = config.get(Keys.CLOSE_TIMEOUT);
    if (!couriers.isEmpty()) {
      closeCouriers(bound.dividedBy(2));
    }
    if (store != null && !store.close(bound)) {
      Delivery left = delivery();
      LOG.warn(
          "closed with {} metrics and {} other records not yet on disk; the next program that opens {}"
              + " finds the metrics{}",
          left.accepted() - left.written(),
          left.pending(),
          store.root(),
          left.health().map(why -> ": " + why).orElse(""));
    }
    removeHook();
  }

  /** What has not arrived within the bound stays on disk. */
  private void closeCouriers(Duration bound) {
    if (!awaitDelivery(bound)) {
      LOG.warn(
          "what is not delivered yet is on disk, in {}; `plumbline sync` sends it, or the next"
              + " program that opens the store",
          store == null ? "" : store.root());
    }
    couriers.forEach(Courier::stop);
    // No interrupt reaches a thread that waits for an answer; the end of its connection does.
    couriers.forEach(courier -> courier.destination().backend().close());
    couriers.forEach(Courier::close);
  }

  private void removeHook() {
    Thread thread = hook;
    if (thread != null && Thread.currentThread() != thread) {
      try {
        Runtime.getRuntime().removeShutdownHook(thread);
      } catch (IllegalStateException e) {
        LOG.debug("closed while the JVM shuts down: the hook has its turn");
      }
    }
  }
}
