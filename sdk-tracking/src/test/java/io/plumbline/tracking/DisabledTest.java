package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.model.Dataset;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Run;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("With tracking disabled")
class DisabledTest {
  private TrackingClient tracking;
  private Path folder;

  @BeforeEach
  void open(@TempDir Path folder) {
    this.folder = folder;
    this.tracking = TrackingClient.create(Stores.config(folder).enabled(false).build());
  }

  @AfterEach
  void close() {
    tracking.close();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  @DisplayName(
      "a program runs as ever: nothing is kept, no file is made, and all that is returned is there")
  void noOps() {
    Run run =
        tracking.run(
            "flights",
            RunOptions.named("gbm"),
            tracker -> {
              assertThat(tracker.id()).isNotEmpty();
              assertThat(tracker.name()).isEqualTo("gbm");
              assertThat(tracker.experiment()).isEqualTo("flights");
              tracker.logParam("depth", 6);
              tracker.logParams(Map.of("rate", 0.1));
              tracker.logMetric("auc", 0.9);
              tracker.logMetrics(Map.of("loss", 0.1), 1);
              var handle = tracker.metric("loss");
              handle.log(0.5);
              handle.log(0.4, 3);
              assertThat(handle.key()).isEqualTo("loss");
              tracker.setTags(Map.of("a", "b"));
              tracker.deleteTag("a");
              tracker.note("note");
              assertThat(
                      tracker.logInput(
                          Dataset.of("d", new double[][] {{1}}, List.of("x")), "training"))
                  .isNotNull();
              tracker.logText("x", "x.txt");
              tracker.logJson(Map.of(), "x.json");
              tracker.logImage(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "x.png");
              LoggedModel model = tracker.logModel("m", ModelPackage.of("rules", Map.of()));
              assertThat(model.id()).startsWith("m-");
              tracker.metric("auc", model).log(1);
              tracker.child("fold", child -> child.logMetric("auc", 1));
              tracker.startChild(RunOptions.none()).close();
              assertThat(tracker.flush(Duration.ofSeconds(1))).isTrue();
            });
    assertThat(run.id()).isNotEmpty();
    assertThat(run.name()).isEqualTo("gbm");
    assertThat(run.warnings()).singleElement().asString().contains("disabled");
    assertThat(tracking.search("flights", "")).isEmpty();
    assertThat(tracking.find(run.id())).isEmpty();
    assertThat(tracking.experiments()).isEmpty();
    assertThat(tracking.metricHistory(run.id(), "auc").stream()).isEmpty();
    assertThat(tracking.artifacts(run.id(), "")).isEmpty();
    assertThat(tracking.delivery().healthy()).isTrue();
    assertThat(tracking.delivery().ring()).isEqualTo("disabled");
    tracking.setTag(run.id(), "k", "v");
    tracking.delete(run.id());
  }

  @Test
  @DisplayName("what the body returns is returned, and what it throws is thrown")
  void resultsAndExceptions() {
    int result = tracking.call("flights", RunOptions.none(), tracker -> 42);
    assertThat(result).isEqualTo(42);
    IOException thrown = new IOException("disk");
    assertThatThrownBy(
            () ->
                tracking.<IOException>run(
                    "flights",
                    tracker -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }

  @Test
  @DisplayName(
      "runs can be resumed and joined, and a run that is asked for says why it is not there")
  void resumeAndGet() {
    assertThat(tracking.resume("run-1", Resume.MUST).id()).isEqualTo("run-1");
    assertThat(tracking.join("run-2").id()).isEqualTo("run-2");
    assertThatThrownBy(() -> tracking.get("run-1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("disabled");
  }
}
