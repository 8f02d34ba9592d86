package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Experiment;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.model.RunTags;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunUpdate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for a run between its start and its end. */
abstract class RunClauses extends Clauses {
  RunClauses(BackendKit kit) {
    super(kit);
  }

  @Test
  @DisplayName("RUN-1 A new run is RUNNING, without an end, and has what it was made with")
  void created() {
    Experiment in = experiment();
    NewRun made = new NewRun(newId(), in.id(), "gbm", "anna", null, START, Map.of("team", "ops"));
    Run run = read(runs().createRun(made));
    assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(run.name()).isEqualTo("gbm");
    assertThat(run.experimentId()).isEqualTo(in.id());
    assertThat(run.experiment()).isEqualTo(in.name());
    assertThat(run.tags()).containsEntry("team", "ops");
    assertThat(run.endTime()).isEmpty();
    assertThat(run.parentId()).isEmpty();
    assertThat(run.deleted()).isFalse();
    assertThat(run.params()).isEmpty();
    assertThat(run.metrics()).isEmpty();
    assertThat(run.inputs()).isEmpty();
    assertThat(run.models()).isEmpty();
  }

  @Test
  @DisplayName("RUN-2 The caller says when a run starts and for which user")
  void startAndUser() {
    NewRun made = new NewRun(newId(), experiment().id(), "gbm", "anna", null, START, Map.of());
    Run run = read(runs().createRun(made));
    assertThat(run.startTime()).isEqualTo(Instant.ofEpochMilli(START));
    assertThat(run.user()).isEqualTo("anna");
  }

  @Test
  @DisplayName(
      "RUN-3 A run has the caller's id, or one of the backend's own; a taken id is a ConflictException")
  void takenId() {
    Experiment in = experiment();
    NewRun first = newRun(in, "first");
    String id = runs().createRun(first);
    assertThat(read(id).id()).isEqualTo(id);
    assumeTrue(id.equals(first.id()), "this backend gives ids of its own, so none is ever taken");
    NewRun again = new NewRun(id, in.id(), "again", "tester", null, START, Map.of());
    assertThatThrownBy(() -> runs().createRun(again))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(id);
    assertThat(read(id).name()).isEqualTo("first");
  }

  @Test
  @DisplayName("RUN-4 A run in an experiment that does not exist is a NotFoundException")
  void unknownExperiment() {
    NewRun run = new NewRun(newId(), "987654321987654321", "lost", "", null, START, Map.of());
    assertThatThrownBy(() -> runs().createRun(run)).isInstanceOf(NotFoundException.class);
  }

  @Test
  @DisplayName("RUN-5 A child run names its parent")
  void child() {
    Experiment in = experiment();
    String parent = run(in, "parent");
    String child =
        runs().createRun(new NewRun(newId(), in.id(), "fold 1", "", parent, START, Map.of()));
    assertThat(read(child).parentId()).contains(parent);
  }

  @Test
  @DisplayName("RUN-6 A run ends as FINISHED, FAILED or KILLED")
  void ends() {
    for (RunStatus status : List.of(RunStatus.FINISHED, RunStatus.FAILED, RunStatus.KILLED)) {
      String run = run();
      apply(run, new RunUpdate.SetStatus(status, START + 5_000));
      assertThat(read(run).status()).isEqualTo(status);
      assertThat(read(run).endTime()).isPresent();
    }
  }

  @Test
  @DisplayName("RUN-7 The caller says when a run ends")
  void endTime() {
    String run = run();
    apply(run, new RunUpdate.SetStatus(RunStatus.FINISHED, START + 5_000));
    assertThat(read(run).endTime()).contains(Instant.ofEpochMilli(START + 5_000));
  }

