package io.plumbline.samples;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import io.plumbline.data.CsvTable;
import io.plumbline.drift.Calibration;
import io.plumbline.drift.Evaluation;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileBuilder;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What the flights looked like that a model was trained on: its reference profile, which travels
 * with the model, so that what is served can be compared with it.
 */
final class FlightProfile {
  /** What is watched beside the features, but not used by the model. */
  static final List<String> CONTEXT = List.of("origin", "carrier", "dest");

  private FlightProfile() {}

  /** The features of the model, and what is logged and watched beside them. */
  static FeatureSchema schema(LGBMBooster booster) throws LGBMException {
    List<Feature> features = new ArrayList<>(LightGbm.featureSchema(booster).features());
    CONTEXT.forEach(name -> features.add(Feature.context(name, DataType.STRING)));
    return new FeatureSchema(features);
  }

  // README: profile
  /** The profile of a model's training data, with scores as honest as those of new flights. */
  static Profile of(FeatureSchema schema, CsvTable flights, Map<String, Object> params)
      throws LGBMException {
    double[] scores = crossFitted(flights, params);
    double[] late = flights.doubles("late");
    Evaluation evaluation = Evaluation.binary(scores, late);
    ProfileBuilder builder = Profile.builder().label("training data").schema(schema);
    for (String feature : TrainFlightDelay.FEATURES) {
      builder.add(feature, flights.doubles(feature));
    }
    for (String column : CONTEXT) {
      builder.add(column, flights.strings(column).toArray(String[]::new));
    }
    return builder
        .add("prediction_score", scores)
        .calibration(Calibration.of(scores, late)) // to estimate how good it is without labels
        .performance("auc", evaluation.value("auc"))
        .performance("precision", evaluation.value("precision"))
        .build();
  }

  // README end

  /**
   * Scores each month by a model of the other months: what a model says of what it has not seen.
   */
  private static double[] crossFitted(CsvTable flights, Map<String, Object> params)
      throws LGBMException {
    int[] month = flights.ints("month");
    double[] scores = new double[month.length];
    for (int fold : Arrays.stream(month).distinct().toArray()) {
      CsvTable others = flights.where(row -> month[row] != fold);
      CsvTable own = flights.where(row -> month[row] == fold);
      try (LGBMDataset training =
              LightGbm.trainingData(
                  params,
                  TrainFlightDelay.FEATURES,
                  others.matrix(TrainFlightDelay.FEATURES),
                  others.doubles("late"));
          LGBMBooster booster = LightGbm.booster(params, training)) {
        int unused = LightGbm.train(booster, TrainFlightDelay.ITERATIONS);
        double[] said = LightGbm.predict(booster, own.matrix(TrainFlightDelay.FEATURES));
        int next = 0;
        for (int row = 0; row < month.length; row++) {
          if (month[row] == fold) {
            scores[row] = said[next++];
          }
        }
      }
    }
    return scores;
  }
}
