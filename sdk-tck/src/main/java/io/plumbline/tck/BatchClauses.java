package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.model.Metric;
import io.plumbline.spi.Backend;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.RunUpdate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for a batch whose sender did not hear the answer and sends it again. */
abstract class BatchClauses extends Clauses {
  /** Each update would show if it were applied twice. */
  private static final List<RunUpdate> BATCH =
      List.of(
          metric("auc", 0.5, 0), param("depth", "6"), metric("auc", 0.75, 1), tag("stage", "old"));

  BatchClauses(BackendKit kit) {
    super(kit);
  }

  private void assertOneCopy(String run) {
    assertThat(points(run, "auc")).extracting(Metric::value).containsExactly(0.5, 0.75);
    assertThat(read(run).metrics().get("auc")).isNotNull();
    assertThat(runs().metricHistory(run, "auc").summary().count()).isEqualTo(2);
    assertThat(read(run).metrics().values())
        .as("the counts in the run")
        .allMatch(summary -> summary.count() == 2);
  }

  @Test
  @DisplayName("BAT-1 A batch that comes again under its key changes nothing")
  void again() {
    needs(Capability.REPLAY);
    String run = run();
    String key = newId();
    runs().apply(run, key, BATCH);
    apply(run, tag("stage", "new"));
    runs().apply(run, key, BATCH);
    assertOneCopy(run);
    assertThat(read(run).tags()).containsEntry("stage", "new");
  }

  @Test
  @DisplayName("BAT-2 A batch that comes from many threads at once is applied once")
  void concurrently() {
    needs(Capability.REPLAY);
    String run = run();
    String key = newId();
    assertThat(Threads.together(8, i -> runs().apply(run, key, BATCH))).isEmpty();
    assertOneCopy(run);
  }

  @Test
  @DisplayName(
      "BAT-3 A batch that comes again after the backend was closed and opened changes nothing")
  void afterReopening() {
    needs(Capability.REPLAY);
    String run = run();
    String key = newId();
    runs().apply(run, key, BATCH);
    reopen();
    runs().apply(run, key, BATCH);
    assertOneCopy(run);
    reopen();
    assertOneCopy(run);
  }

  @Test
  @DisplayName("BAT-4 A batch that comes again through another instance changes nothing")
  void twoInstances() {
    needs(Capability.REPLAY);
    Backend first = backend();
    Backend second = another();
    String run = run();
    String key = newId();
    first.runs().apply(run, key, BATCH);
    second.runs().apply(run, key, BATCH);
    first.runs().apply(run, key, BATCH);
    assertOneCopy(run);
  }

  @Test
  @DisplayName("BAT-5 One key for batches of two runs means two batches")
  void keysOfTwoRuns() {
    needs(Capability.REPLAY);
    String first = run();
    String second = run();
    runs().apply(first, "batch-1", BATCH);
    runs().apply(second, "batch-1", BATCH);
    assertOneCopy(first);
    assertOneCopy(second);
  }

  @Test
  @DisplayName("BAT-6 Equal updates under two keys are two batches")
  void twoKeys() {
    needs(Capability.REPLAY);
    needs(Capability.EQUAL_POINTS);
    String run = run();
    runs().apply(run, "batch-1", BATCH);
    runs().apply(run, "batch-2", BATCH);
    assertThat(points(run, "auc")).hasSize(4);
  }

  @Test
  @DisplayName("BAT-7 A refused batch leaves its key free for a corrected one")
  void refused() {
    String run = run();
    apply(run, param("depth", "7"));
    assertThatThrownBy(() -> runs().apply(run, "batch-1", BATCH))
        .isInstanceOf(ConflictException.class);
    runs().apply(run, "batch-1", List.of(metric("auc", 0.5, 0)));
    assertThat(points(run, "auc")).hasSize(1);
  }
}