  @Test
  @DisplayName("RUN-8 A run that has ended goes on when it is set to RUNNING, and can end again")
  void resumed() {
    String run = run();
    apply(run, new RunUpdate.SetStatus(RunStatus.FAILED, START + 5_000));
    apply(run, new RunUpdate.SetStatus(RunStatus.RUNNING, START + 6_000));
    assertThat(read(run).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(read(run).endTime()).isEmpty();
    apply(run, new RunUpdate.SetStatus(RunStatus.FINISHED, START + 7_000));
    assertThat(read(run).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(read(run).endTime()).isPresent();
  }

  @Test
  @DisplayName("RUN-9 What arrives after the end is kept, and the run stays ended")
  void afterTheEnd() {
    String run = run();
    apply(run, new RunUpdate.SetStatus(RunStatus.FINISHED, START + 5_000));
    apply(run, metric("auc", 0.9, 0), param("depth", "6"), tag("reviewed", "yes"));
    Run read = read(run);
    assertThat(read.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(read.metric("auc")).hasValue(0.9);
    assertThat(read.params()).containsEntry("depth", "6");
    assertThat(read.tags()).containsEntry("reviewed", "yes");
  }

  @Test
  @DisplayName("RUN-10 The updates of a batch are applied in their order")
  void order() {
    String run = run();
    apply(
        run,
        tag("stage", "first"),
        new RunUpdate.Rename("first"),
        new RunUpdate.SetStatus(RunStatus.FAILED, START + 1),
        tag("gone", "soon"),
        tag("stage", "second"),
        new RunUpdate.Rename("second"),
        new RunUpdate.SetStatus(RunStatus.FINISHED, START + 2),
        new RunUpdate.DeleteTag("gone"));
    Run read = read(run);
    assertThat(read.name()).isEqualTo("second");
    assertThat(read.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(read.tags()).containsEntry("stage", "second").doesNotContainKey("gone");
  }

  @Test
  @DisplayName("RUN-11 An empty batch changes nothing")
  void emptyBatch() {
    String run = run();
    apply(run);
    assertThat(read(run).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(read(run).name()).isEqualTo("a run");
  }

  @Test
  @DisplayName(
      "RUN-12 A run id that does not exist is not found, and for every change a NotFoundException")
  void unknownRun() {
    String id = newId();
    assertThat(runs().find(id)).isEmpty();
    assertThatThrownBy(() -> apply(id, tag("k", "v"))).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> apply(id)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().setDeleted(id, true)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().erase(id)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().metricHistory(id, "auc")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().artifacts(id, "")).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> runs().openArtifact(id, "roc.png"))
        .isInstanceOf(NotFoundException.class);
    assertThat(runs().find(id)).isEmpty();
  }

  @Test
  @DisplayName("RUN-13 A run has another name after a rename")
  void rename() {
    String run = run();
    apply(run, new RunUpdate.Rename("better"));
    assertThat(read(run).name()).isEqualTo("better");
  }

  @Test
  @DisplayName("RUN-14 A run's name may be any text, and comes back exactly")
  void anyName() {
    needs(Capability.ANY_TEXT);
    Experiment in = experiment();
    for (String text : HOSTILE_TEXTS) {
      String run = run(in, text);
      assertThat(read(run).name()).isEqualTo(text);
      apply(run, new RunUpdate.Rename(text + "!"));
      assertThat(read(run).name()).isEqualTo(text + "!");
    }
  }

  @Test
  @DisplayName(
      "RUN-15 A run in a deleted experiment is a ConflictException that names the experiment")
  void deletedExperiment() {
    Experiment in = experiment();
    runs().setExperimentDeleted(in.id(), true);
    assertThatThrownBy(() -> run(in, "late"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(in.name());
    runs().setExperimentDeleted(in.id(), false);
    assertThat(read(run(in, "in time")).experimentId()).isEqualTo(in.id());
  }

  @Test
  @DisplayName(
      "RUN-16 A run is found by what it was made of, also where it has another id; of an unknown id, or by another writer, none is")
  void localId() {
    Experiment in = experiment();
    NewRun plain = newRun(in, "made");
    NewRun made = by("a writer", plain);
    run(in, "another one");
    String id = runs().createRun(made);
    assertThat(runs().findCreated(made)).contains(id);
    assertThat(runs().findCreated(by("another writer", plain))).isEmpty();
    assertThat(runs().findCreated(by("a writer", newRun(in, "unknown")))).isEmpty();
  }

  private static NewRun by(String writer, NewRun run) {
    return new NewRun(
        run.id(),
        run.experimentId(),
        run.name(),
        run.user(),
        run.parentId(),
        run.startTime(),
        Map.of(RunTags.WRITER, writer));
  }
}
