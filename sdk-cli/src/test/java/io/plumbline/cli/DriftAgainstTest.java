package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.Profile;
import io.plumbline.drift.Windows;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("plumbline drift against the window before, another version, and by slice")
class DriftAgainstTest extends DriftFixture {
  /** Logs rows of a day, half of them in each slice; in the slice LGA temp is higher. */
  private void logSlices(String version, String date, int rows, double inJfk, double inLga) {
    LogSchema schema =
        LogSchema.builder("flights", version, Flown.FEATURES).predictsNumber().build();
    Instant midnight = Instant.parse(date + "T00:00:00Z");
    Random random = new Random(date.hashCode());
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      for (int i = 0; i < rows; i++) {
        RowBatch row = writer.row(schema, midnight.plusSeconds(i).toEpochMilli() * 1_000);
        boolean jfk = i % 2 == 0;
        row.setText(SystemColumn.REQUEST_ID.position(), version + date + i);
        row.setText(SystemColumn.SLICE.position(), jfk ? "JFK" : "LGA");
        row.setDouble(schema.position("temp"), random.nextGaussian() + (jfk ? inJfk : inLga));
        row.setText(schema.position("origin"), random.nextBoolean() ? "JFK" : "LGA");
        row.setDouble(schema.position("prediction"), 1);
        row.endRow();
      }
    }
  }

  private static Profile otherBins() {
    Random random = new Random(7);
    double[] temp = random.doubles(2_000).map(unused -> random.nextGaussian() + 1.5).toArray();
    String[] origin = new String[temp.length];
    for (int i = 0; i < temp.length; i++) {
      origin[i] = random.nextBoolean() ? "JFK" : "LGA";
    }
    return Profile.builder().label("spring").add("temp", temp).add("origin", origin).build();
  }

  // ---- the window before

  @Test
  @DisplayName("previous: finds the window that jumped, and none where the world stays moved")
  void previous() {
    Flown.log(log, "flights", "3", "2026-03-01", 300, 0);
    Flown.log(log, "flights", "3", "2026-03-02", 100, 1.5); // too few: it waits for the next
    Flown.log(log, "flights", "3", "2026-03-03", 300, 1.5);
    Flown.log(log, "flights", "3", "2026-03-04", 300, 1.5);
    Cli.Answer jumped =
        driftOfLog("--against", "previous", "--window", "day", "--to", "2026-03-03");
    assertThat(jumped.err()).isEmpty();
    assertThat(jumped.code()).isEqualTo(1);
    assertThat(jumped.lines().get(1)).startsWith("2026-03-02  INSUFFICIENT").contains("100");
    assertThat(jumped.lines().get(2)).startsWith("2026-03-03  ALERT").contains("400", "temp ");
    assertThat(jumped.out()).contains("against 300 rows of 2026-03-01\n  temp: values");
    Cli.Answer calm =
        driftOfLog("--against", "previous", "--window", "day", "--from", "2026-03-03");
    assertThat(calm.lines().get(1)).startsWith("2026-03-04  OK");
    assertThat(calm.code()).isZero();
    assertThat(driftOfLog("--window", "day").code()).as("against the reference").isEqualTo(1);
    JsonObject json = driftOfLog("--against", "previous", "--window", "day", "--json").json();
    assertThat(json.string("verdict")).isEqualTo("ok");
    assertThat(json.objects("windows"))
        .extracting(w -> w.string("reference"))
        .containsExactly("2026-03-01", "2026-03-01", "2026-03-03");
  }

  @Test
  @DisplayName("previous: needs windows, and more than one")
  void previousErrors() {
    Flown.log(log, "flights", "3", "2026-03-01", 300, 0);
    Cli.Answer wrong = driftOfLog("--against", "previous");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("say how long they are with --window");
    Cli.Answer alone = driftOfLog("--against", "previous", "--window", "day");
    assertThat(alone.code()).isEqualTo(3);
    assertThat(alone.err()).contains("has one before it; choose shorter ones with --window");
  }

  // ---- another version

  @Test
  @DisplayName("a version: compares with the rows that it has made, window by window too")
  void version() {
    for (int day = 1; day <= 2; day++) {
      Flown.log(log, "flights", "3", "2026-03-0" + day, 300, 1.5);
      Flown.log(log, "flights", "4", "2026-03-0" + day, 300, day == 1 ? 1.5 : 0);
    }
    Cli.Answer both = driftOfLog("--model-version", "4", "--against", "3", "--to", "2026-03-01");
    assertThat(both.err()).isEmpty();
    assertThat(both.out()).startsWith("OK: 300 rows, against 300 rows of version 3");
    assertThat(both.code()).as("both see the same world, which has moved").isZero();
    Cli.Answer apart = driftOfLog("--model-version", "4", "--against", "3", "--window", "day");
    assertThat(apart.code()).isEqualTo(1);
    assertThat(apart.lines().get(1)).startsWith("2026-03-01  OK");
    assertThat(apart.lines().get(2)).startsWith("2026-03-02  ALERT");
    assertThat(driftOfLog("--model-version", "4", "--against", "4").code()).isEqualTo(2);
    Cli.Answer none = driftOfLog("--model-version", "4", "--against", "9");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("there are no rows of version 9");
  }

  @Test
  @DisplayName("a version: also where each was counted into the bins of its own profile")
  void versionsOfOtherBins() {
    register("flights", Flown.profile());
    register("flights", otherBins());
    keep(Flown.profile(), "1", Windows.ALL, "2026-03-01", 1_000, 1.5);
    keep(otherBins(), "2", Windows.ALL, "2026-03-01", 1_000, 1.5);
    JsonObject json = cli.run("drift", "flights/2", "--against", "1", "--json").json();
    assertThat(json.string("reference")).isEqualTo("version 1");
    assertThat(json.longValue("reference_rows")).isEqualTo(1_000);
    assertThat(json.longValue("rows")).isEqualTo(1_000);
    assertThat(json.bool("same_bins")).isFalse();
    assertThat(json.object("rows_from").longValue("counts")).isEqualTo(1_000);
    Cli.Answer itself = cli.run("drift", "flights/2", "--against", "2");
    assertThat(itself.code()).isEqualTo(2);
    assertThat(itself.err()).contains("models:/flights/2 itself");
    assertThat(cli.run("drift", "flights/2", "--against", "7").code()).isEqualTo(3);
  }

  // ---- slices

  @Test
  @DisplayName("a slice: only its rows, of a log's column _slice and of the counts that were kept")
  void slice() {
    logSlices("1", "2026-03-01", 800, 0, 1.5);
    Cli.Answer jfk = driftOfLog("--slice", "JFK");
    assertThat(jfk.err()).isEmpty();
    assertThat(jfk.code()).isZero();
    assertThat(jfk.lines()).startsWith("slice JFK").anyMatch(line -> line.startsWith("OK: 400"));
    assertThat(driftOfLog("--slice", "LGA").code()).isEqualTo(1);
    Cli.Answer none = driftOfLog("--slice", "EWR");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("there are no rows in slice 'EWR' in");
    register("flights", Flown.profile());
    keep(Flown.profile(), "1", Windows.ALL, "2026-03-01", 2_000, 0);
    keep(Flown.profile(), "1", "LGA", "2026-03-01", 1_000, 1.5);
    keep(Flown.profile(), "1", "EWR", "2026-03-01", 500, 0);
    JsonObject lga = cli.run("drift", "flights", "--slice", "LGA", "--json").json();
    assertThat(lga.string("slice")).isEqualTo("LGA");
    assertThat(lga.longValue("rows")).isEqualTo(1_000);
    assertThat(lga.object("rows_from").longValue("counts")).isEqualTo(1_000);
    JsonObject all = cli.run("drift", "flights", "--slice", "all", "--json").json();
    assertThat(all.string("verdict")).isEqualTo("alert");
    assertThat(all.objects("slices"))
        .extracting(s -> s.string("slice") + s.longValue("rows"))
        .containsExactly("EWR500", "JFK400", "LGA1000");
  }

  @Test
  @DisplayName("all slices: each by itself, also against the window before; one alarm is an alarm")
  void allSlices() {
    logSlices("1", "2026-03-01", 800, 0, 1.5);
    Cli.Answer answer = driftOfLog("--slice", "all");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.lines()).containsSubsequence("slice JFK", "slice LGA");
    logSlices("1", "2026-03-02", 800, 0, 1.5);
    String[] before = {"--slice", "all", "--window", "day", "--against", "previous"};
    assertThat(driftOfLog(before).code()).as("the slices differ, but none has moved").isZero();
    logSlices("1", "2026-03-03", 800, 1.5, 1.5);
    JsonObject json =
        driftOfLog("--slice", "all", "--window", "day", "--against", "previous", "--json").json();
    assertThat(json.objects("slices"))
        .extracting(s -> s.string("verdict"))
        .containsExactly("alert", "ok");
    assertThat(driftOfLog(before).code()).isEqualTo(1);
    Cli.Answer page = driftOfLog("--slice", "all", "--html", folder.resolve("x.html").toString());
    assertThat(page.code()).isEqualTo(2);
    assertThat(page.err()).contains("name one slice with --slice");
  }

  @Test
  @DisplayName("a slice, and a version, of what has none: refused, with the remedy")
  void refused() throws IOException {
    Flown.log(log, "flights", "3", "2026-03-01", 300, 0);
    Cli.Answer none = driftOfLog("--slice", "all");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("there are no rows in slices");
    log = Files.writeString(folder.resolve("x.csv"), "temp,origin\n1,JFK\n");
    for (String[] more :
        List.of(new String[] {"--slice", "JFK"}, new String[] {"--against", "3"})) {
      Cli.Answer answer = driftOfLog(more);
      assertThat(answer.code()).isEqualTo(2);
      assertThat(answer.err()).contains("only in a prediction log", "x.csv");
    }
    Cli.Answer mode = driftOfLog("--mode", "scipy", "--slice", "JFK", "--against", "3");
    assertThat(mode.code()).isEqualTo(2);
    assertThat(mode.err()).contains("--slice", "--against");
  }
}
