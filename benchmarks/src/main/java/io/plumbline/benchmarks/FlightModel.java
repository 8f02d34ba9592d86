package io.plumbline.benchmarks;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.plumbline.Config;
import io.plumbline.data.CsvTable;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.model.ModelPackage;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.serving.Functions;
import io.plumbline.serving.LiveModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The models that the figures of serving predict with: real ones, of the flights. */
final class FlightModel {
  static final List<String> FEATURES =
      List.of(
          "hour,distance,dep_delay,temp,dewp,humid,wind_speed,precip,pressure,visib".split(","));

  private FlightModel() {}

  /** Returns the flights of January to March. */
  static CsvTable flights() {
    CsvTable all =
        CsvTable.read(
            Path.of(System.getProperty("bench.root", ".") + "/samples/data/flights.csv.gz"));
    int[] month = all.ints("month");
    return all.where(row -> month[row] <= 3);
  }

  /** Trains 100 trees. */
  static ModelPackage lightgbm(CsvTable flights, int leaves) throws Exception {
    Map<String, Object> params =
        Map.of("objective", "binary", "num_leaves", leaves, "num_threads", 1, "verbosity", -1);
    try (LGBMDataset data =
            LightGbm.trainingData(
                params, FEATURES, flights.matrix(FEATURES), flights.doubles("late"));
        LGBMBooster booster = LightGbm.booster(params, data)) {
      int trained = LightGbm.train(booster, 100);
      if (trained < 1) {
        throw new IllegalStateException("nothing was trained");
      }
      return LightGbm.pack(booster).with(LightGbm.signature(booster, "late"));
    }
  }

  static ModelRegistry registry(Path folder) {
    return ModelRegistry.create(
        Config.builder()
            .isolated()
            .store(folder)
            .set("registry.metadata.age", "1h")
            .set("registry.poll", "1d")
            .build());
  }

  /** Registers models as versions 1, 2, ... and points the alias to the first. */
  static void register(ModelRegistry registry, ModelPackage... models) {
    for (ModelPackage model : models) {
      registry.register("flights", model, RegisterOptions.none());
    }
    registry.setAlias("flights", "champion", 1, "figures");
  }

  /** A model that does nothing, so that all that is measured is ours. */
  static LiveModel nothing(ModelRegistry registry) {
    registry.register(
        "nothing",
        Functions.pack("nothing", io.plumbline.model.Signature.doubles(List.of("x"), "y")),
        RegisterOptions.none());
    return LiveModel.builder(registry, "models:/nothing/1")
        .function("nothing", (in, out) -> out[0] = in[0])
        .open();
  }
}
