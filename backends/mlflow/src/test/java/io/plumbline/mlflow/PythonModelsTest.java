package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.plumbline.Config;
import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.lightgbm.LightGbmLoader;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.InputExample;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.onnx.Onnx;
import io.plumbline.onnx.OnnxLoader;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.LoadOptions;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.ModelLoader;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.Predictor;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Java and Python use each other's models")
class PythonModelsTest {
  private static final List<String> NAMES = List.of("distance", "hour", "wind_speed");
  private static final MlflowServer SERVER = MlflowServer.shared();

  @TempDir private static Path temporary;

  /** What Python has logged: its ids, and what it predicts for {@link #rows}. */
  private static JsonObject python;

  private static final String LOG =
      """
      import json, sys
      import lightgbm, mlflow, numpy, onnx, pandas
      from mlflow.models import infer_signature
      names, rows, onnx_file, onnx_rows = json.loads(sys.argv[1])
      rows = pandas.DataFrame(rows, columns=names)
      labels = (rows.sum(axis=1) > 0).astype(int)
      params = {"objective": "binary", "verbosity": -1, "num_threads": 1}
      booster = lightgbm.train(params, lightgbm.Dataset(rows, labels), 5)
      wrapped = lightgbm.LGBMClassifier(n_estimators=3, verbosity=-1, n_jobs=1).fit(rows, labels)
      graph = onnx.load(onnx_file)
      mlflow.set_experiment("python")
      with mlflow.start_run() as run:
          mlflow.lightgbm.log_model(
              booster, name="booster", registered_model_name="py-booster",
              signature=infer_signature(rows, booster.predict(rows)), input_example=rows.head(2),
              metadata={"it's": ["ä: \\n #x", 1.5, None, {"a b": "yes"}]},
              pip_requirements=["lightgbm"])
          mlflow.lightgbm.log_model(
              wrapped, name="wrapped", registered_model_name="py-wrapped",
              pip_requirements=["lightgbm"])
          mlflow.onnx.log_model(
              graph, name="graph", registered_model_name="py-graph", pip_requirements=["onnx"])
      client = mlflow.MlflowClient()
      client.set_registered_model_alias("py-booster", "champion", "1")
      scored = mlflow.pyfunc.load_model("models:/py-graph/1").predict(
          numpy.array(onnx_rows, numpy.float32))
      print("result " + json.dumps({
          "run": run.info.run_id,
          "booster": booster.predict(rows).tolist(),
          "graph": scored["probabilities"].tolist()}))
      """;

  private static final String SCORE =
      """
      import json, sys
      import mlflow, numpy, pandas
      names, rows, onnx_rows = json.loads(sys.argv[1])
      gbm = mlflow.pyfunc.load_model("models:/flight-delay@champion")
      native = mlflow.lightgbm.load_model("models:/flight-delay@champion")
      graph = mlflow.pyfunc.load_model("models:/flight-graph@champion")
      info = mlflow.models.get_model_info("models:/flight-delay@champion")
      frame = pandas.DataFrame(rows, columns=names)
      print("result " + json.dumps({
          "gbm": gbm.predict(frame).tolist(),
          "native": native.predict(frame).tolist(),
          "graph": graph.predict({"features": numpy.array(onnx_rows, numpy.float32)})[
              "probabilities"].tolist(),
          "inputs": info.signature.inputs.input_names(),
          "flavors": sorted(info.flavors),
          "example": gbm.input_example.values.tolist(),
          "run": str(info.run_id), "model": info.model_id,
          "requirements": mlflow.pyfunc.get_model_dependencies("models:/flight-delay@champion")}))
      """;

  private static double[][] rows() {
    Random random = new Random(7);
    double[][] rows = new double[60][3];
    for (double[] row : rows) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    return rows;
  }

  private static Path onnxFile() {
    return Path.of(System.getProperty("test.root", "."))
        .resolve("integrations/onnx/src/test/resources/python/logistic/model.onnx");
  }

