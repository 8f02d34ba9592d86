package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("An evaluation gives the values of scikit-learn and scipy to 12 digits")
class GoldenTest {
  private static final double TOLERANCE = 1e-12;
  private static final int RESAMPLES = 200;

  @TestFactory
  @DisplayName("every metric of every case and slice")
  Stream<DynamicTest> metrics() {
    return Golden.expected().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> checkMetrics(entry.getKey(), entry.getValue())));
  }

  private static void checkMetrics(String name, Map<String, Double> expected) {
    Evaluation evaluation = evaluate(name, expected, false);
    expected.forEach(
        (key, value) -> {
          if (key.equals("threshold") || key.endsWith("/low") || key.endsWith("/high")) {
            return; // not metrics: the threshold that was used, and ends of intervals
          }
          close(name + " " + key, evaluation.value(key), value);
          assertThat(evaluation.undefined().containsKey(key)).isEqualTo(value.isNaN());
          assertThat(evaluation.metrics().containsKey(key)).isNotEqualTo(value.isNaN());
        });
    assertThat(evaluation.metrics().size() + evaluation.undefined().size())
        .as("no metric without an expected value")
        .isEqualTo(
            expected.keySet().stream()
                .filter(key -> !key.equals("threshold"))
                .filter(key -> !key.endsWith("/low") && !key.endsWith("/high"))
                .count());
  }

  @TestFactory
  @DisplayName("DeLong's interval, from the full matrix of comparisons")
  Stream<DynamicTest> deLong() {
    return Golden.expected().entrySet().stream()
        .filter(entry -> entry.getValue().containsKey("delong/low"))
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> checkDeLong(entry.getKey(), entry.getValue())));
  }

  private static void checkDeLong(String name, Map<String, Double> expected) {
    Interval interval = evaluate(name, expected, false).interval("auc");
    close(name + " low", interval.low(), expected.getOrDefault("delong/low", Double.NaN));
    close(name + " high", interval.high(), expected.getOrDefault("delong/high", Double.NaN));
    assertThat(interval.method()).isEqualTo(Interval.Method.DELONG);
    assertThat(interval.level()).isEqualTo(0.95);
  }

  @TestFactory
  @DisplayName("the bootstrap's intervals, from the same draws made again")
  Stream<DynamicTest> bootstrap() {
    return Golden.expected().entrySet().stream()
        .filter(entry -> entry.getValue().keySet().stream().anyMatch(GoldenTest::isBootstrap))
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> checkBootstrap(entry.getKey(), entry.getValue())));
  }

  private static boolean isBootstrap(String key) {
    return key.endsWith("/low") && !key.startsWith("delong");
  }

  private static void checkBootstrap(String name, Map<String, Double> expected) {
    Evaluation evaluation = evaluate(name, expected, true);
    expected.forEach(
        (key, low) -> {
          if (isBootstrap(key)) {
            String metric = key.substring(0, key.indexOf('/'));
            Interval interval = evaluation.interval(metric);
            close(name + " " + key, interval.low(), low);
            double high = expected.getOrDefault(metric + "/high", Double.NaN);
            close(name + " " + metric + "/high", interval.high(), high);
            assertThat(interval.method()).isEqualTo(Interval.Method.BOOTSTRAP);
          }
        });
  }

  @TestFactory
  @DisplayName("the points of the ROC curve")
  Stream<DynamicTest> rocCurve() {
    return Golden.expected().entrySet().stream()
        .filter(entry -> entry.getValue().containsKey("delong/low"))
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> checkRoc(entry.getKey(), entry.getValue())));
  }

  private static void checkRoc(String name, Map<String, Double> expected) {
    RocCurve curve = evaluate(name, expected, false).rocCurve();
    Golden.Rows rows = Golden.rows("roc-" + name + ".csv");
    assertThat(curve.size()).isEqualTo(rows.rows().size());
    for (int i = 0; i < curve.size(); i++) {
      close("fpr of point " + i, curve.falsePositiveRate(i), rows.numbers("fpr")[i]);
      close("tpr of point " + i, curve.truePositiveRate(i), rows.numbers("tpr")[i]);
      assertThat(curve.threshold(i)).isEqualTo(rows.numbers("threshold")[i]);
    }
  }

  @Test
  @DisplayName("Wilson's interval at seven levels")
  void wilson() {
    Golden.Rows rows = Golden.rows("wilson.csv");
    assertThat(rows.rows()).hasSize(70);
    for (int i = 0; i < rows.rows().size(); i++) {
      String what = Arrays.toString(rows.rows().get(i));
      Interval interval =
          Interval.wilson(
              (long) rows.numbers("successes")[i],
              (long) rows.numbers("trials")[i],
              rows.numbers("level")[i]);
      close(what, interval.low(), rows.numbers("low")[i]);
      close(what, interval.high(), rows.numbers("high")[i]);
    }
  }

  private static Evaluation evaluate(
      String name, Map<String, Double> expected, boolean bootstrapped) {
    Golden.Rows rows = Golden.rows(name + ".csv");
    if (name.startsWith("regression-")) {
      RegressionEvaluator evaluator = options(Evaluation.regression(), rows);
      if (bootstrapped) {
        evaluator.bootstrap(RESAMPLES, -7);
      }
      return evaluator.evaluate(rows.numbers("prediction"), rows.numbers("actual"));
    }
    double threshold = expected.getOrDefault("threshold", Double.NaN);
    BinaryEvaluator evaluator = options(Evaluation.binary().threshold(threshold), rows);
    if (bootstrapped) {
      evaluator.bootstrap(RESAMPLES, 42);
    }
    return evaluator.evaluate(rows.numbers("score"), rows.labels());
  }

  private static <E extends Evaluator<E>> E options(E evaluator, Golden.Rows rows) {
    if (rows.isWeighted()) {
      evaluator.weights(rows.numbers("weight"));
    }
    String[] origins = rows.texts("origin");
    return origins[0].equals("all") ? evaluator : evaluator.slice("origin", origins);
  }

  private static void close(String what, double actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).as(what).isNaN();
    } else {
      double allowed = TOLERANCE * Math.max(1, Math.abs(expected));
      assertThat(Math.abs(actual - expected))
          .as("%s: %s, %s", what, actual, expected)
          .isLessThanOrEqualTo(allowed);
    }
  }
}
