package io.plumbline.zstd;

import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.nio.file.Path;
import java.util.List;

/** Writes compressed logs, and reads them again. */
final class Logs {
  static final int ROWS = 3_000;
  static final List<String> ORIGINS = List.of("EWR", "JFK", "LGA");

  /** The sum of all temperatures: every one is a multiple of a half, so no order rounds it. */
  static final double SUM = 0.5 * (ROWS - 1) * ROWS / 2;

  /** 2025-06-01T00:00Z in microseconds. */
  private static final long START = 1_748_736_000_000_000L;

  private Logs() {}

  /** Writes a log of one part; returns the part. */
  static Path write(Path log, LogOptions options) {
    LogSchema schema =
        LogSchema.builder(
                "flights",
                "1",
                FeatureSchema.of(
                    Feature.of("temp", DataType.DOUBLE),
                    Feature.context("origin", DataType.STRING)))
            .categories("origin", ORIGINS)
            .build();
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, options)) {
      for (int i = 0; i < ROWS; i++) {
        RowBatch row = writer.row(schema, START + i);
        row.setText(SystemColumn.REQUEST_ID.position(), "request-" + i);
        row.setDouble(schema.position("temp"), i * 0.5);
        row.setText(schema.position("origin"), ORIGINS.get(i % 3));
        row.endRow();
      }
    }
    return PredictionLogReader.parts(log, LogFilter.ALL).get(0);
  }

  /** Reads a log; returns the sum of its temperatures. */
  static double sum(Path log, LogFilter filter) {
    double sum = 0;
    long rows = 0;
    try (PredictionLogReader reader = PredictionLogReader.open(log, filter)) {
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        String[] ids = batch.texts("_request_id");
        String[] origins = batch.texts("origin");
        double[] temps = batch.doubles("temp");
        for (int i = 0; i < batch.rows(); i++) {
          if (!ids[i].equals("request-" + rows)
              || !ORIGINS.get((int) (rows % 3)).equals(origins[i])) {
            throw new AssertionError("row " + rows + " has another's values");
          }
          sum += temps[i];
          rows++;
        }
      }
    }
    if (rows != ROWS) {
      throw new AssertionError(rows + " rows");
    }
    return sum;
  }

  /** A program that writes a compressed log, reads it, and prints the sum. */
  public static void main(String[] arguments) {
    Path log = Path.of(arguments[0]);
    Path unused = write(log, LogOptions.DEFAULT.withCompression(new Zstandard()));
    System.out.println("sum " + sum(log, LogFilter.ALL));
  }
}
