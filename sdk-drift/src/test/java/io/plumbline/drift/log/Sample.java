package io.plumbline.drift.log;

import io.plumbline.drift.log.LogColumn.Kind;
import io.plumbline.internal.json.Json;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Random schemas and rows, and the text that stands for each value in comparisons: the bits of
 * floating-point numbers in hex, so that -0.0 and every NaN count.
 */
final class Sample {
  private static final double[] ODD = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    -Double.MAX_VALUE
  };
  private static final String[] TEXTS = {
    "",
    " ",
    "null",
    "NaN",
    "ağaç 🌳",
    "<script>",
    "a\nb\t\"c\"\\",
    "\u0000\u0001",
    "ﬀ",
    "x".repeat(300)
  };

  /** 2025-06-01T00:00Z in microseconds. */
  static final long START = 1_748_736_000_000_000L;

  private Sample() {}

  /** A schema with every kind of column. */
  static LogSchema everything() {
    return LogSchema.builder(
            "flight=delay %ü",
            "3",
            FeatureSchema.of(
                Feature.of("temp", DataType.DOUBLE),
                Feature.of("small", DataType.FLOAT),
                Feature.of("count", DataType.LONG),
                Feature.of("flag", DataType.BOOLEAN),
                Feature.of("note", DataType.STRING),
                Feature.context("origin", DataType.STRING),
                Feature.of("when", DataType.DATETIME)))
        .categories("origin", List.of("EWR", "JFK"))
        .embedding("vector", 3)
        .predictsLabel(List.of("late", "on time"))
        .score()
        .probabilities(List.of("late", "on time"))
        .threshold()
        .profileId("profile-1")
        .transformDigest("transform-1")
        .policy("note", "truncate")
        .build();
  }

  /** A schema with features of random types. */
  static LogSchema schema(Random random) {
    List<Feature> features = new ArrayList<>();
    int n = random.nextInt(12);
    DataType[] types = {
      DataType.DOUBLE,
      DataType.LONG,
      DataType.BOOLEAN,
      DataType.STRING,
      DataType.DATETIME,
      DataType.FLOAT,
      DataType.INTEGER
    };
    for (int i = 0; i < n; i++) {
      features.add(Feature.of("f" + i, types[random.nextInt(types.length)]));
    }
    LogSchemaBuilder builder =
        LogSchema.builder("m" + random.nextInt(3), "v1", new FeatureSchema(features));
    for (Feature feature : features) {
      if (feature.type() == DataType.STRING && random.nextBoolean()) {
        builder.categories(
            feature.name(), random.nextBoolean() ? List.of() : List.of("", "known", "ağaç"));
      }
    }
    if (random.nextBoolean()) {
      builder.embedding("vector", 1 + random.nextInt(5));
    }
    return random.nextBoolean() ? builder.predictsNumber().build() : builder.score().build();
  }

  /** Random values by column; those that are missing are null or absent. */
  static Map<String, @Nullable Object> row(LogSchema schema, Random random, long number) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (LogColumn column : schema.columns()) {
      if (column.constant() != null
          || column.name().equals("_profile_id")
          || random.nextInt(4) == 0) {
        continue;
      }
      row.put(column.name(), value(column, random));
    }
    row.put("_ts", START + number * 1_000);
    row.put("_request_id", "request-" + number);
    return row;
  }

  private static Object value(LogColumn column, Random random) {
    return switch (column.kind()) {
      case DOUBLE ->
          random.nextInt(3) == 0 ? ODD[random.nextInt(ODD.length)] : random.nextGaussian();
      case FLOAT -> random.nextInt(3) == 0 ? (float) ODD[random.nextInt(5)] : random.nextFloat();
      case LONG -> random.nextInt(5) == 0 ? Long.MIN_VALUE : random.nextLong();
      case TIMESTAMP -> START + random.nextInt();
      case INT -> random.nextInt();
      case BOOLEAN -> random.nextBoolean();
      case TEXT, CATEGORY -> TEXTS[random.nextInt(TEXTS.length)];
      case CHOICE -> column.categories().get(random.nextInt(column.categories().size()));
      case EMBEDDING -> {
        float[] floats = new float[column.length()];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) random.nextGaussian();
        }
        yield floats;
      }
    };
  }

  static void fill(RowBatch batch, Map<String, @Nullable Object> row) {
    LogSchema schema = batch.schema();
    row.forEach(
        (name, value) -> {
          int position = schema.position(name);
          if (value instanceof Double number) {
            batch.setDouble(position, number);
          } else if (value instanceof Float number) {
            batch.setDouble(position, number);
          } else if (value instanceof Number number) {
            batch.setLong(position, number.longValue());
          } else if (value instanceof Boolean bool) {
            batch.setBoolean(position, bool);
          } else if (value instanceof float[] floats) {
            batch.setEmbedding(position, floats);
          } else if (value instanceof String text) {
            batch.setText(position, text);
          }
        });
    batch.endRow();
  }

  /** What a reader must find: each column's value in its text, by column. */
  static Map<String, String> expected(LogSchema schema, Map<String, @Nullable Object> row) {
    Map<String, String> texts = new TreeMap<>();
    for (LogColumn column : schema.columns()) {
      texts.put(column.name(), text(column, row.get(column.name())));
    }
    return texts;
  }

  private static String text(LogColumn column, @Nullable Object value) {
    String constant = column.constant();
    if (constant != null) {
      return Json.text(constant);
    }
    if (value == null) {
      return column.nullable()
          ? "null"
          : switch (column.name()) {
            case "_role" -> Json.text("primary");
            case "_status" -> Json.text("ok");
            case "_sample_rate" -> bits(1f);
            default -> throw new AssertionError(column.name());
          };
    }
    if (value instanceof Double number) {
      return bits(number);
    }
    if (value instanceof Float number) {
      return bits(number);
    }
    return value instanceof float[] floats ? texts(floats) : Json.text(value);
  }

  private static String texts(float[] floats) {
    List<String> bits = new ArrayList<>();
    for (float f : floats) {
      bits.add(bits(f));
    }
    return String.join(" ", bits);
  }

  static String bits(double value) {
    return Double.isNaN(value) ? "nan" : "%016x".formatted(Double.doubleToLongBits(value));
  }

  static String bits(float value) {
    return Float.isNaN(value) ? "nan" : "%08x".formatted(Float.floatToIntBits(value));
  }

  /** What our own reader finds, by request id, in the same texts. */
  static Map<String, Map<String, String>> read(LogSchema schema, PredictionLogReader reader) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
      @Nullable String[] ids = batch.texts("_request_id");
      List<Map<String, String>> here = new ArrayList<>();
      for (int i = 0; i < batch.rows(); i++) {
        here.add(new TreeMap<>());
        rows.put(String.valueOf(ids[i]), here.get(i));
      }
      for (LogColumn column : schema.columns()) {
        read(batch, column, here);
      }
    }
    return rows;
  }

  private static void read(LogBatch batch, LogColumn column, List<Map<String, String>> rows) {
    String name = column.name();
    boolean isText =
        column.kind() == Kind.TEXT
            || column.kind() == Kind.CATEGORY
            || column.kind() == Kind.CHOICE;
    boolean isNumber = column.kind() == Kind.DOUBLE || column.kind() == Kind.FLOAT;
    @Nullable String[] texts = isText ? batch.texts(name) : new String[0];
    double[] doubles = isNumber ? batch.doubles(name) : new double[0];
    float[] floats = column.kind() == Kind.EMBEDDING ? batch.embeddings(name) : new float[0];
    long[] longs =
        isText || isNumber || column.kind() == Kind.EMBEDDING ? new long[0] : batch.longs(name);
    for (int i = 0; i < rows.size(); i++) {
      String text;
      if (batch.isNull(name, i)) {
        text = "null";
      } else if (isText) {
        text = Json.text(texts[i]);
      } else if (isNumber) {
        text = column.kind() == Kind.DOUBLE ? bits(doubles[i]) : bits((float) doubles[i]);
      } else if (column.kind() == Kind.EMBEDDING) {
        float[] one = new float[column.length()];
        System.arraycopy(floats, i * one.length, one, 0, one.length);
        text = texts(one);
      } else {
        text = column.kind() == Kind.BOOLEAN ? String.valueOf(longs[i] == 1) : "" + longs[i];
      }
      rows.get(i).put(name, text);
    }
  }
}
