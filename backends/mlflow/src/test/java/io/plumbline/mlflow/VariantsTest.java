package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.model.AliasChange;
import io.plumbline.model.Artifact;
import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.Experiment;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Credentials;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewAlias;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RegistryUpdate;
import io.plumbline.spi.RunStore;
import io.plumbline.spi.RunUpdate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training and a release need, once through, on servers of other kinds. */
@DisplayName("The contract's main road holds")
class VariantsTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("with basic authentication: wrong or no credentials are Unauthorized")
  void basicAuth() throws Exception {
    MlflowServer server = MlflowServer.secured();
    for (Credentials wrong :
        List.of(
            new Credentials.None(), new Credentials.Basic("admin", Secret.of("canary-wrong")))) {
      try (MlflowBackend backend = Backends.open(server.root(), wrong)) {
        assertThatThrownBy(() -> backend.runs().findExperiment("x"))
            .isInstanceOf(ServerException.Unauthorized.class)
            .hasMessageContaining("MLFLOW_TRACKING_USERNAME")
            .hasMessageNotContaining("canary")
            .hasMessageNotContaining("<");
      }
    }
  }

  @Test
  @DisplayName("behind a path prefix, with or without a slash at its end")
  void prefix() throws Exception {
    MlflowServer server =
        MlflowServer.shared("mlflow", List.of("--static-prefix", "/mlflow"), Map.of());
    try (MlflowBackend backend = Backends.open(server.root() + "/mlflow/")) {
      mainRoad(backend);
    }
    try (MlflowBackend backend = Backends.open(server.root())) {
      assertThatThrownBy(() -> backend.runs().findExperiment("x"))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("another path");
    }
  }

  @Test
  @DisplayName("with MLflow 2, where a model is a folder of its run's artifacts")
  void mlflow2() throws Exception {
    MlflowServer server = MlflowServer.shared("mlflow2", List.of(), Map.of());
    try (MlflowBackend backend = Backends.open(server.root())) {
      ModelVersion version = mainRoad(backend);
      String said =
          server.python(
              """
                  import mlflow, sys
                  version = mlflow.MlflowClient().get_model_version(sys.argv[1], sys.argv[2])
                  print("result", version.source,
                        sorted(mlflow.models.get_model_info(version.source).flavors))
                  """,
              version.name(),
              String.valueOf(version.version()));
      assertThat(said).contains("result runs:/" + version.lineage().runId() + "/model ['rules']");
      List<RunUpdate> nan = List.of(new RunUpdate.LogMetric("twice", Double.NaN, 1, 5, null, null));
      String run = String.valueOf(version.lineage().runId());
      backend.runs().apply(run, "k1", nan);
      backend.runs().apply(run, "k2", nan);
      assertThat(backend.runs().metricHistory(run, "twice").stream()).hasSize(1);
    }
  }

  @Test
  @DisplayName("with MLflow 2 a version of more parts than its tag has room for says all of them")
  void manyParts() {
    MlflowServer server = MlflowServer.shared("mlflow2", List.of(), Map.of());
    ModelPackage model = model("late if raining");
    for (int i = 0; i < 60; i++) {
      byte[] rules = {(byte) i};
      model = model.with(ModelPart.of("rules-" + i + ".txt", "text/plain", rules));
    }
    try (MlflowBackend backend = Backends.open(server.root())) {
      NewVersion wanted =
          version("many " + UUID.randomUUID(), new NewVersion.Source.Packed(model), null, null);
      ModelVersion made = backend.models().createVersion(wanted);
      assertThat(made.flavor()).isEqualTo("rules");
      assertThat(made.digest()).isEqualTo(model.digest());
      assertThat(made.parts()).hasSameSizeAs(model.parts());
      assertThat(backend.models().createVersion(wanted).digest()).isEqualTo(model.digest());
    }
  }

  @Test
  @DisplayName("with MLflow 2 a model whose files are gone does not take its run with it")
  void filesGone() throws Exception {
    MlflowServer server = MlflowServer.shared("mlflow2", List.of(), Map.of());
    try (MlflowBackend backend = Backends.open(server.root())) {
      RunStore runs = backend.runs();
      Experiment experiment = runs.createExperiment("gone " + UUID.randomUUID(), Map.of());
      String id =
          runs.createRun(
              new NewRun(
                  UUID.randomUUID().toString(), experiment.id(), "r", "me", null, 1, Map.of()));
      runs.putModel(id, "gone", model("never"));
      runs.putModel(id, "there", model("always"));
      try (Stream<Path> files = Files.walk(server.folder().resolve("artifacts"))) {
        for (Path file : files.filter(each -> each.toString().contains(id + "/")).toList()) {
          if (file.toString().contains("/gone/") && Files.isRegularFile(file)) {
            Files.delete(file);
          }
        }
      }
      Run found = runs.find(id).orElseThrow();
      RunQuery all = RunQuery.builder().experiments(experiment.name()).build();
      assertThat(runs.search(all).items())
          .singleElement()
          .satisfies(listed -> assertThat(listed.models()).isEqualTo(found.models()));
      assertThat(found.model("gone").parts()).isEmpty();
      assertThat(found.model("there").parts()).isNotEmpty();
      assertThatThrownBy(() -> runs.readModel(found.model("gone"), folder))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("no files");
    }
  }

  // ---- the main road

  private ModelVersion mainRoad(MlflowBackend backend) throws IOException {
    RunStore runs = backend.runs();
    Experiment experiment = runs.createExperiment("e " + UUID.randomUUID(), Map.of("team", "a"));
    String local = UUID.randomUUID().toString();
    NewRun made = new NewRun(local, experiment.id(), "first", "me", null, 1_000, Map.of());
    String id = runs.createRun(made);
    assertThat(runs.findCreated(made)).contains(id);
    runs.apply(id, "k", updates());
    runs.apply(id, "k", updates());
    Run run = runs.find(id).orElseThrow();
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.params()).containsEntry("rate", "0.1");
    assertThat(run.metrics())
        .extractingByKey("auc")
        .extracting(MetricSummary::last)
        .isEqualTo(0.75);
    assertThat(run.tags()).containsEntry("note", "größer 😀");
    assertThat(run.inputs()).extracting(DatasetInput::context).containsExactly("training");
    assertThat(runs.metricHistory(id, "auc").stream()).hasSize(2);
    assertThat(
            runs.search(
                    RunQuery.builder()
                        .experiments(experiment.name())
                        .filter("metrics.auc > 0.7")
                        .build())
                .items())
        .extracting(Run::id)
        .containsExactly(id);
    artifacts(runs, id);
    return models(backend, id);
  }

  private static List<RunUpdate> updates() {
    Dataset data = new Dataset("flights", "12345678", "local", "{\"uri\":\"f.csv\"}", "", "");
    return List.of(
        new RunUpdate.LogParam("rate", "0.1"),
        new RunUpdate.LogMetric("auc", 0.5, 0, 1_000, null, null),
        new RunUpdate.LogMetric("auc", 0.75, 1, 1_001, null, null),
        new RunUpdate.LogMetric("nan", Double.NaN, 0, 1_000, null, null),
        new RunUpdate.SetTag("note", "größer 😀"),
        new RunUpdate.LogInput(new DatasetInput(data, "training", Map.of())),
        new RunUpdate.SetStatus(RunStatus.FINISHED, 2_000));
  }

  private void artifacts(RunStore runs, String id) throws IOException {
    Path file = Files.writeString(folder.resolve("roc.txt"), "a curve");
    runs.putArtifact(id, "plots/roc.txt", file);
    assertThat(runs.artifacts(id, "plots"))
        .containsExactly(new Artifact("plots/roc.txt", false, 7, null));
    try (InputStream in = runs.openArtifact(id, "plots/roc.txt")) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("a curve");
    }
  }

  private static ModelPackage model(String rules) {
    return ModelPackage.of("rules", Map.of("rules_version", "1"))
        .with(ModelPart.of("rules.txt", "text/plain", rules.getBytes(StandardCharsets.UTF_8)));
  }

  private static ModelVersion models(MlflowBackend backend, String run) throws IOException {
    ModelPackage model = model("late if raining");
    LoggedModel logged = backend.runs().putModel(run, "model", model);
    assertThat(backend.runs().find(run).orElseThrow().model("model").digest())
        .isEqualTo(model.digest());
    try (InputStream in = backend.runs().openModelPart(logged, "rules.txt")) {
      assertThat(in.readAllBytes()).hasSize(15);
    }
    ModelStore store = backend.models();
    String name = "flights " + UUID.randomUUID();
    ModelVersion version =
        store.createVersion(version(name, new NewVersion.Source.Logged(logged), run, logged.id()));
    ModelVersion packed =
        store.createVersion(
            version(name, new NewVersion.Source.Packed(model("never late")), null, null));
    store.changeAlias(
        new NewAlias(
            name, "champion", version.version(), null, AliasChange.Kind.SET, "me", "first"));
    ModelVersion champion = store.findByAlias(name, "champion").orElseThrow();
    assertThat(champion.version()).isEqualTo(1);
    assertThat(champion.digest()).isEqualTo(model.digest());
    assertThat(champion.lineage().modelId()).isEqualTo(logged.id());
    for (ModelVersion each : List.of(champion, packed)) {
      for (Artifact part : each.parts()) {
        try (InputStream in = store.openPart(each, part.path(), 0)) {
          assertThat(in.readAllBytes()).hasSize((int) part.size());
        }
      }
    }
    store.updateVersion(name, 2, new RegistryUpdate.Quarantine("it was wrong"));
    assertThat(store.findVersion(name, 2).orElseThrow().quarantine()).contains("it was wrong");
    assertThat(store.aliasHistory(name, "champion")).hasSize(1);
    assertThat(store.findByAlias(name, "other")).isEmpty();
    return champion;
  }

  private static NewVersion version(
      String name, NewVersion.Source source, @Nullable String run, @Nullable String modelId) {
    return new NewVersion(
        UUID.randomUUID().toString(),
        name,
        source,
        new Lineage(run, modelId, "", null, List.of(), List.of()),
        "me",
        "",
        Map.of());
  }
}
