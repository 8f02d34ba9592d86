package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.plumbline.Config;
import io.plumbline.ConflictException;
import io.plumbline.NotFoundException;
import io.plumbline.internal.Time;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.StoreView;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.model.Dataset;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store that is exported as MLflow's file store")
class MlflowExportTest {
  private static final String FLIGHTS = "flüge: \"2026\" / a";
  private static final List<String> NAMES = List.of("distance", "hour");
  private static final String LONG = "x".repeat(20_000) + "😀\n\ttail ";
  private static final String TOO_WIDE = "ü".repeat(200);

  @TempDir private static Path temporary;

  private static Path store;
  private static double[][] rows = {};
  private static double[] expected = {};
  private static LoggedModel model = new LoggedModel("", "", "", "", "", Instant.EPOCH, List.of());

  private static Config config(Path folder) {
    return Config.builder().isolated().store(folder).build();
  }

  private static StoreView view() {
    return StoreView.open(store, Time.SYSTEM, 60_000_000_000L);
  }

  @BeforeAll
  static void fill() throws Exception {
    store = temporary.resolve("store");
    try (TrackingClient tracking = TrackingClient.create(config(store))) {
      tracking.run(FLIGHTS, RunOptions.named("whole"), MlflowExportTest::log);
      tracking.run(
          FLIGHTS,
          RunOptions.named("parent"),
          tracker -> tracker.child("fold-1", fold -> fold.logMetric("auc", 0.5, 1)));
      assertThatThrownBy(
              () ->
                  tracking.run(
                      "Default",
                      RunOptions.named("broken"),
                      tracker -> {
                        throw new IllegalStateException("it was to fail");
                      }))
          .isInstanceOf(IllegalStateException.class);
      tracking.delete(
          tracking.run(FLIGHTS, RunOptions.named("gone"), t -> t.logParam("a", 1)).id());
    }
    register();
  }

  private static void log(Tracker tracker) throws Exception {
    tracker.logParams(Map.of("depth", 6, "größe/ä b", "é", "long", LONG, "empty", ""));
    for (String key :
        List.of("..", "a//b", "../../x", "back\\slash", "a,b", TOO_WIDE, "x", "x/y")) {
      tracker.logParam(key, "v");
    }
    for (int step = 0; step < 100; step++) {
      tracker.logMetric("auc/val", 1.0 / (step + 3), step);
    }
    for (double odd :
        new double[] {
          Double.NaN,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.MAX_VALUE,
          Double.NEGATIVE_INFINITY,
          -0.0,
          0.0,
          1e-5,
          Double.MIN_VALUE
        }) {
      tracker.logMetric("odd", odd, -7);
    }
    tracker.logMetric("last nan", Double.NaN, 3);
    tracker.setTag("team", "ops\nand\tmore: {yes}");
    tracker.note("# the best one");
    Dataset dataset =
        new Dataset("flights", "0123456789abcdef", "local", "{\"uri\":\"f.csv\"}", "", "");
    tracker.logInput(dataset, "training");
    tracker.logInput(dataset, "testing");
    tracker.logText("a report\n", "reports/ü/summary.txt");
    tracker.logText("", "nothing");
    model = tracker.logModel("model", booster());
    tracker.metric("of model", model).log(0.25, 1);
  }

  private static ModelPackage booster() throws Exception {
    Random random = new Random(7);
    rows = new double[60][2];
    for (double[] row : rows) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    double[] labels = Arrays.stream(rows).mapToDouble(row -> row[0] > 0 ? 1 : 0).toArray();
    Map<String, Object> params = Map.of("objective", "binary", "num_threads", 1);
    try (LGBMDataset data = LightGbm.trainingData(params, NAMES, rows, labels);
        LGBMBooster booster = LightGbm.booster(params, data)) {
      LightGbm.train(booster, 5);
      expected = LightGbm.predict(booster, rows);
      return LightGbm.pack(booster).with(LightGbm.signature(booster, "late"));
    }
  }

  private static void register() {
    try (ModelRegistry registry = ModelRegistry.create(config(store))) {
      RegisterOptions options = RegisterOptions.described("the first\none: yes").tag("by", "ä");
      ModelVersion version = registry.register("flight delay é", model, options);
      registry.promote(version, "champion", "it is the first");
      registry.setTag("flight delay é", "owner", "ops");
      registry.describe("flight delay é", "late or not");
      ModelPackage rules =
          ModelPackage.of("rules", Map.of())
              .with(ModelPart.of("r.txt", "text/plain", "one".getBytes(StandardCharsets.UTF_8)));
      registry.register("rules", rules, RegisterOptions.none());
      registry.quarantine(
          registry.register(
              "rules",
              rules.with(ModelPart.of("s.txt", "text/plain", new byte[3])),
              RegisterOptions.none()),
          "wrong");
      registry.register("100 %", rules, RegisterOptions.none());
    }
  }

  // ---- what MLflow finds

