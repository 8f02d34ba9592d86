package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Experiment;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Tending runs and experiments")
class TendingTest {
  private TrackingClient tracking;
  private Path folder;

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    this.tracking = Stores.open(folder);
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  private String ended() {
    return tracking.run("flights", tracker -> tracker.setTag("team", "ops")).id();
  }

  @Test
  @DisplayName(
      "A tag is set, changed and removed by its tracker and, long after the end, by the client")
  void tags() {
    Tracker tracker = tracking.start("flights");
    tracker.setTags(Map.of("a", "1", "b", "2"));
    tracker.setTag("a", "3");
    tracker.deleteTag("b");
    tracker.deleteTag("never");
    tracker.note("looks good");
    tracker.finish();
    String id = tracker.id();
    assertThat(tracking.get(id).tags()).containsEntry("a", "3").doesNotContainKey("b");
    assertThat(tracking.get(id).note()).hasValue("looks good");
    tracking.close();
    tracking = Stores.open(folder);
    tracking.setTag(id, "a", "4");
    tracking.setTag(id, "late", "yes");
    assertThat(tracking.get(id).tags()).containsEntry("a", "4").containsEntry("late", "yes");
    tracking.deleteTag(id, "a");
    assertThat(tracking.get(id).tags()).doesNotContainKey("a");
    tracking.setTag(id, "a", "5");
    assertThat(tracking.get(id).tags()).containsEntry("a", "5");
  }

  @Test
  @DisplayName("A run has another name after a rename, while it runs and after its end")
  void rename() {
    Tracker tracker = tracking.start("flights", RunOptions.named("first"));
    tracking.rename(tracker.id(), "second");
    assertThat(tracking.get(tracker.id()).name()).isEqualTo("second");
    tracker.finish();
    tracking.rename(tracker.id(), "third");
    assertThat(tracking.get(tracker.id()).name()).isEqualTo("third");
  }

  @Test
  @DisplayName("A deleted run is out of sight until it is restored, and gone when it is erased")
  void deleteRestoreErase() {
    String id = ended();
    assertThatThrownBy(() -> tracking.erase(id))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("not deleted");
    tracking.delete(id);
    tracking.delete(id);
    assertThat(tracking.search("flights", "")).isEmpty();
    assertThat(tracking.get(id).deleted()).isTrue();
    assertThat(tracking.search(RunQuery.builder().view(RunQuery.View.DELETED).build()).items())
        .hasSize(1);
    tracking.restore(id);
    assertThat(tracking.search("flights", "")).hasSize(1);
    tracking.delete(id);
    tracking.erase(id);
    assertThat(tracking.find(id)).isEmpty();
    assertThatThrownBy(() -> tracking.get(id)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> tracking.restore(id)).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> tracking.erase(id)).isInstanceOf(NotFoundException.class);
  }

  @Test
  @DisplayName("A run that is being written can't be erased")
  void eraseRunning() {
    Tracker tracker = tracking.start("flights");
    tracking.delete(tracker.id());
    assertThatThrownBy(() -> tracking.erase(tracker.id()))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("still being written");
    tracker.finish();
    tracking.erase(tracker.id());
    assertThat(tracking.find(tracker.id())).isEmpty();
  }

  @Test
  @DisplayName("An experiment is made by its first run, or before it, once")
  void experiments() {
    Experiment made = tracking.createExperiment("before", Map.of("team", "ops"));
    String id = tracking.run("before", tracker -> {}).id();
    assertThat(tracking.get(id).experimentId()).isEqualTo(made.id());
    tracking.run("by run", tracker -> {});
    assertThat(tracking.experiments())
        .extracting(Experiment::name)
        .containsExactly("before", "by run");
    assertThatThrownBy(() -> tracking.createExperiment("by run", Map.of()))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("by run");
    tracking.setExperimentTag("before", "owner", "anna");
    assertThat(tracking.findExperiment("before").orElseThrow().tags())
        .isEqualTo(Map.of("team", "ops", "owner", "anna"));
    assertThatThrownBy(() -> tracking.setExperimentTag("none", "k", "v"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("none");
  }

  @Test
  @DisplayName("A deleted experiment takes no runs, and says so, until it is restored")
  void deletedExperiment() {
    String id = ended();
    tracking.deleteExperiment("flights");
    assertThatThrownBy(() -> tracking.start("flights"))
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("flights", "restore");
    assertThat(tracking.get(id).experiment()).isEqualTo("flights");
    tracking.restoreExperiment("flights");
    tracking.start("flights").close();
    assertThat(tracking.search("flights", "")).hasSize(2);
  }

  @Test
  @DisplayName(
      "Runs are found by MLflow's grammar, newest first, also those of other clients and those still running")
  void search() {
    try (TrackingClient other = Stores.open(folder);
        Tracker running = other.start("flights", RunOptions.named("running"))) {
      running.logMetric("auc", 0.95);
      running.logParam("depth", 9);
      tracking.run(
          "flights",
          RunOptions.named("worse"),
          tracker -> {
            tracker.logParam("depth", 6);
            tracker.logMetric("auc", 0.8);
          });
      List<Run> found = tracking.search("flights", "metrics.auc > 0.9 AND params.depth = '9'");
      assertThat(found).extracting(Run::name).containsExactly("running");
      assertThat(other.search("flights", "attributes.status = 'FINISHED'"))
          .extracting(Run::name)
          .containsExactly("worse");
      assertThatThrownBy(() -> tracking.search("flights", "metrics.auc >"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
