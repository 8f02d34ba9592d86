package io.plumbline.samples;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.Evaluation;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.Signature;
import io.plumbline.tracking.TrackingClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The shortest program that tracks a training: params, a metric for each epoch, the model. */
public final class QuickStart {
  private static final List<String> FEATURES = List.of("dep_delay", "distance", "hour");

  private QuickStart() {}

  public static void main(String[] args) {
    CsvTable flights = CsvTable.read(Path.of("samples/data/flights.csv.gz"));
    int[] month = flights.ints("month");
    CsvTable january = flights.where(row -> month[row] == 1);
    double[][] features = january.matrix(FEATURES);
    double[] labels = january.doubles("late");
    TinyBoosting trees = new TinyBoosting(0.1, 3);

    // README: quickstart
    try (TrackingClient tracking = TrackingClient.create()) {
      Run run =
          tracking.run(
              "quick-start",
              tracker -> {
                tracker.logParams(Map.of("learning_rate", 0.1, "max_depth", 3));
                for (int epoch = 0; epoch < 10; epoch++) {
                  trees.fitOneMore(features, labels);
                  Evaluation evaluation = Evaluation.binary(trees.predict(features), labels);
                  tracker.logMetric("accuracy", evaluation.value("accuracy"), epoch);
                  tracker.logMetric("f1", evaluation.value("f1"), epoch);
                }
                tracker.logModel("model", pack(trees));
              });
      System.out.println(
          run.name() + " " + run.status() + ", f1 " + run.metric("f1").orElseThrow());
    }
    // README end
  }

  private static ModelPackage pack(TinyBoosting trees) {
    byte[] text = trees.toText().getBytes(StandardCharsets.UTF_8);
    return ModelPackage.of("tiny-boosting", Map.of("features", FEATURES))
        .with(ModelPart.of("model.txt", "text/plain", text))
        .with(Signature.doubles(FEATURES, "late"));
  }
}
