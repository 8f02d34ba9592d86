package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.Plumbline;
import io.plumbline.internal.Engine;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.internal.store.EmbeddedBackend;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** Programs whose runs go to a server: one that another store stands for, or one that is away. */
final class Shipped {
  /** Nothing listens there. */
  static final String NOBODY = "http://127.0.0.1:9";

  private Shipped() {}

  /** Logs while nobody answers at the server, and at a further one called audit. */
  static void away(Path store, Consumer<TrackingClient> program) {
    Config config =
        Config.builder()
            .isolated()
            .store(store)
            .trackingUri(NOBODY)
            .copyTo("audit", Config.builder().isolated().trackingUri(NOBODY + "/audit").build())
            .set("close.timeout", "100ms")
            .build();
    try (TrackingClient tracking = TrackingClient.create(config)) {
      program.accept(tracking);
    }
  }

  /** Logs, and has all that the store has for a destination delivered. */
  static void arrives(Path store, String name, String uri, Consumer<TrackingClient> program) {
    Config config = Config.builder().isolated().store(store).build();
    Path there = store.resolveSibling("there-" + name);
    Config theirs = Config.builder().isolated().store(there).build();
    try (Plumbline plumbline = Plumbline.open(config);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      EmbeddedBackend backend = EmbeddedBackend.open(there, Engine.journalOptions(theirs));
      Courier courier = plumbline.engine().deliverTo(new Destination(name, uri, backend));
      courier.resume();
      program.accept(tracking);
      if (!plumbline.engine().awaitDelivery(Duration.ofSeconds(60))) {
        throw new AssertionError("not delivered: " + courier.delivery());
      }
    }
  }
}
