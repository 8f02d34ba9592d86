package io.plumbline.tracking;

import java.nio.file.Path;
import java.util.function.BiConsumer;

/** A program that logs into a run of another one; loaded by class loaders of its own. */
public final class JoiningProgram implements BiConsumer<String, String> {
  static final int POINTS = 5_000; // fewer than the ring of a test has slots: none is dropped

  /** Made by reflection. */
  public JoiningProgram() {}

  @Override
  public void accept(String folder, String runId) {
    try (TrackingClient tracking = Stores.open(Path.of(folder));
        Tracker tracker = tracking.join(runId)) {
      for (int i = 0; i < POINTS; i++) {
        tracker.logMetric("loss", i, i);
      }
    }
  }
}
