package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The page of a drift report")
class ReportHtmlTest {
  private static final Instant START = Instant.parse("2013-04-01T00:00:00Z");
  private static final String HOSTILE = "<script>document.title='canary'</script>";

  @TempDir Path folder;

  private static double[] normal(int seed, int rows, double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = random.nextGaussian() + shift;
    }
    return values;
  }

  private static final Profile REFERENCE =
      Profile.builder()
          .label("January " + HOSTILE)
          .add("temp", normal(1, 5_000, 0))
          .add(HOSTILE, normal(2, 5_000, 0))
          .build();

  private static WindowCounts window(int seed, int rows, double shift) {
    ProfileCounter counter = REFERENCE.counter();
    double[] temp = normal(seed, rows, shift);
    double[] other = normal(seed + 1_000, rows, 0);
    for (int i = 0; i < rows; i++) {
      counter.count(0, temp[i]);
      counter.count(1, other[i]);
    }
    Instant begin = START.plus(Duration.ofDays(seed));
    return counter.snapshot().between(begin, begin.plus(Duration.ofDays(1)));
  }

  @Test
  @DisplayName("shows the windows, what alarmed and why, and both distributions of each column")
  void windows() throws IOException {
    DriftMonitor monitor = new DriftMonitor(REFERENCE);
    List<DriftReport> reports = new ArrayList<>();
    for (int day = 0; day < 6; day++) {
      reports.add(monitor.add(window(day, day == 1 ? 20 : 500, day < 3 ? 0 : 1.5)));
    }
    Path file = folder.resolve("drift.html");
    DriftReport.writeHtml(file, "delay 3 " + HOSTILE, reports);
    String page = Files.readString(file);
    assertThat(page).contains("<title>Drift: delay 3 &lt;script&gt;");
    assertThat(page).contains("2013-04-01: no alarm").contains("2013-04-02: too little data");
    assertThat(page).contains("2013-04-06: alert, 1 features, 500 rows");
    assertThat(page).contains("<b>temp</b>").contains(" rose from ").contains(" fell from ");
    assertThat(page).contains("base e; smoothing 0.5;").contains("p, adjusted");
    assertThat(page).doesNotContain(HOSTILE).doesNotContain(" style=");
    assertThat(page.split("<script>", -1)).as("the page's own script").hasSize(2);
  }

  @Test
  @DisplayName(
      "says of a column that was flagged once that it is no alarm yet, and when it will be")
  void pending() throws IOException {
    DriftMonitor monitor = new DriftMonitor(REFERENCE);
    DriftReport calm = monitor.add(window(0, 500, 0));
    DriftReport once = monitor.add(window(1, 500, 1.5));
    Path file = folder.resolve("pending.html");
    DriftReport.writeHtml(file, "delay 3", List.of(calm, once));
    assertThat(file)
        .content()
        .contains("temp: flagged in this window; alarms when 2 of 3 windows are flagged.")
        .contains("flagged, no alarm")
        .contains("Flagged in this window; alarms when 2 of 3 windows are flagged. values")
        .contains("Nothing has alarmed.");
  }

  @Test
  @DisplayName("is written for a single comparison, too, and for one with too few rows")
  void single() throws IOException {
    Path file = folder.resolve("one.html");
    Drift.compare(REFERENCE, window(7, 10, 0)).writeHtml(file);
    assertThat(file).content().contains("too little data").contains("Nothing has alarmed.");
  }

  @Test
  @DisplayName("needs a report")
  void none() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DriftReport.writeHtml(folder.resolve("x.html"), "x", List.of()))
        .withMessage("windows is empty; a page needs at least one report");
  }
}
