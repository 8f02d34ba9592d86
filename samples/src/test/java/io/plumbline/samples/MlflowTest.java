package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.cli.Main;
import io.plumbline.data.CsvTable;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Dataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the samples leave on a real MLflow server, as its own Python client sees it. */
@DisplayName("The samples run unchanged with MLFLOW_TRACKING_URI, and MLflow's Python client")
class MlflowTest {
  private static final String READ =
      """
      import json, mlflow
      from mlflow import MlflowClient
      client = MlflowClient()

      def listing(run, path=None):
          found = []
          for item in client.list_artifacts(run, path):
              found += listing(run, item.path) if item.is_dir else [item.path]
          return found

      def run(r):
          return {
              "id": r.info.run_id, "name": r.info.run_name, "status": r.info.status,
              "user": r.info.user_id, "params": r.data.params, "metrics": r.data.metrics,
              "tags": r.data.tags, "artifacts": listing(r.info.run_id),
              "inputs": [
                  {"name": i.dataset.name, "digest": i.dataset.digest,
                   "context": [t.value for t in i.tags if t.key == "mlflow.data.context"],
                   "columns": len(json.loads(i.dataset.schema)["mlflow_colspec"])}
                  for i in r.inputs.dataset_inputs],
              "outputs": [o.model_id for o in r.outputs.model_outputs] if r.outputs else []}

      def runs(name):
          experiment = client.get_experiment_by_name(name)
          return [run(r) for r in client.search_runs([experiment.experiment_id])]

      def model(m):
          return {"id": m.model_id, "name": m.name, "run": m.source_run_id,
                  "status": str(m.status)}

      search = runs("flight-delay")
      experiment = client.get_experiment_by_name("flight-delay")
      history = client.get_metric_history(
          next(r for r in search if "mlflow.parentRunId" in r["tags"])["id"], "valid_auc")
      versions = client.search_model_versions("name='flight-delay'")
      registered = client.get_registered_model("flight-delay")
      champion = client.get_model_version_by_alias("flight-delay", "champion")
      loaded = mlflow.pyfunc.load_model("models:/flight-delay@champion")
      import pandas as pd
      rows = pd.read_csv("samples/data/flights.csv.gz").head(5)
      frame = rows[[c.name for c in loaded.metadata.signature.inputs]].astype("float64")
      print(json.dumps({
          "quick": runs("quick-start"), "moved": runs("on-mlflow"), "search": search,
          "steps": [[m.step, m.value] for m in history],
          "models": [model(m) for m in client.search_logged_models([experiment.experiment_id])],
          "versions": [{"version": v.version, "run": v.run_id, "text": v.description,
                        "status": v.status} for v in versions],
          "aliases": registered.aliases,
          "champion": champion.version,
          "scores": [float(s) for s in loaded.predict(frame)],
          "signature": [c.name for c in loaded.metadata.signature.inputs]}))
      """;

  @TempDir private static Path folder;

  private static MlflowPeer server;
  private static JsonObject seen;

