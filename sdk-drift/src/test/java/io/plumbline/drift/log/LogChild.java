package io.plumbline.drift.log;

import java.io.FileOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * A program that logs until it is killed, or so many rows. After each flush it writes into another
 * file how many rows were flushed.
 */
final class LogChild {
  private LogChild() {}

  static LogSchema schema() {
    return Sample.everything();
  }

  /** Arguments: the log's folder, the file for the counts, the number of rows, rows per flush. */
  public static void main(String[] arguments) throws Exception {
    LogSchema schema = schema();
    long rows = Long.parseLong(arguments[2]);
    int perFlush = Integer.parseInt(arguments[3]);
    try (PredictionLogWriter writer =
            PredictionLogWriter.open(
                Path.of(arguments[0]),
                LogOptions.DEFAULT
                    .withBatchRows(500)
                    .withRoll(300_000, java.time.Duration.ofMinutes(5)));
        FileOutputStream told = new FileOutputStream(arguments[1])) {
      for (long i = 0; i < rows; i++) {
        fill(writer.row(schema, Sample.START + i), schema, i);
        if (i % perFlush == perFlush - 1) {
          writer.flush();
          told.getChannel().write(ByteBuffer.allocate(8).putLong(0, i + 1), 0);
        }
      }
    }
  }

  /** A row whose values follow from its number. */
  static void fill(RowBatch row, LogSchema schema, long i) {
    row.setText(SystemColumn.REQUEST_ID.position(), "r" + i);
    row.setDouble(schema.position("temp"), i * 0.5);
    row.setText(schema.position("origin"), List.of("EWR", "JFK", "N" + i / 700).get((int) (i % 3)));
    row.setText(schema.position("note"), "note " + i);
    row.setEmbedding(schema.position("vector"), new float[] {i, 1, 2});
    row.endRow();
  }

  /** Checks that a log holds the first rows, each once and with its values; returns how many. */
  static long check(Path log) {
    java.util.BitSet seen = new java.util.BitSet();
    try (PredictionLogReader reader = PredictionLogReader.open(log, LogFilter.ALL)) {
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        String[] ids = batch.texts("_request_id");
        double[] temps = batch.doubles("temp");
        String[] origins = batch.texts("origin");
        String[] notes = batch.texts("note");
        for (int k = 0; k < ids.length; k++) {
          int i = Integer.parseInt(ids[k].substring(1));
          boolean right =
              temps[k] == i * 0.5
                  && origins[k].equals(List.of("EWR", "JFK", "N" + i / 700).get(i % 3))
                  && notes[k].equals("note " + i);
          if (!right || seen.get(i)) {
            throw new AssertionError("row " + i + " is wrong or there twice");
          }
          seen.set(i);
        }
      }
    }
    if (seen.cardinality() != seen.length()) {
      throw new AssertionError("rows are missing before row " + seen.length());
    }
    return seen.length();
  }
}
