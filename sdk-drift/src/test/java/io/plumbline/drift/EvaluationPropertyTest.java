package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;

@Label("For all rows")
class EvaluationPropertyTest {
  private static final double TOLERANCE = 1e-12;

  /** One row. */
  record Row(double score, boolean label, double weight) {}

  /** Rows of both classes; many share a score. */
  record Sample(List<Row> rows) {
    double[] scores() {
      return rows.stream().mapToDouble(Row::score).toArray();
    }

    double[] labels() {
      return rows.stream().mapToDouble(row -> row.label() ? 1 : 0).toArray();
    }

    double[] weights() {
      return rows.stream().mapToDouble(Row::weight).toArray();
    }

    Evaluation evaluate() {
      return Evaluation.binary().weights(weights()).evaluate(scores(), labels());
    }

    Evaluation unweighted() {
      return Evaluation.binary(scores(), labels());
    }
  }

  @Provide
  Arbitrary<Sample> samples() {
    Arbitrary<Double> scores =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 8).map(i -> i / 8.0),
            Arbitraries.doubles().between(0, 1).ofScale(9));
    Arbitrary<Double> weights = Arbitraries.integers().between(0, 5).map(i -> i / 2.0);
    Arbitrary<Row> rows =
        Combinators.combine(scores, Arbitraries.of(true, false), weights).as(Row::new);
    return rows.list()
        .ofMaxSize(60)
        .map(
            list -> {
              List<Row> both = new ArrayList<>(list);
              both.add(new Row(0.25, true, 1));
              both.add(new Row(0.75, false, 1));
              return new Sample(both);
            });
  }

  @Property
  @Label("the AUC is the weighted share of pairs in the right order, ties counted half")
  void aucCountsPairs(@ForAll("samples") Sample sample) {
    double wins = 0;
    double pairs = 0;
    for (Row positive : sample.rows()) {
      for (Row negative : sample.rows()) {
        if (positive.label() && !negative.label()) {
          double weight = positive.weight() * negative.weight();
          pairs += weight;
          wins += weight * (1 + Math.signum(positive.score() - negative.score())) / 2;
        }
      }
    }
    assertThat(sample.evaluate().value("auc")).isCloseTo(wins / pairs, within(TOLERANCE));
  }

  @Property
  @Label("AUC and lift do not change under a rising transformation of the scores")
  void aucIsInvariant(@ForAll("samples") Sample sample) {
    Evaluation plain = sample.evaluate();
    // The first is exact; the second may round two scores to one, and says nothing then.
    double[] scores = sample.scores();
    double[] moved = Arrays.stream(scores).map(score -> Math.scalb(score, 40)).toArray();
    double[] negated =
        Arrays.stream(scores).map(score -> score == 0 ? -9e99 : -1 / score).toArray();
    for (double[] transformed : List.of(moved, negated)) {
      if (distinct(transformed) != distinct(scores)) {
        continue;
      }
      Evaluation other =
          Evaluation.binary().weights(sample.weights()).evaluate(transformed, sample.labels());
      assertThat(other.value("auc")).isEqualTo(plain.value("auc"));
      assertThat(other.value("lift_10")).isEqualTo(plain.value("lift_10"));
    }
  }

  private static long distinct(double[] values) {
    return Arrays.stream(values).distinct().count();
  }

  @Property
  @Label("swapping the classes turns the AUC around")
  void aucOfSwappedClasses(@ForAll("samples") Sample sample) {
    double[] swapped = Arrays.stream(sample.labels()).map(label -> 1 - label).toArray();
    double auc = Evaluation.binary(sample.scores(), swapped).value("auc");
    assertThat(auc).isCloseTo(1 - sample.unweighted().value("auc"), within(TOLERANCE));
  }

  @Property
  @Label("a weight of 2 counts in every metric like the row twice, a weight of 0 like no row")
  void weightsAreRepetitions(@ForAll("samples") Sample sample) {
    List<Row> repeated = new ArrayList<>();
    for (Row row : sample.rows()) {
      for (int i = 0; i < 2 * row.weight(); i++) { // weights are halves
        repeated.add(new Row(row.score(), row.label(), 1));
      }
    }
    Evaluation expected = new Sample(repeated).unweighted();
    Evaluation weighted = sample.evaluate();
    assertThat(weighted.metrics().keySet()).isEqualTo(expected.metrics().keySet());
    expected
        .metrics()
        .forEach(
            (key, value) ->
                assertThat(weighted.value(key)).as(key).isCloseTo(value, within(TOLERANCE)));
  }

  @Property
  @Label("the order of the rows changes nothing")
  void orderDoesNotMatter(@ForAll("samples") Sample sample, @ForAll Random random) {
    List<Row> shuffled = new ArrayList<>(sample.rows());
    Collections.shuffle(shuffled, random);
    Evaluation other = new Sample(shuffled).evaluate();
    sample
        .evaluate()
        .metrics()
        .forEach(
            (key, value) ->
                assertThat(other.value(key)).as(key).isCloseTo(value, within(TOLERANCE)));
  }

  @Property
  @Label("rates and scores stay in their ranges, and intervals contain the metric")
  void ranges(@ForAll("samples") Sample sample) {
    Evaluation evaluation = sample.unweighted();
    for (String key : List.of("auc", "brier", "accuracy", "precision", "recall", "f1")) {
      assertThat(evaluation.value(key)).as(key).isBetween(0.0, 1.0);
    }
    assertThat(evaluation.value("log_loss")).isBetween(0.0, 37.0);
    evaluation
        .intervals()
        .forEach(
            (key, interval) -> {
              assertThat(interval.low()).as(key).isBetween(0.0, evaluation.value(key));
              assertThat(interval.high()).as(key).isBetween(evaluation.value(key), 1.0);
            });
  }

  @Property
  @Label("the ROC curve rises from (0, 0) to (1, 1) and the area under it is the AUC")
  void areaUnderCurve(@ForAll("samples") Sample sample) {
    Evaluation evaluation = sample.evaluate();
    RocCurve curve = evaluation.rocCurve();
    double area = 0;
    for (int i = 1; i < curve.size(); i++) {
      double width = curve.falsePositiveRate(i) - curve.falsePositiveRate(i - 1);
      assertThat(width).isNotNegative();
      assertThat(curve.truePositiveRate(i)).isGreaterThanOrEqualTo(curve.truePositiveRate(i - 1));
      assertThat(curve.threshold(i)).isLessThan(curve.threshold(i - 1));
      area += width * (curve.truePositiveRate(i) + curve.truePositiveRate(i - 1)) / 2;
    }
    int last = curve.size() - 1;
    assertThat(curve.falsePositiveRate(0) + curve.truePositiveRate(0)).isZero();
    assertThat(curve.falsePositiveRate(last) + curve.truePositiveRate(last)).isEqualTo(2);
    assertThat(area).isCloseTo(evaluation.value("auc"), within(TOLERANCE));
  }

  @Property
  @Label("slices are what their rows alone give, bootstrap intervals included")
  void slicesAreEvaluations(@ForAll("samples") Sample sample) {
    List<Row> low = sample.rows().stream().filter(row -> row.score() < 0.5).toList();
    String[] halves =
        sample.rows().stream()
            .map(row -> row.score() < 0.5 ? "low" : "high")
            .toArray(String[]::new);
    Evaluation evaluation =
        Evaluation.binary()
            .weights(sample.weights())
            .bootstrap(100, 9)
            .slice("half", halves)
            .evaluate(sample.scores(), sample.labels());
    Sample part = new Sample(low);
    Evaluation alone =
        Evaluation.binary()
            .weights(part.weights())
            .bootstrap(100, 9)
            .evaluate(part.scores(), part.labels());
    Evaluation sliced = evaluation.slice("half", "low");
    assertThat(sliced.metrics()).isEqualTo(alone.metrics());
    assertThat(sliced.intervals()).isEqualTo(alone.intervals());
    alone
        .metrics()
        .forEach(
            (key, value) -> assertThat(evaluation.value(key + "_by_half/low")).isEqualTo(value));
  }

  @Property
  @Label("Wilson's interval lies in [0, 1], contains the rate and shrinks with more trials")
  void wilson(
      @ForAll @IntRange(min = 1, max = 1_000_000) int trials,
      @ForAll @DoubleRange(min = 0, max = 1) double share,
      @ForAll @DoubleRange(min = 0.01, max = 0.9999) @Scale(4) double level) {
    long successes = Math.round(share * trials);
    Interval interval = Interval.wilson(successes, trials, level);
    assertThat(interval.low()).isBetween(0.0, (double) successes / trials);
    assertThat(interval.high()).isBetween((double) successes / trials, 1.0);
    Interval more = Interval.wilson(4L * successes, 4L * trials, level);
    assertThat(more.high() - more.low()).isLessThan(interval.high() - interval.low());
    Interval mirrored = Interval.wilson(trials - successes, trials, level);
    assertThat(mirrored.low()).isCloseTo(1 - interval.high(), within(TOLERANCE));
  }

  @Property
  @Label("regression errors do not depend on a common shift, and scale with the unit")
  void regressionUnits(
      @ForAll @IntRange(min = 2, max = 50) int n,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed,
      @ForAll @IntRange(min = -1000, max = 1000) int shift) {
    Random random = new Random(seed);
    double[] actuals = random.ints(n, -100, 100).asDoubleStream().toArray();
    double[] predictions = random.ints(n, -100, 100).asDoubleStream().toArray();
    Evaluation plain = Evaluation.regression(predictions, actuals);
    Evaluation moved =
        Evaluation.regression(
            Arrays.stream(predictions).map(value -> 2 * (value + shift)).toArray(),
            Arrays.stream(actuals).map(value -> 2 * (value + shift)).toArray());
    assertThat(moved.value("rmse")).isEqualTo(2 * plain.value("rmse"));
    assertThat(moved.value("mae")).isEqualTo(2 * plain.value("mae"));
    assertThat(moved.value("r2"))
        .isCloseTo(plain.value("r2"), within(1e-9 * Math.max(1, Math.abs(plain.value("r2")))));
    assertThat(plain.value("rmse")).isGreaterThanOrEqualTo(plain.value("mae") - TOLERANCE);
  }
}
