package io.plumbline.lightgbm;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMException;
import io.plumbline.MetricHandle;
import io.plumbline.MetricLogger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Logs each metric of each dataset after each iteration; see {@link LightGbm#logTo}. */
final class EvalLog implements TrainingCallback {
  private final MetricLogger logger;
  private final List<String> datasets;
  // The metrics of one booster: they are the same after every iteration.
  private @Nullable LGBMBooster known;
  private MetricHandle[][] handles = {};

  EvalLog(MetricLogger logger, List<String> datasets) {
    this.logger = logger;
    this.datasets = datasets;
  }

  @Override
  public void afterIteration(LGBMBooster booster, int iteration) throws LGBMException {
    if (booster != known) {
      handles = handles(booster.getEvalNames());
      known = booster;
    }
    for (int dataset = 0; dataset < handles.length; dataset++) {
      double[] values = booster.getEval(dataset);
      for (int metric = 0; metric < values.length; metric++) {
        handles[dataset][metric].log(values[metric], iteration);
      }
    }
  }

  private MetricHandle[][] handles(String[] metrics) {
    MetricHandle[][] all = new MetricHandle[datasets.size()][metrics.length];
    for (int dataset = 0; dataset < all.length; dataset++) {
      for (int metric = 0; metric < metrics.length; metric++) {
        String name = metrics[metric].replace("@", "_at_");
        all[dataset][metric] = logger.metric(datasets.get(dataset) + "_" + name);
      }
    }
    return all;
  }
}
