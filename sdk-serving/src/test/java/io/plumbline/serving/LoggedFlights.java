package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.Profile;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.ModelPackage;
import io.plumbline.registry.ModelRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A live model of two inputs and three columns of context, and what was logged of it. */
abstract class LoggedFlights {
  static final Duration LONG = Duration.ofMinutes(1);
  static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          Feature.of("a", DataType.DOUBLE),
          Feature.of("b", DataType.DOUBLE),
          Feature.context("origin", DataType.STRING),
          Feature.context("flight", DataType.LONG),
          Feature.context("paid", DataType.BOOLEAN));

  @TempDir Path folder;
  final Served.Linear loader = new Served.Linear();
  ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
    Served.promote(registry, model(1));
  }

  @AfterEach
  void close() {
    registry.close();
    assertThat(loader.misuses.get()).as("use after close, or by two at once").isZero();
  }

  static ModelPackage model(double factor) {
    return Served.linear(factor).with(SCHEMA).with(profile());
  }

  static Profile profile() {
    double[] numbers = new double[1_000];
    @Nullable String[] origins = new String[1_000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i / 100.0;
      origins[i] = i % 2 == 0 ? "JFK" : "LGA";
    }
    return Profile.builder()
        .add("a", numbers)
        .add("b", numbers)
        .add("origin", origins)
        .add("prediction", numbers)
        .build();
  }

  LiveModel live() {
    return LiveModel.builder(registry, "models:/flights@champion").loader(loader).open();
  }

  /** All rows, each as a map of its columns that are not null. */
  List<Map<String, Object>> rows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (PredictionLogReader log =
        PredictionLogReader.open(folder.resolve("store/predictions"), LogFilter.ALL)) {
      for (LogBatch batch = log.next(); batch != null; batch = log.next()) {
        add(batch, rows);
      }
    }
    return rows;
  }

  static double number(Map<String, Object> row, String column) {
    return (double) Objects.requireNonNull(row.get(column), column);
  }

  private static void add(LogBatch batch, List<Map<String, Object>> rows) {
    int first = rows.size();
    for (int row = 0; row < batch.rows(); row++) {
      rows.add(new LinkedHashMap<>());
    }
    for (String column : batch.columns()) {
      IntFunction<Object> value = values(batch, column);
      for (int row = 0; row < batch.rows(); row++) {
        if (!batch.isNull(column, row)) {
          rows.get(first + row).put(column, value.apply(row));
        }
      }
    }
  }

  private static IntFunction<Object> values(LogBatch batch, String column) {
    try {
      @Nullable String[] texts = batch.texts(column);
      return row -> String.valueOf(texts[row]);
    } catch (IllegalArgumentException e) { // they are no texts
      if (column.equals("_ts") || column.equals("flight")) {
        long[] longs = batch.longs(column);
        return row -> longs[row];
      }
      double[] doubles = batch.doubles(column);
      return row -> doubles[row];
    }
  }
}
