package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.ColumnProfile;
import io.plumbline.drift.Profile;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline profile on rows of every form")
class ProfileCommandsTest {
  @TempDir Path folder;
  private Cli cli = new Cli(Path.of(""));
  private Path log = Path.of("");
  private Path made = Path.of("");

  @BeforeEach
  void fill() {
    cli = new Cli(folder.resolve("no store is needed"));
    log = folder.resolve("log");
    made = folder.resolve("made.json");
    Flown.log(log, "flights", "3", "2026-03-01", 300, 0);
    Flown.log(log, "flights", "3", "2026-03-02", 200, 0);
    Flown.log(log, "flights", "4", "2026-03-02", 100, 0);
  }

  private Cli.Answer make(Path rows, String... more) {
    List<String> call =
        new ArrayList<>(List.of("profile", "make", rows.toString(), "-o", made.toString()));
    call.addAll(List.of(more));
    return cli.run(call.toArray(String[]::new));
  }

  private Profile read() throws IOException {
    return Profile.fromJson(Files.readAllBytes(made));
  }

  @Test
  @DisplayName("make takes the folder of a log, and of it the days and the version that are meant")
  void ofLog() throws IOException {
    Cli.Answer answer = make(log);
    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).startsWith("Wrote log (3 columns, 600 rows, ");
    assertThat(read().columns())
        .extracting(ColumnProfile::name)
        .containsExactly("temp", "origin", "prediction");
    assertThat(read().column("origin").categories()).containsExactlyInAnyOrder("JFK", "LGA");
    assertThat(make(log, "--model-version", "3", "--from", "2026-03-02").out())
        .startsWith("Wrote log of version 3 from 2026-03-02 (3 columns, 200 rows, ");
    assertThat(make(log, "--label", "spring", "--without", "prediction").out())
        .startsWith("Wrote spring (2 columns, 600 rows, ");
  }

  @Test
  @DisplayName("make takes one part, wherever it lies and whatever it is called, and lines of JSON")
  void ofFile() throws IOException {
    LogFilter first = LogFilter.ALL.withVersion("4");
    Path part = PredictionLogReader.parts(log, first).get(0);
    for (String name : List.of("rows.arrow", "rows")) {
      Path alone = Files.copy(part, folder.resolve(name));
      assertThat(make(alone).code()).isZero();
      assertThat(read().rows()).isEqualTo(100);
      assertThat(read().label()).contains(name);
    }
    String arrow = read().column("temp").toString();
    Path lines = folder.resolve("lines");
    LogOptions json = LogOptions.DEFAULT.withFormat(LogOptions.Format.JSON_LINES);
    Flown.log(lines, json, "flights", "4", "2026-03-02", 100, 0);
    Path line = PredictionLogReader.parts(lines, LogFilter.ALL).get(0);
    for (Path rows : List.of(lines, Files.copy(line, folder.resolve("alone.jsonl")))) {
      Cli.Answer answer = make(rows);
      assertThat(answer.err()).isEmpty();
      assertThat(answer.code()).isZero();
      assertThat(read().column("temp")).hasToString(arrow);
    }
  }

  @Test
  @DisplayName("what make has made of a log is the reference of that log without drift")
  void roundTrip() {
    assertThat(make(log).code()).isZero();
    String reference = made.toString();
    Cli.Answer drift = cli.run("drift", "--reference", reference, "--current", log.toString());
    assertThat(drift.out()).startsWith("OK: 600 rows, against 600 rows of log");
    assertThat(drift.code()).isZero();
  }

  @Test
  @DisplayName("merge takes the same rows as make, and a profile with the same bins")
  void merge() throws IOException {
    assertThat(make(log, "--to", "2026-03-01", "--without", "prediction").code()).isZero();
    Path csv = Files.writeString(folder.resolve("x.csv"), "temp,origin\n0.5,JFK\n");
    Path part = PredictionLogReader.parts(log, LogFilter.ALL.withVersion("4")).get(0);
    long rows = 300;
    for (Path more : List.of(csv, part, log, made)) {
      String path = made.toString();
      JsonObject json =
          cli.run("profile", "merge", path, more.toString(), "-o", path, "--json").json();
      rows += more == csv ? 1 : more == part ? 100 : more == log ? 600 : rows;
      assertThat(json.longValue("rows")).as(more.toString()).isEqualTo(rows);
      assertThat(read().rows()).isEqualTo(rows);
    }
    for (Path first : List.of(log, part, csv)) {
      Cli.Answer answer =
          cli.run("profile", "merge", first.toString(), csv.toString(), "-o", made.toString());
      assertThat(answer.code()).isEqualTo(2);
      assertThat(answer.err())
          .contains(first.toString().substring(0, 20))
          .contains("' is no profile; make one of its rows with `plumbline profile make`");
    }
    assertThat(cli.run("profile", "merge", "--help").out()).contains("as `profile make` takes");
  }

  @Test
  @DisplayName("make refuses what has no rows or no such column, and names the file and the remedy")
  void refused() throws IOException {
    assertThat(make(log).code()).isZero();
    Path profile = Files.copy(made, folder.resolve("profile.json"));
    Cli.Answer again = make(profile);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("profile.json", "has no rows; give CSV, an Arrow file");
    Path csv = Files.writeString(folder.resolve("x.csv"), "temp,origin\n1,JFK\n");
    Cli.Answer days = make(csv, "--from", "2026-03-01");
    assertThat(days.code()).isEqualTo(2);
    assertThat(days.err()).contains("only in a prediction log", "x.csv");
    assertThat(make(log, "--from", "2026-03-02", "--to", "2026-03-01").code()).isEqualTo(2);
    Cli.Answer none = make(log, "--from", "2027-01-01");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("there are no rows from 2027-01-01 in");
    Cli.Answer missing = make(folder.resolve("nowhere.arrow"));
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no file", "nowhere.arrow");
    Cli.Answer mistyped = make(csv, "--kind", "tmep=numeric");
    assertThat(mistyped.code()).isEqualTo(2);
    assertThat(mistyped.err()).contains("column 'tmep', and there is none in", "x.csv");
    Cli.Answer nothing = make(csv, "--without", "temp,origin");
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("x.csv", "a profile needs a column");
    Path torn = Files.write(folder.resolve("torn.arrow"), new byte[] {1, 2, 3});
    Cli.Answer damaged = make(torn);
    assertThat(damaged.code()).isNotZero();
    assertThat(damaged.err()).contains("torn.arrow");
  }
}
