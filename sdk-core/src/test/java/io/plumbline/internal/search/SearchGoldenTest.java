package io.plumbline.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The golden file is made by {@code tools/golden/search.py} from MLflow's own store. */
@DisplayName("Searching finds what MLflow's SQL store finds, in the same order")
class SearchGoldenTest {
  private static final JsonObject GOLDEN = read();
  private static final List<Run> RUNS =
      GOLDEN.objects("runs").stream().map(SearchGoldenTest::run).toList();

  /** Our answer, where it is meant to differ; null where we refuse. */
  private static final Map<String, @Nullable List<String>> DIFFERENT = new LinkedHashMap<>();

  static {
    List<String> all = names("start_time > 0");
    // A blank filter is an empty one.
    DIFFERENT.put("   ", all);
    // IN works for every attribute that is a text.
    DIFFERENT.put(
        "status IN ('FAILED', 'KILLED')", List.of("kappa-98f1", "delta-6512", "epsilon-c20a"));
    DIFFERENT.put(
        "attr.status NOT IN ('FAILED', \"KILLED\",'FINISHED')",
        List.of("alpha-4e73", "iota-1f0e", "gamma-45c4"));
    DIFFERENT.put("run_name IN ('alpha','beta')", List.of("alpha-4e73", "beta-1679", "alpha-c4ca"));
    // AND stands between two conditions, and nowhere else.
    DIFFERENT.put("AND", null);
    DIFFERENT.put("metrics.auc > 0.8 AND", null);
    DIFFERENT.put("metrics.auc > 0.8 metrics.steps > 9", null);
    // The status in any case.
    DIFFERENT.put("status = 'finished'", names("status = 'FINISHED'"));
    // A quote written twice is one quote; a backslash is a backslash.
    DIFFERENT.put("tags.note = 'it''s fine'", List.of("alpha-c4ca"));
    DIFFERENT.put("tags.note = 'it''s'", List.of());
    DIFFERENT.put("run_name = 'it\\'s'", null);
    // ILIKE folds all letters; SQLite only ASCII's.
    DIFFERENT.put("tags.team ILIKE 'réd'", List.of("lambda-8e29", "kappa-98f1"));
    // Runs have no artifact_uri.
    DIFFERENT.put("artifact_uri LIKE '%'", List.of());
    // Blanks around an entry of an order do not count, and every name of a field works in both.
    DIFFERENT.put("[  metrics.auc   DESC]", ordered(List.of("metrics.auc DESC")));
    DIFFERENT.put("[attributes.`Run name`]", ordered(List.of("run_name")));
  }

  @TestFactory
  @DisplayName("for each filter")
  Stream<DynamicTest> filters() {
    return GOLDEN.objects("filters").stream()
        .map(
            question -> {
              String filter = question.string("filter");
              return dynamicTest(
                  "'" + filter + "'", () -> check(question, filter, () -> names(filter)));
            });
  }

  @TestFactory
  @DisplayName("for each order")
  Stream<DynamicTest> orders() {
    return GOLDEN.objects("orders").stream()
        .map(
            question -> {
              List<String> orderBy = question.strings("order_by");
              return dynamicTest(
                  orderBy.toString(),
                  () -> check(question, orderBy.toString(), () -> ordered(orderBy)));
            });
  }

  @Test
  @DisplayName("and every known difference is one")
  void differencesAreAsked() {
    List<String> asked = new ArrayList<>();
    GOLDEN.objects("filters").forEach(question -> asked.add(question.string("filter")));
    GOLDEN.objects("orders").forEach(q -> asked.add(q.strings("order_by").toString()));

    assertThat(asked).containsAll(DIFFERENT.keySet());
    assertThat(asked).hasSizeGreaterThan(140);
    assertThat(RUNS).hasSize(12);
  }

  private interface Answer {
    List<String> names();
  }

  private static void check(JsonObject question, String asked, Answer answer) {
    List<String> theirs = question.has("error") ? null : question.strings("runs");
    List<String> expected = DIFFERENT.containsKey(asked) ? DIFFERENT.get(asked) : theirs;
    if (DIFFERENT.containsKey(asked)) {
      assertThat(expected).as("a difference").isNotEqualTo(theirs);
    }
    if (expected == null) {
      assertThatThrownBy(answer::names).isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(answer.names()).isEqualTo(expected);
    }
  }

  private static List<String> names(String filter) {
    RunFilter parsed = RunFilter.parse(filter);
    return RUNS.stream()
        .filter(parsed::matches)
        .sorted(RunOrder.parse(List.of()))
        .map(SearchGoldenTest::label)
        .toList();
  }

  private static List<String> ordered(List<String> orderBy) {
    return RUNS.stream().sorted(RunOrder.parse(orderBy)).map(SearchGoldenTest::label).toList();
  }

  private static String label(Run run) {
    return run.name() + "-" + run.id().substring(0, 4);
  }

  private static Run run(JsonObject json) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    JsonObject values = json.object("metrics");
    values.asMap().keySet().forEach(key -> metrics.put(key, values.doubleValue(key)));
    List<DatasetInput> inputs = new ArrayList<>();
    for (Object row : json.list("datasets")) {
      List<@Nullable Object> d = JsonObject.toList(row, "dataset");
      inputs.add(
          Runs.input(String.valueOf(d.get(0)), String.valueOf(d.get(1)), String.valueOf(d.get(2))));
    }
    long end = json.longOr("end", -1);
    return Run.builder(json.string("id"))
        .name(json.string("name"))
        .user(json.string("user"))
        .status(RunStatus.of(json.string("status")))
        .startTime(Instant.ofEpochMilli(json.longValue("start")))
        .endTime(end < 0 ? null : Instant.ofEpochMilli(end))
        .metrics(Runs.metrics(metrics))
        .params(texts(json.object("params")))
        .tags(texts(json.object("tags")))
        .inputs(inputs)
        .build();
  }

  private static Map<String, String> texts(JsonObject json) {
    Map<String, String> texts = new LinkedHashMap<>();
    json.asMap().keySet().forEach(key -> texts.put(key, json.string(key)));
    return texts;
  }

  private static JsonObject read() {
    try (InputStream in =
        Objects.requireNonNull(SearchGoldenTest.class.getResourceAsStream("/golden/search.json"))) {
      return JsonObject.of(Json.parse(in.readAllBytes()), "search.json");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