  @Test
  @DisplayName("has in MLflow's client, and after its migration to SQLite, all that the store has")
  void bothReadIt() throws Exception {
    Path folder = temporary.resolve("mit leerzeichen ü").resolve("mlruns");
    MlflowExport.Report report = new MlflowExport(view()).to(folder);
    assertThat(report.runs()).isEqualTo(5);
    assertThat(report.experiments()).isEqualTo(2);
    assertThat(report.versions()).isEqualTo(3);
    assertThat(report.omitted()).noneMatch(MlflowExport.Omitted::damaged);
    String score =
        Json.text(
            List.of(
                NAMES,
                Arrays.stream(rows).map(row -> Arrays.stream(row).boxed().toList()).toList(),
                "models:/flight delay é@champion"));
    JsonObject files = FileStore.look(folder.toUri().toString(), score);
    Path database = temporary.resolve("migrated.db");
    assertThat(FileStore.migrate(folder, database)).contains("Migration completed");
    JsonObject migrated = FileStore.look("sqlite:///" + database, score);
    check(files, false);
    check(migrated, true);
  }

  private static void check(JsonObject found, boolean database) {
    JsonObject experiments = found.object("experiments");
    assertThat(experiments.object("Default").string("id")).isEqualTo("0");
    assertThat(experiments.object("Default").object("runs").object("broken").string("status"))
        .isEqualTo("FAILED");
    JsonObject flights = experiments.object(FLIGHTS);
    JsonObject runs = flights.object("runs");
    assertThat(runs.asMap()).containsOnlyKeys("whole", "parent", "fold-1", "gone");
    assertThat(runs.object("gone").string("stage")).isEqualTo("deleted");
    assertThat(runs.object("fold-1").object("tags").string("mlflow.parentRunId"))
        .isEqualTo(runs.object("parent").string("id"));
    whole(runs.object("whole"), database);
    JsonObject logged = JsonObject.of(flights.list("models").get(0), "model");
    assertThat(logged.string("id")).isEqualTo(model.id());
    assertThat(logged.string("run")).isEqualTo(model.runId());
    assertThat(logged.string("type")).isEqualTo("lightgbm");
    assertThat(logged.list("metrics").toString()).contains("of model", "0.25");
    registered(found);
    double[] scored = found.list("scored").stream().mapToDouble(x -> (Double) x).toArray();
    assertThat(scored).containsExactly(expected, within(1e-12));
  }

  private static void whole(JsonObject run, boolean database) {
    assertThat(run.object("params").asMap())
        .containsEntry("depth", "6")
        .containsEntry("größe/ä b", "é")
        .containsEntry("long", LONG)
        .containsEntry("empty", "")
        .hasSize(5); // and one of x and x/y
    assertThat(run.object("tags").asMap())
        .containsEntry("team", "ops\nand\tmore: {yes}")
        .containsEntry("mlflow.note.content", "# the best one")
        .containsEntry("plumbline.run.id", run.string("id"));
    assertThat(run.object("histories").list("auc/val")).hasSize(100);
    List<Object> odd =
        run.object("histories").list("odd").stream().map(MlflowExportTest::value).toList();
    assertThat(odd)
        .hasSizeBetween(6, 9) // two in one millisecond are one
        .contains("nan", 1e-5, Double.MIN_VALUE)
        .contains(database ? (Object) Double.MAX_VALUE : "inf");
    assertThat(run.object("metrics").asMap()).containsEntry("last nan", "nan");
    List<JsonObject> inputs = run.objects("inputs");
    assertThat(inputs).hasSize(1);
    assertThat(inputs.get(0).string("name")).isEqualTo("flights");
    assertThat(inputs.get(0).object("tags").asMap())
        .containsEntry("mlflow.data.context", "training");
    assertThat(run.object("files").asMap())
        .isEqualTo(Map.of("reports/ü/summary.txt", "a report\n", "nothing", ""));
    assertThat(run.strings("models")).containsExactly(model.id());
  }

  private static Object value(Object point) {
    return ((List<?>) point).get(0);
  }

  private static void registered(JsonObject found) {
    JsonObject registered = found.object("registered");
    assertThat(registered.asMap()).containsOnlyKeys("flight delay é", "rules");
    JsonObject delay = registered.object("flight delay é");
    assertThat(delay.string("description")).isEqualTo("late or not");
    assertThat(delay.object("tags").asMap()).containsEntry("owner", "ops");
    assertThat(String.valueOf(delay.object("aliases").asMap().get("champion"))).isEqualTo("1");
    JsonObject version = delay.object("versions").object("1");
    assertThat(version.string("description")).isEqualTo("the first\none: yes");
    assertThat(version.string("run")).isEqualTo(model.runId());
    assertThat(version.string("source")).isEqualTo("models:/" + model.id());
    assertThat(version.object("tags").asMap()).containsEntry("by", "ä");
    JsonObject rules = registered.object("rules").object("versions");
    assertThat(rules.asMap()).containsOnlyKeys("1", "2");
    assertThat(rules.object("2").object("tags").asMap())
        .containsEntry("plumbline.quarantine", "wrong");
  }

