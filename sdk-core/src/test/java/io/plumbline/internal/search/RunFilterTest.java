package io.plumbline.internal.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A filter of runs")
class RunFilterTest {
  private static final Run RUN =
      Run.builder("r1")
          .name("fold-1")
          .user("ann")
          .parentId("p1")
          .status(RunStatus.RUNNING)
          .startTime(Instant.ofEpochMilli(1_000))
          .metrics(Runs.metrics(Map.of("auc", 0.9, "nan", Double.NaN, "big", Double.MAX_VALUE)))
          .params(Map.of("depth", "6", "it's", "say \"hi\"", "back`tick", "x", "empty", ""))
          .tags(Map.of("team", "réd"))
          .inputs(List.of(Runs.input("a", "d1", "training"), Runs.input("b", "d2", "")))
          .build();

  private static boolean matches(String filter) {
    return RunFilter.parse(filter).matches(RUN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t\u00a0"})
  @DisplayName("matches every run if it is blank")
  void blank(String filter) {
    assertThat(matches(filter)).isTrue();
    assertThat(RunFilter.parse(filter).matches(Run.builder("").build())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "params.`back``tick` = 'x'",
        "params.\"back`tick\" = 'x'",
        "params.`it's` = 'say \"hi\"'",
        "params.'it''s' = \"say \"\"hi\"\"\"",
        "params.empty = ''",
        "params.empty != 'x'",
        "params.empty IS NOT NULL",
        "params.depth\nis\tnot \n null",
        "tags.team ILIKE 'RÉ_'",
        "tags.team LIKE'r%'AND params.depth='6'and metrics.auc>.8",
        "status = 'running'",
        "status LIKE 'run%'",
        "status IN ('failed', 'Running')",
        "status NOT IN ('failed')",
        "status != 'Finished'",
        "user_id = 'ann' AND run.run_id != 'r2'",
        "metrics.auc > 8e-1 AND metrics.auc < 1.E0 AND metrics.auc < 9e+0",
        "metrics.nan != 0",
        "start_time = 1000 AND start_time >= 1000.0 AND start_time < 1000.5 AND start_time < 1e300",
        "start_time < 99999999999999999999 AND start_time > -99999999999999999999",
        "datasets.name = 'a' AND datasets.digest = 'd2'",
        "dataset.context NOT IN ('validation')",
      })
  @DisplayName("accepts this, and the run meets it")
  void met(String filter) {
    assertThat(matches(filter)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "metrics.missing != 1",
        "metrics.nan = 0",
        "metrics.nan < 0",
        "metrics.nan >= 0",
        "params.missing != 'x'",
        "params.missing LIKE '%'",
        "end_time != 1",
        "artifact_uri LIKE '%'",
        "artifact_uri != 'x'",
        "datasets.context = ''",
        "datasets.context != 'training'",
        "tags.team ILIKE 'red'",
        "start_time > 1000.5",
        "metrics.auc > 0.5 AND metrics.auc > 0.95",
      })
  @DisplayName("accepts this, and the run does not meet it")
  void notMet(String filter) {
    assertThat(matches(filter)).isFalse();
  }

  @Test
  @DisplayName("finds name, user and parent also under MLflow's tags, whose own values win")
  void factsAsTags() {
    String filter = "tags.mlflow.runName = 'fold-1' AND tags.mlflow.user = 'ann'";
    assertThat(matches(filter)).isTrue();
    assertThat(matches("tags.mlflow.parentRunId = 'p1'")).isTrue();
    assertThat(matches("tags.mlflow.parentRunId IS NOT NULL")).isTrue();

    Run other = Run.builder("r2").parentId("p1").tags(Map.of("mlflow.parentRunId", "p2")).build();
    assertThat(RunFilter.parse("tags.mlflow.parentRunId = 'p2'").matches(other)).isTrue();
    assertThat(RunFilter.parse("tags.mlflow.runName IS NULL").matches(other)).isTrue();
  }

  @Test
  @DisplayName("takes times beyond the range of epoch milliseconds as the nearest ones")
  void endsOfTime() {
    Run run = Run.builder("r").startTime(Instant.MIN).endTime(Instant.MAX).build();

    assertThat(RunFilter.parse("start_time < 0 AND end_time > 0").matches(run)).isTrue();
    assertThat(RunFilter.parse("end_time = 9223372036854775807").matches(run)).isTrue();
    assertThat(RunFilter.parse("start_time = -9223372036854775808").matches(run)).isTrue();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "metrics.auc > 0.9 OR params.depth = '6' | 19 | OR is not part of the grammar",
        "(metrics.auc > 0.9) | 1 | parentheses are not part of the grammar",
        "NOT metrics.auc > 0.9 | 1 | NOT is only part of the grammar in NOT IN and IS NOT NULL",
        "metrics.auc > 0.9 AND | 22 | a field is expected",
        "metrics.auc > 0.9 AND AND status = 'x' | 23 | a condition is expected before AND",
        "metrics.auc > 0.9 status = 'x' | 19 | AND or the end is expected, not 'status'",
        "metrics.auc > 0.9, status = 'x' | 18 | AND or the end is expected, not ','",
        "metrics.auc > 0.9; | 18 | AND or the end is expected, not ';'",
        "metrics > 1 | 1 | 'metrics' needs a key, such as metrics.auc",
        "metrics. > 1 | 9 | here is ' '",
        "metrics.val/auc > 1 | 12 | such as metrics.`val/auc`",
        "metric.auc | 11 | 'metrics.auc' is compared with >, >=, =, !=, <, <=; not with the end",
        "metrics.auc > | 14 | a metric is compared with a number without quotes",
        "metrics.auc > '0.9' | 15 | without quotes",
        "metrics.auc > NaN | 15 | NaN and the infinities cannot be written; not 'NaN'",
        "metrics.auc > -Infinity | 15 | NaN and the infinities cannot be written",
        "metrics.auc > 1d | 15 | a number",
        "metrics.auc > 1.2.3 | 15 | a number",
        "metrics.auc > 0x10 | 15 | a number",
        "metrics.auc == 1 | 13 | equality is written =",
        "metrics.auc <> 1 | 13 | inequality is written !=",
        "metrics.auc LIKE '1' | 13 | not with 'LIKE'",
        "metrics.auc IS NULL | 13 | only params and tags may be missing",
        "params.depth < '6' | 14 | only metrics and times have an order",
        "params.depth = 6 | 16 | a text in single or double quotes is expected, such as 'abc', not '6'",
        "params.depth = `6` | 16 | back-ticks are for keys",
        "params.depth IN ('6') | 14 | lists are for attributes that are texts, and for datasets",
        "params.depth NOT LIKE '6' | 14 | not with 'NOT LIKE'",
        "params.depth IS '6' | 14 | not with 'IS'",
        "params.depth = '6 AND x | 16 | this quote is never closed",
        "params.`depth = '6' | 8 | this quote is never closed",
        "status = FINISHED | 10 | not 'FINISHED'",
        "statu = 'FINISHED' | 1 | did you mean 'status'?",
        "attributes.startTime > 1 | 12 | did you mean 'start_time'?",
        "metrik.auc > 1 | 1 | did you mean 'metric'?",
        "foo.auc > 1 | 1 | accepted are metrics, params, tags, attributes and datasets",
        "datasets.nam = 'x' | 10 | did you mean 'name'?",
        "status IN 'FINISHED' | 11 | a list is expected",
        "status IN () | 12 | a text in single or double quotes",
        "status IN ('a',) | 16 | a text in single or double quotes",
        "status IN ('a' 'b') | 16 | a comma or the closing parenthesis is expected",
        "status IN ('a' | 15 | a comma or the closing parenthesis is expected, not the end",
        "start_time > '2024-01-01' | 14 | in milliseconds since 1970",
        "start_time IN (1) | 12 | not with 'IN'",
        "datasets.name IS NULL | 15 | only params and tags may be missing",
        "0.9 < metrics.auc | 1 | a field is expected, such as metrics.auc",
        "= 1 | 1 | a field is expected",
        "😀 = 1 | 1 | not '😀'",
        "params.😀 = 1 | 8 | stands in back-ticks",
        "params.a = '😀' OR x | 16 | OR is not part of the grammar",
      })
  @DisplayName("refuses what is not in the grammar, says where and what is accepted")
  void refused(String filter, int character, String says) {
    assertThatThrownBy(() -> RunFilter.parse(filter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("wrong filter, at character " + character + ": ")
        .hasMessageContaining(says);
  }

  @Test
  @DisplayName("shows itself in the message with a caret below the place")
  void caret() {
    assertThatThrownBy(() -> RunFilter.parse("params.a = '😀\n' OR status = 'x'"))
        .hasMessageEndingWith(
            "\n  params.a = '😀\\u000a' OR status = 'x'\n"
                + "  "
                + " ".repeat("params.a = '.\\u000a' ".length())
                + "^");
  }

  @Test
  @DisplayName("shows only the surroundings of the place if it is long")
  void longMessage() {
    String filter = "params.a = 'x' AND ".repeat(100) + "params.a < 'x'" + " AND 😀".repeat(100);

    assertThatThrownBy(() -> RunFilter.parse(filter))
        .satisfies(
            e -> {
              List<String> lines = String.valueOf(e.getMessage()).lines().toList();
              assertThat(lines).hasSize(3);
              assertThat(lines.get(1)).startsWith("  ...").endsWith("...").hasSizeLessThan(160);
              int place = lines.get(2).length() - 1;
              assertThat(lines.get(1).substring(place)).startsWith("< 'x' AND");
            });
  }

  @Test
  @DisplayName("is not null")
  @SuppressWarnings("NullAway") // what a caller without NullAway can do
  void noNull() {
    assertThatThrownBy(() -> RunFilter.parse(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("filter");
  }
}
