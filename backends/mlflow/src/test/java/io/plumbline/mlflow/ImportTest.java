package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.Config;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.copy.Imported;
import io.plumbline.internal.copy.StoreCopy;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.lightgbm.LightGbmLoader;
import io.plumbline.model.AliasChange;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.onnx.OnnxLoader;
import io.plumbline.registry.FetchedModel;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.Predictor;
import io.plumbline.spi.RunUpdate;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What Python has logged into a real server, imported into a store")
class ImportTest {
  private static final MlflowServer SERVER = MlflowServer.shared();
  private static final String EXPERIMENT = "import " + UUID.randomUUID();
  private static final String BOOSTER = "imported-booster-" + UUID.randomUUID();
  private static final String GRAPH = "imported-graph-" + UUID.randomUUID();

  private static final String LOG =
      """
      import json, sys
      import lightgbm, mlflow, numpy, onnx, pandas
      from mlflow.entities import Metric
      experiment, booster_name, graph_name, onnx_file = sys.argv[1:]
      rows = pandas.DataFrame(numpy.random.RandomState(7).normal(size=(60, 2)), columns=["a", "b"])
      params = {"objective": "binary", "verbosity": -1, "num_threads": 1}
      booster = lightgbm.train(params, lightgbm.Dataset(rows, rows["a"] > 0), 5)
      mlflow.set_experiment(experiment)
      mlflow.set_experiment_tag("team", "ops")
      client = mlflow.MlflowClient()
      with mlflow.start_run(run_name="whole", description="# note") as run:
          mlflow.log_params({"depth": 6, "größe/ä b": "x" * 6000})
          client.log_batch(run.info.run_id, metrics=[
              Metric("many", i / 7, 1_700_000_000_000 + i, i) for i in range(1000)])
          for i in range(25):
              client.log_batch(run.info.run_id, metrics=[
                  Metric("many", i / 7, 1_700_000_001_000 + 1000 * i + j, 1000 * i + j)
                  for j in range(1000)])
          client.log_batch(run.info.run_id, metrics=[
              Metric("odd", v, 1_700_000_000_000 + i, -i)
              for i, v in enumerate([float("nan"), float("inf"), float("-inf"), 1e-300, -0.0])])
          mlflow.log_input(mlflow.data.from_pandas(rows, name="rows", source="rows.csv"), "training")
          mlflow.log_text("a report", "reports/deep/a b.txt")
          mlflow.log_text("", "empty.txt")
          mlflow.lightgbm.log_model(booster, name="booster", registered_model_name=booster_name,
              input_example=rows.head(2), pip_requirements=["lightgbm"])
          mlflow.onnx.log_model(onnx.load(onnx_file), name="graph",
              registered_model_name=graph_name, pip_requirements=["onnx"])
          with mlflow.start_run(run_name="child", nested=True):
              mlflow.log_metric("auc", 0.5, step=3)
      try:
          with mlflow.start_run(run_name="failed"):
              raise ValueError("on purpose")
      except ValueError:
          pass
      with mlflow.start_run(run_name="deleted") as gone:
          mlflow.log_param("a", 1)
      client.delete_run(gone.info.run_id)
      mlflow.lightgbm.log_model(booster, name="again", registered_model_name=booster_name,
          pip_requirements=["lightgbm"])
      client.update_registered_model(booster_name, "late or not")
      client.set_registered_model_tag(booster_name, "owner", "ops")
      client.update_model_version(booster_name, "1", "the first")
      client.set_model_version_tag(booster_name, "1", "by", "ä")
      client.set_registered_model_alias(booster_name, "champion", "1")
      mlflow.end_run()
      print("result " + json.dumps({
          "run": run.info.run_id, "gone": gone.info.run_id, "rows": rows.values.tolist(),
          "scores": booster.predict(rows).tolist()}))
      """;

  private static JsonObject python = Json.object("{}", "nothing yet");

  @TempDir private Path folder;

  @BeforeAll
  static void fill() throws Exception {
    Path onnx =
        Path.of(System.getProperty("test.root", "."))
            .resolve("integrations/onnx/src/test/resources/python/logistic/model.onnx");
    String output =
        SERVER.python(LOG, EXPERIMENT, BOOSTER, GRAPH, onnx.toAbsolutePath().toString());
    String line =
        output.lines().filter(each -> each.startsWith("result ")).findFirst().orElseThrow();
    python = Json.object(line.substring("result ".length()), "the script's result");
  }

