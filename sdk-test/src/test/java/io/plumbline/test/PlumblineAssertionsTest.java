package io.plumbline.test;

import static io.plumbline.test.PlumblineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.model.Dataset;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.RunOptions;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The assertions on runs")
@ExtendWith(PlumblineExtension.class)
class PlumblineAssertionsTest {
  private TemporaryTracking tracking;
  private Run run;

  @BeforeEach
  void log(TemporaryTracking tracking) {
    this.tracking = tracking;
    this.run =
        tracking.run(
            "flights",
            RunOptions.named("gbm 100%").tag("team", "ops"),
            tracker -> {
              tracker.logParams(Map.of("depth", 6, "rate", 0.1));
              tracker.logMetric("auc", 0.5);
              tracker.logMetric("auc", 0.93);
              tracker.logMetric("nothing", Double.NaN);
              tracker.logText("hello", "notes/a.txt");
              tracker.logInput(Dataset.of("d", new double[][] {{1}}, List.of("x")), "training");
              tracker.logModel(
                  "model",
                  ModelPackage.of("rules", Map.of())
                      .with(ModelPart.of("r.txt", "text/plain", new byte[1])));
            });
  }

  private static void fails(ThrowingCallable assertion, String... parts) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(parts);
  }

  @Test
  @DisplayName("pass where the run is as they say, one after the other")
  void pass() {
    assertThat(run)
        .isFinished()
        .hasStatus(RunStatus.FINISHED)
        .hasName("gbm 100%")
        .isInExperiment("flights")
        .hasParam("depth")
        .hasParam("depth", "6")
        .hasParams(Map.of("depth", "6", "rate", "0.1"))
        .doesNotHaveParam("seed")
        .hasTag("team", "ops")
        .hasMetric("auc")
        .hasMetric("auc", 0.93)
        .hasMetric("nothing", Double.NaN)
        .hasMetricCloseTo("auc", 0.9, 0.05)
        .hasMetricSatisfying("auc", auc -> assertThat(auc).isBetween(0.9, 1.0))
        .hasPoints("auc", 2)
        .hasInput("d", "training")
        .hasModel("model")
        .hasNoWarnings();
    assertThat(tracking, run.id())
        .isFinished()
        .hasArtifact("notes/a.txt")
        .hasArtifact("notes/a.txt", "hello")
        .hasHistory("auc", 0.5, 0.93);
  }

  @Test
  @DisplayName("fail with the run's name and id")
  void nameAndId() {
    fails(() -> assertThat(run).isFailed(), "gbm 100%", run.id());
  }

  @Test
  @DisplayName("say what the run has instead: status, names, params, tags")
  void whatIsThere() {
    fails(() -> assertThat(run).isFailed(), "status FAILED", "is FINISHED");
    fails(() -> assertThat(run).isRunning(), "status RUNNING", "is FINISHED");
    fails(() -> assertThat(run).hasName("other"), "'other'", "gbm 100%");
    fails(() -> assertThat(run).isInExperiment("other"), "'other'", "'flights'");
    fails(() -> assertThat(run).isChildOf("123"), "123", "none");
    fails(() -> assertThat(run).hasParam("seed"), "'seed'", "{depth=6, rate=0.1}");
    fails(() -> assertThat(run).hasParam("seed", "1"), "'seed'", "'1'", "{depth=6, rate=0.1}");
    fails(() -> assertThat(run).hasParam("depth", "7"), "'depth'", "'7'", "'6'");
    fails(() -> assertThat(run).hasParams(Map.of("depth", "7")), "'depth'", "'7'", "'6'");
    fails(() -> assertThat(run).doesNotHaveParam("depth"), "'depth'", "'6'");
    fails(() -> assertThat(run).hasTag("team", "x"), "'team'", "'x'", "'ops'");
    fails(() -> assertThat(run).hasTag("none", "x"), "'none'", "team=ops");
  }

  @Test
  @DisplayName("say what the run has instead: metrics, inputs, models, artifacts, histories")
  void whatElseIsThere() {
    fails(() -> assertThat(run).hasMetric("loss"), "'loss'", "{auc=0.93, nothing=NaN}");
    fails(() -> assertThat(run).hasMetric("auc", 0.94), "0.94", "0.93");
    fails(() -> assertThat(run).hasMetricCloseTo("auc", 0.8, 0.1), "0.8", "0.1", "0.93");
    fails(() -> assertThat(run).hasMetricCloseTo("nothing", 0.8, 0.1), "NaN");
    fails(
        () -> assertThat(run).hasMetricSatisfying("auc", v -> assertThat(v).isGreaterThan(1)),
        "0.93");
    fails(() -> assertThat(run).hasPoints("auc", 3), "3 points", "2");
    fails(() -> assertThat(run).hasInput("d", "test"), "d for test", "d for training");
    fails(() -> assertThat(run).hasModel("other"), "'other'", "[model]");
    fails(
        () -> assertThat(tracking, run.id()).hasArtifact("roc.png"), "'roc.png'", "[notes/a.txt]");
    fails(() -> assertThat(tracking, run.id()).hasArtifact("notes/a.txt", "bye"), "bye", "hello");
    fails(
        () -> assertThat(tracking, run.id()).hasHistory("auc", 0.5, 0.9),
        "[0.5, 0.9]",
        "[0.5, 0.93]");
  }

  @Test
  @DisplayName("fail for no run, and for an id that no run has")
  void noRun() {
    fails(() -> assertThat((Run) null).isFinished(), "not to be null");
    assertThatThrownBy(() -> assertThat(tracking, "0123"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("0123");
  }

  @Test
  @DisplayName("know children and warnings")
  void childrenAndWarnings() {
    tracking.run("flights", tracker -> tracker.child("fold", fold -> {}));
    Run child =
        tracking.search("flights", "").stream()
            .filter(r -> r.name().equals("fold"))
            .findFirst()
            .orElseThrow();
    assertThat(child).isChildOf(child.parentId().orElseThrow());
    Run warned = Run.builder("1").name("w").warning("2 metrics were dropped").build();
    fails(() -> assertThat(warned).hasNoWarnings(), "2 metrics were dropped");
  }
}