  @BeforeAll
  static void run() throws Exception {
    server = MlflowPeer.start(Files.createDirectory(folder.resolve("server")));
    Map<String, String> environment = Map.of("MLFLOW_TRACKING_URI", server.uri());
    for (Class<?> main :
        List.of(QuickStart.class, OnMlflow.class, TrainFlightDelay.class, ServeFlightDelay.class)) {
      Sample sample = Sample.run(main, folder, environment);
      assertThat(sample.exitCode()).as(sample.toString()).isZero();
    }
    seen = Json.object(server.python(folder, READ), "what Python has read");
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private static JsonObject search() {
    return seen.objects("search").stream()
        .filter(run -> run.string("name").equals("search"))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonObject> children() {
    return seen.objects("search").stream()
        .filter(run -> run.object("tags").has("mlflow.parentRunId"))
        .toList();
  }

  @Test
  @DisplayName("finds the quick start's run, finished, with its params, metrics and model")
  void quickStart() {
    assertThat(seen.objects("quick")).hasSize(1);
    JsonObject run = seen.objects("quick").get(0);
    assertThat(run.string("status")).isEqualTo("FINISHED");
    assertThat(run.object("params").asMap())
        .isEqualTo(Map.of("learning_rate", "0.1", "max_depth", "3"));
    assertThat(run.object("metrics").asMap()).containsOnlyKeys("accuracy", "f1");
    assertThat(run.listOrEmpty("outputs")).hasSize(1);
  }

  @Test
  @DisplayName(
      "finds the search with its four children, each finished, with all points of a metric")
  void searches() {
    JsonObject search = search();
    assertThat(children()).hasSize(4);
    assertThat(children())
        .allSatisfy(
            child -> {
              assertThat(child.string("status")).isEqualTo("FINISHED");
              assertThat(child.object("tags").string("mlflow.parentRunId"))
                  .isEqualTo(search.string("id"));
              assertThat(child.object("params").asMap())
                  .containsKeys("num_leaves", "learning_rate");
              assertThat(child.object("metrics").asMap()).containsKeys("auc", "valid_auc");
            });
    List<?> steps = seen.listOrEmpty("steps");
    for (int i = 0; i < steps.size(); i++) {
      assertThat((List<?>) steps.get(i)).first().isEqualTo((long) i);
    }
    assertThat(steps).hasSizeGreaterThan(10);
  }

  @Test
  @DisplayName("finds what the calls on the page for movers have logged")
  void moved() {
    assertThat(seen.objects("moved")).hasSize(3);
    JsonObject run =
        seen.objects("moved").stream()
            .filter(each -> each.string("name").equals("gbm"))
            .findFirst()
            .orElseThrow();
    assertThat(run.string("status")).isEqualTo("FINISHED");
    assertThat(run.listOrEmpty("artifacts")).isEqualTo(List.of("notes.txt"));
    assertThat(run.object("tags").string("team")).isEqualTo("ops");
    assertThat(run.object("params").asMap())
        .isEqualTo(Map.of("max_depth", "6", "learning_rate", "0.1"));
  }

  @Test
  @DisplayName("finds note, user, source and commit in the tags that its web page reads")
  void words() {
    Map<String, ?> tags = search().object("tags").asMap();
    assertThat(tags.get("mlflow.note.content")).isEqualTo("Which trees tell late flights best?");
    assertThat(tags.get("mlflow.source.name")).isEqualTo(TrainFlightDelay.class.getName());
    assertThat(tags.get("mlflow.source.type")).isEqualTo("LOCAL");
    assertThat(tags.get("mlflow.user")).isEqualTo(search().string("user"));
    if (Files.exists(Path.of(System.getProperty("test.root"), ".git"))) {
      assertThat(tags.get("mlflow.source.git.commit")).asString().matches("[0-9a-f]{40,64}");
    }
    List<?> children = children().stream().map(run -> run.object("params").asMap()).toList();
    assertThat(children).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("finds the dataset of every run with its digest, schema and context")
  void inputs() {
    Path file = Path.of(System.getProperty("test.root"), "samples/data/flights.csv.gz");
    Dataset dataset = Dataset.csv(file);
    long columns = CsvTable.read(file).columns().size();
    assertThat(seen.objects("search"))
        .allSatisfy(
            run -> {
              assertThat(run.objects("inputs")).hasSize(1);
              JsonObject input = run.objects("inputs").get(0);
              assertThat(input.string("name")).isEqualTo(dataset.name());
              assertThat(input.string("digest")).isEqualTo(dataset.digest()).hasSizeLessThan(37);
              assertThat(input.listOrEmpty("context")).isEqualTo(List.of("training"));
              assertThat(input.longValue("columns")).isEqualTo(columns);
            });
  }

  @Test
  @DisplayName("finds the pictures among the artifacts, and each logged model at its run")
  void models() {
    assertThat(search().listOrEmpty("artifacts")).contains("roc.png", "feature_importance.png");
    assertThat(seen.objects("models"))
        .hasSize(5)
        .allSatisfy(
            model -> {
              assertThat(model.string("name")).isEqualTo("model");
              assertThat(model.string("status")).contains("READY");
            });
    for (JsonObject run : seen.objects("search")) {
      assertThat(
              seen.objects("models").stream()
                  .filter(model -> model.string("run").equals(run.string("id")))
                  .map(model -> model.string("id")))
          .isEqualTo(run.listOrEmpty("outputs"));
    }
  }

  @Test
  @DisplayName("finds both versions at their runs, and the alias where the rollback left it")
  void registered() {
    assertThat(seen.objects("versions"))
        .hasSize(2)
        .allSatisfy(version -> assertThat(version.string("status")).isEqualTo("READY"));
    assertThat(seen.objects("versions").stream().map(version -> version.string("text")))
        .containsExactlyInAnyOrder("second best in March", "best, fitted with March");
    assertThat(seen.objects("versions").stream().map(version -> version.string("run")))
        .contains(search().string("id"));
    assertThat(seen.object("aliases").asMap()).hasSize(1).containsKey("champion");
    assertThat(String.valueOf(seen.asMap().get("champion"))).isEqualTo("1");
  }

  @Test
  @DisplayName("loads the champion and predicts with it")
  void predicts() {
    assertThat(seen.listOrEmpty("signature")).isEqualTo(TrainFlightDelay.FEATURES);
    assertThat(seen.listOrEmpty("scores"))
        .hasSize(5)
        .allSatisfy(score -> assertThat((Double) score).isCloseTo(0.5, within(0.5)));
    assertThat(seen.listOrEmpty("scores")).doesNotHaveDuplicates();
  }

  @Test
  @DisplayName("sees runs whose program has died as KILLED after plumbline sync, but adopted ones")
  void lost() throws Exception {
    Path store = Files.createDirectory(folder.resolve("dying"));
    String adopted =
        server
            .python(
                folder,
                "import mlflow; c = mlflow.MlflowClient(); print(c.create_run('0').info.run_id)")
            .strip();
    Map<String, String> environment =
        Map.of("MLFLOW_TRACKING_URI", server.uri(), "MLFLOW_RUN_ID", adopted);
    Sample dying = Sample.run(DyingProgram.class, store, environment);
    assertThat(dying.exitCode()).as(dying.toString()).isEqualTo(DyingProgram.DEAD);
    assertThat(statuses(adopted)).containsExactly("RUNNING", "RUNNING");

    Sample sync = Sample.run(Main.class, store, environment, "sync");
    assertThat(sync.exitCode()).as(sync.toString()).isZero();
    assertThat(sync.out()).contains("1 run whose program has died is KILLED there.");
    assertThat(statuses(adopted)).containsExactly("RUNNING", "KILLED");

    Sample again = Sample.run(Main.class, store, environment, "sync");
    assertThat(again.out()).contains("All is delivered").doesNotContain("KILLED");
  }

  /** The status of the adopted run, then that of the other. */
  private static List<String> statuses(String adopted) throws Exception {
    String script =
        """
        import mlflow
        client = mlflow.MlflowClient()
        print(client.get_run("%s").info.status)
        experiment = client.get_experiment_by_name("dying")
        for run in client.search_runs([experiment.experiment_id]):
            print(run.info.status)
        """;
    return server.python(folder, script.formatted(adopted)).lines().toList();
  }
}