  private Config config() {
    return Config.builder().isolated().store(folder).build();
  }

  /** Imports the experiment and the models of this test. */
  private StoreCopy.Report copy(boolean deleted, boolean recheck) {
    return copy(Integer.MAX_VALUE, deleted, recheck);
  }

  /** The same, which is broken off after so many calls. */
  private StoreCopy.Report copy(int calls, boolean deleted, boolean recheck) {
    EmbeddedStore store = EmbeddedStore.open(folder, Engine.journalOptions(config()));
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      return new StoreCopy(BrokenOff.after(calls, backend), SERVER.root(), 3, store)
          .experiments(List.of(EXPERIMENT))
          .models(List.of(BOOSTER, GRAPH))
          .deleted(deleted)
          .recheck(recheck)
          .run();
    } finally {
      assertThat(store.close(Duration.ofSeconds(30))).isTrue();
    }
  }

  // ---- what arrives

  @Test
  @DisplayName("has all of it: points, NaN, children, inputs, files, models, versions and aliases")
  void whole() throws Exception {
    StoreCopy.Report report = copy(false, false);
    assertThat(report.problems()).isEmpty();
    assertThat(report.runsNew()).isGreaterThanOrEqualTo(3);
    assertThat(report.versions()).isEqualTo(3);
    try (TrackingClient tracking = TrackingClient.create(config())) {
      runs(tracking);
    }
    try (ModelRegistry registry = ModelRegistry.create(config())) {
      assertThat(registry.model(BOOSTER).description()).isEqualTo("late or not");
      assertThat(registry.model(BOOSTER).tags()).containsEntry("owner", "ops");
      assertThat(registry.model(BOOSTER).latestVersion()).isEqualTo(2);
      ModelVersion version = registry.resolve("models:/" + BOOSTER + "@champion");
      assertThat(version.version()).isEqualTo(1);
      assertThat(version.description()).isEqualTo("the first");
      assertThat(version.tags()).containsEntry("by", "ä");
      assertThat(version.lineage().runId()).isEqualTo(python.string("run"));
      double[] rows = flat(python.list("rows"));
      assertThat(score(registry.fetch(version), new LightGbmLoader(), rows, 60, 1))
          .containsExactly(flat(python.list("scores")), within(1e-12));
      double[] onnxRows = {0.125, -0.125, 0.5, 1};
      assertThat(score(registry.fetch("models:/" + GRAPH + "/1"), new OnnxLoader(), onnxRows, 1, 3))
          .hasSize(3);
    }
  }

  private static void runs(TrackingClient tracking) {
    Run run = tracking.get(python.string("run"));
    assertThat(run.name()).isEqualTo("whole");
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.note()).contains("# note");
    assertThat(run.params()).isEqualTo(Map.of("depth", "6", "größe/ä b", "x".repeat(6000)));
    assertThat(run.tags().get("plumbline.origin")).contains(SERVER.root(), run.id());
    assertThat(tracking.metricHistory(run.id(), "many").summary())
        .satisfies(all -> assertThat(all.count()).isGreaterThanOrEqualTo(26_000))
        .satisfies(all -> assertThat(all.max()).isEqualTo(999 / 7.0));
    assertThat(
            tracking.metricHistory(run.id(), "many").stream()
                .anyMatch(new Metric("many", 24 / 7.0, 24_999, 1_700_000_025_999L)::equals))
        .isTrue();
    List<Double> odd = tracking.metricHistory(run.id(), "odd").stream().map(Metric::value).toList();
    assertThat(odd)
        .containsExactlyInAnyOrder(
            Double.NaN, Double.MAX_VALUE, -Double.MAX_VALUE, 1e-300, odd.get(4));
    DatasetInput input = run.inputs().get(0);
    assertThat(input.context()).isEqualTo("training");
    assertThat(input.dataset().name()).isEqualTo("rows");
    assertThat(run.models()).extracting(LoggedModel::name).contains("booster", "graph");
    List<Run> all = tracking.search(EXPERIMENT, "");
    assertThat(all)
        .extracting(Run::name)
        .contains("whole", "child", "failed")
        .doesNotContain("deleted");
    Run child = all.stream().filter(each -> each.name().equals("child")).findFirst().orElseThrow();
    assertThat(child.parentId()).contains(run.id());
    assertThat(all.stream().filter(each -> each.name().equals("failed")).map(Run::status))
        .containsExactly(RunStatus.FAILED);
    assertThat(child.startTime()).isAfterOrEqualTo(run.startTime());
    assertThat(run.endTime()).isPresent();
    assertThat(tracking.experiments())
        .filteredOn(each -> each.name().equals(EXPERIMENT))
        .singleElement()
        .satisfies(each -> assertThat(each.tags()).containsEntry("team", "ops"));
    assertThat(tracking.artifacts(run.id(), "reports/deep"))
        .extracting(each -> each.path() + " " + each.size())
        .containsExactly("reports/deep/a b.txt 8");
    assertThat(tracking.artifacts(run.id(), ""))
        .extracting(each -> each.path())
        .contains("empty.txt");
  }

  private static double[] flat(List<?> list) {
    return list.stream()
        .flatMap(each -> each instanceof List<?> row ? row.stream() : List.of(each).stream())
        .mapToDouble(each -> ((Number) each).doubleValue())
        .toArray();
  }

  private static double[] score(
      FetchedModel model, ModelLoader loader, double[] rows, int count, int outputs) {
    try (LoadedModel loaded = loader.load(model.model(), model.folder(), LoadOptions.DEFAULT);
        Predictor predictor = loaded.open()) {
      double[] out = new double[count * outputs];
      predictor.predict(rows, count, out);
      return out;
    }
  }

  // ---- again

  @Test
  @DisplayName("is imported again without anything twice, and with what is new")
  void again() throws Exception {
    StoreCopy.Report first = copy(false, false);
    StoreCopy.Report second = copy(false, false);
    assertThat(second.runsNew()).isZero();
    assertThat(second.runsChanged()).isZero();
    assertThat(second.runsSame()).isEqualTo(first.runsNew());
    assertThat(List.of(second.points(), (long) second.artifacts(), (long) second.models()))
        .containsOnly(0L);
    assertThat(second.versions()).isZero();
    StoreCopy.Report rechecked = copy(false, true);
    assertThat(rechecked.runsSame()).isEqualTo(first.runsNew());
    assertThat(rechecked.points()).isZero();
    change("2", "yes", 0.5, 0.75);
    StoreCopy.Report third = copy(false, false);
    assertThat(third.runsChanged()).isEqualTo(1);
    assertThat(third.points()).isEqualTo(2);
    assertThat(third.artifacts()).isEqualTo(1);
    assertThat(third.aliases()).isEqualTo(1);
    try (TrackingClient tracking = TrackingClient.create(config())) {
      assertThat(tracking.metricHistory(python.string("run"), "many").stream()).hasSize(26_002);
      assertThat(tracking.get(python.string("run")).tags()).containsEntry("late", "yes");
    }
    change("1", null);
    copy(false, false);
    try (TrackingClient tracking = TrackingClient.create(config())) {
      assertThat(tracking.get(python.string("run")).tags()).doesNotContainKey("late");
    }
  }

  /** Somebody goes on with the run and the model: with points before and behind all others. */
  private void change(String champion, @Nullable String late, double... points) throws Exception {
    String run = python.string("run");
    List<RunUpdate> updates = new ArrayList<>();
    updates.add(
        late == null ? new RunUpdate.DeleteTag("late") : new RunUpdate.SetTag("late", late));
    for (int i = 0; i < points.length; i++) {
      updates.add(
          new RunUpdate.LogMetric(
              "many", points[i], 50_000L * i - 5, 1_600_000_000_000L + i * 200_000_000_000L));
    }
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      backend.runs().apply(run, "change", updates);
      if (points.length > 0) {
        Path file = Files.writeString(folder.resolveSibling("more.txt"), "more");
        backend.runs().putArtifact(run, "more.txt", file);
      }
      backend
          .models()
          .changeAlias(
              new NewAlias(
                  BOOSTER,
                  "champion",
                  Integer.valueOf(champion),
                  null,
                  AliasChange.Kind.SET,
                  "tester",
                  ""));
    }
  }

  @Test
  @DisplayName("is whole, and nothing twice, after imports that broke off anywhere")
  void interrupted() throws Exception {
    int broken = 0;
    for (int calls = 1; calls < 60; calls += 7) {
      try {
        copy(calls, false, false);
      } catch (BrokenOff.Ended e) {
        broken++;
      }
    }
    assertThat(broken).isGreaterThan(2);
    assertThat(copy(false, false).problems()).isEmpty();
    try (TrackingClient tracking = TrackingClient.create(config())) {
      assertThat(tracking.metricHistory(python.string("run"), "many").stream().distinct().count())
          .isEqualTo(tracking.metricHistory(python.string("run"), "many").summary().count())
          .isGreaterThanOrEqualTo(26_000);
      assertThat(tracking.get(python.string("run")).models()).hasSize(2);
      assertThat(tracking.search(EXPERIMENT, "")).extracting(Run::name).doesNotHaveDuplicates();
    }
    assertThat(copy(false, true).points()).isZero();
  }

  // ---- what is deleted, and what is ours

  @Test
  @DisplayName("has deleted runs only if asked, and does not bring back what was deleted here")
  void deletedRuns() {
    copy(true, false);
    String gone = python.string("gone");
    String failed;
    try (TrackingClient tracking = TrackingClient.create(config())) {
      assertThat(tracking.get(gone).deleted()).isTrue();
      assertThat(tracking.get(gone).params()).containsEntry("a", "1");
      failed = tracking.search(EXPERIMENT, "attributes.status = 'FAILED'").get(0).id();
      tracking.delete(failed);
    }
    StoreCopy.Report again = copy(true, false);
    assertThat(again.runsDeletedHere()).isEqualTo(1);
    assertThat(again.runsNew()).isZero();
    try (TrackingClient tracking = TrackingClient.create(config())) {
      assertThat(tracking.get(failed).deleted()).isTrue();
    }
  }

  @Test
  @DisplayName("has runs of other stores, too, that are called like one of this store")
  void sameName() {
    String experiment = "same " + UUID.randomUUID();
    ServerIdsTest.logOnTwoMachines(folder, experiment);
    EmbeddedStore store =
        EmbeddedStore.open(folder.resolve("second"), Engine.journalOptions(config()));
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      StoreCopy.Report report =
          new StoreCopy(backend, SERVER.root(), 3, store).experiments(List.of(experiment)).run();
      assertThat(report.runsOfHere()).isEqualTo(1);
      assertThat(report.runsNew()).isEqualTo(1);
      assertThat(store.runs().all())
          .extracting(run -> run.tags().get("machine"))
          .containsExactlyInAnyOrder("first", "second");
    } finally {
      store.close(Duration.ofSeconds(30));
    }
  }

  @Test
  @DisplayName("has runs that this store has sent there only once")
  void ours() {
    String experiment = "ours " + UUID.randomUUID();
    Config sending = Config.builder().isolated().store(folder).trackingUri(SERVER.root()).build();
    try (TrackingClient tracking = TrackingClient.create(sending)) {
      tracking.run(experiment, tracker -> tracker.logMetric("auc", 0.5, 1));
      assertThat(tracking.awaitDelivery(Duration.ofSeconds(60))).isTrue();
    }
    EmbeddedStore store = EmbeddedStore.open(folder, Engine.journalOptions(config()));
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      StoreCopy.Report report =
          new StoreCopy(backend, SERVER.root(), 3, store).experiments(List.of(experiment)).run();
      assertThat(report.runsOfHere()).isEqualTo(1);
      assertThat(report.runsNew()).isZero();
      assertThat(store.runs().all()).hasSize(1);
      assertThatThrownBy(
              () ->
                  new StoreCopy(backend, SERVER.root(), 3, store)
                      .experiments(List.of("nope"))
                      .run())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("nope");
    } finally {
      store.close(Duration.ofSeconds(30));
    }
  }

  @Test
  @DisplayName("is known as copied from there, under whatever address the server is called")
  void origin() {
    copy(false, false);
    Run mine;
    try (TrackingClient tracking = TrackingClient.create(config())) {
      mine = tracking.run(EXPERIMENT, tracker -> tracker.setTag("team", "ops"));
    }
    String elsewhere = SERVER.root().replace("127.0.0.1", "localhost") + "/";
    try (MlflowBackend backend = Backends.open(SERVER.root());
        TrackingClient tracking = TrackingClient.create(config())) {
      Run copied = tracking.get(python.string("run"));
      Imported there = new Imported(elsewhere, backend.runs());
      assertThat(there.isFromThere(copied)).isTrue();
      assertThat(there.isFromThere(mine)).isFalse();
      Run others =
          Run.builder(EmbeddedStore.newId())
              .tags(Map.of("plumbline.origin", "http://x.test run " + EmbeddedStore.newId()))
              .build();
      assertThat(there.isFromThere(others)).isFalse();
    }
  }
}