  private static double[][] onnxRows() {
    return new double[][] {{0.125, -0.125, 0.5, 1}, {-0.5, 0.25, 1.25, 0.75}};
  }

  @BeforeAll
  static void pythonLogs() throws IOException, InterruptedException {
    String asked =
        Json.text(
            List.of(
                NAMES, lists(rows()), onnxFile().toAbsolutePath().toString(), lists(onnxRows())));
    python = result(SERVER.python(LOG, asked));
  }

  private static List<List<Double>> lists(double[][] rows) {
    return Arrays.stream(rows).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }

  private static JsonObject result(String output) {
    String line =
        output.lines().filter(each -> each.startsWith("result ")).findFirst().orElseThrow();
    return Json.object(line.substring("result ".length()), "the script's result");
  }

  private static double[] numbers(JsonObject json, String key) {
    return json.list(key).stream()
        .flatMap(each -> each instanceof List<?> list ? list.stream() : Stream.of(each))
        .mapToDouble(each -> ((Number) each).doubleValue())
        .toArray();
  }

  // ---- what Java logs

  @Test
  @DisplayName("Python's pyfunc.load_model(\"models:/NAME@ALIAS\") scores what Java has registered")
  void pythonScores() throws Exception {
    double[][] rows = rows();
    double[] expected;
    ModelPackage gbm;
    double[] labels = Arrays.stream(rows).mapToDouble(row -> row[0] + row[1] > 0 ? 1 : 0).toArray();
    Map<String, Object> params = Map.of("objective", "binary", "num_threads", 1);
    try (LGBMDataset data = LightGbm.trainingData(params, NAMES, rows, labels);
        LGBMBooster booster = LightGbm.booster(params, data)) {
      LightGbm.train(booster, 10);
      expected = LightGbm.predict(booster, rows);
      gbm =
          LightGbm.pack(booster)
              .with(LightGbm.signature(booster, "späte 😀"))
              .with(InputExample.of(NAMES, Arrays.copyOf(rows, 2)));
    }
    ModelPackage graph = Onnx.pack(onnxFile(), "probabilities");
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      ModelVersion version = register(backend.models(), "flight-delay", gbm);
      register(backend.models(), "flight-graph", graph.with(Onnx.signature(graph)));
      assertThat(version.digest()).isEqualTo(gbm.digest());
      assertThat(version.parts())
          .as("what MLflow's clients need is no part")
          .extracting(Artifact::path)
          .doesNotContain(MlflowFiles.MLMODEL, "requirements.txt");
      String asked = Json.text(List.of(NAMES, lists(rows), lists(onnxRows())));
      JsonObject said = result(SERVER.python(SCORE, asked));
      assertThat(numbers(said, "gbm"))
          .as("of a binary booster, the probability of class 1")
          .containsExactly(expected, within(1e-12));
      assertThat(numbers(said, "native")).containsExactly(expected, within(1e-12));
      assertThat(numbers(said, "graph"))
          .containsExactly(score(graph, new OnnxLoader(), onnxRows(), 2), within(1e-6));
      assertThat(said.strings("inputs")).isEqualTo(NAMES);
      assertThat(said.strings("flavors")).containsExactly("lightgbm", "python_function");
      assertThat(numbers(said, "example")).containsExactly(flat(Arrays.copyOf(rows, 2)));
      assertThat(said.string("model")).startsWith("m-");
    }
  }

  private static ModelVersion register(ModelStore models, String name, ModelPackage model) {
    ModelVersion version =
        models.createVersion(
            new NewVersion(
                UUID.randomUUID().toString(),
                name,
                new NewVersion.Source.Packed(model),
                Lineage.UNKNOWN,
                "tester",
                "",
                Map.of()));
    models.changeAlias(
        new NewAlias(
            name, "champion", version.version(), null, AliasChange.Kind.SET, "tester", ""));
    return models.findByAlias(name, "champion").orElseThrow();
  }

  // ---- what Python logs

  @Test
  @DisplayName("Java fetches, verifies and scores a booster that Python has registered")
  void javaScoresTheBooster() throws Exception {
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      ModelVersion version = backend.models().findByAlias("py-booster", "champion").orElseThrow();
      assertThat(version.flavor()).isEqualTo("lightgbm");
      ModelPackage model = fetch(backend, version);
      assertThat(model.digest()).isEqualTo(version.digest());
      assertThat(model.signature().orElseThrow().inputNames()).isEqualTo(NAMES);
      assertThat(model.inputExample().orElseThrow().columns()).isEqualTo(NAMES);
      assertThat(score(model, new LightGbmLoader(), rows(), 1))
          .containsExactly(numbers(python, "booster"), within(1e-12));
      assertThat(backend.models().findVersion("py-booster", 1).orElseThrow())
          .as("asked again, with what the tag says")
          .isEqualTo(version);
    }
    try (MlflowBackend other = Backends.open(SERVER.root())) {
      assertThat(other.models().findByAlias("py-booster", "champion").orElseThrow().digest())
          .isEqualTo(other.models().findVersion("py-booster", 1).orElseThrow().digest())
          .matches("[0-9a-f]{64}");
    }
  }

  @Test
  @DisplayName("Java fetches, verifies and scores an ONNX model that Python has registered")
  void javaScoresTheGraph() throws Exception {
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      ModelVersion version = backend.models().findVersion("py-graph", 1).orElseThrow();
      assertThat(version.flavor()).isEqualTo("onnx");
      ModelPackage model = fetch(backend, version);
      double[] all = score(model, new OnnxLoader(), onnxRows(), 3); // the label, then both classes
      assertThat(new double[] {all[1], all[2], all[4], all[5]})
          .containsExactly(numbers(python, "graph"), within(1e-6));
    }
  }

  @Test
  @DisplayName("A model of Python's is read as a package from its run, also once it was looked at")
  void readFromItsRun() throws IOException {
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      String digest = backend.models().findVersion("py-graph", 1).orElseThrow().digest();
      LoggedModel graph = backend.runs().find(python.string("run")).orElseThrow().model("graph");
      assertThat(graph.digest()).isEqualTo(digest);
      Path folder = Files.createTempDirectory(temporary, "run");
      assertThat(backend.runs().readModel(graph, folder).digest()).isEqualTo(digest);
    }
    Path store = Files.createTempDirectory(temporary, "store");
    Config config = Config.builder().isolated().store(store).trackingUri(SERVER.root()).build();
    try (TrackingClient tracking = TrackingClient.create(config)) {
      for (LoggedModel model : tracking.get(python.string("run")).models()) {
        Path folder = Files.createTempDirectory(temporary, "download");
        assertThat(tracking.downloadModel(model, folder).flavor()).isEqualTo(model.flavor());
      }
    }
  }

  @Test
  @DisplayName("A version that Python has registered is fetched as the latest, and from a list")
  void latest() throws IOException {
    Path store = Files.createTempDirectory(temporary, "store");
    Config config = Config.builder().isolated().store(store).trackingUri(SERVER.root()).build();
    try (ModelRegistry registry = ModelRegistry.create(config)) {
      ModelVersion newest = registry.resolve("models:/py-graph/latest");
      assertThat(newest).isEqualTo(registry.version("py-graph", 1));
      assertThat(newest.digest()).matches("[0-9a-f]{64}");
      assertThat(registry.fetch("models:/py-graph/latest").version()).isEqualTo(newest);
      assertThat(registry.resolve("models:/py-graph@sha256:" + newest.digest())).isEqualTo(newest);
      ModelVersion listed = registry.versions("py-booster", 10, null).items().get(0);
      assertThat(registry.fetch(listed).model().flavor()).isEqualTo("lightgbm");
    }
  }

  @Test
  @DisplayName(
      "A pickled scikit-learn wrapper is fetched, but not loaded, and the loader says what to log")
  void wrapped() throws Exception {
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      ModelVersion version = backend.models().findVersion("py-wrapped", 1).orElseThrow();
      ModelPackage model = fetch(backend, version);
      assertThat(model.flavor()).isEqualTo("lightgbm");
      assertThatThrownBy(() -> score(model, new LightGbmLoader(), rows(), 1))
          .isInstanceOf(IncompatibleModelException.class)
          .hasMessageContaining("booster_");
    }
  }

  @Test
  @DisplayName("A run of Python's has its models, with flavor and files")
  void runOfPython() {
    try (MlflowBackend backend = Backends.open(SERVER.root())) {
      Run run = backend.runs().find(python.string("run")).orElseThrow();
      LoggedModel booster = run.model("booster");
      assertThat(booster.flavor()).isEqualTo("lightgbm");
      assertThat(booster.parts()).extracting(Artifact::path).contains("MLmodel", "model.lgb");
      assertThat(booster.parts()).allMatch(part -> part.size() > 0);
      ModelVersion version =
          backend
              .models()
              .createVersion(
                  new NewVersion(
                      UUID.randomUUID().toString(),
                      "py-by-java",
                      new NewVersion.Source.Logged(booster),
                      Lineage.UNKNOWN,
                      "tester",
                      "",
                      Map.of()));
      assertThat(version.digest()).as("registered by Java").matches("[0-9a-f]{64}");
    }
  }

  @Test
  @DisplayName(
      "A model that Python has logged is downloaded as a package, whole and more than once")
  void downloaded() throws Exception {
    Config config =
        Config.builder()
            .isolated()
            .store(Files.createTempDirectory(temporary, "store"))
            .trackingUri(SERVER.root())
            .build();
    try (TrackingClient tracking = TrackingClient.create(config);
        MlflowBackend backend = Backends.open(SERVER.root())) {
      Run found = tracking.get(python.string("run"));
      Run listed =
          tracking.search(found.experiment(), "").stream()
              .filter(run -> run.id().equals(found.id()))
              .findFirst()
              .orElseThrow();
      String digest = backend.models().findVersion("py-booster", 1).orElseThrow().digest();
      Path target = Files.createTempDirectory(temporary, "download");
      for (Run run : List.of(found, listed, tracking.get(found.id()))) {
        ModelPackage model = tracking.downloadModel(run.model("booster"), target);
        assertThat(model.digest()).isEqualTo(digest);
        assertThat(score(model, new LightGbmLoader(), rows(), 1))
            .containsExactly(numbers(python, "booster"), within(1e-12));
      }
    }
  }

  // ---- as the registry's cache does it

  private static ModelPackage fetch(MlflowBackend backend, ModelVersion version)
      throws IOException {
    Path folder = Files.createTempDirectory(temporary, "model");
    for (Artifact part : version.parts()) {
      Path file = folder.resolve(part.path());
      Files.createDirectories(file.resolveSibling("."));
      try (InputStream in = backend.models().openPart(version, part.path(), 0)) {
        Files.copy(in, file);
      }
    }
    ModelPackage model = ModelPackage.read(folder);
    assertThat(model.digest()).isEqualTo(version.digest());
    return model;
  }

  private static double[] score(
      ModelPackage model, ModelLoader loader, double[][] rows, int outputs) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "load");
    for (var part : model.parts()) {
      Files.write(folder.resolve(part.name()), part.bytes());
    }
    try (LoadedModel loaded = loader.load(model, folder, LoadOptions.DEFAULT);
        Predictor predictor = loaded.open()) {
      double[] out = new double[rows.length * outputs];
      predictor.predict(flat(rows), rows.length, out);
      return out;
    }
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
