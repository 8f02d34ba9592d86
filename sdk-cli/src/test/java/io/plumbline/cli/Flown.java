package io.plumbline.cli;

import io.plumbline.drift.Profile;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** A world of two columns that moves when it is told to, as a profile and as a prediction log. */
final class Flown {
  static final FeatureSchema FEATURES =
      FeatureSchema.of(
          Feature.of("temp", DataType.DOUBLE).orNull(),
          Feature.context("origin", DataType.STRING).orNull());

  private Flown() {}

  /** The world as it was. */
  static Profile profile() {
    Random random = new Random(1);
    double[] temp = new double[3_000];
    String[] origin = new String[temp.length];
    for (int i = 0; i < temp.length; i++) {
      temp[i] = random.nextGaussian();
      origin[i] = random.nextBoolean() ? "JFK" : "LGA";
    }
    return Profile.builder().label("winter").add("temp", temp).add("origin", origin).build();
  }

  /** Logs rows of a day, evenly over its hours; their ids are the date and a number. */
  static void log(
      Path log,
      LogOptions options,
      String model,
      String version,
      String date,
      int rows,
      double by) {
    LogSchema schema = LogSchema.builder(model, version, FEATURES).predictsNumber().build();
    Instant midnight = Instant.parse(date + "T00:00:00Z");
    Random random = new Random(date.hashCode());
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, options)) {
      for (int i = 0; i < rows; i++) {
        Instant time = midnight.plus(Duration.ofDays(1).multipliedBy(i).dividedBy(rows));
        RowBatch row = writer.row(schema, time.toEpochMilli() * 1_000);
        row.setText(SystemColumn.REQUEST_ID.position(), date + "-" + i);
        row.setDouble(schema.position("temp"), random.nextGaussian() + by);
        row.setText(schema.position("origin"), random.nextBoolean() ? "JFK" : "LGA");
        row.setDouble(schema.position("prediction"), 1);
        row.endRow();
      }
    }
  }

  static void log(Path log, String model, String version, String date, int rows, double by) {
    log(log, LogOptions.DEFAULT, model, version, date, rows, by);
  }

  /** Four quiet days of March, and then two of which each is flagged. */
  static void logDays(Path log, String model, String version) {
    for (int day = 1; day <= 6; day++) {
      log(log, model, version, "2026-03-0" + day, 300, day > 4 ? 1.5 : 0);
    }
  }
}
