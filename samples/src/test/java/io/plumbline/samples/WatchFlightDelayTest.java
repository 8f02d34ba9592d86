package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.Config;
import io.plumbline.model.Artifact;
import io.plumbline.model.Metric;
import io.plumbline.model.Run;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("WatchFlightDelay")
class WatchFlightDelayTest {
  @TempDir private static Path folder;
  private static String nothingServed = "";
  private static Sample watched = new Sample(-1, "", "");

  /** A line of the table: what is known of a month. */
  private record Line(
      int month, int rows, double auc, double expected, double late, String alarms) {

    static Line parse(String line) {
      String[] words = line.strip().split(" +", 7);
      return new Line(
          Integer.parseInt(words[0]),
          Integer.parseInt(words[1]),
          Double.parseDouble(words[2]),
          Double.parseDouble(words[3]),
          Double.parseDouble(words[5].replace("%", "")),
          words.length < 7 ? "" : words[6]);
    }
  }

  @BeforeAll
  static void run() throws Exception {
    Sample sample = Sample.run(WatchFlightDelay.class, folder, Map.of());
    assertThat(sample.exitCode()).isEqualTo(1);
    nothingServed = sample.err();
    assertThat(Sample.run(TrainFlightDelay.class, folder, Map.of()).exitCode()).isZero();
    assertThat(Sample.run(ServeFlightDelay.class, folder, Map.of()).exitCode()).isZero();
    watched = Sample.run(WatchFlightDelay.class, folder, Map.of());
    assertThat(watched.exitCode()).as(watched.toString()).isZero();
  }

  private static List<Line> table() {
    List<Line> months =
        watched
            .out()
            .lines()
            .filter(line -> line.matches(" +\\d+ +\\d{4} .*"))
            .map(Line::parse)
            .toList();
    assertThat(months).hasSize(9);
    return months;
  }

  @Test
  @DisplayName("says what to run first where nothing was served")
  void nothingServed() {
    assertThat(nothingServed).contains("ServeFlightDelay first");
  }

  @Test
  @DisplayName("says what happened: the weather moved and the hour and the origin did not")
  void weather() {
    assertThat(watched.err().lines()).hasSize(1).first().asString().contains("6 runs in");
    List<Line> months = table();
    assertThat(months.get(0).alarms()).as("April alone proves nothing yet").isEmpty();
    for (Line month : months.subList(1, 9)) {
      assertThat(month.alarms())
          .contains("temp ", "dewp ", "humid ", "pressure ")
          .doesNotContain("hour ", "origin ", "carrier ");
    }
    assertThat(months.subList(2, 9)).allMatch(month -> month.alarms().contains("wind_speed "));
    assertThat(folder.resolve("drift.html")).content().contains("pressure", "expected");
    assertThat(folder.resolve("report.html"))
        .content()
        .contains("flight-delay-watch", "drift.html");
    // In June and July two versions served: their months are those of the log.
    assertThat(watched.out())
        .containsPattern("The rows of [78] months are those that were counted");
  }

  @Test
  @DisplayName("logs what it found as a run, whose steps are the months")
  void tracked() {
    Config config = Config.builder().isolated().store(folder.resolve("store")).build();
    try (TrackingClient tracking = TrackingClient.create(config)) {
      List<Run> runs = tracking.search("flight-delay-watch", "");
      assertThat(runs).hasSize(1);
      Run run = runs.get(0);
      assertThat(run.params()).containsEntry("model", "models:/flight-delay/1");
      List<Metric> auc = points(tracking, run, "auc");
      assertThat(auc)
          .extracting(Metric::step)
          .containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
      assertThat(auc).extracting(Metric::value).allMatch(value -> value > 0.85);
      assertThat(points(tracking, run, "drift/psi_corrected_by_column/pressure")).hasSize(9);
      assertThat(points(tracking, run, "late_share").get(3).value()).isCloseTo(0.31, within(0.005));
      assertThat(tracking.artifacts(run.id(), ""))
          .extracting(Artifact::path)
          .contains("drift.html");
    }
  }

  private static List<Metric> points(TrackingClient tracking, Run run, String key) {
    return tracking.metricHistory(run.id(), key).stream().toList();
  }

  @Test
  @DisplayName("says that the share of late flights jumped in April, June, July and December")
  void lateFlights() {
    assertThat(table().stream().map(Line::late))
        .containsExactly(28.3, 22.3, 31.1, 31.0, 24.7, 13.7, 16.6, 17.2, 31.9);
    assertThat(table().stream().filter(month -> month.late() > 28).map(Line::month))
        .containsExactly(4, 6, 7, 12);
  }

  @Test
  @DisplayName("finds the AUC of each month that scikit-learn finds on the same log, beside CBPE's")
  void auc() throws Exception {
    List<String> exact = Sample.run(ExactMonths.class, folder, Map.of()).out().lines().toList();
    List<String> peer =
        Python.lines(
            folder,
            "samples/src/test/resources/auc_by_month.py",
            folder.resolve("store/predictions").toString(),
            TrainFlightDelay.DATA.toString());
    assertThat(peer).hasSize(9);
    for (int i = 0; i < 9; i++) {
      String[] theirs = peer.get(i).split(" ");
      String[] known = exact.get(i).split(" ");
      Line printed = table().get(i);
      assertThat(known[0] + " " + known[1]).isEqualTo(theirs[0] + " " + theirs[1]);
      assertThat(Double.parseDouble(known[2]))
          .as("AUC of month %s", theirs[0])
          .isCloseTo(Double.parseDouble(theirs[2]), within(1e-12));
      assertThat(Double.parseDouble(known[3]))
          .isCloseTo(Double.parseDouble(theirs[3]), within(1e-12));
      assertThat(String.format(Locale.ROOT, "%d %.4f", printed.month(), printed.auc()))
          .isEqualTo(theirs[0] + String.format(Locale.ROOT, " %.4f", Double.valueOf(theirs[2])));
      assertThat(printed.expected()).isCloseTo(Double.parseDouble(known[4]), within(5e-5));
      assertThat(printed.expected()).as("CBPE beside it").isBetween(0.5, 1.0);
    }
  }
}
