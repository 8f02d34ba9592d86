package io.plumbline.cli;

import io.plumbline.drift.log.LogBatch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of a log as JSON has them. */
final class LogValues {
  private LogValues() {}

  /** The first values of a column: numbers, truth values, texts, lists; times as ISO-8601. */
  static List<@Nullable Object> first(LogBatch batch, String name, int n) {
    List<@Nullable Object> values = new ArrayList<>();
    LogBatch.Kind kind = batch.kind(name);
    double[] doubles = kind == LogBatch.Kind.NUMBER ? batch.doubles(name) : new double[0];
    boolean isText = kind == LogBatch.Kind.TEXT || kind == LogBatch.Kind.CATEGORY;
    @Nullable String[] texts = isText ? batch.texts(name) : new String[0];
    float[] floats = kind == LogBatch.Kind.EMBEDDING ? batch.embeddings(name) : new float[0];
    long[] longs =
        kind == LogBatch.Kind.INTEGER || kind == LogBatch.Kind.BOOLEAN || kind == LogBatch.Kind.TIME
            ? batch.longs(name)
            : new long[0];
    for (int i = 0; i < n; i++) {
      if (batch.isNull(name, i)) {
        values.add(null);
        continue;
      }
      values.add(
          switch (kind) {
            case NUMBER -> doubles[i];
            case INTEGER -> longs[i];
            case BOOLEAN -> longs[i] != 0;
            case TIME -> time(longs[i]).toString();
            case TEXT, CATEGORY -> texts[i];
            case EMBEDDING -> list(floats, floats.length / batch.rows(), i);
            case NOTHING, OTHER -> "(not read)";
          });
    }
    return values;
  }

  /** The time of microseconds since 1970. */
  static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static List<Double> list(float[] floats, int length, int row) {
    List<Double> list = new ArrayList<>();
    for (int i = row * length; i < (row + 1) * length; i++) {
      list.add((double) floats[i]);
    }
    return list;
  }

  /** A value for people. */
  static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    return value instanceof Double number ? Format.number(number) : value.toString();
  }
}
