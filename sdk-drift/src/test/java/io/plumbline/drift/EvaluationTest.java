package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("An evaluation")
class EvaluationTest {
  private static final double[] SCORES = {0.1, 0.4, 0.35, 0.8};
  private static final boolean[] LABELS = {false, false, true, true};

  @Test
  @DisplayName("gives the metrics of binary scores in a fixed order")
  void binaryMetrics() {
    Map<String, Double> metrics = Evaluation.binary(SCORES, LABELS).metrics();
    assertThat(metrics.keySet())
        .containsExactly(
            "auc", "log_loss", "brier", "accuracy", "precision", "recall", "f1", "lift_10");
    assertThat(metrics)
        .containsEntry("auc", 0.75)
        .containsEntry("accuracy", 0.75)
        .containsEntry("precision", 1.0)
        .containsEntry("recall", 0.5)
        .containsEntry("lift_10", 2.0);
  }

  @Test
  @DisplayName("takes labels as booleans, ints or doubles")
  void labelTypes() {
    Map<String, Double> metrics = Evaluation.binary(SCORES, LABELS).metrics();
    assertThat(Evaluation.binary(SCORES, new int[] {0, 0, 1, 1}).metrics()).isEqualTo(metrics);
    assertThat(Evaluation.binary(SCORES, new double[] {0, 0, 1, 1}).metrics()).isEqualTo(metrics);
  }

  @Test
  @DisplayName("gives the metrics of predicted quantities")
  void regressionMetrics() {
    Evaluation evaluation =
        Evaluation.regression(new double[] {2.5, 0.0, 2, 8}, new double[] {3, -0.5, 2, 7});
    assertThat(evaluation.metrics().keySet()).containsExactly("rmse", "mae", "r2");
    assertThat(evaluation.value("mae")).isEqualTo(0.5);
    assertThat(evaluation.value("rmse")).isEqualTo(Math.sqrt(0.375));
    assertThat(evaluation.value("r2")).isCloseTo(0.9486081370449679, within(1e-15));
  }

  @Test
  @DisplayName("counts a score at the threshold as predicted positive")
  void thresholdIsIncluded() {
    Evaluation evaluation = Evaluation.binary().threshold(0.35).evaluate(SCORES, LABELS);
    assertThat(evaluation.value("recall")).isEqualTo(1.0);
    assertThat(evaluation.value("precision")).isEqualTo(2.0 / 3);
  }

  @Test
  @DisplayName("treats 0.0 and -0.0 as one score")
  void negativeZero() {
    Evaluation evaluation =
        Evaluation.binary(new double[] {-0.0, 0.0}, new boolean[] {false, true});
    assertThat(evaluation.value("auc")).isEqualTo(0.5);
  }

  @Test
  @DisplayName("names the lift by its fraction in percent")
  void liftNames() {
    Evaluation evaluation = Evaluation.binary().lift(0.025, 0.07, 0.5, 1).evaluate(SCORES, LABELS);
    assertThat(evaluation.metrics().keySet()).endsWith("lift_2.5", "lift_7", "lift_50", "lift_100");
    assertThat(evaluation.value("lift_100")).isEqualTo(1.0);
    assertThat(Evaluation.binary().lift().evaluate(SCORES, LABELS).metrics().keySet())
        .noneMatch(key -> key.startsWith("lift"));
  }

  @Test
  @DisplayName("does not change or keep the caller's arrays")
  void arraysAreCopied() {
    double[] scores = SCORES.clone();
    double[] weights = {1, 2, 3, 4};
    String[] origins = {"a", "b", "a", "b"};
    BinaryEvaluator evaluator = Evaluation.binary().weights(weights).slice("origin", origins);
    double expected = evaluator.evaluate(scores, LABELS).value("log_loss_by_origin/a");
    Arrays.fill(weights, 7);
    Arrays.fill(origins, "c");
    assertThat(evaluator.evaluate(scores, LABELS).value("log_loss_by_origin/a"))
        .isEqualTo(expected);
    assertThat(scores).isEqualTo(SCORES);
  }

