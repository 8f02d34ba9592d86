package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.tck.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What is written into a log is read back bit by bit")
class RoundTripTest {
  @TempDir private Path folder;

  /** Writes random rows in batches and parts of random sizes; returns what readers must find. */
  private static Map<String, Map<String, String>> write(
      Path root, LogSchema schema, Random random, int rows, LogOptions options) {
    Map<String, Map<String, String>> expected = new TreeMap<>();
    LogOptions small =
        options
            .withBatchRows(1 + random.nextInt(100))
            .withRoll(random.nextBoolean() ? 20_000 : 1 << 20, Duration.ofMinutes(5));
    try (PredictionLogWriter writer = PredictionLogWriter.open(root, small)) {
      for (int i = 0; i < rows; i++) {
        Map<String, @Nullable Object> row = Sample.row(schema, random, i);
        expected.put("request-" + i, Sample.expected(schema, row));
        Sample.fill(writer.row(schema, (Long) row.getOrDefault("_ts", 0L)), row);
        if (random.nextInt(50) == 0) {
          writer.flush();
        }
      }
    }
    return expected;
  }

  private static Map<String, Map<String, String>> read(
      Path root, LogSchema schema, LogFilter filter) {
    try (PredictionLogReader reader = PredictionLogReader.open(root, filter)) {
      return Sample.read(schema, reader);
    }
  }

  @Test
  @DisplayName("Our own reader finds every value of random schemas and rows")
  void ours() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      LogSchema schema = Sample.schema(random);
      Path root = folder.resolve("log-" + seed);
      var expected = write(root, schema, random, random.nextInt(300), LogOptions.DEFAULT);
      if (!expected.isEmpty()) {
        assertThat(read(root, schema, LogFilter.ALL)).as("seed %s", seed).isEqualTo(expected);
      }
    }
  }

  @Test
  @DisplayName("Lines of JSON hold the same rows")
  void jsonLines() {
    for (int seed = 0; seed < 15; seed++) {
      Random random = new Random(seed);
      LogSchema schema = seed == 0 ? Sample.everything() : Sample.schema(random);
      Path root = folder.resolve("log-" + seed);
      LogOptions options = LogOptions.DEFAULT.withFormat(LogOptions.Format.JSON_LINES);
      var expected = write(root, schema, random, 1 + random.nextInt(200), options);
      assertThat(read(root, schema, LogFilter.ALL)).as("seed %s", seed).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("Compressed with zstd, they are the same; without it the error says what is missing")
  void zstd() {
    for (int seed = 0; seed < 5; seed++) {
      Random random = new Random(seed);
      LogSchema schema = seed == 0 ? Sample.everything() : Sample.schema(random);
      Path root = folder.resolve("log-" + seed);
      var expected =
          write(root, schema, random, 300, LogOptions.DEFAULT.withCompression(new Zstandard()));
      assertThat(read(root, schema, LogFilter.ALL.withCompression(new Zstandard())))
          .isEqualTo(expected);
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> read(root, schema, LogFilter.ALL))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is compressed with zstd: give the reader a BufferCompression");
    }
  }

  @Test
  @DisplayName("Arrow's own library for Java finds the same")
  void arrowVector() throws Exception {
    List<String> files = new ArrayList<>();
    Map<String, Map<String, String>> expected = new TreeMap<>();
    for (int seed = 0; seed < 15; seed++) {
      Random random = new Random(seed);
      LogSchema schema = seed == 0 ? Sample.everything() : Sample.schema(random);
      Path root = folder.resolve("log-" + seed);
      for (var row : write(root, schema, random, 200, LogOptions.DEFAULT).entrySet()) {
        expected.put(seed + " " + row.getKey(), row.getValue());
      }
      for (Path file : PredictionLogReader.parts(root, LogFilter.ALL)) {
        files.add(seed + "=" + file);
      }
    }
    Path list = folder.resolve("files.txt");
    Files.write(list, files);
    Path out = folder.resolve("judge.jsonl");
    String log =
        ChildJvm.run(
            ChildJvm.home(),
            List.of("--add-opens=java.base/java.nio=ALL-UNNAMED"),
            ArrowJudge.class,
            list,
            out);
    assertThat(log).doesNotContain("Exception");
    assertThat(readJudged(out)).isEqualTo(expected);
  }

  static Map<String, Map<String, String>> readJudged(Path out) throws IOException {
    Map<String, Map<String, String>> judged = new TreeMap<>();
    for (String line : Files.readAllLines(out)) {
      JsonObject row = Json.object(line, "what the judge prints");
      Map<String, String> values = new TreeMap<>();
      row.object("values").asMap().forEach((name, value) -> values.put(name, "" + value));
      judged.put(row.string("id"), values);
    }
    return judged;
  }
}