  // ---- what MLflow cannot hold

  @Test
  @DisplayName("names what MLflow cannot hold, and every file ends in the folder")
  void omitted() throws IOException {
    Path folder = temporary.resolve("hostile").resolve("mlruns");
    MlflowExport.Report report = new MlflowExport(view()).to(folder);
    List<String> reasons = report.omitted().stream().map(MlflowExport.Omitted::reason).toList();
    for (String key : List.of("'..'", "a//b", "../../x", "back\\slash", "a,b", "400 bytes")) {
      assertThat(reasons).anyMatch(reason -> reason.contains(key));
    }
    assertThat(reasons)
        .anyMatch(reason -> reason.contains("'x'") || reason.contains("'x/y'"))
        .anyMatch(reason -> reason.contains("'testing'"))
        .anyMatch(reason -> reason.contains("percent sign"));
    try (Stream<Path> beside = Files.list(folder.resolveSibling("."))) {
      assertThat(beside.map(file -> file.getFileName().toString())).containsExactly("mlruns");
    }
    JsonObject about =
        Json.object(Files.readAllBytes(folder.resolve("plumbline-export.json")), "it");
    assertThat(about.objects("omitted")).hasSameSizeAs(reasons);
  }

  // ---- the folder

  @Test
  @DisplayName("exports some runs or experiments, and refuses names that are not there")
  void selection() {
    MlflowExport.Report one =
        new MlflowExport(view()).runs(List.of(model.runId())).to(temporary.resolve("one"));
    assertThat(one.runs()).isEqualTo(1);
    assertThat(one.loggedModels()).isEqualTo(1);
    assertThat(one.versions()).isEqualTo(1);
    MlflowExport.Report experiment =
        new MlflowExport(view()).experiments(List.of("Default")).to(temporary.resolve("exp"));
    assertThat(experiment.runs()).isEqualTo(1);
    assertThat(experiment.registeredModels()).isZero();
    assertThatThrownBy(
            () ->
                new MlflowExport(view())
                    .experiments(List.of("nope"))
                    .to(temporary.resolve("never")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nope");
    assertThat(temporary.resolve("never")).doesNotExist();
  }

  @Test
  @DisplayName("writes only into an empty folder, or with a word in the place of an earlier export")
  void folders() throws IOException {
    Path folder = temporary.resolve("again");
    new MlflowExport(view()).to(folder);
    assertThatThrownBy(() -> new MlflowExport(view()).to(folder))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("--replace");
    Files.createDirectories(folder.resolve("12345").resolve("left"));
    new MlflowExport(view()).replace(true).to(folder);
    assertThat(folder.resolve("12345")).doesNotExist();
    assertThat(folder.resolve("0").resolve("meta.yaml")).exists();
    Path foreign = Files.createDirectories(temporary.resolve("foreign"));
    Files.writeString(foreign.resolve("precious"), "1");
    assertThatThrownBy(() -> new MlflowExport(view()).replace(true).to(foreign))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("neither empty nor an earlier export");
    assertThat(foreign.resolve("precious")).hasContent("1");
    assertThatThrownBy(() -> new MlflowExport(view()).to(store.resolve("inside")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("that was killed is refused by MLflow, and begun anew by the next export")
  void killed() throws Exception {
    Path folder = temporary.resolve("killed");
    ExportFolder begun = ExportFolder.begin(folder, false);
    Files.createDirectories(begun.tree().resolve("0"));
    assertThatThrownBy(() -> new MlflowExport(view()).to(folder))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("another export");
    begun.close(); // as a kill does
    FileStore.Answer mlflow =
        FileStore.run(
            folder.toUri().toString(),
            List.of("-c", "import mlflow; print(mlflow.search_experiments())"));
    assertThat(mlflow.code()).as(mlflow.output()).isNotZero();
    new MlflowExport(view()).to(folder);
    assertThat(folder.resolve(ExportFolder.UNFINISHED)).doesNotExist();
    assertThat(folder.resolve("plumbline-export.json")).exists();
  }

  @Test
  @DisplayName("whose store has lost a file is written without it, and says so")
  void damaged() throws IOException {
    Path other = temporary.resolve("damaged-store");
    try (TrackingClient tracking = TrackingClient.create(config(other))) {
      tracking.run("e", tracker -> tracker.logText("content", "a.txt"));
    }
    try (Stream<Path> blobs = Files.walk(other.resolve("blobs").resolve("sha256"))) {
      for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
        Files.writeString(blob, "another");
      }
    }
    MlflowExport.Report report =
        new MlflowExport(StoreView.open(other, Time.SYSTEM, 60_000_000_000L))
            .to(temporary.resolve("damaged"));
    assertThat(report.runs()).isEqualTo(1);
    assertThat(report.files()).isZero();
    assertThat(report.omitted()).singleElement().matches(MlflowExport.Omitted::damaged);
  }
}
