package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.ConfigException;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.TransportException;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Run;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A run with a model that another client has logged")
class OthersModelsTest {
  private static final String FILES = "/api/2.0/mlflow-artifacts/artifacts";
  private static final String PASSED_ON = "mlflow-artifacts:/0/models/m-1/artifacts";

  @TempDir private Path folder;
  private final MockServer server = new MockServer();
  private final MlflowBackend backend = Backends.open(server.root());

  @BeforeEach
  void prepare() {
    server.answer(
        MockServer.API + "runs/get",
        "{\"run\":{\"info\":{\"run_id\":\"r\",\"experiment_id\":\"0\",\"start_time\":1,"
            + "\"artifact_uri\":\"mlflow-artifacts:/0/r/artifacts\",\"status\":\"RUNNING\","
            + "\"lifecycle_stage\":\"active\"},"
            + "\"outputs\":{\"model_outputs\":[{\"model_id\":\"m-1\",\"step\":0}]}}}");
    server.answer(
        MockServer.API + "experiments/get",
        "{\"experiment\":{\"experiment_id\":\"0\",\"name\":\"e\",\"lifecycle_stage\":\"active\"}}");
  }

  @AfterEach
  void close() {
    backend.close();
    server.close();
  }

  private void model(String root) {
    server.answer(
        MockServer.API + "logged-models/m-1",
        "{\"model\":{\"info\":{\"model_id\":\"m-1\",\"name\":\"booster\",\"experiment_id\":\"0\","
            + "\"source_run_id\":\"r\",\"creation_timestamp_ms\":1,\"artifact_uri\":\""
            + root
            + "\"}}}");
  }

  private void described(String mlmodel) {
    byte[] bytes = mlmodel.getBytes(StandardCharsets.UTF_8);
    server.answer(FILES, "{\"files\":[{\"path\":\"MLmodel\",\"file_size\":" + bytes.length + "}]}");
    server.answerBytes(FILES + "/.*", Map.of(), bytes);
  }

  private LoggedModel found() {
    Run run = backend.runs().find("r").orElseThrow();
    assertThat(backend.runs().findModel("m-1")).contains(run.model("booster"));
    return run.model("booster");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/m-1", "file:///srv/m-1", "/srv/m-1", "dbfs:/m-1"})
  @DisplayName("is found where the server does not pass files on; who wants them hears why not")
  void elsewhere(String root) {
    model(root);
    LoggedModel model = found();
    assertThat(model.flavor()).isEmpty();
    assertThat(model.parts()).isEmpty();
    assertThatThrownBy(() -> backend.runs().readModel(model, folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--serve-artifacts");
  }

  @Test
  @DisplayName("is found if its MLmodel cannot be read; who wants the model hears why not")
  void anchors() {
    model(PASSED_ON);
    described("flavors: &all\n  lightgbm:\n    data: model.lgb\nother: *all\n");
    LoggedModel model = found();
    assertThat(model.flavor()).isEmpty();
    assertThatThrownBy(() -> backend.runs().readModel(model, folder))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("anchors");
    assertThat(folder.resolve("MLmodel")).exists();
  }

  @Test
  @DisplayName("is found if the model has no files, and if the server lists what can be none")
  void oddListings() {
    model(PASSED_ON);
    server.answer(FILES, "{}");
    LoggedModel model = found();
    assertThatThrownBy(() -> backend.runs().readModel(model, folder))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no files");
    server.answer(FILES, "{\"files\":[{\"path\":\"../../x\",\"file_size\":1}]}");
    LoggedModel odd = found();
    assertThatThrownBy(() -> backend.runs().fetchModel(odd, folder))
        .isInstanceOf(PlumblineException.class)
        .hasMessageContaining("not where it says");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "m-1/../../runs/get", "..", ".", "", "m 1", "m-1?a=b", "ä"})
  @DisplayName("is not asked for with what can be no id")
  void noId(String id) {
    assertThat(backend.runs().findModel(id)).isEmpty();
    assertThat(server.asked())
        .extracting(event -> event.getRequest().getUrl())
        .allMatch("/version"::equals);
  }

  @Test
  @DisplayName("is not shown without its model while the files are away for a moment")
  void away() {
    model(PASSED_ON);
    server.answerAll(FILES, 504, Map.of(), "");
    assertThatThrownBy(() -> backend.runs().find("r"))
        .isInstanceOf(PlumblineException.class)
        .isNotInstanceOf(TransportException.class)
        .hasMessageContaining("504");
  }
}
