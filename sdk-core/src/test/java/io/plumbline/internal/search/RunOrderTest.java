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

@DisplayName("An order of runs")
class RunOrderTest {
  private static final Run LOW = run("low", 1, 0.1, "\uffee");
  private static final Run HIGH = run("high", 2, 0.9, "😀");
  private static final Run NAN = run("nan", 3, Double.NaN, "Z");
  private static final Run NONE = Run.builder("none").startTime(Instant.ofEpochMilli(4)).build();
  private static final Run INFINITE = run("infinite", 5, Double.POSITIVE_INFINITY, "a");

  private static Run run(String id, long start, double auc, String model) {
    return Run.builder(id)
        .startTime(Instant.ofEpochMilli(start))
        .endTime(Instant.ofEpochMilli(10 - start))
        .status(RunStatus.FINISHED)
        .metrics(Runs.metrics(Map.of("auc", auc)))
        .params(Map.of("model", model))
        .build();
  }

  private static List<String> sorted(String... orderBy) {
    return List.of(NONE, NAN, HIGH, INFINITE, LOW).stream()
        .sorted(RunOrder.parse(List.of(orderBy)))
        .map(Run::id)
        .toList();
  }

  @Test
  @DisplayName("without entries has the newest run first")
  void newestFirst() {
    assertThat(sorted()).containsExactly("infinite", "none", "nan", "high", "low");
  }

  @Test
  @DisplayName("puts NaN after all numbers and missing metrics last, in both directions")
  void nanAndMissingLast() {
    assertThat(sorted("metrics.auc")).containsExactly("low", "high", "infinite", "nan", "none");
    assertThat(sorted("metric.auc desc")).containsExactly("infinite", "high", "low", "nan", "none");
  }

  @Test
  @DisplayName("puts missing texts and times last, in both directions")
  void missingLast() {
    assertThat(sorted("params.model")).containsExactly("nan", "infinite", "low", "high", "none");
    assertThat(sorted("params.model DESC"))
        .containsExactly("high", "low", "infinite", "nan", "none");
    assertThat(sorted("end_time")).containsExactly("infinite", "nan", "high", "low", "none");
    assertThat(sorted("end_time DESC")).containsExactly("low", "high", "nan", "infinite", "none");
  }

  @Test
  @DisplayName("decides ties by the next entry, then by start time, then by id")
  void ties() {
    Run a = Run.builder("a").metrics(Runs.metrics(Map.of("m", 0.0))).build();
    Run b = Run.builder("b").metrics(Runs.metrics(Map.of("m", -0.0))).build();
    Run late = Run.builder("c").startTime(Instant.ofEpochMilli(1)).build();

    assertThat(RunOrder.parse(List.of("metrics.m DESC")).compare(a, b)).isNegative();
    assertThat(RunOrder.parse(List.of("metrics.m", "run_id DESC")).compare(a, b)).isPositive();
    assertThat(RunOrder.parse(List.of("params.x", "status")).compare(a, late)).isPositive();
    assertThat(RunOrder.parse(List.of("created ASC")).compare(a, late)).isNegative();
    assertThat(RunOrder.parse(List.of()).compare(a, a)).isZero();
  }

  @ParameterizedTest(name = "[{0}]")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "metrics.auc DOWN | 13 | ASC or DESC is expected, not 'DOWN'",
        "metrics.auc DESC, params.x | 17 | each entry of the list has one field",
        "metrics.auc DESC ASC | 18 | the end of the entry is expected, not 'ASC'",
        "metrics.auc > 1 | 13 | the end of the entry is expected",
        "auc | 1 | there is no attribute 'auc'",
        "start_tim DESC | 1 | did you mean 'start_time'?",
        "datasets.name | 1 | a run may have many datasets",
        "~~ | 1 | a field is expected",
        "metrics.`a | 9 | this quote is never closed",
      })
  @DisplayName("refuses what is not in the grammar, says where and what is accepted")
  void refused(String entry, int character, String says) {
    assertThatThrownBy(() -> RunOrder.parse(List.of("params.first", entry)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("wrong order, entry 2, at character " + character + ": ")
        .hasMessageContaining(says);
  }

  @Test
  @DisplayName("refuses a field that is named twice, under whatever names")
  void twice() {
    assertThatThrownBy(() -> RunOrder.parse(List.of("attributes.created", "start_time DESC")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'start_time' is named twice");
  }
}