  @Test
  @DisplayName("of a million rows is right")
  void aMillionRows() {
    // Each of 1,000 scores s / 1000 occurs 1,000 times, s of them positive: all is countable.
    int n = 1_000_000;
    double[] scores = new double[n];
    boolean[] labels = new boolean[n];
    for (int i = 0; i < n; i++) {
      int row = (int) (i * 7919L % n); // not in order
      int thousandths = row / 1000;
      scores[i] = thousandths / 1000.0;
      labels[i] = row % 1000 < thousandths;
    }
    Evaluation evaluation = Evaluation.binary(scores, labels);
    // Σ s (Σ_{t<s} (1000 - t) + (1000 - s) / 2) / (Σ s · Σ (1000 - s)) for s = 0..999
    long twice = 0;
    long below = 0;
    for (long s = 0; s < 1000; s++) {
      twice += s * (2 * below + 1000 - s);
      below += 1000 - s;
    }
    assertThat(evaluation.value("auc")).isEqualTo(twice / 2.0 / (499_500.0 * 500_500.0));
    assertThat(evaluation.value("brier"))
        .isCloseTo(
            IntStream.range(0, 1000).mapToDouble(s -> s * (1000.0 - s)).sum() / 1e9, within(1e-15));
    assertThat(evaluation.value("recall")).isEqualTo(IntStream.range(500, 1000).sum() / 499_500.0);
  }

  @Nested
  @DisplayName("with a metric that is undefined")
  class Undefined {
    @Test
    @DisplayName("leaves the AUC of one class out of the metrics and says why")
    void oneClass() {
      Evaluation evaluation = Evaluation.binary(SCORES, new boolean[] {true, true, true, true});
      assertThat(evaluation.metrics())
          .doesNotContainKey("auc")
          .containsKeys("log_loss", "brier", "recall");
      assertThat(evaluation.value("auc")).isNaN();
      assertThat(evaluation.undefined())
          .containsOnly(Map.entry("auc", "all 4 rows have the label 1; it needs both"));
      assertThatIllegalStateException()
          .isThrownBy(evaluation::rocCurve)
          .withMessageContaining("all 4 rows have the label 1");
      assertThatIllegalStateException()
          .isThrownBy(() -> evaluation.interval("auc"))
          .withMessageContaining("all 4 rows have the label 1");
    }

    @Test
    @DisplayName("gives only AUC and lift for scores that are not probabilities")
    void marginScores() {
      Evaluation evaluation = Evaluation.binary(new double[] {-3, 1, 0.5, 2}, LABELS);
      assertThat(evaluation.metrics().keySet()).containsExactly("auc", "lift_10");
      assertThat(evaluation.undefined().get("brier"))
          .isEqualTo("the scores lie between -3.0 and 2.0, not in [0, 1]: it needs probabilities");
      assertThat(evaluation.undefined().get("f1")).contains("threshold(...)");
    }

    @Test
    @DisplayName("decides by a threshold that was set, whatever the scores are")
    void marginScoresWithThreshold() {
      Evaluation evaluation =
          Evaluation.binary().threshold(0).evaluate(new double[] {-3, 1, 0.5, 2}, LABELS);
      assertThat(evaluation.value("accuracy")).isEqualTo(0.75);
      assertThat(evaluation.metrics()).doesNotContainKeys("log_loss", "brier");
    }

    @Test
    @DisplayName("judges whether scores are probabilities by all rows, not by a slice")
    void probabilitiesInSlices() {
      Evaluation evaluation =
          Evaluation.binary()
              .slice("half", new String[] {"a", "a", "b", "b"})
              .evaluate(new double[] {0.1, 0.2, -3, 3}, LABELS);
      assertThat(evaluation.undefined()).containsKey("brier_by_half/a");
    }

