package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.RunUpdate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for params. */
abstract class ParamClauses extends Clauses {
  ParamClauses(BackendKit kit) {
    super(kit);
  }

  @Test
  @DisplayName("PAR-1 Params come back as they were logged")
  void readBack() {
    String run = run();
    apply(run, param("learning_rate", "0.1"), param("max_depth", "6"));
    apply(run, param("objective", "binary"));
    assertThat(read(run).params())
        .isEqualTo(Map.of("learning_rate", "0.1", "max_depth", "6", "objective", "binary"));
  }

  @Test
  @DisplayName("PAR-2 The same value again is fine, in one batch and in the next")
  void sameValue() {
    String run = run();
    apply(run, param("max_depth", "6"), param("max_depth", "6"));
    apply(run, param("max_depth", "6"));
    assertThat(read(run).params()).isEqualTo(Map.of("max_depth", "6"));
  }

  @Test
  @DisplayName(
      "PAR-3 Another value is a ConflictException that names the key and both values; the first stays")
  void conflict() {
    String run = run();
    apply(run, param("max_depth", "six"));
    assertThatThrownBy(() -> apply(run, param("max_depth", "seven")))
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("max_depth", "six", "seven");
    assertThat(read(run).params()).isEqualTo(Map.of("max_depth", "six"));
  }

  @Test
  @DisplayName("PAR-4 Of a batch with a conflict nothing is applied")
  void nothingApplied() {
    String run = run();
    apply(run, param("max_depth", "six"), tag("stage", "first"));
    assertThatThrownBy(
            () ->
                apply(
                    run,
                    metric("auc", 0.9, 0),
                    tag("stage", "second"),
                    param("fresh", "1"),
                    new RunUpdate.Rename("other"),
                    param("max_depth", "seven"),
                    new RunUpdate.SetStatus(RunStatus.FINISHED, START + 1)))
        .isInstanceOf(ConflictException.class);
    Run read = read(run);
    assertThat(read.params()).isEqualTo(Map.of("max_depth", "six"));
    assertThat(read.tags()).containsEntry("stage", "first");
    assertThat(read.metrics()).isEmpty();
    assertThat(read.name()).isEqualTo("a run");
    assertThat(read.status()).isEqualTo(RunStatus.RUNNING);
  }

  @Test
  @DisplayName("PAR-5 Two values in one batch are a conflict too, and nothing is applied")
  void conflictInside() {
    String run = run();
    assertThatThrownBy(
            () -> apply(run, param("fresh", "1"), param("depth", "six"), param("depth", "seven")))
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("depth", "six", "seven");
    assertThat(read(run).params()).isEmpty();
  }

  @Test
  @DisplayName("PAR-6 After a conflict the run goes on")
  void goesOn() {
    String run = run();
    apply(run, param("depth", "six"));
    assertThatThrownBy(() -> apply(run, param("depth", "seven")))
        .isInstanceOf(ConflictException.class);
    apply(run, param("fresh", "1"), metric("auc", 0.9, 0));
    assertThat(read(run).params()).isEqualTo(Map.of("depth", "six", "fresh", "1"));
    assertThat(read(run).metric("auc")).hasValue(0.9);
  }

  @Test
  @DisplayName("PAR-7 A value may be empty, long, of many lines, and any text")
  void values() {
    String run = run();
    List<String> values =
        List.of("", " ", "0123456789".repeat(500), "a\nb\r\nc\td", "数据 👩‍🚀 '\"`\\", "null");
    for (int i = 0; i < values.size(); i++) {
      apply(run, param("p" + i, values.get(i)));
    }
    for (int i = 0; i < values.size(); i++) {
      assertThat(read(run).params()).containsEntry("p" + i, values.get(i));
    }
  }

  @Test
  @DisplayName("PAR-8 A key may have letters, digits, '_', '-', '.', ' ' and '/', and 250 of them")
  void keys() {
    String run = run();
    List<String> keys = List.of("a", "A", "model/depth", "a.b-c_d e", "0", "k".repeat(250));
    apply(run, keys.stream().map(key -> param(key, "of " + key)).toArray(RunUpdate[]::new));
    assertThat(read(run).params()).hasSize(keys.size());
    keys.forEach(key -> assertThat(read(run).params()).containsEntry(key, "of " + key));
  }

  @Test
  @DisplayName("PAR-9 A key may be any text without control characters, and comes back exactly")
  void anyKey() {
    needs(Capability.ANY_TEXT);
    String run = run();
    for (String key : HOSTILE_TEXTS) {
      apply(run, param(key, "of " + key));
    }
    assertThat(read(run).params()).hasSize(HOSTILE_TEXTS.size());
    HOSTILE_TEXTS.forEach(key -> assertThat(read(run).params()).containsEntry(key, "of " + key));
  }

  @Test
  @DisplayName(
      "PAR-10 Of threads that set one param to different values exactly one has its way; the others meet a ConflictException")
  void race() {
    for (int round = 0; round < 5; round++) {
      String run = run();
      List<RuntimeException> failures =
          Threads.together(8, i -> apply(run, param("seed", "value-" + i)));
      assertThat(failures).hasSize(7).allMatch(e -> e instanceof ConflictException);
      String kept = String.valueOf(read(run).params().get("seed"));
      assertThat(kept).matches("value-[0-7]");
      assertThat(failures).allSatisfy(e -> assertThat(e).hasMessageContaining(kept));
    }
  }
}
