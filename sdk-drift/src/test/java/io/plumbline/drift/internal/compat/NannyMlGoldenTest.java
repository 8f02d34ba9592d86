package io.plumbline.drift.internal.compat;

import static io.plumbline.drift.internal.compat.Recipes.close;
import static io.plumbline.drift.internal.compat.Recipes.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.compat.NannyMlMethod;
import io.plumbline.drift.internal.compat.NannyMlRules.Fitted;
import io.plumbline.internal.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@DisplayName("Every univariate method of NannyML gives its values, thresholds and alerts by chunk")
class NannyMlGoldenTest {
  private static final JsonObject GROUPS = Recipes.golden("nannyml.json").object("groups");

  @TestFactory
  @DisplayName("on seeded numbers and categories, by number and size of chunks")
  Stream<DynamicTest> groups() {
    return GROUPS.asMap().keySet().stream()
        .flatMap(
            group ->
                GROUPS.object(group).object("columns").asMap().keySet().stream()
                    .map(
                        column ->
                            DynamicTest.dynamicTest(
                                group + ", " + column, () -> check(GROUPS.object(group), column))));
  }

  private static void check(JsonObject group, String column) {
    JsonObject recipe = group.object("recipes").object(column);
    Sample reference = Recipes.column(recipe.object("reference"));
    Sample current = Recipes.column(recipe.object("current"));
    Chunks chunks = chunks(group.object("chunking"));
    List<Chunks.Part> parts = chunks.of(current.rows());
    assertThat(parts.stream().map(Chunks.Part::key).toList()).isEqualTo(group.list("keys"));
    JsonObject methods = group.object("columns").object(column);
    for (String key : methods.asMap().keySet()) {
      NannyMlMethod method = NannyMlMethod.valueOf(key.toUpperCase(Locale.ROOT));
      boolean continuous = NannyMlRules.isContinuous(reference);
      Fitted fitted = NannyMlRules.fit(method, continuous, reference, chunks.of(reference.rows()));
      check(column + " " + key, method, fitted, current, parts, methods.object(key));
    }
  }

  private static void check(
      String what,
      NannyMlMethod method,
      Fitted fitted,
      Sample current,
      List<Chunks.Part> parts,
      JsonObject expected) {
    if (expected.has("upper")) {
      close(what + " threshold", fitted.threshold(), expected.doubleValue("upper"));
    }
    List<@Nullable Object> values = expected.list("value");
    List<@Nullable Object> alerts = expected.list("alert");
    assertThat(values).hasSameSizeAs(parts);
    for (int i = 0; i < parts.size(); i++) {
      Chunks.Part part = parts.get(i);
      TestResult result = fitted.of(current.slice(part.from(), part.to()).present());
      close(what + " " + part.key(), result.statistic(), number(values.get(i)));
      boolean alert =
          method == NannyMlMethod.CHI2
              ? result.p() < 0.05
              : result.statistic() > fitted.threshold();
      assertThat(alert).as(what + " " + part.key() + " alert").isEqualTo(alerts.get(i));
    }
  }

  private static Chunks chunks(JsonObject chunking) {
    if (chunking.has("chunk_size")) {
      return Chunks.bySize((int) chunking.longValue("chunk_size"));
    }
    return Chunks.byNumber((int) chunking.longOr("chunk_number", 10));
  }
}
