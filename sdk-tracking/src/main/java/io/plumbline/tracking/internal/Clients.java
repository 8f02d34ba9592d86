package io.plumbline.tracking.internal;

import io.plumbline.Plumbline;
import io.plumbline.internal.Engine;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.spi.Backend;
import io.plumbline.tracking.TrackingClient;

/** Makes tracking clients. */
public final class Clients {
  private Clients() {}

  /** Makes a client that closes what it works on. */
  public static TrackingClient owning(Plumbline plumbline) {
    return client(plumbline.engine(), true);
  }

  /** Makes a client on something that others use too. */
  public static TrackingClient sharing(Plumbline plumbline) {
    return client(plumbline.engine(), false);
  }

  private static TrackingClient client(Engine engine, boolean owned) {
    EmbeddedStore store = engine.store();
    if (store == null) {
      return new DisabledClient(engine, owned);
    }
    Backend server = engine.server();
    return server == null
        ? new StoreClient(engine, store, owned)
        : new ServerClient(engine, store, server, owned);
  }
}
