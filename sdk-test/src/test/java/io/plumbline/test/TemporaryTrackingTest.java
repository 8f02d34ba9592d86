package io.plumbline.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.Dataset;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.Resume;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A temporary tracking client")
class TemporaryTrackingTest {
  @Test
  @DisplayName("does what the real client does, with every call")
  void works(@TempDir Path folder) throws Exception {
    try (TemporaryTracking tracking = TemporaryTracking.open()) {
      tracking.createExperiment("flights", Map.of("team", "ops"));
      tracking.setExperimentTag("flights", "owner", "anna");
      assertThat(tracking.findExperiment("flights").orElseThrow().tags()).hasSize(2);
      assertThat(tracking.experiments()).hasSize(1);
      Run run =
          tracking.run(
              "flights",
              RunOptions.named("gbm"),
              tracker -> {
                tracker.logParam("depth", 6);
                tracker.logMetric("auc", 0.5);
                tracker.logMetric("auc", 0.75);
                tracker.logText("hello", "notes/a.txt");
                tracker.logInput(Dataset.of("d", new double[][] {{1}}, List.of("x")), "training");
              });
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(tracking.metricHistory(run.id(), "auc").stream()).hasSize(2);
      assertThat(tracking.artifacts(run.id(), "notes")).hasSize(1);
      try (InputStream in = tracking.openArtifact(run.id(), "notes/a.txt")) {
        assertThat(in.readAllBytes()).asString().isEqualTo("hello");
      }
      assertThat(tracking.download(run.id(), "notes", folder)).isDirectory();
      tracking.setTag(run.id(), "t", "1");
      tracking.rename(run.id(), "better");
      assertThat(tracking.get(run.id()).name()).isEqualTo("better");
      tracking.deleteTag(run.id(), "t");
      assertThat(tracking.find(run.id()).orElseThrow().tags()).doesNotContainKey("t");
      assertThat(tracking.search("flights", "params.depth = '6'")).hasSize(1);
      tracking.delete(run.id());
      tracking.restore(run.id());
      String answer = tracking.call("flights", RunOptions.none(), tracker -> "answer");
      assertThat(answer).isEqualTo("answer");
      assertThat(tracking.run("flights", tracker -> {}).status()).isEqualTo(RunStatus.FINISHED);
      try (Tracker tracker = tracking.resume(run.id(), Resume.MUST)) {
        tracking.join(tracker.id()).close();
        tracker.finish();
      }
      tracking.start("flights").close();
      assertThat(tracking.runs()).hasSize(4);
      tracking.delete(run.id());
      tracking.erase(run.id());
      assertThat(tracking.runs()).hasSize(3);
      tracking.deleteExperiment("flights");
      tracking.restoreExperiment("flights");
      assertThat(tracking.flush(Duration.ofSeconds(10))).isTrue();
      assertThat(tracking.delivery().healthy()).isTrue();
    }
  }

  @Test
  @DisplayName("passes every method on, the default ones of the interface too")
  void passesAllOn() {
    for (Method method : TrackingClient.class.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers())) {
        assertThat(List.of(TemporaryTracking.class.getDeclaredMethods()))
            .as("%s", method)
            .anyMatch(
                own ->
                    own.getName().equals(method.getName())
                        && List.of(own.getParameterTypes())
                            .equals(List.of(method.getParameterTypes())));
      }
    }
  }

  @Test
  @DisplayName(
      "leaves nothing behind when it is closed, also with a run still open, and closes twice")
  void removesAll() {
    TemporaryTracking tracking = TemporaryTracking.open();
    Tracker open = tracking.start("left open");
    open.logMetric("auc", 0.5);
    open.logText("text", "a.txt");
    assertThat(tracking.store()).isDirectory();
    tracking.close();
    tracking.close();
    assertThat(tracking.store()).doesNotExist();
    assertThat(tracking.store().getParent()).doesNotExist();
  }

  @Test
  @DisplayName("starts empty, whatever another one holds")
  void apart() {
    try (TemporaryTracking first = TemporaryTracking.open();
        TemporaryTracking second = TemporaryTracking.open()) {
      first.start("one").close();
      assertThat(first.runs()).hasSize(1);
      assertThat(second.runs()).isEmpty();
      assertThat(second.experiments()).isEmpty();
    }
  }

  @Test
  @DisplayName("reads no file of settings and no system property")
  void isolated() throws Exception {
    Path settings = Path.of("plumbline.properties");
    Files.writeString(settings, "plumbline.enabled=false\n");
    System.setProperty("plumbline.enabled", "false");
    try (TemporaryTracking tracking = TemporaryTracking.open()) {
      tracking.start("kept").close();
      assertThat(tracking.runs()).hasSize(1);
    } finally {
      System.clearProperty("plumbline.enabled");
      Files.delete(settings);
    }
  }

  @Test
  @DisplayName("returns the only run, and lists the runs if there are more or none")
  void onlyRun() {
    try (TemporaryTracking tracking = TemporaryTracking.open()) {
      assertThatThrownBy(tracking::onlyRun)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("there are 0");
      tracking.start("one", RunOptions.named("first")).close();
      assertThat(tracking.onlyRun().name()).isEqualTo("first");
      tracking.start("one", RunOptions.named("second")).close();
      assertThatThrownBy(tracking::onlyRun)
          .isInstanceOf(AssertionError.class)
          .hasMessageContainingAll("there are 2", "first", "second");
    }
  }
}
