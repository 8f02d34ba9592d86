package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.Config;
import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.Plumbline;
import io.plumbline.model.Artifact;
import io.plumbline.model.Experiment;
import io.plumbline.model.Metric;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Page;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.model.Stage;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of {@code mlflow-client} promise, promised through Plumbline's own calls. */
@DisplayName("A scenario of mlflow-client's own tests holds")
class PeerScenariosTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private final String experiment = "peer " + UUID.randomUUID();
  private final String name = "peer-" + UUID.randomUUID();
  private Plumbline plumbline;
  private TrackingClient tracking;
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    plumbline =
        Plumbline.open(
            Config.builder()
                .isolated()
                .store(folder.resolve("store"))
                .trackingUri(MlflowServer.shared().root())
                .set("registry.metadata.age", "0s")
                .build());
    tracking = TrackingClient.of(plumbline);
    registry = ModelRegistry.of(plumbline);
  }

  @AfterEach
  void close() {
    registry.close();
    tracking.close();
    plumbline.close();
  }

  /** Returns the run as the server has it, which has all by then. */
  private Run onServer(String runId) {
    assertThat(tracking.awaitDelivery(PATIENCE)).isTrue();
    return tracking.get(tracking.remoteId(runId).orElseThrow());
  }

  private Run logged(String runName, TrackingClient.Body<RuntimeException> body) {
    return onServer(tracking.run(experiment, RunOptions.named(runName), body).id());
  }

  private List<String> found(String filter) {
    return tracking.search(experiment, filter).stream().map(Run::name).toList();
  }

  @Nested
  @DisplayName("of experiments:")
  class Experiments {
    @Test
    @DisplayName("one is made with tags, found by name, and not made twice")
    void create() {
      Experiment made = tracking.createExperiment(experiment, Map.of("team", "ops"));
      assertThat(tracking.findExperiment(experiment)).hasValue(made);
      assertThat(made.tags()).containsEntry("team", "ops");
      assertThat(tracking.findExperiment(experiment + " not")).isEmpty();
      assertThatThrownBy(() -> tracking.createExperiment(experiment, Map.of()))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining(experiment);
    }

    @Test
    @DisplayName("one is deleted, restored and renamed, and a tag that is set again is replaced")
    void change() {
      tracking.createExperiment(experiment, Map.of());
      tracking.deleteExperiment(experiment);
      assertThat(tracking.findExperiment(experiment).orElseThrow().deleted()).isTrue();
      tracking.restoreExperiment(experiment);
      assertThat(tracking.findExperiment(experiment).orElseThrow().deleted()).isFalse();
      tracking.setExperimentTag(experiment, "team", "ops");
      tracking.setExperimentTag(experiment, "team", "data");
      tracking.renameExperiment(experiment, experiment + " 2");
      assertThat(tracking.findExperiment(experiment)).isEmpty();
      assertThat(tracking.findExperiment(experiment + " 2").orElseThrow().tags())
          .containsEntry("team", "data");
    }

    @Test
    @DisplayName("all are listed by name, over as many pages as it takes, and told apart by tags")
    void list() {
      for (int i = 0; i < 3; i++) {
        tracking.createExperiment(experiment + " " + i, Map.of("n", "" + i));
      }
      List<Experiment> all = tracking.experiments();
      assertThat(all.stream().filter(e -> e.name().startsWith(experiment)))
          .extracting(e -> e.tags().get("n"))
          .containsExactly("0", "1", "2");
    }
  }

  @Nested
  @DisplayName("of runs:")
  class Runs {
    @Test
    @DisplayName("params, metrics and tags are read as they were logged, and the run is finished")
    void roundTrip() {
      Run run =
          logged(
              "round",
              tracker -> {
                tracker.logParam("depth", 6);
                tracker.logParam("text", "ünï / 日本");
                tracker.logMetric("auc", 0.9, 0);
                tracker.logMetric("big", 1e308, 0);
                tracker.setTag("team", "ops");
                tracker.setTag("gone", "x");
                tracker.deleteTag("gone");
              });
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.endTime()).isPresent();
      assertThat(run.params()).isEqualTo(Map.of("depth", "6", "text", "ünï / 日本"));
      assertThat(run.metric("auc")).hasValue(0.9);
      assertThat(run.metric("big")).hasValue(1e308);
      assertThat(run.tags()).containsEntry("team", "ops").doesNotContainKey("gone");
      tracking.setTag(run.id(), "late", "1");
      tracking.deleteTag(run.id(), "team");
      assertThat(tracking.get(run.id()).tags()).containsKey("late").doesNotContainKey("team");
    }

    @Test
    @DisplayName("a body that throws leaves a FAILED run, and its exception reaches the caller")
    void failed() {
      IllegalStateException problem = new IllegalStateException("diverged");
      List<String> ids = new ArrayList<>();
      assertThatThrownBy(
              () ->
                  tracking.run(
                      experiment,
                      tracker -> {
                        ids.add(tracker.id());
                        throw problem;
                      }))
          .isSameAs(problem);
      assertThat(onServer(ids.get(0)).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    @DisplayName("they are found by metric, param and tag, in an order, page by page")
    void search() {
      for (int i = 0; i < 4; i++) {
        int n = i;
        logged(
            "run " + i,
            tracker -> {
              tracker.logParam("n", n);
              tracker.logMetric("auc", n / 10.0, 0);
              tracker.setTag("even", String.valueOf(n % 2 == 0));
            });
      }
      assertThat(found("metrics.auc > 0.15")).containsExactlyInAnyOrder("run 2", "run 3");
      assertThat(found("params.n = '1'")).containsExactly("run 1");
      assertThat(found("tags.even = 'true' and metrics.auc < 0.1")).containsExactly("run 0");
      RunQuery query =
          RunQuery.builder()
              .experiments(experiment)
              .orderBy("metrics.auc DESC")
              .maxResults(3)
              .build();
      Page<Run> first = tracking.search(query);
      Page<Run> second = tracking.search(query.toBuilder().pageToken(first.pageToken()).build());
      assertThat(first.items()).extracting(Run::name).containsExactly("run 3", "run 2", "run 1");
      assertThat(second.items()).extracting(Run::name).containsExactly("run 0");
      assertThat(second.pageToken()).isNull();
    }

    @Test
    @DisplayName("a child has its parent's id, and is found by it")
    void parent() {
      Run parent =
          logged("parent", tracker -> tracker.child("child", c -> c.logMetric("auc", 1, 0)));
      assertThat(found("tags.mlflow.parentRunId = '" + parent.id() + "'")).containsExactly("child");
    }

    @Test
    @DisplayName("of a batch with steps out of order the highest step is the latest, not the last")
    void batch() {
      Run run =
          logged(
              "batch",
              tracker -> {
                long[] steps = {-3, 7, 2, 5};
                for (long step : steps) {
                  tracker.logMetric("loss", step * 1.5, step);
                }
                Map<String, String> many = new LinkedHashMap<>();
                for (int i = 0; i < 250; i++) {
                  many.put("p" + i, "v" + i);
                }
                tracker.logParams(many);
              });
      assertThat(run.metric("loss")).hasValue(10.5);
      assertThat(run.params()).hasSize(250);
    }

    @Test
    @DisplayName("a history of several pages is read to its end")
    void history() {
      Run run =
          logged(
              "history",
              tracker -> {
                for (int i = 0; i < 26_000; i++) {
                  tracker.logMetric("loss", i, i);
                }
              });
      assertThat(tracking.metricHistory(run.id(), "loss").summary().count()).isEqualTo(26_000);
      List<Metric> points = tracking.metricHistory(run.id(), "loss").stream().toList();
      assertThat(points.get(25_999))
          .returns(25_999L, Metric::step)
          .returns(25_999.0, Metric::value);
      assertThat(tracking.metricHistory(run.id(), "nothing").stream()).isEmpty();
    }

    @Test
    @DisplayName("one is deleted, no longer found, and restored")
    void delete() {
      Run run = logged("deleted", tracker -> {});
      tracking.delete(run.id());
      assertThat(found("")).isEmpty();
      assertThat(tracking.get(run.id()).deleted()).isTrue();
      tracking.restore(run.id());
      assertThat(found("")).containsExactly("deleted");
    }

    @Test
    @DisplayName("an end that is KILLED is so there, and an unknown id is no run")
    void ends() {
      try (Tracker tracker = tracking.start(experiment)) {
        tracker.end(RunStatus.KILLED);
        assertThat(onServer(tracker.id()).status()).isEqualTo(RunStatus.KILLED);
      }
      assertThatThrownBy(() -> tracking.get("0".repeat(32))).isInstanceOf(NotFoundException.class);
      assertThat(tracking.find("no such id, and none that could be")).isEmpty();
    }

    @Test
    @DisplayName("artifacts, one and a tree, are logged, listed and downloaded without Python")
    void artifacts() throws Exception {
      Path tree = folder.resolve("tree");
      Files.createDirectories(tree.resolve("below"));
      Files.writeString(tree.resolve("a.txt"), "a");
      Files.writeString(tree.resolve("below/b.txt"), "b");
      Run run =
          logged(
              "files",
              tracker -> {
                tracker.logArtifact(tree.resolve("a.txt"));
                tracker.logArtifact(tree, "all");
              });
      assertThat(tracking.artifacts(run.id(), "")).extracting(Artifact::path).contains("a.txt");
      Path copy = tracking.download(run.id(), "all", folder.resolve("copy"));
      assertThat(copy.resolve("below/b.txt")).hasContent("b");
      try (InputStream content = tracking.openArtifact(run.id(), "a.txt")) {
        assertThat(content).hasContent("a");
      }
    }
  }

  @Nested
  @DisplayName("of the registry:")
  class Registry {
    private ModelVersion version(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      Run run =
          tracking.run(
              experiment,
              tracker ->
                  tracker.logModel(
                      "model",
                      ModelPackage.of("rules", Map.of())
                          .with(ModelPart.of("r.txt", "text/plain", bytes))));
      return registry.register(name, run.model("model"));
    }

    /** What Python finds in a stage. */
    private String inStage(String stage) throws Exception {
      String script =
          "import sys, mlflow; c = mlflow.MlflowClient();"
              + " print(c.get_latest_versions(sys.argv[1], [sys.argv[2]])[0].version)";
      return MlflowServer.shared().python(script, name, stage).lines().reduce("", (a, b) -> b);
    }

    @Test
    @DisplayName("versions are found by number, stage and page, and a missing one is not found")
    void versions() throws Exception {
      version("one");
      ModelVersion second = version("two");
      version("three");
      registry.setStage(second, Stage.PRODUCTION, "as before");
      assertThat(inStage("Production")).isEqualTo("2");
      registry.setStage(registry.version(name, 1), Stage.PRODUCTION, "back");
      assertThat(inStage("Production")).isEqualTo("1");
      assertThat(inStage("Archived")).isEqualTo("2");
      registry.setStage(second, Stage.PRODUCTION, "forth");
      assertThat(registry.resolve("models:/" + name + "/Production").version()).isEqualTo(2);
      assertThat(registry.resolve("models:/" + name + "/latest").version()).isEqualTo(3);
      List<Integer> all = new ArrayList<>();
      @Nullable String token = null;
      do {
        Page<ModelVersion> page = registry.versions(name, 2, token);
        page.items().forEach(each -> all.add(each.version()));
        token = page.pageToken();
      } while (token != null);
      assertThat(all).containsExactly(3, 2, 1);
      assertThat(registry.model(name).name()).isEqualTo(name);
      assertThatThrownBy(() -> registry.version(name, 9)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> registry.model("no-" + name)).isInstanceOf(NotFoundException.class);
    }

    @Test
    @DisplayName("a version is downloaded as a folder without Python, by number and by stage")
    void download() throws Exception {
      ModelVersion first = version("one");
      registry.setStage(first, Stage.STAGING, "as before");
      Path byNumber = registry.fetch("models:/" + name + "/1").folder();
      Path byStage = registry.fetch("models:/" + name + "/Staging").folder();
      assertThat(byNumber.resolve("r.txt")).hasContent("one");
      assertThat(byStage.resolve("r.txt")).hasContent("one");
    }
  }
}
