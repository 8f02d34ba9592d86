package io.plumbline.drift.internal.compat;

import static io.plumbline.drift.internal.compat.Recipes.close;
import static io.plumbline.drift.internal.compat.Recipes.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.drift.internal.compat.RankTests.Alternative;
import io.plumbline.internal.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The tests of two samples give scipy's numbers to nine digits")
class ScipyGoldenTest {
  private static final JsonObject GOLDEN = Recipes.golden("scipy.json");

  @TestFactory
  @DisplayName("every test on every pair of samples")
  Stream<DynamicTest> tests() {
    return GOLDEN.object("tests").asMap().keySet().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> check(name)));
  }

  private static void check(String name) {
    JsonObject recipe = GOLDEN.object("recipes").object(name);
    Sample x = Recipes.column(recipe.object("reference")).finite();
    Sample y = Recipes.column(recipe.object("current")).finite();
    JsonObject tests = GOLDEN.object("tests").object(name);
    for (String test : tests.asMap().keySet()) {
      JsonObject expected = tests.object(test);
      if (expected.has("error")) {
        assertThatThrownBy(() -> run(test, x, y)).isInstanceOf(IllegalArgumentException.class);
        continue;
      }
      TestResult result = run(test, x, y);
      close(name + " " + test, result.statistic(), expected.doubleValue("statistic"));
      if (expected.has("p")) {
        close(name + " " + test + " p", result.p(), expected.doubleValue("p"));
      }
    }
  }

  private static TestResult run(String test, Sample x, Sample y) {
    return switch (test) {
      case "ks_2samp" -> KolmogorovSmirnov.test(x.sorted(), y.sorted());
      case "wasserstein_distance" ->
          TestResult.distance("", Transport.wasserstein(x.sorted(), y.sorted()));
      case "energy_distance" -> TestResult.distance("", Transport.energy(x.sorted(), y.sorted()));
      case "anderson_ksamp" -> RankTests.andersonDarling(x.sorted(), y.sorted());
      case "cramervonmises_2samp" -> RankTests.cramerVonMises(x.sorted(), y.sorted());
      case "mannwhitneyu" -> RankTests.mannWhitney(x.sorted(), y.sorted(), Alternative.TWO_SIDED);
      case "mannwhitneyu_less" -> RankTests.mannWhitney(x.sorted(), y.sorted(), Alternative.LESS);
      case "mannwhitneyu_greater" ->
          RankTests.mannWhitney(x.sorted(), y.sorted(), Alternative.GREATER);
      case "ttest_ind" -> Student.test(x.values(), y.values(), true);
      case "ttest_ind_welch" -> Student.test(x.values(), y.values(), false);
      case "epps_singleton_2samp" -> EppsSingleton.test(x.values(), y.values());
      default -> throw new AssertionError(test);
    };
  }

  @Test
  @DisplayName("the limit law of Kolmogorov and Smirnov in all regions of n and D")
  void kstwo() {
    List<@Nullable Object> rows = GOLDEN.list("kstwo");
    assertThat(rows).hasSizeGreaterThan(300);
    for (Object row : rows) {
      List<?> values = (List<?>) java.util.Objects.requireNonNull(row);
      double n = number(values.get(0));
      double x = number(values.get(1));
      close("n = " + n + ", D = " + x, KolmogorovLimit.sf(x, (long) n), number(values.get(2)));
    }
  }

  @Test
  @DisplayName("tests of contingency tables, corrected and not, and Fisher's")
  void tables() {
    for (Object row : GOLDEN.list("tables")) {
      JsonObject expected = JsonObject.of(row, "table");
      long[] reference = counts(expected.list("table").get(0));
      long[] current = counts(expected.list("table").get(1));
      String what = String.valueOf(expected.list("table"));
      checkTable(
          what, Tables.contingency(reference, current, true), expected.object("chi2_contingency"));
      checkTable(
          what,
          Tables.contingency(reference, current, false),
          expected.object("chi2_contingency_raw"));
      checkTable(
          what, Tables.likelihoodContingency(reference, current), expected.object("g_contingency"));
      if (reference.length == 2) {
        TestResult fisher = Tables.fisher(reference[0], reference[1], current[0], current[1]);
        checkTable(what, fisher, expected.object("fisher_exact"));
      }
    }
  }

  private static void checkTable(String what, TestResult result, JsonObject expected) {
    close(what, result.statistic(), expected.doubleValue("statistic"));
    close(what + " p", result.p(), expected.doubleValue("p"));
  }

  private static long[] counts(@Nullable Object row) {
    return ((List<?>) java.util.Objects.requireNonNull(row))
        .stream().mapToLong(count -> (long) number(count)).toArray();
  }
}
