package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("plumbline drift --window")
class DriftWindowsTest extends DriftFixture {
  @Test
  @DisplayName("prints a line for each window and judges the last, once drift has lasted")
  void windows() throws IOException {
    Flown.logDays(log, "flights", "3");
    Cli.Answer first = driftOfLog("--window", "day", "--to", "2026-03-05");
    assertThat(first.code()).as("one day is one day").isZero();
    assertThat(first.lines().get(5)).startsWith("2026-03-05  OK").endsWith("(flagged)");
    assertThat(first.out())
        .contains("  temp (flagged in this window; alarms when 2 of 3 windows are flagged): values")
        .containsPattern("temp +OK, flagged");
    Path page = folder.resolve("drift.html");
    Cli.Answer answer = driftOfLog("--window", "day", "--html", page.toString());
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains("6 windows in ").contains("drift.html");
    assertThat(answer.lines().get(0)).startsWith("window");
    assertThat(answer.lines().get(1)).startsWith("2026-03-01  OK").contains("300");
    assertThat(answer.lines().get(6)).startsWith("2026-03-06  ALERT").contains("temp ");
    assertThat(answer.out()).contains("\nALERT: 2026-03-06T00:00:00Z to 2026-03-07T00:00:00Z");
    assertThat(Files.readString(page)).contains("<html").contains("temp");
    JsonObject json = driftOfLog("--window", "day", "--json").json();
    assertThat(json.string("verdict")).isEqualTo("alert");
    assertThat(json.objects("windows")).hasSize(6);
    assertThat(json.objects("windows").get(4).string("from")).isEqualTo("2026-03-05T00:00:00Z");
  }

  @Test
  @DisplayName("cuts weeks at Mondays and months at their first day; too few rows wait for more")
  void weeksAndMonths() {
    Flown.log(log, "flights", "3", "2026-03-01", 150, 0); // a Sunday
    Flown.log(log, "flights", "3", "2026-03-02", 150, 0);
    Flown.log(log, "flights", "3", "2026-04-01", 300, 0);
    Cli.Answer weeks = driftOfLog("--window", "WEEK");
    assertThat(weeks.code()).isZero();
    assertThat(weeks.lines().get(1)).startsWith("2026-02-23  INSUFFICIENT").contains("150");
    assertThat(weeks.lines().get(2)).startsWith("2026-03-02  OK").contains("300");
    assertThat(weeks.lines().get(3)).startsWith("2026-03-30  OK");
    Cli.Answer months = driftOfLog("--window", "month");
    assertThat(months.lines().get(1)).startsWith("2026-03  OK");
    assertThat(months.lines().get(2)).startsWith("2026-04  OK");
    assertThat(driftOfLog("--window", "month", "--to", "2026-03-01").code()).isEqualTo(4);
  }

  @Test
  @DisplayName("hour: prints a line for each hour that has rows")
  void hours() {
    Flown.log(log, "flights", "3", "2026-03-01", 24 * 250, 0);
    Cli.Answer answer = driftOfLog("--window", "hour");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.lines().get(1)).startsWith("2026-03-01T00:00Z  OK").contains("250");
    assertThat(answer.lines().get(24)).startsWith("2026-03-01T23:00Z").contains("250");
    assertThat(answer.out()).contains("2026-03-01T23:00:00Z to 2026-03-02T00:00:00Z");
  }

  @Test
  @DisplayName(
      "hour: takes what was counted while serving, and the log on days of which it has more")
  void countedHours() {
    register("flights", Flown.profile());
    Flown.log(log, "flights", "1", "2026-03-01", 24 * 250, 0);
    Duration quarter = Duration.ofMinutes(15);
    keep("2026-03-02T07:00:00Z", quarter, 300, 1.5);
    keep("2026-03-02T07:15:00Z", quarter, 100, 1.5);
    keep("2026-03-02T08:00:00Z", quarter, 300, 1.5);
    Cli.Answer answer = cli.run("drift", "flights", "--window", "hour");
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.lines().get(24)).startsWith("2026-03-01T23:00Z").contains("250");
    assertThat(answer.lines().get(25)).startsWith("2026-03-02T07:00Z").contains("400");
    assertThat(answer.lines().get(26)).startsWith("2026-03-02T08:00Z  ALERT").contains("300");
    assertThat(answer.out()).contains("700 of the rows were counted while serving");
    keep("2026-03-03T00:00:00Z", Duration.ofHours(2), 300, 0);
    Cli.Answer coarse = cli.run("drift", "flights", "--window", "hour");
    assertThat(coarse.code()).isEqualTo(2);
    assertThat(coarse.err()).contains("windows of up to 120 minutes", "choose --window day");
    assertThat(cli.run("drift", "flights", "--window", "day").lines()).hasSizeGreaterThan(3);
  }

  @Test
  @DisplayName("takes the words and lengths that people type, and says of others what it takes")
  void words() {
    Flown.log(log, "flights", "3", "2026-03-01", 300, 0);
    for (String day : List.of("day", "Day", "days", "daily", "1d", "24h")) {
      assertThat(driftOfLog("--window", day).lines().get(1)).as(day).startsWith("2026-03-01  OK");
    }
    for (String week : List.of("week", "weekly", "7d", "1w")) {
      assertThat(driftOfLog("--window", week).lines().get(1)).as(week).startsWith("2026-02-23  OK");
    }
    assertThat(driftOfLog("--window", "monthly").lines().get(1)).startsWith("2026-03  OK");
    assertThat(driftOfLog("--window", "1h").lines().get(1)).startsWith("2026-03-01T00:00Z");
    Cli.Answer wrong = driftOfLog("--window", "fortnight");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("--window", "'fortnight' is no length of a window")
        .contains("use hour (or 1h), day (1d), week (7d) or month, such as --window day");
  }
}
