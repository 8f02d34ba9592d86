package io.plumbline.lightgbm;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows whose label depends on the first two of three features; some values are missing. */
final class SmallTable {
  static final List<String> NAMES = List.of("distance", "dep_delay", "noise");

  static final Map<String, Object> BINARY =
      Map.of(
          "objective",
          "binary",
          "metric",
          List.of("auc", "binary_logloss"),
          "num_leaves",
          7,
          "learning_rate",
          0.2,
          "verbosity",
          -1,
          "seed",
          1);

  final double[][] features;
  final double[] labels;

  SmallTable(int rows, long seed) {
    Random random = new Random(seed);
    features = new double[rows][3];
    labels = new double[rows];
    for (int row = 0; row < rows; row++) {
      features[row] =
          new double[] {
            random.nextInt(2000), 40 * random.nextGaussian(), random.nextBoolean() ? Double.NaN : 1
          };
      double margin = features[row][1] / 20 - features[row][0] / 2000 + random.nextGaussian() / 2;
      labels[row] = margin > 0.5 ? 1 : 0;
    }
  }

  LGBMDataset training() {
    return LightGbm.trainingData(BINARY, NAMES, features, labels);
  }

  /** A booster of that many trees; the caller closes it. */
  LGBMBooster booster(int trees) throws Exception {
    try (LGBMDataset training = training()) {
      LGBMBooster booster = LightGbm.booster(BINARY, training);
      LightGbm.train(booster, trees);
      return booster;
    }
  }
}
