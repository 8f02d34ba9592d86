package io.plumbline;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.FakeTime;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.RecordingLogger;
import io.plumbline.internal.config.FakeSources;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("MLflow's variables, one by one")
class MlflowVariablesTest {
  @TempDir Path home;

  private FakeSources sources() {
    return new FakeSources()
        .workingDirectory(home)
        .property("user.home", home.toString())
        .property("user.name", "ada");
  }

  private FakeSources server() {
    return sources().variable("MLFLOW_TRACKING_URI", "https://mlflow.example.com");
  }

  private static Config load(FakeSources sources) {
    return builder(sources).build();
  }

  private static Config.Builder builder(FakeSources sources) {
    return Config.builder()
        .sources(sources, new OncePerMinute(new RecordingLogger(), new FakeTime()));
  }

  private static Config.Entry entry(Config config, String key) {
    return config.entries().stream()
        .filter(entry -> entry.key().equals("plumbline." + key))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MLFLOW_TRACKING_URI              | https://mlflow.example.com/team | tracking.uri          | https://mlflow.example.com/team
          MLFLOW_REGISTRY_URI              | https://models.example.com      | registry.uri          | https://models.example.com
          MLFLOW_TRACKING_USERNAME         | ada                             | tracking.username     | ada
          MLFLOW_TRACKING_PASSWORD         | c4nary                          | tracking.password     | [hidden]
          MLFLOW_TRACKING_TOKEN            | c4nary                          | tracking.token        | [hidden]
          MLFLOW_TRACKING_SERVER_CERT_PATH | /etc/ca.pem                     | tracking.ca           | /etc/ca.pem
          REQUESTS_CA_BUNDLE               | /etc/ca.pem                     | tracking.ca           | /etc/ca.pem
          CURL_CA_BUNDLE                   | /etc/ca.pem                     | tracking.ca           | /etc/ca.pem
          MLFLOW_TRACKING_CLIENT_CERT_PATH | /etc/me.pem                     | tracking.client.cert  | /etc/me.pem
          MLFLOW_TRACKING_INSECURE_TLS     | 1                               | tracking.insecure.tls | true
          MLFLOW_WORKSPACE                 | fraud                           | tracking.workspace    | fraud
          MLFLOW_EXPERIMENT_NAME           | flight-delay                    | experiment            | flight-delay
          MLFLOW_EXPERIMENT_ID             | 17                              | experiment.id         | 17
          MLFLOW_RUN_ID                    | 4f2b                            | run.id                | 4f2b
          MLFLOW_RUN_CONTEXT               | {"team": "ops"}                 | run.context           | {"team":"ops"}
          MLFLOW_HTTP_REQUEST_TIMEOUT      | 120                             | http.timeout          | 2m
          MLFLOW_HTTP_REQUEST_MAX_RETRIES  | 3                               | http.retries          | 3
          HTTPS_PROXY                      | http://u:c4nary@proxy:3128      | proxy.https           | http://[hidden]@proxy:3128
          https_proxy                      | http://proxy:3128               | proxy.https           | http://proxy:3128
          HTTP_PROXY                       | http://proxy:3128               | proxy.http            | http://proxy:3128
          NO_PROXY                         | example.com                     | proxy.none            | example.com
          """)
  @DisplayName("is read, shown with its name, and shown without what is secret")
  void read(String variable, String value, String key, String shown) {
    FakeSources sources = variable.contains("INSECURE") ? sources() : server();
    if (variable.equals("MLFLOW_TRACKING_USERNAME")) {
      sources.variable("MLFLOW_TRACKING_PASSWORD", "c4nary");
    } else if (variable.equals("MLFLOW_TRACKING_PASSWORD")) {
      sources.variable("MLFLOW_TRACKING_USERNAME", "ada");
    }
    Config config = load(sources.variable(variable, value));

    assertThat(entry(config, key).value()).isEqualTo(shown);
    assertThat(entry(config, key).source()).contains(variable);
    assertThat(config.explain()).contains(variable).doesNotContain("c4nary");
    assertThat(config.warnings()).isEmpty();
  }

  @Test
  @DisplayName("the user of a run is the one that signs in, as MLflow has it, else the system's")
  void user() throws Exception {
    assertThat(load(server()).get(Keys.USER)).isEqualTo("ada");
    FakeSources login =
        server()
            .variable("MLFLOW_TRACKING_USERNAME", "grace")
            .variable("MLFLOW_TRACKING_PASSWORD", "c4nary");
    assertThat(load(login).get(Keys.USER)).isEqualTo("grace");
    assertThat(load(login).source(Keys.USER)).contains("plumbline.tracking.username");
    assertThat(builder(login).set("user", "linus").build().get(Keys.USER)).isEqualTo("linus");

    FakeSources noServer = sources().variable("MLFLOW_TRACKING_USERNAME", "grace");
    assertThat(load(noServer).get(Keys.USER)).isEqualTo("ada");
    Files.createDirectories(home.resolve(".mlflow"));
    Files.writeString(
        home.resolve(".mlflow/credentials"),
        "[mlflow]\nmlflow_tracking_username = alan\nmlflow_tracking_password = c4nary\n");
    assertThat(load(server()).get(Keys.USER)).isEqualTo("alan");
  }

  @Test
  @DisplayName(
      "an experiment's id decides for runs that name none, unless a stronger place has a name")
  void experiment() {
    Config id = load(server().variable("MLFLOW_EXPERIMENT_ID", "17"));
    assertThat(id.experiment()).isEqualTo("#17");
    assertThat(id.source(Keys.EXPERIMENT)).contains("plumbline.experiment.id");

    FakeSources both =
        server().variable("MLFLOW_EXPERIMENT_ID", "17").variable("MLFLOW_EXPERIMENT_NAME", "delay");
    assertThat(load(both).experiment()).isEqualTo("delay");
    assertThat(load(both).get(ServerKeys.EXPERIMENT_ID)).isEqualTo("17");

    Config code = builder(both).experiment("mine").build();
    assertThat(code.experiment()).isEqualTo("mine");
    assertThat(code.find(ServerKeys.EXPERIMENT_ID)).isEmpty();
    assertThat(code.source(ServerKeys.EXPERIMENT_ID)).contains("plumbline.experiment wins");

    Config idInCode = builder(both).set("experiment.id", "18").build();
    assertThat(idInCode.experiment()).isEqualTo("#18");

    Config store = load(sources().variable("MLFLOW_EXPERIMENT_ID", "17"));
    assertThat(store.experiment()).isEqualTo("default");
  }

  @Test
  @DisplayName("who reads nothing of this machine records nothing of it, unless the code wants it")
  void isolated() {
    assertThat(load(server()).get(ServerKeys.RUN_SOURCE)).isTrue();
    Config off = load(server().variable("PLUMBLINE_RUN_SOURCE", "false"));
    assertThat(off.get(ServerKeys.RUN_SOURCE)).isFalse();
    Config isolated = Config.builder().isolated().build();
    assertThat(isolated.get(ServerKeys.RUN_SOURCE)).isFalse();
    Config wanted = Config.builder().isolated().set("run.source", "true").build();
    assertThat(wanted.get(ServerKeys.RUN_SOURCE)).isTrue();
  }
}
