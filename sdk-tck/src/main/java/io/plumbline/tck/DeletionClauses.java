package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Experiment;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for deleting, restoring and erasing runs. */
abstract class DeletionClauses extends Clauses {
  DeletionClauses(BackendKit kit) {
    super(kit);
  }

  private String ended(Experiment in) {
    String run = run(in, "ended");
    apply(
        run,
        param("depth", "6"),
        metric("auc", 0.9, 0),
        tag("team", "ops"),
        new RunUpdate.SetStatus(RunStatus.FINISHED, START + 1));
    return run;
  }

  @Test
  @DisplayName("DEL-1 A deleted run is marked as such and can still be read")
  void deleted() {
    String run = ended(experiment());
    runs().setDeleted(run, true);
    runs().setDeleted(run, true);
    Run read = read(run);
    assertThat(read.deleted()).isTrue();
    assertThat(read.params()).containsEntry("depth", "6");
    assertThat(points(run, "auc")).hasSize(1);
  }

  @Test
  @DisplayName("DEL-2 A restored run is what it was, and goes on")
  void restored() {
    String run = ended(experiment());
    runs().setDeleted(run, true);
    runs().setDeleted(run, false);
    runs().setDeleted(run, false);
    Run read = read(run);
    assertThat(read.deleted()).isFalse();
    assertThat(read.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(read.params()).containsEntry("depth", "6");
    assertThat(read.metric("auc")).hasValue(0.9);
    assertThat(read.tags()).containsEntry("team", "ops");
    apply(run, tag("back", "yes"));
    assertThat(read(run).tags()).containsEntry("back", "yes");
  }

  @Test
  @DisplayName("DEL-3 A change of a deleted run is a ConflictException, and changes nothing")
  void noChanges() {
    String run = ended(experiment());
    runs().setDeleted(run, true);
    assertThatThrownBy(() -> apply(run, tag("late", "yes"), metric("auc", 0.1, 1)))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(run);
    runs().setDeleted(run, false);
    assertThat(read(run).tags()).doesNotContainKey("late");
    assertThat(points(run, "auc")).hasSize(1);
  }

  @Test
  @DisplayName("DEL-4 Erasing a run that is not deleted is a ConflictException, and erases nothing")
  void eraseActive() {
    needs(Capability.ERASE);
    String run = ended(experiment());
    assertThatThrownBy(() -> runs().erase(run))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(run);
    assertThat(read(run).params()).containsEntry("depth", "6");
  }

  @Test
  @DisplayName(
      "DEL-5 An erased run is gone: not found, not searched, without metrics and artifacts")
  void erased(@TempDir Path folder) throws IOException {
    needs(Capability.ERASE);
    Experiment in = experiment();
    String run = ended(in);
    String other = ended(in);
    Path file = Files.writeString(folder.resolve("x.txt"), "x");
    runs().putArtifact(run, "x.txt", file);
    runs().putArtifact(other, "x.txt", file);
    runs().setDeleted(run, true);
    runs().erase(run);
    assertThat(runs().find(run)).isEmpty();
    assertThatThrownBy(() -> runs().metricHistory(run, "auc"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().openArtifact(run, "x.txt"))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().erase(run)).isInstanceOf(NotFoundException.class);
    assertThat(
            runs()
                .search(RunQuery.builder().experiments(in.name()).view(RunQuery.View.ALL).build())
                .items())
        .extracting(Run::id)
        .containsExactly(other);
    try (InputStream in2 = runs().openArtifact(other, "x.txt")) {
      assertThat(in2.readAllBytes()).asString().isEqualTo("x");
    }
  }

  @Test
  @DisplayName(
      "DEL-6 The runs of a deleted experiment can be read, and are there when it is restored")
  void experimentDeleted() {
    Experiment in = runs().createExperiment(unique("deleted"), Map.of());
    String run = ended(in);
    runs().setExperimentDeleted(in.id(), true);
    assertThat(read(run).params()).containsEntry("depth", "6");
    runs().setExperimentDeleted(in.id(), false);
    assertThat(read(run).deleted()).isFalse();
    assertThat(runs().search(RunQuery.builder().experiments(in.name()).build()).items()).hasSize(1);
  }
}
