package io.plumbline.lightgbm;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMException;
import io.plumbline.MetricLogger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logs each metric of each dataset after each iteration; see {@link LightGbm#logTo}. */
final class EvalLog implements TrainingCallback {
  private final MetricLogger logger;
  private final List<String> datasets;
  // The keys of one booster: they are the same after every iteration.
  private @Nullable LGBMBooster known;
  private String[][] keys = {};

  EvalLog(MetricLogger logger, List<String> datasets) {
    this.logger = logger;
    this.datasets = datasets;
  }

  @Override
  public void afterIteration(LGBMBooster booster, int iteration) throws LGBMException {
    if (booster != known) {
      keys = keys(booster.getEvalNames());
      known = booster;
    }
    for (int dataset = 0; dataset < keys.length; dataset++) {
      double[] values = booster.getEval(dataset);
      for (int metric = 0; metric < values.length; metric++) {
        logger.logMetric(keys[dataset][metric], values[metric], iteration);
      }
    }
  }

  private String[][] keys(String[] metrics) {
    String[][] all = new String[datasets.size()][metrics.length];
    for (int dataset = 0; dataset < all.length; dataset++) {
      for (int metric = 0; metric < metrics.length; metric++) {
        all[dataset][metric] = datasets.get(dataset) + "_" + metrics[metric].replace("@", "_at_");
      }
    }
    return all;
  }
}
