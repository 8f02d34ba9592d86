package io.plumbline.benchmarks;

import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** How fast a store answers. */
final class StoreFigures {
  private StoreFigures() {}

  /** One filter over 5,000 runs. */
  static final class Search implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      Path folder = Stores.folder();
      try (TrackingClient tracking = Stores.open(folder)) {
        for (int i = 0; i < 5_000; i++) {
          Tracker tracker = tracking.start("search", RunOptions.named("run-" + i));
          tracker.logParams(Map.of("learning_rate", 0.1, "max_depth", i % 10, "seed", i));
          tracker.logMetrics(Map.of("auc", i / 5_000.0, "loss", 1 - i / 5_000.0), 1);
          tracker.finish();
        }
      }
      // What was written just now is not remembered yet: its time stamp is too fresh.
      Thread.sleep(2_500);
      String filter = "metrics.auc > 0.9 AND params.max_depth = '6'";
      int rounds = 21;
      double[] millis = new double[rounds];
      double cold;
      try (TrackingClient tracking = Stores.open(folder)) {
        cold = search(tracking, filter);
        for (int i = 0; i < rounds; i++) {
          millis[i] = search(tracking, filter);
        }
      }
      context.note(String.format(Locale.ROOT, "the first search of the client: %.0f ms", cold));
      context.result("store.search.ms", new Spread(millis).median(), "ms", "" + new Spread(millis));
      Stores.delete(folder);
    }

    private static double search(TrackingClient tracking, String filter) {
      long start = System.nanoTime();
      int found = tracking.search("search", filter).size();
      double millis = (System.nanoTime() - start) / 1e6;
      if (found != 50) {
        throw new IllegalStateException("the filter should find 50 runs, not " + found);
      }
      return millis;
    }
  }
}
