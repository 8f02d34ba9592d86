package io.plumbline.drift;

import static io.plumbline.drift.internal.compat.Recipes.close;
import static io.plumbline.drift.internal.compat.Recipes.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.drift.internal.compat.Recipes;
import io.plumbline.internal.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("Performance is estimated before labels come")
class CbpeTest {
  private static final JsonObject GOLDEN = Recipes.golden("cbpe.json");

  /** The twin of cbpe_rows in tools/golden/compat.py. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Data(double[] scores, boolean[] decisions, boolean[] labels) {
    static Data of(long seed, int n, double lift) {
      double[] scores = new double[n];
      boolean[] decisions = new boolean[n];
      boolean[] labels = new boolean[n];
      for (int row = 0; row < n; row++) {
        double s = (Recipes.bell(seed, row) + 3 + lift) / 6;
        s = Math.floor(Math.min(1, Math.max(0, s)) * 4096) / 4096;
        scores[row] = s;
        decisions[row] = s >= 0.5;
        labels[row] = Recipes.uniform(seed, row, 13) < s * s * (3 - 2 * s);
      }
      return new Data(scores, decisions, labels);
    }

    Data slice(int from, int to) {
      return new Data(
          Arrays.copyOfRange(scores, from, to),
          Arrays.copyOfRange(decisions, from, to),
          Arrays.copyOfRange(labels, from, to));
    }
  }

  private record Case(JsonObject json, Data reference, Data current, CalibrationMap map) {
    static Case of(@Nullable Object value) {
      JsonObject json = JsonObject.of(value, "case");
      long seed = json.longValue("seed");
      Data reference = Data.of(seed, (int) json.longValue("n"), 0);
      Data current = Data.of(seed + 50, (int) json.longValue("later"), json.doubleValue("lift"));
      CalibrationMap map =
          json.bool("calibrated")
              ? CalibrationMap.isotonic(reference.scores(), reference.labels())
              : CalibrationMap.identity();
      return new Case(json, reference, current, map);
    }
  }

  @TestFactory
  @DisplayName("from rows: NannyML's calibration map and estimates by chunk, to nine digits")
  Stream<DynamicTest> rows() {
    return GOLDEN.list("cases").stream()
        .map(Case::of)
        .map(c -> DynamicTest.dynamicTest("seed " + c.json().longValue("seed"), () -> check(c)));
  }

  private static void check(Case c) {
    JsonObject map = c.json().objectOrNull("map");
    if (map != null) {
      for (int i = 0; i < map.list("x").size(); i++) {
        double x = number(map.list("x").get(i));
        close("map at " + x, c.map().probability(x), number(map.list("y").get(i)));
      }
    }
    int chunks = (int) c.json().longValue("chunks");
    int size = c.current().scores().length / chunks;
    for (Object metric : GOLDEN.list("metrics")) {
      String name = String.valueOf(metric);
      List<@Nullable Object> expected = c.json().object("estimates").list(name);
      for (int chunk = 0; chunk < chunks; chunk++) {
        Data rows = c.current().slice(chunk * size, (chunk + 1) * size);
        Cbpe estimate = Cbpe.of(c.map(), rows.scores(), rows.decisions());
        String key = name.equals("roc_auc") ? "auc" : name;
        close(name + " of chunk " + chunk, estimate.value(key), number(expected.get(chunk)));
      }
    }
  }

  @Test
  @DisplayName("from a histogram: within the error that it states, and merged like whole")
  void histogram() {
    for (Object value : GOLDEN.list("cases")) {
      Case c = Case.of(value);
      Cbpe exact = Cbpe.of(c.map(), c.current().scores(), c.current().decisions());
      ScoreHistogram whole = new ScoreHistogram();
      ScoreHistogram half = new ScoreHistogram();
      ScoreHistogram other = new ScoreHistogram();
      for (int row = 0; row < c.current().scores().length; row++) {
        double score = c.current().scores()[row];
        boolean decision = c.current().decisions()[row];
        whole.add(score, decision);
        (row % 2 == 0 ? half : other).add(score, decision);
      }
      half.merge(other);
      Cbpe binned = Cbpe.of(c.map(), whole);
      assertThat(Cbpe.of(c.map(), half).metrics()).isEqualTo(binned.metrics());
      assertThat(binned.binningError()).isBetween(0.0, 0.05);
      double error = binned.binningError() + 1e-12;
      assertThat(binned.value("accuracy")).isCloseTo(exact.value("accuracy"), within(error));
      assertThat(binned.value("positive_rate"))
          .isCloseTo(exact.value("positive_rate"), within(error));
      assertThat(binned.value("precision"))
          .isCloseTo(exact.value("precision"), within(error / exact.value("decision_rate")));
      assertThat(binned.value("auc")).isCloseTo(exact.value("auc"), within(0.01));
      assertThat(exact.binningError()).isZero();
    }
  }

  @Test
  @DisplayName("close to the truth when scores shift but keep their meaning")
  void truth() {
    Case c = Case.of(GOLDEN.list("cases").get(1));
    CalibrationMap map = CalibrationMap.isotonic(c.reference().scores(), c.reference().labels());
    Cbpe estimate = Cbpe.of(map, c.current().scores(), c.current().decisions());
    Evaluation real = Evaluation.binary(c.current().scores(), c.current().labels());
    for (String key : List.of("auc", "accuracy", "precision", "recall", "f1")) {
      assertThat(estimate.value(key)).as(key).isCloseTo(real.value(key), within(0.03));
    }
  }

  @Test
  @DisplayName("from the counts by bin that a profile holds")
  void counts() {
    CalibrationMap map =
        CalibrationMap.isotonic(List.of(10L, 0L, 10L, 20L), List.of(1L, 0L, 0L, 15L));
    assertThat(map.probability(0)).isEqualTo(0.05); // 1 of 10 and 0 of 10 are out of order
    assertThat(map.probability(0.625)).isEqualTo(0.05);
    assertThat(map.probability(0.75)).isCloseTo(0.4, within(1e-12));
    assertThat(map.probability(1)).isEqualTo(0.75);
    assertThatThrownBy(() -> CalibrationMap.isotonic(List.of(1L), List.of(2L)))
        .hasMessageContaining("bin 0 has 2 positives of 1 rows");
    assertThatThrownBy(() -> CalibrationMap.isotonic(List.of(0L), List.of(0L)))
        .hasMessageContaining("no row");
  }

  @Test
  @DisplayName("refusing what is no probability, and saying so")
  void refusals() {
    ScoreHistogram histogram = new ScoreHistogram();
    assertThatThrownBy(() -> histogram.add(1.5, true))
        .hasMessageContaining("1.5 is no probability");
    assertThatThrownBy(() -> histogram.add(Double.NaN, true)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Cbpe.of(CalibrationMap.identity(), histogram))
        .hasMessageContaining("empty");
    assertThatThrownBy(() -> new ScoreHistogram(0)).hasMessageContaining("0 bins");
    Cbpe one = Cbpe.of(CalibrationMap.identity(), new double[] {1}, new boolean[] {true});
    assertThat(one.value("auc")).isNaN();
    assertThatThrownBy(() -> one.value("rmse")).hasMessageContaining("accuracy");
  }
}
