package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.PlumblineException;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Lineage;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.ModelVersion;
import io.plumbline.spi.ModelStore;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.NewVersion;
import io.plumbline.spi.RunStore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The upload of a logged model")
class ModelUploadTest {
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";
  private static final String MODELS = MockServer.API + "logged-models";
  private static final String INFO =
      "{\"model_id\":\"m-1\",\"name\":\"n\",\"status\":\"LOGGED_MODEL_PENDING\","
          + "\"source_run_id\":\"r\",\"artifact_uri\":\"mlflow-artifacts:/0/models/m-1/artifacts\"}";

  private static ModelPackage model() {
    return ModelPackage.of("rules", Map.of())
        .with(ModelPart.of("r.txt", "text/plain", new byte[] {1}))
        .with(ModelPart.of("d/s.txt", "text/plain", new byte[] {1, 2}));
  }

  private static List<String> told(MockServer server, String status) {
    return server.asked().stream()
        .filter(each -> each.getRequest().getMethod().getName().equals("PATCH"))
        .map(each -> each.getRequest().getBodyAsString())
        .filter(body -> body.contains(status))
        .toList();
  }

  private static MockServer answering() {
    MockServer server = new MockServer();
    server.answer(MockServer.API + "runs/get", MockServer.RUN);
    server.answer(MODELS, "{\"model\":{\"info\":" + INFO + "}}");
    server.answer(MODELS + "/search", "{}");
    server.answer(MODELS + "/m-1", "{}");
    server.answer(PROXY, "{}");
    return server;
  }

