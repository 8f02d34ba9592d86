package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.drift.Profile;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import io.plumbline.internal.json.Json;
import io.plumbline.tck.PeerPython;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The log and the Python world read each other")
class OtherReadersTest {
  @TempDir private Path folder;

  private static void keepWindow(Path log) {
    Profile profile = Profile.builder().add("x", new double[] {1, 2, 3}).build();
    Instant from = Instant.parse("2026-11-26T10:00:00Z");
    WindowCounts counts = profile.counts().between(from, from.plusSeconds(3_600));
    WindowWriter.in(log).write("flights", "3", new Windows.Window(Windows.ALL, counts));
  }

  /** Runs the script {@code read_log.py}, and returns what it has printed. */
  static String ask(Object... arguments) throws Exception {
    return PeerPython.run(
        "drift-readers",
        System.out::println,
        "sdk-drift/src/test/resources/read_log.py",
        arguments);
  }

  @Test
  @DisplayName("pyarrow datasets, pandas, polars and duckdb find every value of a log of all kinds")
  void theyReadOurs() throws Exception {
    LogSchema schema = Sample.everything();
    Random random = new Random(7);
    List<String> expected = new ArrayList<>();
    Path log = folder.resolve("log");
    try (PredictionLogWriter writer =
        PredictionLogWriter.open(log, LogOptions.DEFAULT.withBatchRows(70))) {
      for (int i = 0; i < 500; i++) {
        Map<String, @Nullable Object> row = Sample.row(schema, random, i);
        if (i % 10 == 0) {
          row.put("origin", "new-" + i); // a category that nobody knew, in every batch
        }
        long time = Sample.START + (i % 3) * 86_400_000_000L + i;
        row.put("_ts", time);
        Map<String, Object> texts = new TreeMap<>();
        Sample.expected(schema, row)
            .forEach(
                (name, text) -> texts.put(name, text.startsWith("\"") ? unquoted(text) : text));
        expected.add(Json.text(texts));
        Sample.fill(writer.row(schema, time), row);
      }
    }
    Path lines = folder.resolve("expected.jsonl");
    Files.write(lines, expected);
    keepWindow(log); // which is not for them, and does not bother them
    assertThat(ask("compare", log, lines))
        .contains("pyarrow dataset 500")
        .contains("pyarrow dataset of the folder 500")
        .contains("pandas 500")
        .contains("polars 500")
        .contains("duckdb 500");
  }

  private static Object unquoted(String json) {
    Object text = Json.parse(json);
    return text == null ? "" : text;
  }

  @Test
  @DisplayName("2,000 columns are read by all")
  void manyColumns() throws Exception {
    List<io.plumbline.model.Feature> features = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      features.add(io.plumbline.model.Feature.of("f" + i, io.plumbline.model.DataType.DOUBLE));
    }
    LogSchema schema =
        LogSchema.builder("wide", "1", new io.plumbline.model.FeatureSchema(features)).build();
    Path log = folder.resolve("log");
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      for (int i = 0; i < 300; i++) {
        RowBatch row = writer.row(schema, Sample.START + i);
        row.setText(SystemColumn.REQUEST_ID.position(), "r" + i);
        for (int f = 0; f < 2_000; f++) {
          row.setDouble(schema.position("f0") + f, i * 2_000.0 + f);
        }
        row.endRow();
      }
    }
    List<Path> parts = PredictionLogReader.parts(log, LogFilter.ALL);
    try (PredictionLogReader reader =
        PredictionLogReader.open(log, LogFilter.ALL.withColumns(List.of("f1999")))) {
      LogBatch batch = reader.next();
      assertThat(batch).isNotNull();
      assertThat(batch.columns()).containsExactly("f1999");
      assertThat(batch.doubles("f1999")[1]).isEqualTo(2_000.0 + 1_999);
      assertThat(batch.rows()).as("wide rows make small batches").isLessThan(300);
    }
    assertThat(ask("opens", parts.get(0))).contains(" 300");
  }

  @Test
  @DisplayName("Files and streams of pyarrow, pandas and polars are read, zstd with the hook")
  void weReadTheirs() throws Exception {
    String unused = ask("write", folder);
    for (String name :
        List.of(
            "polars.arrow",
            "polars-zstd.arrow",
            "polars.arrows",
            "pyarrow.arrow",
            "pyarrow.arrows",
            "pandas-uncompressed.feather",
            "pandas-zstd.feather")) {
      checkTheirs(folder.resolve(name), name.startsWith("pandas"));
    }
    assertThatThrownBy(() -> checkTheirs(folder.resolve("pandas-lz4.feather"), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pandas-lz4.feather is compressed with LZ4, which is not read");
    try (PredictionLogReader reader =
        PredictionLogReader.open(folder.resolve("replaced.arrows"), LogFilter.ALL)) {
      List<@Nullable String> texts = new ArrayList<>();
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        texts.addAll(List.of(batch.texts("c")));
      }
      assertThat(texts).containsExactly("x", "y", "z", "x");
    }
  }

  private static void checkTheirs(Path file, boolean pandas) {
    LogFilter filter = LogFilter.ALL.withCompression(new Zstandard());
    try (PredictionLogReader reader = PredictionLogReader.open(file, filter)) {
      LogBatch batch = reader.next();
      assertThat(batch).as("%s", file).isNotNull();
      assertThat(batch.rows()).isEqualTo(3);
      assertThat(batch.doubles("i8")).containsExactly(1, -2, Double.NaN);
      assertThat(batch.doubles("u64")[1]).isEqualTo(0x1p63);
      assertThat(batch.doubles("f32")).containsExactly(1.5, Double.NaN, Double.NaN);
      assertThat(batch.texts("t"))
          .containsExactly("short", "a text that is longer than twelve bytes", null);
      assertThat(batch.texts("c")).containsExactly("x", "y", null);
      assertThat(batch.longs("ms")).containsExactly(1_000, 2_000, 0);
      assertThat(batch.isNull("ms", 2)).isTrue();
      if (!pandas) {
        assertThat(batch.longs("b")).containsExactly(1, 0, 0);
        assertThat(batch.longs("d")).containsExactly(0, 20_000 * 86_400_000_000L, 0);
        assertThat(batch.kind("list")).isEqualTo(LogBatch.Kind.OTHER);
        assertThat(batch.kind("n")).isEqualTo(LogBatch.Kind.NOTHING);
        assertThat(batch.texts("n")).containsOnlyNulls();
      }
      assertThat(reader.next()).isNull();
    }
  }
}
