package io.plumbline.mlflow;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.PlumblineException;
import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.spi.Providers;
import io.plumbline.spi.Backend;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An http address opens an MLflow server, and what is none is told apart")
class MlflowProviderTest {
  private static final WireMockServer SERVER = new WireMockServer(wireMockConfig().dynamicPort());
  private static final String EXPERIMENT = "/api/2.0/mlflow/experiments/get-by-name";

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  @BeforeEach
  void reset() {
    SERVER.resetAll();
  }

  private static Config.Builder config(String uri) {
    return Config.builder().isolated().trackingUri(uri).set("http.timeout", "30s");
  }

  private static void ask(Config.Builder config) {
    try (Backend backend = Providers.open(config.build(), Keys.TRACKING_URI)) {
      backend.runs().findExperiment("a");
    }
  }

  private static void answer(ResponseDefinitionBuilder answer) {
    SERVER.stubFor(any(anyUrl()).willReturn(answer));
  }

  @Test
  @DisplayName("an https address of a server that speaks no TLS says what may be meant")
  void noTls() {
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> ask(config("https://127.0.0.1:" + SERVER.port())))
        .withMessageContaining("speaks no TLS")
        .withMessageContaining("http:// may be meant");
  }

  @Test
  @DisplayName("what is wrong with the server's artifacts names the setting that names the server")
  void artifactsElsewhere() {
    answer(
        okJson(
            "{\"run\":{\"info\":{\"run_id\":\"a1\",\"experiment_id\":\"1\","
                + "\"artifact_uri\":\"/data/1/a1\",\"status\":\"RUNNING\"}}}"));
    Config config = config(SERVER.baseUrl()).build();
    try (Backend backend = Providers.open(config, Keys.TRACKING_URI)) {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> backend.runs().openArtifact("a1", "x"))
          .withMessageContaining("plumbline.tracking.uri (from code)")
          .withMessageContaining(SERVER.baseUrl() + " does not pass on");
    }
  }

  @Test
  @DisplayName("the path of the address stays, and the workspace is sent only when it is set")
  void prefixAndWorkspace() {
    answer(
        okJson(
            "{\"experiment\":{\"experiment_id\":\"1\",\"name\":\"a\","
                + "\"lifecycle_stage\":\"active\"}}"));
    ask(config(SERVER.baseUrl() + "/team/mlflow/"));
    ask(config(SERVER.baseUrl()).set("tracking.workspace", "fraud"));

    SERVER.verify(
        getRequestedFor(urlPathEqualTo("/team/mlflow" + EXPERIMENT))
            .withHeader("User-Agent", matching("plumbline-java/.*"))
            .withoutHeader("Origin")
            .withoutHeader("X-MLFLOW-WORKSPACE"));
    SERVER.verify(
        getRequestedFor(urlPathEqualTo(EXPERIMENT))
            .withHeader("X-MLFLOW-WORKSPACE", equalTo("fraud")));
  }

  @Test
  @DisplayName("a login page that comes with a success is no answer of MLflow's")
  void loginPage() {
    answer(aResponse().withStatus(200).withBody("<!doctype html><title>Log in</title>"));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> ask(config(SERVER.baseUrl())))
        .withMessageContaining(EXPERIMENT)
        .withMessageContaining("not MLflow's");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "7", "{\"experiment\":[]}", "{\"experiment\":{\"name\":1}}", "{\"a\":"})
  @DisplayName("an answer of another shape is an error of ours that names the request or the field")
  void otherShapes(String body) {
    answer(okJson(body));

    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> ask(config(SERVER.baseUrl())))
        .withMessageContaining("experiment");
  }

  @Test
  @DisplayName("deep JSON is refused and not followed down")
  void deep() {
    answer(okJson("[".repeat(100_000)));

    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> ask(config(SERVER.baseUrl())))
        .withMessageContaining("not MLflow's");
  }

  @Test
  @DisplayName("an answer without an end is left in time")
  void endless() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread talking = new Thread(() -> talk(server));
      talking.setDaemon(true);
      talking.start();

      assertThatExceptionOfType(PlumblineException.class)
          .isThrownBy(
              () ->
                  ask(
                      config("http://127.0.0.1:" + server.getLocalPort())
                          .set("http.timeout", "3s")))
          .withMessageContaining(EXPERIMENT);
    }
  }

  private static void talk(ServerSocket server) {
    byte[] much = new byte[1 << 16];
    Arrays.fill(much, (byte) 'x');
    try (Socket client = server.accept();
        OutputStream out = client.getOutputStream()) {
      out.write(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"a\":\"".getBytes(US_ASCII));
      while (true) {
        out.write(much);
      }
    } catch (IOException e) {
      // The client has left, as it should.
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401,MLFLOW_TRACKING_TOKEN",
    "403,no permission",
    "302,https://login.example.com/in",
    "404,no MLflow server",
  })
  @DisplayName("what stands before a server is told apart by its status, with the remedy")
  void refusals(int status, String remedy) {
    answer(
        aResponse()
            .withStatus(status)
            .withHeader("Location", "https://login.example.com/in?state=c4nary")
            .withBody("<html>c0ming from the gateway</html>"));

    assertThatExceptionOfType(ServerException.class)
        .isThrownBy(() -> ask(config(SERVER.baseUrl()).set("tracking.token", Secret.of("c4nary"))))
        .withMessageContaining(String.valueOf(status))
        .withMessageContaining(remedy)
        .withMessageNotContaining("c4nary");
  }

  @Test
  @DisplayName("the server is not asked before it is needed")
  void opens() {
    try (Backend backend =
        Providers.open(config("http://127.0.0.1:1/x").build(), Keys.TRACKING_URI)) {
      assertThat(backend.capabilities()).contains(Backend.Capability.REGISTRY);
    }
  }
}