  @ParameterizedTest
  @CsvSource({
    "413, Request Entity Too Large",
    "400, {\"error_code\":\"INVALID_PARAMETER_VALUE\"}",
    "404, {\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}"
  })
  @DisplayName("that is refused for good makes it a failed one on the server")
  void refused(int status, String body) {
    try (MockServer server = answering();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answerAll(PROXY + "/.*", status, Map.of(), body);
      assertThatThrownBy(() -> backend.runs().putModel("r", "n", model()))
          .isInstanceOf(PlumblineException.class);
      assertThat(told(server, "LOGGED_MODEL_UPLOAD_FAILED")).hasSize(1);
      assertThat(told(server, "LOGGED_MODEL_READY")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503, 401, 403, 400, 404, 501})
  @DisplayName("that may be tried again leaves it pending")
  void again(int status) {
    try (MockServer server = answering();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answerAll(PROXY + "/.*", status, Map.of(), "no");
      assertThatThrownBy(() -> backend.runs().putModel("r", "n", model()))
          .isInstanceOfAny(ServerException.class, TransportException.class);
      assertThat(told(server, "LOGGED_MODEL_")).isEmpty();
    }
  }

  @Test
  @DisplayName("that may be tried again because an answer was none of MLflow's leaves it pending")
  void odd() {
    try (MockServer server = answering();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answerAll(PROXY + "/.*", 200, Map.of(), "{}");
      server.answer(PROXY, "{\"files\":7}");
      assertThatThrownBy(() -> backend.runs().putModel("r", "n", model()))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("not MLflow's");
      assertThat(told(server, "LOGGED_MODEL_")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Breaking.How.class)
  @DisplayName("for a registration that is repeated makes one model, and one version")
  void registered(Breaking.How how) throws Exception {
    MlflowServer server = MlflowServer.shared();
    Breaking breaking = new Breaking();
    try (MlflowBackend backend = breaking.open(server.root())) {
      ModelStore patient = Retrying.of(ModelStore.class, backend.models(), 3, nanos -> {});
      boolean broken = true;
      for (int request = 1; broken; request++) {
        String key = UUID.randomUUID().toString();
        breaking.at(request, how);
        ModelVersion version =
            patient.createVersion(
                new NewVersion(
                    key,
                    "registered-" + key,
                    new NewVersion.Source.Packed(model()),
                    Lineage.UNKNOWN,
                    "tester",
                    "",
                    Map.of()));
        broken = breaking.happened();
        assertThat(request).isLessThan(40);
        assertThat(version.version()).isEqualTo(1);
        assertThat(version.digest()).isEqualTo(model().digest());
        List<JsonObject> made =
            backend
                .rest()
                .post(
                    "logged-models/search",
                    Map.of(
                        "experiment_ids",
                        List.of("0"),
                        "filter",
                        "tags.`plumbline.registration` = '" + key + "'"))
                .objects("models");
        assertThat(made).hasSize(1);
        assertThat(made.get(0).object("info").string("status")).isEqualTo("LOGGED_MODEL_READY");
      }
    }
  }

  @Test
  @DisplayName(
      "that did not come to its end is gone on with: one model, whose missing files are sent")
  void goesOn() throws Exception {
    try (MlflowServer server = MlflowServer.started("mlflow", List.of(), Map.of());
        MlflowBackend backend = Backends.open(server.root())) {
      RunStore runs = backend.runs();
      String experiment = runs.createExperiment("upload", Map.of()).id();
      String run =
          runs.createRun(
              new NewRun(UUID.randomUUID().toString(), experiment, "r", "u", null, 1, Map.of()));
      ModelPackage model = model();
      JsonObject info =
          backend
              .rest()
              .post(
                  "logged-models",
                  Map.of(
                      "experiment_id",
                      experiment,
                      "name",
                      "n",
                      "source_run_id",
                      run,
                      "tags",
                      Tags.list(PackageTag.of(model).tag(PackageTag.LONGEST))))
              .object("model")
              .object("info");
      ArtifactProxy proxy = new ArtifactProxy(backend.rest());
      proxy.put(
          info.string("artifact_uri"),
          Map.of("r.txt", new PartBody(model.part("r.txt").orElseThrow())));
      LoggedModel logged = runs.putModel(run, "n", model);
      assertThat(logged.id()).isEqualTo(info.string("model_id"));
      assertThat(logged.digest()).isEqualTo(model.digest());
      assertThat(runs.find(run).orElseThrow().models())
          .extracting(LoggedModel::id)
          .containsExactly(logged.id());
      assertThat(count(server.log(), "PUT /api/2.0/mlflow-artifacts/artifacts/[^ ]*r.txt"))
          .isEqualTo(1);
      assertThat(count(server.log(), "PUT /api/2.0/mlflow-artifacts/artifacts/[^ ]*s.txt"))
          .isEqualTo(1);
      assertThat(runs.putModel(run, "n", model).id()).isNotEqualTo(logged.id());
    }
  }

  @Test
  @DisplayName("that was whole before its run was told of it is gone on with: there is no second")
  void wholeBeforeTold() {
    try (MockServer server = answering();
        MlflowBackend backend = Backends.open(server.root())) {
      String tag = Json.text(PackageTag.of(model()).toJson());
      String ready =
          INFO.replace("PENDING", "READY")
              .replaceFirst(
                  "\\{",
                  "{\"tags\":[{\"key\":\""
                      + PackageTag.KEY
                      + "\",\"value\":"
                      + Matcher.quoteReplacement(tag)
                      + "}],");
      server.answer(MODELS + "/search", "{\"models\":[{\"info\":" + ready + "}]}");
      server.answer(MockServer.API + "runs/outputs", "{}");
      server.answer("/api/2.0/mlflow-artifacts/artifacts", "{}");
      server.answerAll(PROXY + "/.*", 200, Map.of(), "{}");
      try {
        backend.runs().putModel("r", "n", model());
      } catch (TransportException e) {
        // This server keeps no files.
      }
      assertThat(
              server.asked().stream()
                  .filter(each -> each.getRequest().getUrl().equals(MODELS))
                  .toList())
          .isEmpty();
    }
  }

  private static long count(String text, String pattern) {
    return text.lines().filter(line -> line.matches(".*" + pattern + ".*")).count();
  }
}