    @Test
    @DisplayName("says that squares overflow instead of giving R² a wrong value")
    void overflow() {
      Evaluation evaluation =
          Evaluation.regression(new double[] {1e200, -1e200}, new double[] {-1e200, 1e200});
      assertThat(evaluation.undefined().get("r2")).contains("scale predictions and actuals down");
      assertThat(evaluation.value("mae")).isEqualTo(2e200);
    }

    @Test
    @DisplayName("has R² 1 or 0 for constant actual values, even where their mean is rounded")
    void constantActuals() {
      double[] actuals = new double[10];
      Arrays.fill(actuals, 0.1);
      assertThat(Evaluation.regression(actuals, actuals).value("r2")).isEqualTo(1.0);
      assertThat(Evaluation.regression(new double[10], actuals).value("r2")).isEqualTo(0.0);
    }

    @Test
    @DisplayName("refuses a key that no metric has, with those there are")
    void unknownKey() {
      Evaluation evaluation = Evaluation.binary(SCORES, LABELS);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> evaluation.value("roc_auc"))
          .withMessageStartingWith("there is no metric \"roc_auc\"; there are [auc, log_loss,");
      assertThatIllegalArgumentException().isThrownBy(() -> evaluation.interval("rmse"));
      assertThatIllegalStateException()
          .isThrownBy(() -> Evaluation.regression(SCORES, SCORES).rocCurve())
          .withMessageContaining("binary evaluations");
    }
  }

  @Nested
  @DisplayName("given slices")
  class Slices {
    private final Evaluation evaluation =
        Evaluation.binary()
            .slice("origin", new String[] {"JFK", "EWR", "JFK", "EWR"})
            .slice("carrier", Arrays.asList("AA", null, " ", "A/A: \u00e9\u65e5"))
            .evaluate(SCORES, LABELS);

    @Test
    @DisplayName("adds the metrics of each value after those of all rows, a metric's side by side")
    void keys() {
      List<String> keys = List.copyOf(evaluation.metrics().keySet());
      assertThat(keys.subList(0, 3)).containsExactly("auc", "log_loss", "brier");
      assertThat(keys.subList(8, 12))
          .containsExactly(
              "auc_by_origin/EWR",
              "auc_by_origin/JFK",
              "log_loss_by_origin/EWR",
              "log_loss_by_origin/JFK");
      assertThat(keys).contains("brier_by_carrier/missing");
    }

    @Test
    @DisplayName("writes keys that MLflow and file systems take")
    void keyCharacters() {
      assertThat(evaluation.metrics()).containsKey("brier_by_carrier/A_A_ \u00e9\u65e5");
      assertThat(evaluation.metrics().keySet()).allMatch(key -> key.matches("(?U)[/\\w. -]+"));
      Evaluation dots =
          Evaluation.binary()
              .slice("x", new String[] {"..", "a", "..", "a"})
              .evaluate(SCORES, LABELS);
      assertThat(dots.metrics()).containsKey("brier_by_x/__");
    }

    @Test
    @DisplayName("gives the whole evaluation of each value, by the value as it was")
    void evaluations() {
      assertThat(evaluation.slices().keySet()).containsExactly("origin", "carrier");
      Evaluation jfk = evaluation.slice("origin", "JFK");
      assertThat(jfk.rows()).isEqualTo(2);
      assertThat(jfk.metrics())
          .isEqualTo(
              Evaluation.binary(new double[] {0.1, 0.35}, new boolean[] {false, true}).metrics());
      assertThat(evaluation.slice("carrier", "A/A: \u00e9\u65e5").rows()).isEqualTo(1);
      assertThat(evaluation.slice("carrier", "missing").rows()).isEqualTo(2);
      refused(() -> evaluation.slice("origin", "LGA"), "has no value \"LGA\"; it has [EWR, JFK]");
      refused(() -> evaluation.slice("dest", "LGA"), "there are [origin, carrier]");
    }

    @Test
    @DisplayName("gives each value its own interval")
    void intervals() {
      assertThat(evaluation.interval("accuracy_by_origin/JFK"))
          .isEqualTo(Interval.wilson(1, 2, 0.95));
    }

    @Test
    @DisplayName("leaves out a value whose rows all weigh zero")
    void weightless() {
      Evaluation weighted =
          Evaluation.binary()
              .weights(new double[] {1, 0, 1, 0})
              .slice("origin", new String[] {"JFK", "EWR", "JFK", "EWR"})
              .evaluate(SCORES, LABELS);
      assertThat(weighted.slices().getOrDefault("origin", Map.of()).keySet())
          .containsExactly("JFK");
      assertThat(weighted.rows()).isEqualTo(2);
    }

    @Test
    @DisplayName("refuses a name that no key takes, and the same name twice")
    void names() {
      for (String name : List.of("", "a/b", "a=b", " a", "..", "a".repeat(101))) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Evaluation.binary().slice(name, new String[4]))
            .withMessageContaining("cannot be part of a metric key");
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Evaluation.binary().slice("x", new String[4]).slice("x", new String[4]))
          .withMessage("the slice \"x\" was given before");
    }

    @Test
    @DisplayName("refuses values that would share a key, and values too long for one")
    void values() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Evaluation.binary().slice("x", new String[] {"a/b", "a:b"}))
          .withMessageContaining("\"a/b\" and \"a:b\"")
          .withMessageContaining("rename one of them");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Evaluation.binary().slice("x", new String[] {"v".repeat(300)}))
          .withMessageContaining("300 characters");
    }

    @Test
    @DisplayName("refuses a column with more than 1,000 values")
    void tooManyValues() {
      String[] ids = IntStream.range(0, 1001).mapToObj(i -> "id" + i).toArray(String[]::new);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Evaluation.binary().slice("id", ids))
          .withMessageContaining("more than 1000 values");
    }
  }

  @Nested
  @DisplayName("asked for intervals")
  class Intervals {
    @Test
    @DisplayName("gives DeLong's for the AUC and Wilson's for rates")
    void closedForms() {
      Evaluation evaluation = Evaluation.binary(SCORES, LABELS);
      assertThat(evaluation.intervals().keySet())
          .containsExactly("auc", "accuracy", "precision", "recall");
      assertThat(evaluation.interval("auc").method()).isEqualTo(Interval.Method.DELONG);
      assertThat(evaluation.interval("accuracy")).isEqualTo(Interval.wilson(3, 4, 0.95));
      assertThat(evaluation.interval("precision")).isEqualTo(Interval.wilson(1, 1, 0.95));
      assertThat(evaluation.interval("recall")).isEqualTo(Interval.wilson(1, 2, 0.95));
    }

    @Test
    @DisplayName("says what to do where there is no closed form")
    void noClosedForm() {
      Evaluation evaluation = Evaluation.binary(SCORES, LABELS);
      assertThatIllegalStateException()
          .isThrownBy(() -> evaluation.interval("brier"))
          .withMessage(
              "brier has no interval: it has no closed-form interval; ask for bootstrap(1000,"
                  + " seed)");
      Evaluation weighted =
          Evaluation.binary().weights(new double[] {1, 2, 3, 4}).evaluate(SCORES, LABELS);
      assertThat(weighted.intervals()).isEmpty();
      assertThatIllegalStateException()
          .isThrownBy(() -> weighted.interval("accuracy"))
          .withMessageContaining("with weights no closed form holds; ask for bootstrap");
      Evaluation low = Evaluation.binary().threshold(2).evaluate(SCORES, LABELS);
      assertThatIllegalStateException()
          .isThrownBy(() -> low.interval("precision"))
          .withMessageContaining("no row is predicted positive");
      Evaluation few = Evaluation.binary(new double[] {1, 0}, new int[] {1, 0});
      assertThatIllegalStateException()
          .isThrownBy(() -> few.interval("auc"))
          .withMessageContaining("two rows of each class");
    }

    @Test
    @DisplayName("uses the level that was set")
    void level() {
      Evaluation evaluation = Evaluation.binary().level(0.8).evaluate(SCORES, LABELS);
      assertThat(evaluation.interval("recall")).isEqualTo(Interval.wilson(1, 2, 0.8));
      for (double level : new double[] {0, 1, -1, 95, Double.NaN}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Evaluation.binary().level(level))
            .withMessageContaining("between 0 and 1, such as 0.95");
      }
    }

    @Test
    @DisplayName("gives every metric one from the bootstrap, the same for the same seed")
    void bootstrap() {
      SplittableRandom random = new SplittableRandom(5);
      double[] scores = random.doubles(200).toArray();
      boolean[] labels = new boolean[200];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = random.nextDouble() < scores[i];
      }
      Evaluation one = Evaluation.binary().bootstrap(200, 1).evaluate(scores, labels);
      Evaluation again = Evaluation.binary().bootstrap(200, 1).evaluate(scores, labels);
      Evaluation other = Evaluation.binary().bootstrap(200, 2).evaluate(scores, labels);
      assertThat(one.intervals().keySet()).isEqualTo(one.metrics().keySet());
      assertThat(again.intervals()).isEqualTo(one.intervals());
      assertThat(other.intervals()).isNotEqualTo(one.intervals());
      one.metrics().forEach((key, value) -> assertThat(one.interval(key).contains(value)).isTrue());
    }

    @Test
    @DisplayName("respects weights in the bootstrap: heavy rows widen the interval")
    void bootstrapWithWeights() {
      int n = 400;
      double[] actuals = new double[n];
      double[] weights = new double[n];
      for (int i = 0; i < n; i++) {
        actuals[i] = i % 2;
        weights[i] = i < 10 ? 100 : 1;
      }
      RegressionEvaluator plain = Evaluation.regression().bootstrap(200, 3);
      RegressionEvaluator weighted = Evaluation.regression().weights(weights).bootstrap(200, 3);
      Interval narrow = plain.evaluate(new double[n], actuals).interval("mae");
      Interval wide = weighted.evaluate(new double[n], actuals).interval("mae");
      assertThat(wide.high() - wide.low()).isGreaterThan(2 * (narrow.high() - narrow.low()));
    }

    @Test
    @DisplayName("has none from the bootstrap where many resamples have one class")
    void bootstrapOfRareClass() {
      double[] scores = new SplittableRandom(1).doubles(50).toArray();
      int[] labels = new int[50];
      labels[7] = 1;
      Evaluation evaluation = Evaluation.binary().bootstrap(100, 1).evaluate(scores, labels);
      assertThatIllegalStateException()
          .isThrownBy(() -> evaluation.interval("auc"))
          .withMessageContaining("more than one of 20 bootstrap resamples");
      assertThat(evaluation.intervals()).containsKey("brier");
    }

    @Test
    @DisplayName("refuses too few resamples and a wrong count of successes")
    void bounds() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Evaluation.binary().bootstrap(99, 1))
          .withMessageContaining("resamples is 99; it must lie between 100 and 1000000");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Interval.wilson(3, 2, 0.95))
          .withMessageContaining("3 successes of 2 trials");
      assertThatIllegalArgumentException().isThrownBy(() -> Interval.wilson(0, 0, 0.95));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Interval(1, 0, 0.95, Interval.Method.WILSON));
    }
  }

  @Nested
  @DisplayName("given bad input")
  class BadInput {
    @Test
    @DisplayName("refuses empty input")
    void empty() {
      refused(() -> Evaluation.binary(new double[0], new boolean[0]), "scores is empty");
      refused(() -> Evaluation.regression(new double[0], new double[0]), "predictions is empty");
    }

    @Test
    @DisplayName("refuses lengths that differ, naming both")
    void lengths() {
      refused(() -> Evaluation.binary(SCORES, new int[3]), "labels has 3 and scores has 4");
      refused(
          () -> Evaluation.regression(SCORES, new double[5]),
          "actuals has 5 and predictions has 4");
      refused(
          () -> Evaluation.binary().weights(new double[] {1}).evaluate(SCORES, LABELS),
          "weights has 1 and scores has 4");
      refused(
          () -> Evaluation.binary().slice("x", new String[2]).evaluate(SCORES, LABELS),
          "slice \"x\" has 2 and scores has 4");
    }

    @Test
    @DisplayName("refuses NaN and infinite numbers, naming the row")
    void notFinite() {
      double[] nan = {0.1, 0.2, Double.NaN, 0.3};
      double[] infinite = {0.1, Double.POSITIVE_INFINITY, 0.2, 0.3};
      refused(() -> Evaluation.binary(nan, LABELS), "scores[2] is NaN");
      refused(() -> Evaluation.binary(infinite, LABELS), "scores[1] is Infinity");
      refused(() -> Evaluation.regression(nan, SCORES), "predictions[2] is NaN");
      refused(() -> Evaluation.regression(SCORES, nan), "actuals[2] is NaN");
      refused(() -> Evaluation.binary().threshold(Double.NaN), "threshold is NaN");
    }

    @Test
    @DisplayName("refuses labels other than 0 and 1, and says which argument is which")
    void labels() {
      refused(() -> Evaluation.binary(new double[] {0, 1}, new int[] {0, 2}), "labels[1] is 2");
      refused(
          () -> Evaluation.binary(new double[] {0, 1}, new double[] {0.3, 0.9}),
          "The order of arguments is scores, labels");
      refused(
          () -> Evaluation.binary(new double[] {0}, new double[] {Double.NaN}), "labels[0] is NaN");
    }

    @Test
    @DisplayName("refuses weights that are negative, not finite or all zero")
    void weights() {
      refused(() -> Evaluation.binary().weights(new double[] {1, -1}), "weights[1] is -1.0");
      refused(() -> Evaluation.binary().weights(new double[] {Double.NaN}), "weights[0] is NaN");
      refused(
          () -> Evaluation.binary().weights(new double[] {1, Double.POSITIVE_INFINITY}),
          "weights[1] is Infinity");
      refused(() -> Evaluation.binary().weights(new double[4]), "all weights are zero");
    }

    @Test
    @DisplayName("refuses lift fractions out of range or given twice")
    void lift() {
      refused(() -> Evaluation.binary().lift(0), "above 0 and at most 1");
      refused(() -> Evaluation.binary().lift(10), "[10.0]");
      refused(() -> Evaluation.binary().lift(0.1, 0.1), "stand there once");
    }

    @Test
    @DisplayName("names a null argument")
    @SuppressWarnings("NullAway") // what callers without null checks do
    void nulls() {
      double @Nullable [] nothing = null;
      assertThatThrownBy(() -> Evaluation.binary(nothing, LABELS))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("scores");
      assertThatThrownBy(() -> Evaluation.binary(SCORES, nothing))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("labels");
    }

    @Test
    @DisplayName("takes weights of any size without overflow")
    void hugeWeights() {
      double[] weights = {1, 2, 3, 4};
      double expected = Evaluation.binary().weights(weights).evaluate(SCORES, LABELS).value("auc");
      for (double factor : new double[] {1e307, 1e-300}) {
        double[] scaled = Arrays.stream(weights).map(weight -> weight * factor).toArray();
        Evaluation evaluation = Evaluation.binary().weights(scaled).evaluate(SCORES, LABELS);
        assertThat(evaluation.value("auc")).isCloseTo(expected, within(1e-15));
      }
    }
  }

  @Test
  @DisplayName("prints its metrics with their intervals")
  void text() {
    assertThat(Evaluation.binary(SCORES, LABELS))
        .asString()
        .startsWith("Evaluation of 4 rows: auc=0.75 [0.")
        .contains("accuracy=0.75 [0.3006, 0.9544]");
  }

  private static void refused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
  }
}
