package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline log shows, verifies and repairs a prediction log")
class LogCommandTest {
  @TempDir private Path folder;
  private Path log = Path.of("");

  @BeforeEach
  void write() {
    log = folder.resolve("log");
    FeatureSchema features =
        FeatureSchema.of(
            Feature.of("temp", DataType.DOUBLE), Feature.context("origin", DataType.STRING));
    LogSchema schema = LogSchema.builder("flights", "3", features).score().build();
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      for (int i = 0; i < 30; i++) {
        RowBatch row = writer.row(schema, 1_748_736_000_000_000L + i);
        row.setText(SystemColumn.REQUEST_ID.position(), "r" + i);
        row.setDouble(schema.position("temp"), i / 4.0);
        row.setText(schema.position("origin"), "J\u001bFK");
        row.endRow();
      }
    }
  }

  private Cli cli() {
    return new Cli(folder.resolve("store"));
  }

  private Path part() {
    return PredictionLogReader.parts(log, LogFilter.ALL).get(0);
  }

  @Test
  @DisplayName(
      "show prints the first rows without empty columns, or the columns that are asked for")
  void show() {
    Cli.Answer answer = cli().run("log", "show", log.toString(), "--rows", "3");
    assertThat(answer.code()).isZero();
    assertThat(answer.lines()).hasSize(4);
    assertThat(answer.lines().get(0)).contains("_ts", "temp").doesNotContain("prediction_score");
    assertThat(answer.lines().get(2)).contains("2025-06-01T00:00:00.000001Z", "r1", "0.25");
    assertThat(answer.out()).doesNotContain("\u001b");
    answer = cli().run("log", "show", part().toString(), "--columns", "temp,_request_id", "--json");
    List<JsonObject> rows = answer.jsonList();
    assertThat(rows).hasSize(10);
    assertThat(rows.get(3).asMap()).containsEntry("temp", 0.75).containsEntry("_request_id", "r3");
    assertThat(rows.get(3).asMap()).hasSize(2);
  }

  @Test
  @DisplayName(
      "show says which column is not there, and exits with 2; with 3 where there is no log")
  void showErrors() {
    Cli.Answer answer = cli().run("log", "show", log.toString(), "--columns", "nothing");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("there is no column 'nothing' in");
    answer = cli().run("log", "show", folder.resolve("no").toString());
    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.err()).contains("there is no prediction log");
  }

  @Test
  @DisplayName("verify reads all, and exits with 1 where a file is damaged")
  void verify() throws Exception {
    Cli.Answer answer = cli().run("log", "verify", log.toString());
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("1 file with 30 rows").contains("nothing is damaged");
    assertThat(cli().run("log", "verify", part().toString()).out()).contains("1 file with 30 rows");
    byte[] bytes = Files.readAllBytes(part());
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes[text.indexOf("r10r11r12")] = 's';
    Files.write(part(), bytes);
    answer = cli().run("log", "verify", log.toString(), "--json");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.json().bool("sound")).isFalse();
    assertThat(answer.json().objects("files").get(0).string("problem")).contains("checksum");
  }

  @Test
  @DisplayName("verify reads the counts of windows, too, and names those that are damaged")
  void verifyWindows() throws Exception {
    ProfileCounter counter = Flown.profile().counter();
    counter.count(0, 0.5);
    counter.countText(1, "JFK");
    Instant from = Instant.parse("2025-06-01T00:00:00Z");
    WindowCounts counts = counter.take().between(from, from.plusSeconds(3_600));
    WindowWriter.in(log).write("flights", "3", new Windows.Window(Windows.ALL, counts));
    Cli.Answer sound = cli().run("log", "verify", log.toString());
    assertThat(sound.code()).isZero();
    assertThat(sound.out()).contains("1 file with 30 rows").contains("and 1 window of counts read");
    Path day = log.resolve("_windows/_model=flights/_version=3/_date=2025-06-01");
    Path window;
    try (Stream<Path> files = Files.list(day)) {
      window = files.toList().get(0);
    }
    String json = Files.readString(window);
    for (String damaged :
        List.of(
            json.replace("\"n\":1", "\"n\":2"),
            json.substring(9),
            json.replace("\"version\":\"3\"", "\"version\":\"4\""),
            json.replace("T01:00:00Z", "T00:00:00Z"))) {
      assertThat(damaged).isNotEqualTo(json);
      Files.writeString(window, damaged);
      Cli.Answer answer = cli().run("log", "verify", log.toString());
      assertThat(answer.code()).isEqualTo(1);
      assertThat(answer.out()).contains("damaged  ", window.getFileName().toString());
    }
    JsonObject found = cli().run("log", "verify", log.toString(), "--json").json();
    assertThat(found.bool("sound")).isFalse();
    assertThat(found.objects("windows").get(0).string("file")).isEqualTo(window.toString());
  }

  @Test
  @DisplayName("repair says which parts it leaves alone, and why")
  void leftAlone() throws Exception {
    Path day = Files.createDirectories(log.resolve("_model=flights/_version=3/_date=2025-06-02"));
    Path nobody = Files.writeString(day.resolve(".part-x-1.arrow.inprogress"), "torn");
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      RowBatch row =
          writer.row(
              LogSchema.builder("flights", "3", Flown.FEATURES).score().build(),
              1_748_736_000_000_000L);
      row.setText(SystemColumn.REQUEST_ID.position(), "open");
      row.endRow();
      writer.flush();
      Cli.Answer answer = cli().run("log", "repair", log.toString());
      assertThat(answer.code()).isZero();
      assertThat(answer.out())
          .contains("Left alone " + nobody + ": its name says of no writer")
          .containsPattern("Left alone .*\\.inprogress: this process writes to it")
          .contains("Nothing else to repair.");
      assertThat(cli().run("log", "repair", log.toString(), "--json").jsonList())
          .allSatisfy(json -> assertThat(json.string("leftAlone")).isNotEmpty());
    }
  }

  @Test
  @DisplayName("repair completes what a dead writer has left")
  void repair() throws Exception {
    assertThat(cli().run("log", "repair", log.toString()).out()).contains("Nothing to repair.");
    byte[] bytes = Files.readAllBytes(part());
    Path open = part().resolveSibling("." + part().getFileName() + ".inprogress");
    Files.delete(part());
    // Of a writer that nobody has ever heard of.
    Path dead =
        open.resolveSibling(".part-h-1-0000000000000000-20250601T000000Z-000001.arrow.inprogress");
    Files.write(dead, java.util.Arrays.copyOf(bytes, bytes.length - 20));
    Cli.Answer answer = cli().run("log", "repair", log.toString());
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("Completed ").contains("000001.arrow");
    assertThat(cli().run("log", "verify", log.toString()).out()).contains("30 rows");
  }
}
