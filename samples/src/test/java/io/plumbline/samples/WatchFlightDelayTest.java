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
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("WatchFlightDelay")
class WatchFlightDelayTest {
  @TempDir Path folder;

  @Test
  @DisplayName("says what to run first where nothing was served")
  void nothingServed() throws Exception {
    Sample sample = Sample.run(WatchFlightDelay.class, folder, Map.of());
    assertThat(sample.exitCode()).isEqualTo(1);
    assertThat(sample.err()).contains("ServeFlightDelay first");
  }

  @Test
  @DisplayName(
      "says what happened: the weather moved and the hour and the origin did not, and late flights came and went")
  void watches() throws Exception {
    assertThat(Sample.run(TrainFlightDelay.class, folder, Map.of()).exitCode()).isZero();
    assertThat(Sample.run(ServeFlightDelay.class, folder, Map.of()).exitCode()).isZero();
    Sample sample = Sample.run(WatchFlightDelay.class, folder, Map.of());
    assertThat(sample.exitCode()).as(sample.toString()).isZero();
    assertThat(sample.err().lines()).hasSize(1).first().asString().contains("6 runs in");
    List<String> months =
        sample.out().lines().filter(line -> line.matches(" +\\d+ +\\d{4} .*")).toList();
    assertThat(months).hasSize(9);
    assertThat(months.get(3))
        .contains(" 4716 ", "31.0%", "temp ", "dewp ", "humid ", "pressure ", "wind_speed ");
    assertThat(months)
        .allSatisfy(month -> assertThat(month).doesNotContain("hour ", "origin ", "carrier "));
    assertThat(late(months)).containsExactly(28.3, 22.3, 31.1, 31.0, 24.7, 13.7, 16.6, 17.2, 31.9);
    assertThat(sample.out()).contains("The rows of 8 months are those that were counted while");
    tracked();
    assertThat(folder.resolve("drift.html")).content().contains("pressure", "expected");
    assertThat(folder.resolve("report.html")).content().contains("flight-delay-watch", "drift.html");
  }

  /** What was found is a run, whose steps are the months. */
  private void tracked() {
    Config config = Config.builder().isolated().store(folder.resolve("store")).build();
    try (TrackingClient tracking = TrackingClient.create(config)) {
      List<Run> runs = tracking.search("flight-delay-watch", "");
      assertThat(runs).hasSize(1);
      Run run = runs.get(0);
      assertThat(run.params()).containsEntry("model", "models:/flight-delay/1");
      List<Metric> auc = points(tracking, run, "auc");
      assertThat(auc).extracting(Metric::step).containsExactly(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
      assertThat(auc).extracting(Metric::value).allMatch(value -> value > 0.85);
      assertThat(points(tracking, run, "drift/psi_corrected_by_column/pressure")).hasSize(9);
      assertThat(points(tracking, run, "late_share").get(3).value())
          .isCloseTo(0.31, within(0.005));
      assertThat(tracking.artifacts(run.id(), "")).extracting(Artifact::path).contains("drift.html");
    }
  }

  private static List<Metric> points(TrackingClient tracking, Run run, String key) {
    return tracking.metricHistory(run.id(), key).stream().toList();
  }

  private static List<Double> late(List<String> months) {
    return months.stream()
        .map(month -> month.replaceAll("^(?: +[0-9.]+){5} +([0-9.]+)%.*", "$1"))
        .map(Double::valueOf)
        .toList();
  }
}
