package io.plumbline;

import io.plumbline.internal.Engine;
import io.plumbline.internal.store.EmbeddedStore;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One opened configuration: the store, its journal and its threads, which all clients made on it
 * share.
 *
 * <p>Most programs never see it: {@code TrackingClient.create()} opens one of its own. Open it
 * yourself to put several clients on one store. Safe for many threads.
 */
public final class Plumbline implements AutoCloseable {
  private final Engine engine;

  private Plumbline(Engine engine) {
    this.engine = engine;
  }

  /** Opens the configuration that {@link Config#load()} finds. */
  public static Plumbline open() {
    return open(Config.load());
  }

  /**
   * Opens a configuration.
   *
   * @throws ConfigException if it names a server for which there is no backend
   * @throws StoreException if the store's folder can't be made or written
   */
  public static Plumbline open(Config config) {
    return new Plumbline(Engine.open(config));
  }

  /** Returns the configuration. */
  public Config config() {
    return engine.config();
  }

  /** Returns the store's folder. */
  public Path store() {
    EmbeddedStore store = engine.store();
    return store == null ? config().store() : store.root();
  }

  /** Returns where the logged records are right now. */
  public Delivery delivery() {
    return engine.delivery();
  }

  /**
   * Waits until everything that was logged before is on disk, as far as the fsync policy says.
   *
   * @return whether that was so within the time
   */
  public boolean flush(Duration timeout) {
    return engine.flush(timeout);
  }

  /** Returns what this is made of. For the SDK's own clients: its type is not API. */
  public Engine engine() {
    return engine;
  }

  /**
   * Ends what is still open, writes what is left and stops, within {@code close.timeout} (10 s).
   * What could not be written stays in the ring file, for the next program that opens the store.
   * Idempotent.
   */
  @Override
  public void close() {
    engine.close();
  }
}
