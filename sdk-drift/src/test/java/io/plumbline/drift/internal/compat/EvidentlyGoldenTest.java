package io.plumbline.drift.internal.compat;

import static io.plumbline.drift.internal.compat.Recipes.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.drift.compat.EvidentlyMethod;
import io.plumbline.drift.internal.compat.EvidentlyRules.ColumnType;
import io.plumbline.internal.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@DisplayName("Every method of Evidently gives Evidently's score to nine digits")
class EvidentlyGoldenTest {
  private static final JsonObject GOLDEN = Recipes.golden("evidently.json");

  @TestFactory
  @DisplayName("on seeded numbers and categories")
  Stream<DynamicTest> methods() {
    return GOLDEN.object("tests").asMap().keySet().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  // Where Evidently itself has fewer digits; docs/drift-compat.md says why.
  private static boolean isLoose(EvidentlyMethod method, Sample reference, Sample current) {
    return switch (method) {
      case CRAMER_VON_MISES -> Math.max(reference.rows(), current.rows()) <= 20;
      case TOTAL_VARIATION -> CategoryCounts.of(reference, current).size() > 2;
      default -> false;
    };
  }

  private static double looseness(EvidentlyMethod method) {
    return method == EvidentlyMethod.CRAMER_VON_MISES ? 1e-7 : 0.004;
  }

  private static void check(String name) {
    JsonObject recipe = GOLDEN.object("recipes").object(name);
    Sample reference = Recipes.column(recipe.object("reference")).finite();
    Sample current = Recipes.column(recipe.object("current")).finite();
    JsonObject tests = GOLDEN.object("tests").object(name);
    ColumnType type =
        tests.asMap().containsKey("wasserstein") ? ColumnType.NUMERICAL : ColumnType.CATEGORICAL;
    for (String key : tests.asMap().keySet()) {
      JsonObject expected = tests.object(key);
      EvidentlyMethod method = EvidentlyMethod.of(key);
      if (expected.has("error")) {
        if (!expected.string("error").equals("UFuncTypeError")) { // its own bug with numpy 2
          assertThatThrownBy(() -> EvidentlyRules.compute(method, type, reference, current))
              .as(name + " " + key)
              .isInstanceOf(IllegalArgumentException.class);
        }
        continue;
      }
      TestResult result = EvidentlyRules.compute(method, type, reference, current).result();
      double score = method.isTest() ? result.p() : result.statistic();
      double wanted = expected.doubleValue("score");
      if (isLoose(method, reference, current)) {
        assertThat(score).as(name + " " + key).isCloseTo(wanted, within(looseness(method)));
      } else {
        close(name + " " + key, score, wanted);
      }
    }
  }
}
