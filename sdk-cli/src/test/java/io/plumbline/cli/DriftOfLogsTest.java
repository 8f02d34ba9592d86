package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.Calibration;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.Windows;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("plumbline drift on prediction logs")
class DriftOfLogsTest extends DriftFixture {
  // ---- folders and files

  @Test
  @DisplayName("takes the folder of a log, and of it the days and the version that are asked for")
  void ranges() {
    Flown.logDays(log, "flights", "3");
    Flown.log(log, "flights", "4", "2026-03-01", 400, 1.5);
    String path = log.toString();
    Cli.Answer quiet =
        drift("--current", path, "--to", "2026-03-04", "--model-version", "3", "--json");
    assertThat(quiet.err()).isEmpty();
    assertThat(quiet.code()).isZero();
    assertThat(quiet.json().longValue("rows")).isEqualTo(1_200);
    Cli.Answer moved = drift("--current", path, "--from", "2026-03-05");
    assertThat(moved.code()).isEqualTo(1);
    assertThat(moved.out()).startsWith("ALERT: 600 rows, against 3000 rows of winter");
    assertThat(moved.out()).contains("temp: values").doesNotContain("origin: ");
    assertThat(drift("--current", path, "--model-version", "4", "--json").json().longValue("rows"))
        .isEqualTo(400);
    assertThat(
            drift("--current", path, "--model-version", "all", "--json").json().longValue("rows"))
        .isEqualTo(2_200);
    Cli.Answer nothing = drift("--current", path, "--from", "2027-01-01");
    assertThat(nothing.code()).isEqualTo(3);
    assertThat(nothing.err()).contains("there are no rows from 2027-01-01 in");
  }

  @Test
  @DisplayName("takes one part of a log, and finds the days in it by the rows' own times")
  void oneFile() throws IOException {
    Flown.log(log, "flights", "3", "2026-03-01", 300, 0);
    Path part = PredictionLogReader.parts(log, LogFilter.ALL).get(0);
    Path moved = Files.copy(part, folder.resolve("rows.arrow"));
    Path unnamed = Files.copy(part, folder.resolve("rows"));
    for (Path file : List.of(moved, unnamed)) {
      String path = file.toString();
      assertThat(drift("--current", path, "--json").json().longValue("rows")).isEqualTo(300);
      assertThat(drift("--current", path, "--to", "2026-03-01", "--model-version", "3").code())
          .isZero();
      assertThat(drift("--current", path, "--to", "2026-02-28").code()).isEqualTo(3);
      assertThat(drift("--current", path, "--model-version", "4").code()).isEqualTo(3);
    }
  }

