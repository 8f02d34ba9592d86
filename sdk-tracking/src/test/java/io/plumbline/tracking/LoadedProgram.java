package io.plumbline.tracking;

import java.nio.file.Path;
import java.util.function.Consumer;

/** A program that an application server loads with class loaders of its own, and drops again. */
public final class LoadedProgram implements Consumer<String> {
  /** Made by reflection. */
  public LoadedProgram() {}

  @Override
  public void accept(String folder) {
    try (TrackingClient tracking = Stores.open(Path.of(folder))) {
      tracking.run(
          "loaded",
          tracker -> {
            tracker.logParam("depth", 6);
            tracker.metric("loss").log(0.5, 0);
            tracker.logText("hello", "a.txt");
            tracker.logInput(
                io.plumbline.model.Dataset.of("d", new double[][] {{1}}, java.util.List.of("x")),
                "training");
          });
      tracking.start("left open").logMetric("auc", 1);
    }
  }
}
