package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.drift.PerformanceAlarm.State;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.drift.log.PredictionLogWriter;
import io.plumbline.drift.log.RowBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Performance from labels that come late")
class PerformanceWindowTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant LATER = START.plus(Duration.ofDays(30));

  /** A fraud model that flags a tenth of the rows, of which a share is fraud. */
  private static PerformanceWindow fraud(double precision, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<PredictionRecord> predictions = new ArrayList<>();
    GroundTruths labels = new GroundTruths();
    for (int i = 0; i < rows; i++) {
      boolean flagged = random.nextDouble() < 0.1;
      boolean fraud = random.nextDouble() < (flagged ? precision : 0.01);
      predictions.add(PredictionRecord.of("r" + i, START.plusSeconds(i), flagged ? 0.9 : 0.1));
      labels.add("r" + i, START.plusSeconds(i + 86_400), fraud ? 1 : 0);
    }
    return PerformanceWindow.of(predictions, labels, LATER);
  }

  @Test
  @DisplayName("A fraud model whose precision falls from 94 to 71 % does not fall in silence")
  void fraudAlarm() {
    PerformanceAlarm alarm = PerformanceAlarm.below("precision", 0.90);
    for (int seed = 0; seed < 50; seed++) {
      assertThat(alarm.judge(fraud(0.94, 3_000, seed)).state()).isNotEqualTo(State.ALARM);
      PerformanceAlarm.Finding finding = alarm.judge(fraud(0.71, 3_000, seed));
      assertThat(finding.state()).isEqualTo(State.ALARM);
      assertThat(finding.value()).isCloseTo(0.71, within(0.1));
      assertThat(finding.reason()).contains("precision is", "below 0.9", "interval");
    }
  }

  @Test
  @DisplayName(
      "The alarm of a version is that of what it was registered with, and no number is typed by hand")
  void registered() {
    Profile profile =
        Profile.builder()
            .add("amount", new double[] {1, 2, 3})
            .performance("precision", 0.94)
            .performance("log_loss", 0.05)
            .performance("share", 0.1)
            .build();
    Profile read = Profile.fromJson(profile.toJson()); // as it comes with the version
    PerformanceAlarm alarm = PerformanceAlarm.registered(read, "precision");
    assertThat(alarm.threshold()).isCloseTo(0.893, within(1e-12));
    for (int seed = 0; seed < 50; seed++) {
      assertThat(alarm.judge(fraud(0.94, 3_000, seed)).state()).isNotEqualTo(State.ALARM);
      PerformanceAlarm.Finding finding = alarm.judge(fraud(0.71, 3_000, seed));
      assertThat(finding.state()).isEqualTo(State.ALARM);
      assertThat(finding.reason())
          .contains("below 0.8930, which allows for a twentieth of the 0.9400 of its test data");
    }
    assertThat(PerformanceAlarm.registered(read)).containsOnlyKeys("precision", "log_loss");
    PerformanceAlarm loss = PerformanceAlarm.registered(read, "log_loss");
    assertThat(loss.threshold()).isCloseTo(0.0525, within(1e-12));
    assertThat(loss.labelDelay(Duration.ofDays(1)).judge(fraud(0.94, 3_000, 1)).state())
        .isEqualTo(State.ALARM);
    assertThat(PerformanceAlarm.registered(Map.of("auc", 0.8), "auc").threshold())
        .isCloseTo(0.76, within(1e-12));
  }

  @Test
  @DisplayName(
      "A threshold of the metric's name that was registered counts before what was achieved")
  void registeredThreshold() {
    Profile profile =
        Profile.builder()
            .add("amount", new double[] {1, 2, 3})
            .performance("precision", 0.94)
            .threshold("precision", 0.7)
            .build();
    PerformanceAlarm alarm = PerformanceAlarm.registered(profile, "precision");
    assertThat(alarm.threshold()).isEqualTo(0.7);
    assertThat(alarm.judge(fraud(0.71, 3_000, 1)).state()).isNotEqualTo(State.ALARM);
    assertThatThrownBy(() -> PerformanceAlarm.registered(profile, "auc"))
        .hasMessageContaining("without 'auc', and with [precision]");
    assertThatThrownBy(() -> PerformanceAlarm.registered(profile, "share"))
        .hasMessageContaining("below or above");
  }

  @Test
  @DisplayName("A metric that stands on its threshold rings in less than one window of 25")
  void noise() {
    PerformanceAlarm alarm = PerformanceAlarm.below("precision", 0.90);
    int rang = 0;
    int suspect = 0;
    for (int seed = 0; seed < 200; seed++) {
      State state = alarm.judge(fraud(0.90, 2_000, 1_000 + seed)).state();
      rang += state == State.ALARM ? 1 : 0;
      suspect += state == State.SUSPECT ? 1 : 0;
    }
    assertThat(rang).isLessThan(8);
    assertThat(suspect).isBetween(50, 150);
  }

  @Test
  @DisplayName("Without labels, with young or with few ones, the alarm says so and never OK")
  void nothingToSay() {
    PerformanceAlarm alarm = PerformanceAlarm.below("precision", 0.90);
    List<PredictionRecord> predictions = List.of(PredictionRecord.of("a", START, 0.9));
    GroundTruths labels = new GroundTruths();
    PerformanceWindow none = PerformanceWindow.of(predictions, labels, LATER);
    assertThat(alarm.judge(none).state()).isEqualTo(State.INSUFFICIENT);
    assertThat(alarm.judge(none).reason()).contains("none of 1 predictions has a label");
    assertThat(none.evaluation()).isEmpty();
    assertThat(none.positiveRate()).isNaN();
    labels.add("a", START.plusSeconds(10), 1);
    PerformanceWindow few = PerformanceWindow.of(predictions, labels, LATER);
    assertThat(alarm.judge(few).state()).isEqualTo(State.INSUFFICIENT);
    assertThat(alarm.fewestRows(1).judge(few).state()).isEqualTo(State.OK);
    assertThat(alarm.labelDelay(Duration.ofDays(60)).judge(few).state()).isEqualTo(State.IMMATURE);
    assertThat(PerformanceAlarm.above("log_loss", 0.01).fewestRows(1).judge(few).state())
        .isEqualTo(State.ALARM); // without an interval the value alone decides
  }

  @Test
  @DisplayName("An estimate beyond the threshold is suspect before any label has come")
  void estimated() {
    PerformanceAlarm alarm = PerformanceAlarm.below("precision", 0.90);
    ScoreHistogram histogram = new ScoreHistogram();
    for (int i = 0; i < 100; i++) {
      histogram.add(0.75, true);
    }
    Cbpe estimate = Cbpe.of(CalibrationMap.identity(), histogram);
    assertThat(alarm.judge(estimate).state()).isEqualTo(State.SUSPECT);
    assertThat(PerformanceAlarm.below("precision", 0.7).judge(estimate).state())
        .isEqualTo(State.OK);
  }

  @Test
  @DisplayName("Of several labels the last one by time counts, those from the future do not")
  void lastLabelWins() {
    GroundTruths labels = new GroundTruths();
    labels.add("a", START.plusSeconds(20), 1);
    labels.add("a", START.plusSeconds(10), 0); // delivered late, known earlier
    labels.add("b", START.plusSeconds(10), 0);
    labels.add("b", START.plusSeconds(10), 1); // the later call among equal times
    labels.add("c", LATER.plusSeconds(1), 1);
    labels.add("nobody", START, 1);
    List<PredictionRecord> predictions =
        List.of(
            PredictionRecord.of("a", START, 0.2),
            PredictionRecord.of("a", START, 0.8), // logged twice
            PredictionRecord.of("b", START, 0.8),
            PredictionRecord.of("c", START, 0.8));
    PerformanceWindow window = PerformanceWindow.of(predictions, labels, LATER);
    assertThat(labels.size()).isEqualTo(4);
    assertThat(labels.duplicates()).isEqualTo(2);
    assertThat(window.rows()).isEqualTo(3);
    assertThat(window.labelled()).isEqualTo(2);
    assertThat(window.coverage()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(window.evaluation().orElseThrow().value("accuracy")).isEqualTo(1);
    assertThat(window.positiveRate()).isEqualTo(1);
    assertThat(window.labelDelay(0.5)).contains(Duration.ofSeconds(10));
    assertThat(window.labelDelay(1)).contains(Duration.ofSeconds(20));
    assertThat(window.isMature()).isTrue();
    assertThat(window.isMature(Duration.ofDays(31))).isFalse();
    assertThatThrownBy(() -> window.labelDelay(0)).hasMessageContaining("share is 0");
    assertThatThrownBy(() -> labels.add("d", START, Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  @DisplayName("A window is mature when its last prediction is as old as 19 of 20 labels take")
  void maturity() {
    List<PredictionRecord> predictions = new ArrayList<>();
    GroundTruths labels = new GroundTruths();
    for (int i = 1; i <= 100; i++) {
      predictions.add(PredictionRecord.of("r" + i, START, 0.5));
      labels.add("r" + i, START.plus(Duration.ofHours(i)), i % 2);
    }
    Instant ready = START.plus(Duration.ofHours(100));
    assertThat(PerformanceWindow.of(predictions, labels, ready).labelDelay(0.95))
        .contains(Duration.ofHours(95));
    predictions.add(PredictionRecord.of("young", START.plus(Duration.ofHours(10)), 0.5));
    assertThat(PerformanceWindow.of(predictions, labels, ready).isMature()).isFalse();
    Instant after = START.plus(Duration.ofHours(105));
    assertThat(PerformanceWindow.of(predictions, labels, after).isMature()).isTrue();
  }

  @Test
  @DisplayName("A sampled log gives the figures of all rows, with intervals that hold them")
  void weights() {
    SplittableRandom random = new SplittableRandom(5);
    List<PredictionRecord> all = new ArrayList<>();
    List<PredictionRecord> kept = new ArrayList<>();
    GroundTruths labels = new GroundTruths();
    for (int i = 0; i < 20_000; i++) {
      double score = random.nextDouble();
      PredictionRecord row = PredictionRecord.of("r" + i, START, score);
      all.add(row);
      labels.add("r" + i, START.plusSeconds(60), random.nextDouble() < score ? 1 : 0);
      double rate = score >= 0.5 ? 0.5 : 0.05; // decisions are kept more often
      if (random.nextDouble() < rate) {
        kept.add(row.sampleRate(rate));
      }
    }
    PerformanceWindow whole = PerformanceWindow.of(all, labels, LATER);
    PerformanceWindow sampled = PerformanceWindow.of(kept, labels, LATER);
    assertThat(sampled.rows()).isLessThan(6_500);
    assertThat(sampled.decisionRate()).isCloseTo(whole.decisionRate(), within(0.03));
    assertThat(sampled.positiveRate()).isCloseTo(whole.positiveRate(), within(0.03));
    assertThat(whole.calibrationError()).isLessThan(0.01);
    assertThat(sampled.calibrationError()).isLessThan(0.03);
    Evaluation truth = whole.evaluation().orElseThrow();
    Evaluation estimate = sampled.evaluation().orElseThrow();
    for (String key : List.of("auc", "accuracy", "recall", "brier")) {
      Interval interval = estimate.interval(key);
      assertThat(interval.method()).isEqualTo(Interval.Method.BOOTSTRAP);
      double slack = interval.high() - interval.low();
      assertThat(truth.value(key))
          .as(key)
          .isBetween(interval.low() - slack, interval.high() + slack);
    }
    assertThat(truth.interval("accuracy").method()).isEqualTo(Interval.Method.WILSON);
  }

  @Test
  @DisplayName("Answers of a shadow, of a fallback and of a failure are not those of the champion")
  void roles(@TempDir Path folder) {
    List<String> roles = SystemColumn.ROLES;
    GroundTruths labels = new GroundTruths();
    try (PredictionLogWriter writer = PredictionLogWriter.open(folder, LogOptions.DEFAULT)) {
      for (String version : List.of("1", "2")) {
        LogSchema schema =
            LogSchema.builder("m", version, FeatureSchema.of(Feature.of("a", DataType.DOUBLE)))
                .predictsNumber()
                .build();
        for (int i = 0; i < 40; i++) {
          // Version 1 is right; 2 is its shadow, always wrong. What fails is logged with a score.
          boolean late = i % 2 == 0;
          double score = late == version.equals("1") ? 0.9 : 0.1;
          RowBatch row = writer.row(schema, (START.getEpochSecond() + i) * 1_000_000);
          row.setText(SystemColumn.REQUEST_ID.position(), "r" + i);
          row.setCategory(
              SystemColumn.ROLE.position(),
              roles.indexOf(version.equals("1") ? "primary" : "shadow"));
          row.setCategory(SystemColumn.STATUS.position(), i == 39 ? 1 : 0);
          row.setDouble(SystemColumn.SAMPLE_RATE.position(), 1);
          row.setDouble(schema.position("prediction"), score);
          row.endRow();
          labels.add("r" + i, START.plusSeconds(60), late ? 1 : 0);
        }
      }
    }
    List<PredictionRecord> served = new ArrayList<>();
    List<PredictionRecord> compared = new ArrayList<>();
    try (PredictionLogReader reader = PredictionLogReader.open(folder, LogFilter.ALL)) {
      for (LogBatch rows = reader.next(); rows != null; rows = reader.next()) {
        served.addAll(PredictionRecord.of(rows));
        compared.addAll(PredictionRecord.ofRole("shadow", rows));
      }
    }
    assertThat(served).hasSize(39).allMatch(row -> row.version().equals("1"));
    assertThat(compared).hasSize(39).allMatch(row -> row.version().equals("2"));
    assertThat(precision(served, labels)).isEqualTo(1);
    assertThat(precision(compared, labels)).isZero();
    List<PredictionRecord> both = new ArrayList<>(served);
    both.addAll(compared);
    PerformanceWindow window = PerformanceWindow.of(both, labels, LATER);
    assertThat(window.rows()).as("an answer of each version").isEqualTo(78);
  }

  private static double precision(List<PredictionRecord> rows, GroundTruths labels) {
    return PerformanceWindow.of(rows, labels, LATER).evaluation().orElseThrow().value("precision");
  }

  @Test
  @DisplayName("Slices, versions, ratios and outcomes are told apart")
  void slices() {
    List<PredictionRecord> predictions =
        List.of(
            PredictionRecord.of("a", START, 0.9).version("1").slice("origin", "JFK"),
            PredictionRecord.of("b", START, 0.1).version("1").slice("origin", "JFK"),
            PredictionRecord.of("c", START, 0.9)
                .version("2")
                .slice("origin", "LGA")
                .sampleRate(0.5),
            PredictionRecord.of("d", START, 0.9).version("2"));
    GroundTruths labels = new GroundTruths();
    labels.add("a", START, 1);
    labels.add("b", START, 1);
    labels.add("c", START, 1);
    PerformanceWindow window = PerformanceWindow.of(predictions, labels, LATER);
    Evaluation evaluation = window.evaluation().orElseThrow();
    assertThat(evaluation.slice("version", "1").value("accuracy")).isEqualTo(0.5);
    assertThat(evaluation.slice("origin", "LGA").value("accuracy")).isEqualTo(1);
    assertThat(window.decisionRate()).isCloseTo(0.8, within(1e-12)); // 1 + 2 + 1 of 5
    List<SliceRatio> ratios = window.ratios("origin");
    assertThat(ratios).extracting(SliceRatio::value).containsExactly("JFK", "LGA", "missing");
    assertThat(ratios.get(0).selectionRate()).isEqualTo(0.5);
    assertThat(ratios.get(0).selectionRatio()).isCloseTo(0.5 / 0.8, within(1e-12));
    assertThat(ratios.get(0).errorRate()).isEqualTo(0.5);
    assertThat(ratios.get(0).errorRatio()).isCloseTo(0.5 / 0.25, within(1e-12));
    assertThat(ratios.get(1).errorRatio()).isZero();
    assertThat(ratios.get(2).errorRate()).isNaN();
  }

  @Test
  @DisplayName("Business outcomes are summed by version and slice, each request once")
  void outcomes() {
    List<PredictionRecord> predictions =
        List.of(
            PredictionRecord.of("a", START, 0.9).version("1").slice("origin", "JFK"),
            PredictionRecord.of("b", START, 0.1)
                .version("1")
                .slice("origin", "JFK")
                .sampleRate(0.25),
            PredictionRecord.of("c", START, 0.9).version("2"));
    Outcomes outcomes = new Outcomes();
    outcomes.recordOutcome("a", "refund_usd", 500);
    outcomes.recordOutcome("a", "refund_usd", 40); // corrected
    outcomes.recordOutcome("b", "refund_usd", 10);
    outcomes.recordOutcome("stranger", "refund_usd", 1e9);
    List<Outcomes.Summary> byOrigin = outcomes.summarize(predictions, "origin");
    assertThat(byOrigin).hasSize(2);
    assertThat(byOrigin.get(0))
        .isEqualTo(new Outcomes.Summary("refund_usd", "1", "JFK", 5, 5, 80, 16, 16));
    assertThat(byOrigin.get(1).version()).isEqualTo("2");
    assertThat(byOrigin.get(1).value()).isEqualTo("missing");
    assertThat(byOrigin.get(1).mean()).isNaN();
    assertThat(byOrigin.get(1).perPrediction()).isZero();
    assertThat(outcomes.summarize(predictions).get(0).value()).isEqualTo("all");
    assertThatThrownBy(() -> outcomes.recordOutcome("a", " ", 1)).hasMessageContaining("a name");
    assertThatThrownBy(() -> outcomes.recordOutcome("a", "x", Double.POSITIVE_INFINITY))
        .hasMessageContaining("finite");
  }

  @Test
  @DisplayName("Predicted quantities are evaluated too")
  void regression() {
    GroundTruths labels = new GroundTruths();
    labels.add("a", START, 12);
    List<PredictionRecord> predictions = List.of(PredictionRecord.of("a", START, 10));
    PerformanceWindow window = PerformanceWindow.of(predictions, labels, LATER);
    assertThat(window.regression().orElseThrow().value("mae")).isEqualTo(2);
    assertThatThrownBy(window::calibrationError).hasMessageContaining("only probabilities");
    assertThatThrownBy(() -> PredictionRecord.of("a", START, Double.NaN))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> PredictionRecord.of("a", START, 1).sampleRate(0))
        .hasMessageContaining("above 0");
  }
}
