package io.plumbline.tracking;

import io.plumbline.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Opens clients on stores of tests. */
final class Stores {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Stores() {}

  static Config.Builder config(Path folder) {
    return Config.builder()
        .isolated()
        .store(folder.resolve("store"))
        .set("shutdown.hook", "off")
        .set("journal.fsync", "none")
        .set("journal.ring.size", "256KiB");
  }

  static TrackingClient open(Path folder) {
    return TrackingClient.create(config(folder).build());
  }

  /** Waits until something is so, and fails if it does not become so. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited " + PATIENCE.toSeconds() + " s in vain: " + what);
      }
      Thread.onSpinWait();
    }
  }
}
