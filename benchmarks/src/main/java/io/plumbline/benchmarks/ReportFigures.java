package io.plumbline.benchmarks;

import io.plumbline.cli.Main;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/** How long the page of a store takes. */
final class ReportFigures {
  private static final int RUNS = 1_000;
  private static final int STEPS = 250;
  private static final String[] KEYS = {"train/loss", "valid/loss", "valid/auc", "valid/f1"};

  private ReportFigures() {}

  /** The command, in a JVM of its own, on 1,000 runs with four metrics of 250 points each. */
  static final class Page implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      Path folder = Stores.folder();
      fill(folder.resolve("store"));
      Path page = folder.resolve("report.html");
      double[] millis = new double[context.quick() ? 5 : 15];
      for (int i = 0; i < millis.length; i++) {
        millis[i] =
            ProcessFigures.millis(
                ProcessFigures.java(
                    Main.class,
                    "--store",
                    folder.resolve("store").toString(),
                    "report",
                    "-o",
                    page.toString()));
      }
      double megabytes = Files.size(page) / 1e6;
      Spread spread = new Spread(millis);
      context.result(
          "report.ms",
          spread.median(),
          "ms",
          spread + String.format(Locale.ROOT, ", a page of %.1f MB", megabytes));
      Stores.delete(folder);
    }

    private static void fill(Path store) {
      SplittableRandom random = new SplittableRandom(1);
      try (TrackingClient tracking = Stores.open(store)) {
        for (int i = 0; i < RUNS; i++) {
          Tracker tracker = tracking.start("report-" + i % 3, RunOptions.named("run-" + i));
          tracker.logParam("max_depth", i % 10);
          tracker.logParam("learning_rate", random.nextDouble());
          tracker.logParam("seed", i);
          for (int step = 0; step < STEPS; step++) {
            for (String key : KEYS) {
              tracker.logMetric(key, random.nextDouble(), step);
            }
          }
          tracker.finish();
        }
      }
    }
  }
}
