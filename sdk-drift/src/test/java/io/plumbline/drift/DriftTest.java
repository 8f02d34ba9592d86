package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A drift report")
class DriftTest {
  private static final Profile REFERENCE =
      Profile.builder().label("made up").add("x", normal(1, 20_000, 0)).build();

  @Test
  @DisplayName("says nothing about fewer than 200 rows")
  void insufficient() {
    DriftReport report = Drift.compare(REFERENCE, window(normal(2, 199, 5)));
    assertThat(report.verdict()).isEqualTo(Verdict.INSUFFICIENT);
    assertThat(report.column("x").explanation()).contains("too few rows: 199 against 20000");
    assertThat(Drift.compare(REFERENCE, window(normal(2, 200, 5))).verdict())
        .isEqualTo(Verdict.ALERT);
    assertThat(Drift.compare(REFERENCE, window(new double[0])).verdict())
        .isEqualTo(Verdict.INSUFFICIENT);
    AlarmPolicy eager = AlarmPolicy.standard().withLeastRows(50);
    assertThat(Drift.compare(REFERENCE, window(normal(2, 199, 5)), eager).verdict())
        .isEqualTo(Verdict.ALERT);
  }

  @Test
  @DisplayName("finds a shift, and says which values moved and by how much")
  void shift() {
    ColumnDrift column = Drift.compare(REFERENCE, window(normal(2, 1_000, 0.5))).column("x");
    assertThat(column.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(column.explanation())
        .contains("values from")
        .contains(" rose from ")
        .contains(" fell from ")
        .contains("corrected PSI 0.");
    assertThat(column.moved()).anyMatch(move -> move.change() > 0.1);
    assertThat(column.shares().stream().mapToDouble(ShareChange::to).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(column.figures())
        .extracting(DriftFigure::method)
        .containsExactly(
            "psi",
            "psi_corrected",
            "js",
            "kl",
            "hellinger",
            "tv",
            "chi_square",
            "g",
            "cramers_v",
            "linf",
            "ks",
            "wasserstein");
    assertThat(column.figure("wasserstein").orElseThrow().value()).isCloseTo(0.5, within(0.1));
    assertThat(column.figure("ks").orElseThrow().value()).isCloseTo(0.197, within(0.05));
    DriftFigure psi = column.figure("psi").orElseThrow();
    assertThat(psi.n()).isEqualTo(20_000);
    assertThat(psi.m()).isEqualTo(1_000);
    assertThat(psi.base()).isEqualTo("e");
    assertThat(psi.smoothing()).isEqualTo(0.5);
    assertThat(psi.binning()).isEqualTo("10 groups of the reference");
  }

  @Test
  @DisplayName("is neither made nor hidden by one value of 1e6")
  void outlier() {
    double[] same = normal(3, 1_000, 0);
    double[] moved = normal(3, 1_000, 0.5);
    for (double[] values : List.of(same, moved)) {
      ColumnDrift before = Drift.compare(REFERENCE, window(values)).column("x");
      double[] more = Arrays.copyOf(values, values.length + 1);
      more[values.length] = 1e6;
      ColumnDrift after = Drift.compare(REFERENCE, window(more)).column("x");
      assertThat(after.verdict()).isEqualTo(before.verdict());
      assertThat(after.effect()).isCloseTo(before.effect(), within(0.01));
      assertThat(after.figure("wasserstein").orElseThrow().value())
          .isCloseTo(before.figure("wasserstein").orElseThrow().value(), within(0.01));
    }
    double[] odd = normal(1, 20_000, 0);
    odd[7] = 1e6;
    Profile reference = Profile.builder().add("x", odd).build();
    ProfileCounter counter = reference.counter();
    counter.countAll(0, moved);
    ColumnDrift hidden = Drift.compare(reference, counter.take()).column("x");
    assertThat(hidden.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(hidden.figure("wasserstein").orElseThrow().value()).isCloseTo(0.5, within(0.1));
  }

  @Test
  @DisplayName("is quiet about a significant shift that is too small to matter")
  void small() {
    ColumnDrift column = Drift.compare(REFERENCE, window(normal(4, 200_000, 0.06))).column("x");
    assertThat(column.adjusted()).isLessThan(1e-6);
    assertThat(column.verdict()).isEqualTo(Verdict.OK);
    assertThat(column.explanation()).contains("too small to matter");
  }

  @Test
  @DisplayName("alerts when values go missing, leave the range, or come from new categories")
  void rates() {
    Profile reference =
        Profile.builder()
            .add("x", normal(1, 5_000, 0))
            .add("c", texts(5_000, 3))
            .add("id", texts(5_000, 5_000))
            .build();
    ProfileCounter counter = reference.counter();
    double[] x = normal(5, 1_000, 0);
    Arrays.fill(x, 0, 100, Double.NaN);
    Arrays.fill(x, 100, 130, 99);
    counter.countAll(0, x);
    counter.countAll(1, texts(1_000, 4));
    for (int i = 0; i < 1_000; i++) {
      if (i % 5 == 0) {
        counter.countMissing(2);
      } else {
        counter.countText(2, "t" + i);
      }
    }
    DriftReport report = Drift.compare(reference, counter.take());
    assertThat(report.column("x").rate("missing").orElseThrow().verdict()).isEqualTo(Verdict.WARN);
    RateChange range = report.column("x").rate("out_of_range").orElseThrow();
    assertThat(range.count()).as("30 and what chance adds").isBetween(30L, 33L);
    assertThat(range.verdict()).isEqualTo(Verdict.WARN);
    assertThat(report.column("c").rate("new_category").orElseThrow().verdict())
        .isEqualTo(Verdict.ALERT);
    assertThat(report.column("c").explanation())
        .contains("new categories rose from 0 % to 25 % of the rows");
    assertThat(report.column("id").verdict()).isEqualTo(Verdict.ALERT);
    assertThat(report.column("id").figures()).isEmpty();
    assertThat(report.alarms()).hasSize(3);
  }

  @Test
  @DisplayName("compares profiles, windows and versions; other bins are said to be other bins")
  void sides() {
    Profile other = Profile.builder().add("x", normal(9, 20_000, 0)).build();
    DriftReport profiles = Drift.compare(REFERENCE, other);
    assertThat(profiles.sameBins()).isFalse();
    assertThat(profiles.verdict()).isEqualTo(Verdict.OK);
    assertThat(profiles.toMarkdown()).contains("The window had other bins");
    Profile moved = Profile.builder().add("x", normal(9, 20_000, 0.5)).build();
    assertThat(Drift.compare(REFERENCE, moved).verdict()).isEqualTo(Verdict.ALERT);
    DriftReport previous = Drift.compare(window(normal(6, 900, 0)), window(normal(7, 900, 1)));
    assertThat(previous.sameBins()).isTrue();
    assertThat(previous.verdict()).isEqualTo(Verdict.ALERT);
    Profile wider =
        Profile.builder().add("x", normal(1, 900, 0)).add("y", normal(1, 900, 0)).build();
    DriftReport absent = Drift.compare(wider, window(normal(6, 900, 0)));
    assertThat(absent.absent()).containsExactly("y");
    assertThat(absent.verdict()).isEqualTo(Verdict.ALERT);
    Profile none = Profile.builder().add("z", normal(1, 900, 0)).build();
    assertThatThrownBy(() -> Drift.compare(REFERENCE, none)).hasMessageContaining("in common");
    Profile texts = Profile.builder().add("x", texts(900, 3)).build();
    assertThatThrownBy(() -> Drift.compare(REFERENCE, texts))
        .hasMessageContaining("'x' is numeric on one side and category on the other");
  }

  @Test
  @DisplayName("has JSON for programs, Markdown for people and metrics for runs")
  void forms() {
    Profile reference = Profile.builder().add("a|<b>", normal(1, 5_000, 0)).build();
    ProfileCounter counter = reference.counter();
    counter.countAll(0, normal(2, 1_000, 1));
    DriftReport report = Drift.compare(reference, counter.take());
    JsonObject json = Json.object(report.toJson(), "report");
    assertThat(json.string("verdict")).isEqualTo("alert");
    assertThat(json.objects("columns").get(0).objects("figures")).hasSize(12);
    assertThat(report.toMarkdown()).startsWith("# Drift: ALERT").contains("a\\|&lt;b>");
    assertThat(report.metrics())
        .containsEntry("drift/alerts", 1.0)
        .containsEntry("drift/rows", 1_000.0)
        .containsKey("drift/psi_corrected_by_column/a__b_")
        .containsKey("drift/missing_rate_by_column/a__b_");
  }

  @Test
  @DisplayName("becomes an alarm when 2 of the last 3 windows were flagged, and ends as it began")
  void persistence() {
    DriftMonitor monitor = new DriftMonitor(REFERENCE);
    boolean[] drifts = {false, true, false, true, true, false, false, false};
    List<Verdict> verdicts =
        IntStream.range(0, drifts.length)
            .mapToObj(i -> monitor.add(window(normal(20 + i, 1_000, drifts[i] ? 1 : 0))).verdict())
            .toList();
    assertThat(verdicts)
        .containsExactly(
            Verdict.OK,
            Verdict.OK,
            Verdict.OK,
            Verdict.ALERT,
            Verdict.ALERT,
            Verdict.ALERT,
            Verdict.OK,
            Verdict.OK);
  }

  @Test
  @DisplayName("says of a column that is flagged once that it is no alarm, and when it becomes one")
  void pending() {
    DriftMonitor monitor = new DriftMonitor(REFERENCE);
    DriftReport once = monitor.add(window(normal(21, 1_000, 1)));
    assertThat(once.verdict()).isEqualTo(Verdict.OK);
    assertThat(once.pending()).extracting(ColumnDrift::name).containsExactly("x");
    assertThat(once.toMarkdown())
        .contains(
            "- **x** (no alarm): flagged in this window; alarms when 2 of 3 windows are flagged. ");
    JsonObject json = Json.object(once.toJson(), "report");
    assertThat(json.strings("pending")).containsExactly("x");
    assertThat(json.string("pending_reason"))
        .isEqualTo("flagged in this window; alarms when 2 of 3 windows are flagged");
    DriftReport twice = monitor.add(window(normal(22, 1_000, 1)));
    assertThat(twice.pending()).isEmpty();
    assertThat(Json.object(twice.toJson(), "report").strings("pending")).isEmpty();
    assertThat(twice.toMarkdown()).doesNotContain("no alarm");
  }

  @Test
  @DisplayName(
      "names the windows that an alarm rests on, with their effects, where the last is calm")
  void calmAtLast() {
    DriftMonitor monitor = new DriftMonitor(REFERENCE);
    Instant july = Instant.parse("2013-07-01T00:00:00Z");
    double[] shifts = {1, 0.6, 0, 0};
    List<DriftReport> reports = new ArrayList<>();
    for (int i = 0; i < shifts.length; i++) {
      Instant day = july.plus(Duration.ofDays(i));
      WindowCounts window = window(normal(20 + i, 1_000, shifts[i]));
      reports.add(monitor.add(window.between(day, day.plus(Duration.ofDays(1)))));
    }
    ColumnDrift first = reports.get(0).columns().get(0);
    assertThat(first.verdict()).isEqualTo(Verdict.OK);
    assertThat(first.restsOn()).isEmpty();
    assertThat(first.explanation()).contains("flagged in the only window so far: 2013-07-01 (");
    ColumnDrift calm = reports.get(2).columns().get(0);
    assertThat(calm.verdict()).isEqualTo(Verdict.ALERT);
    assertThat(calm.flagged()).isEqualTo(Verdict.OK);
    assertThat(calm.effect()).isLessThan(0.05);
    assertThat(calm.restsOn())
        .extracting(FlaggedWindow::name)
        .containsExactly("2013-07-01", "2013-07-02");
    double largest = first.effect();
    assertThat(calm.lastingEffect()).isEqualTo(largest);
    assertThat(calm.explanation())
        .startsWith("calm in this window, but flagged in 2 of the last 3 windows: 2013-07-01 (")
        .contains(String.format(Locale.ROOT, "%.3f", largest))
        .contains(". 2013-07-02: values ")
        .contains(" rose from ");
    assertThat(reports.get(2).toMarkdown()).contains("2013-07-01 (");
    assertThat(new String(reports.get(2).toJson(), StandardCharsets.UTF_8))
        .contains(
            "\"rests_on\":[{\"window\":\"2013-07-01\",\"flagged\":\"alert\",\"effect\":" + largest);
    assertThat(reports.get(3).columns().get(0).restsOn()).isEmpty();
  }

  @Test
  @DisplayName("waits for more rows: small windows are merged into the next ones")
  void merging() {
    DriftMonitor monitor = new DriftMonitor(REFERENCE);
    assertThat(monitor.add(window(normal(1, 120, 0))).verdict()).isEqualTo(Verdict.INSUFFICIENT);
    assertThat(monitor.waiting()).isPresent();
    DriftReport report = monitor.add(window(normal(2, 120, 0)));
    assertThat(report.window().rows()).isEqualTo(240);
    assertThat(report.verdict()).isEqualTo(Verdict.OK);
    assertThat(monitor.waiting()).isEmpty();
  }

  @Test
  @DisplayName("follows the policy's effect, correction and limits")
  void policies() {
    WindowCounts window = window(normal(2, 1_000, 0.3));
    for (AlarmPolicy.Effect effect : AlarmPolicy.Effect.values()) {
      AlarmPolicy policy = AlarmPolicy.standard().withEffect(effect, 0.05, 0.9);
      ColumnDrift column = Drift.compare(REFERENCE, window, policy).column("x");
      assertThat(column.verdict()).as(effect.method()).isEqualTo(Verdict.WARN);
      assertThat(column.effect()).isEqualTo(column.figure(effect.method()).orElseThrow().value());
    }
    for (AlarmPolicy.Correction correction : AlarmPolicy.Correction.values()) {
      AlarmPolicy policy = AlarmPolicy.standard().withTest(correction, 0.001);
      assertThat(Drift.compare(REFERENCE, window, policy).verdict().alarms()).isTrue();
    }
    assertThatThrownBy(() -> AlarmPolicy.standard().withPersistence(3, 2))
        .hasMessageContaining("persistence must be 1 to windows");
    assertThatThrownBy(() -> AlarmPolicy.standard().withEffect(AlarmPolicy.Effect.JS, 0.2, 0.1))
        .hasMessageContaining("alert at least warn");
  }

  @Test
  @DisplayName("raises hardly any false alarm: 20 columns, 100 windows of 200 rows without drift")
  void falseAlarms() {
    ProfileBuilder builder = Profile.builder();
    for (int column = 0; column < 20; column++) {
      builder.add("x" + column, normal(100 + column, 5_000, 0));
    }
    Profile reference = builder.build();
    DriftMonitor monitor = new DriftMonitor(reference);
    SplittableRandom random = new SplittableRandom(77);
    int flagged = 0;
    for (int i = 0; i < 100; i++) {
      ProfileCounter counter = reference.counter();
      for (int column = 0; column < 20; column++) {
        counter.countAll(column, normal(random.nextLong(), 200, 0));
      }
      DriftReport report = monitor.add(counter.take());
      flagged += report.columns().stream().anyMatch(c -> c.flagged().alarms()) ? 1 : 0;
      assertThat(report.alarms()).isEmpty();
    }
    assertThat(flagged).isLessThanOrEqualTo(6);
  }

  private static WindowCounts window(double[] values) {
    ProfileCounter counter = REFERENCE.counter();
    counter.countAll(0, values);
    return counter.take();
  }

  private static double[] normal(long seed, int rows, double shift) {
    Random random = new Random(seed);
    return IntStream.range(0, rows).mapToDouble(i -> random.nextGaussian() + shift).toArray();
  }

  private static String[] texts(int rows, int different) {
    return IntStream.range(0, rows).mapToObj(i -> "t" + i % different).toArray(String[]::new);
  }
}