  @Test
  @DisplayName("takes lines of JSON, with the schema beside them and without")
  void jsonLines() throws IOException {
    Flown.log(
        log,
        LogOptions.DEFAULT.withFormat(LogOptions.Format.JSON_LINES),
        "flights",
        "3",
        "2026-03-01",
        300,
        1.5);
    Path part = PredictionLogReader.parts(log, LogFilter.ALL).get(0);
    assertThat(part.toString()).endsWith(".jsonl");
    assertThat(drift("--current", log.toString()).code()).isEqualTo(1);
    Path alone = Files.copy(part, folder.resolve("alone.jsonl"));
    Cli.Answer answer = drift("--current", alone.toString(), "--from", "2026-03-01");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.out()).startsWith("ALERT: 300 rows");
  }

  @Test
  @DisplayName("takes some days of a log as the reference for others")
  void logAgainstLog() {
    Flown.logDays(log, "flights", "3");
    String path = log.toString();
    Cli.Answer answer =
        cli.run(
            "drift",
            "--reference",
            path,
            "--reference-to",
            "2026-03-04",
            "--current",
            path,
            "--from",
            "2026-03-05");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.out())
        .startsWith("ALERT: 600 rows, against 1200 rows of predictions to 2026-03-04");
    assertThat(answer.out()).contains("temp: values");
  }

  // ---- a model

  @Test
  @DisplayName("takes a version's own profile and the rows that it has predicted")
  void model() throws IOException {
    register("flights", Flown.profile());
    Flown.logDays(log, "flights", "1");
    Flown.log(log, "flights", "2", "2026-03-01", 400, 1.5);
    Flown.log(log, "other", "1", "2026-03-01", 400, 1.5);
    assertThat(cli.run("promote", "flights/1", "champion", "--reason", "first").code()).isZero();
    for (String name : List.of("flights", "flights/1", "flights@champion")) {
      Cli.Answer answer = cli.run("drift", name, "--to", "2026-03-04", "--json");
      assertThat(answer.err()).isEmpty();
      assertThat(answer.code()).isZero();
      assertThat(answer.json().longValue("rows")).isEqualTo(1_200);
      assertThat(answer.json().string("reference")).isEqualTo("winter");
    }
    Path page = folder.resolve("drift.html");
    assertThat(cli.run("drift", "flights", "--window", "day", "--html", page.toString()).code())
        .isEqualTo(1);
    assertThat(Files.readString(page)).contains("models:/flights/1");
    assertThat(cli.run("drift", "flights", "--model-version", "2").code()).isEqualTo(1);
    assertThat(
            cli.run("drift", "flights", "--model-version", "all", "--json")
                .json()
                .longValue("rows"))
        .isEqualTo(2_200);
  }

  @Test
  @DisplayName(
      "takes what was counted while serving rather than a sample, day by day, and says which")
  void keptWindows() throws IOException {
    register("flights", Flown.profile());
    Flown.log(log, "flights", "1", "2026-03-01", 300, 0); // before counts were kept
    Flown.log(log, "flights", "1", "2026-03-02", 10, 0); // a sample
    keep(Flown.profile(), "1", Windows.ALL, "2026-03-02", 1_000, 1.5);
    keep(
        Flown.profile(), "1", Windows.ALL, "2026-03-03", 1_000, 1.5); // of which nothing was logged
    Cli.Answer answer = cli.run("drift", "flights", "--window", "day");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.lines().get(1)).startsWith("2026-03-01  OK").contains("300");
    assertThat(answer.lines().get(2)).startsWith("2026-03-02").contains("1000");
    assertThat(answer.lines().get(3)).startsWith("2026-03-03  ALERT").contains("1000");
    assertThat(answer.out())
        .endsWith(
            "2000 of the rows were counted while serving, whatever the log's sampling; 300 are"
                + " those of the log, on days of which it has more.\n");
    JsonObject json = cli.run("drift", "flights", "--from", "2026-03-02", "--json").json();
    assertThat(json.longValue("rows")).isEqualTo(2_000);
    assertThat(json.object("rows_from").longValue("counts")).isEqualTo(2_000);
    assertThat(json.object("rows_from").longValue("log")).isZero();
    JsonObject first = cli.run("drift", "flights", "--to", "2026-03-01", "--json").json();
    assertThat(first.object("rows_from").longValue("log")).isEqualTo(300);
    Path damaged = log.resolve("_windows/_model=flights/_version=1/_date=2026-03-03");
    try (Stream<Path> files = Files.list(damaged)) {
      Files.writeString(files.toList().get(0), "{");
    }
    Cli.Answer rest = cli.run("drift", "flights", "--from", "2026-03-02");
    assertThat(rest.out()).contains("1000 rows");
    assertThat(rest.err()).contains("_date=2026-03-03").contains(".json: ");
  }

  @Test
  @DisplayName("shows what the counted scores say of performance, where the profile is calibrated")
  void expected() throws IOException {
    double[] scores = new double[1_000];
    double[] labels = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = i % 100 / 100.0 + 0.005;
      labels[i] = i / 100 < i % 10 ? 1 : 0;
    }
    Profile calibrated =
        Profile.builder().add("temp", scores).calibration(Calibration.of(scores, labels)).build();
    Files.write(Path.of(profile), calibrated.toJson());
    register("flights", null);
    for (String day : List.of("2026-03-02", "2026-03-03")) {
      ProfileCounter counter = calibrated.counter();
      for (double score : scores) {
        counter.count(0, score);
        counter.countScore(score, score >= 0.5);
      }
      keep(day, counter);
    }
    Files.createDirectories(log);
    String[] call = {"drift", "flights", "--reference", profile, "--window", "day"};
    Cli.Answer answer = cli.run(call);
    assertThat(answer.err()).isEmpty();
    assertThat(answer.lines().get(0)).contains("expected auc");
    assertThat(answer.out())
        .containsPattern("Expected from 1,000 scores, without labels: auc 0\\.\\d{4}, precision 0");
    Path page = folder.resolve("drift.html");
    JsonObject json =
        cli.run(
                "drift",
                "flights",
                "--reference",
                profile,
                "--window",
                "day",
                "--json",
                "--html",
                page.toString())
            .json();
    JsonObject first = json.objects("windows").get(0).object("expected");
    assertThat(first.longValue("rows")).isEqualTo(1_000);
    assertThat(first.doubleValue("decision_rate")).isEqualTo(0.5);
    assertThat(Files.readString(page)).contains("Expected without labels");
  }

  @Test
  @DisplayName("exits with 3 where the model, its profile, its log or its rows are not there")
  void modelErrors() {
    register("plain", null);
    register("flights", Flown.profile());
    assertThat(cli.run("drift", "nowhere").code()).isEqualTo(3);
    Cli.Answer plain = cli.run("drift", "plain");
    assertThat(plain.code()).isEqualTo(3);
    assertThat(plain.err()).contains("models:/plain/1 has no reference profile");
    Cli.Answer noLog = cli.run("drift", "flights");
    assertThat(noLog.code()).isEqualTo(3);
    assertThat(noLog.err()).contains("there is no prediction log");
    Flown.log(log, "plain", "1", "2026-03-01", 300, 0);
    Cli.Answer noRows = cli.run("drift", "flights");
    assertThat(noRows.code()).isEqualTo(3);
    assertThat(noRows.err()).contains("there are no rows of flights/1 in");
    assertThat(cli.run("drift", "plain", "--reference", profile).code()).isZero();
  }

  // ---- wrong calls

  @Test
  @DisplayName("refuses to choose days of what has none, and names the remedy")
  void refused() throws IOException {
    Path csv = Files.writeString(folder.resolve("x.csv"), "temp,origin\n1,JFK\n");
    Cli.Answer days = drift("--current", csv.toString(), "--from", "2026-03-01");
    assertThat(days.code()).isEqualTo(2);
    assertThat(days.err()).contains("only in a prediction log", "x.csv");
    assertThat(drift("--current", csv.toString(), "--window", "day").code()).isEqualTo(2);
    Path lines = Files.writeString(folder.resolve("x.jsonl"), "{\"temp\": 1}\n");
    Cli.Answer times = drift("--current", lines.toString(), "--window", "day");
    assertThat(times.code()).isEqualTo(2);
    assertThat(times.err()).contains("it lacks the column _ts");
    assertThat(drift("--current", lines.toString(), "--model-version", "1").err())
        .contains("it lacks the column _model_version");
    assertThat(drift().code()).isEqualTo(2);
    assertThat(cli.run("drift").err()).contains("name a model, or give --reference and --current");
    assertThat(drift("--current", "x", "--from", "2026-03-02", "--to", "2026-03-01").err())
        .contains("before the one from which");
    assertThat(drift("--current", "x", "--from", "March").code()).isEqualTo(2);
    assertThat(drift("--current", "x", "--least-rows", "0").code()).isEqualTo(2);
  }
}
