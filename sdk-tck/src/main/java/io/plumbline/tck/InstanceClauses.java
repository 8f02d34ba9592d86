package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.Experiment;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for several instances on one place, and after the end of one. */
abstract class InstanceClauses extends Clauses {
  private static final DatasetInput INPUT =
      new DatasetInput(new Dataset("flights", "0123", "local", "{}", "", ""), "training", Map.of());

  InstanceClauses(BackendKit kit) {
    super(kit);
  }

  /** Writes one of everything. */
  private static String write(RunStore runs, Experiment in, Path folder) throws IOException {
    String run = runs.createRun(newRun(in, "everything"));
    runs.apply(
        run,
        newId(),
        List.of(
            param("depth", "6"),
            metric("auc", 0.9, 3),
            tag("team", "ops"),
            new RunUpdate.LogInput(INPUT)));
    runs.putArtifact(run, "x.txt", Files.writeString(folder.resolve("x.txt"), "content"));
    runs.putModel(
        run,
        "model",
        ModelPackage.of("rules", Map.of())
            .with(ModelPart.of("r.txt", "text/plain", new byte[] {1, 2, 3})));
    runs.apply(run, newId(), List.of(new RunUpdate.SetStatus(RunStatus.FINISHED, START + 9_000)));
    return run;
  }

  private static void assertAllThere(RunStore runs, Experiment in, String id) throws IOException {
    assertThat(runs.findExperiment(in.name())).contains(in);
    Run run = read(runs, id);
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.params()).isEqualTo(Map.of("depth", "6"));
    assertThat(run.metric("auc")).hasValue(0.9);
    assertThat(run.tags()).containsEntry("team", "ops");
    assertThat(run.inputs()).hasSize(1);
    assertThat(runs.metricHistory(id, "auc").summary().lastStep()).isEqualTo(3);
    try (InputStream file = runs.openArtifact(id, "x.txt")) {
      assertThat(file.readAllBytes()).asString().isEqualTo("content");
    }
    LoggedModel model = run.model("model");
    try (InputStream part = runs.openModelPart(model, "r.txt")) {
      assertThat(part.readAllBytes()).containsExactly(1, 2, 3);
    }
    assertThat(runs.search(RunQuery.builder().experiments(in.name()).build()).items())
        .extracting(Run::id)
        .containsExactly(id);
  }

  @Test
  @DisplayName("TWO-1 What one instance has written, another sees at once")
  void seen(@TempDir Path folder) throws IOException {
    RunStore first = runs();
    RunStore second = another().runs();
    Experiment in = first.createExperiment(unique("two"), Map.of("k", "v"));
    String run = write(first, in, folder);
    assertAllThere(second, in, run);
    assertAllThere(first, in, run);
  }

  @Test
  @DisplayName("TWO-2 Two instances write into one run, and each sees both")
  void both() throws InterruptedException {
    RunStore first = runs();
    RunStore second = another().runs();
    String run = run();
    // Read early: what an instance remembers of a run must not hide what another one does.
    assertThat(read(first, run).params()).isEqualTo(read(second, run).params()).isEmpty();
    first.apply(run, newId(), List.of(param("a", "1"), tag("t", "first")));
    Thread.sleep(2); // of two changes in one millisecond none is the later one
    second.apply(run, newId(), List.of(param("b", "2"), tag("t", "second"), metric("m", 1, 0)));
    first.apply(run, newId(), List.of(metric("m", 2, 1)));
    for (RunStore runs : List.of(first, second)) {
      Run read = read(runs, run);
      assertThat(read.params()).isEqualTo(Map.of("a", "1", "b", "2"));
      assertThat(read.tags()).containsEntry("t", "second");
      assertThat(read.metric("m")).hasValue(2);
      assertThat(runs.metricHistory(run, "m").summary().count()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName("TWO-3 A param that one instance has set is a conflict in another")
  void conflict() {
    RunStore first = runs();
    RunStore second = another().runs();
    String run = run();
    first.apply(run, newId(), List.of(param("depth", "six")));
    assertThatThrownBy(() -> second.apply(run, newId(), List.of(param("depth", "seven"))))
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("six", "seven");
  }

  @Test
  @DisplayName(
      "TWO-4 A status, a name and a deletion that one instance has set count in the other, and the later one wins")
  void later() throws InterruptedException {
    RunStore first = runs();
    RunStore second = another().runs();
    String run = run();
    first.apply(run, newId(), List.of(new RunUpdate.SetStatus(RunStatus.FAILED, START + 1)));
    Thread.sleep(2);
    second.apply(
        run,
        newId(),
        List.of(
            new RunUpdate.SetStatus(RunStatus.FINISHED, START + 2), new RunUpdate.Rename("new")));
    assertThat(read(first, run).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(read(first, run).name()).isEqualTo("new");
    first.setDeleted(run, true);
    assertThat(read(second, run).deleted()).isTrue();
    Thread.sleep(2);
    second.setDeleted(run, false);
    assertThat(read(first, run).deleted()).isFalse();
  }

  @Test
  @DisplayName("TWO-5 Everything is there when the backend was closed and opened again")
  void reopened(@TempDir Path folder) throws IOException {
    Experiment in = runs().createExperiment(unique("again"), Map.of("k", "v"));
    String run = write(runs(), in, folder);
    reopen();
    assertAllThere(runs(), in, run);
  }

  @Test
  @DisplayName("END-1 Closing twice is fine")
  void twice() {
    Backend backend = backend();
    backend.close();
    backend.close();
  }

  @Test
  @DisplayName("END-2 After the close a write is an IllegalStateException, and stores nothing")
  void afterClose() {
    Experiment in = experiment();
    String run = run(in, "before");
    RunStore closed = runs();
    backend().close();
    assertThatThrownBy(() -> closed.apply(run, newId(), List.of(tag("late", "yes"))))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> closed.createRun(newRun(in, "late")))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> closed.setDeleted(run, true))
        .isInstanceOf(IllegalStateException.class);
    reopen();
    assertThat(read(run).tags()).doesNotContainKey("late");
    assertThat(read(run).deleted()).isFalse();
    assertThat(runs().search(RunQuery.builder().experiments(in.name()).build()).items()).hasSize(1);
  }

  @Test
  @DisplayName("END-3 Closing one instance leaves the others at work")
  void othersGoOn() {
    Backend first = backend();
    Backend second = another();
    String run = run();
    first.close();
    second.runs().apply(run, newId(), List.of(tag("still", "here")));
    assertThat(read(second.runs(), run).tags()).containsEntry("still", "here");
  }
}
