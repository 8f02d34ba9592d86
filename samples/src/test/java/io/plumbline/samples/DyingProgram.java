package io.plumbline.samples;

import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.time.Duration;

/** Starts two runs, sees them arrive, and is gone at once, as after a kill. */
final class DyingProgram {
  static final int DEAD = 42;

  private DyingProgram() {}

  @SuppressWarnings("MustBeClosed")
  public static void main(String[] args) {
    TrackingClient tracking = TrackingClient.create();
    for (String run : new String[] {"first", "second"}) {
      Tracker tracker = tracking.start("dying");
      tracker.setTag("run", run);
      tracker.logMetric("auc", 0.5, 0);
    }
    boolean there = tracking.awaitDelivery(Duration.ofMinutes(1));
    Runtime.getRuntime().halt(there ? DEAD : 1);
  }
}
