package io.plumbline.mlflow;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A server that answers what it is told. */
final class MockServer implements AutoCloseable {
  /** The answer that says where a run's artifacts are. */
  static final String RUN =
      "{\"run\":{\"info\":{\"run_id\":\"r\",\"experiment_id\":\"0\",\"artifact_uri\":"
          + "\"mlflow-artifacts:/0/r/artifacts\"}}}";

  static final String API = "/api/2.0/mlflow/";

  private final WireMockServer mock =
      new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));

  MockServer() {
    mock.start();
    mock.stubFor(WireMock.get("/version").willReturn(WireMock.ok("3.17.2")));
  }

  int port() {
    return mock.port();
  }

  String root() {
    return "http://127.0.0.1:" + mock.port();
  }

  /** Answers requests of any kind for that path with JSON. */
  void answer(String path, String json) {
    mock.stubFor(WireMock.any(WireMock.urlPathEqualTo(path)).willReturn(WireMock.okJson(json)));
  }

  /** Answers all requests in that way. */
  void answerAll(int status, String type, String body) {
    mock.stubFor(
        WireMock.any(WireMock.anyUrl())
            .willReturn(
                WireMock.aResponse()
                    .withStatus(status)
                    .withHeader("Content-Type", type)
                    .withBody(body)));
  }

  /** Answers requests of any kind for paths like that, before what was said earlier. */
  void answerAll(String pathPattern, int status, Map<String, String> headers, String body) {
    ResponseDefinitionBuilder answer = WireMock.aResponse().withStatus(status).withBody(body);
    headers.forEach(answer::withHeader);
    mock.stubFor(WireMock.any(WireMock.urlPathMatching(pathPattern)).willReturn(answer));
  }

  /** Answers requests of any kind for paths like that, when some time has passed. */
  void answerLate(String pathPattern, int millis, String json) {
    mock.stubFor(
        WireMock.any(WireMock.urlPathMatching(pathPattern))
            .willReturn(WireMock.okJson(json).withFixedDelay(millis)));
  }

  /** Answers requests for a file with its content, which is not packed, whatever is said. */
  void answerBytes(String pathPattern, Map<String, String> headers, byte[] body) {
    ResponseDefinitionBuilder answer = WireMock.ok().withBody(body);
    headers.forEach(answer::withHeader);
    mock.stubFor(WireMock.get(WireMock.urlPathMatching(pathPattern)).willReturn(answer));
  }

  /** Answers requests for the end of a file. */
  void answerRange(String path, int from, byte[] whole) {
    mock.stubFor(
        WireMock.get(WireMock.urlPathEqualTo(path))
            .withHeader("Range", WireMock.equalTo("bytes=" + from + "-"))
            .willReturn(
                WireMock.aResponse()
                    .withStatus(206)
                    .withHeader(
                        "Content-Range",
                        "bytes " + from + "-" + (whole.length - 1) + "/" + whole.length)
                    .withBody(Arrays.copyOfRange(whole, from, whole.length))));
  }

  /** Answers the first requests that have a parameter with a failure. */
  void answerFirst(String path, String parameter, String value, int times, int status) {
    for (int i = 0; i < times; i++) {
      mock.stubFor(
          WireMock.any(WireMock.urlPathEqualTo(path))
              .withQueryParam(parameter, WireMock.equalTo(value))
              .inScenario(value + status)
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "failed " + i)
              .willSetStateTo("failed " + (i + 1))
              .willReturn(WireMock.aResponse().withStatus(status)));
    }
  }

  /** Answers requests for whole files. */
  void answerUnlessRanged(String pathPattern, String tag, String body) {
    mock.stubFor(
        WireMock.get(WireMock.urlPathMatching(pathPattern))
            .withHeader("Range", WireMock.absent())
            .willReturn(WireMock.ok(body).withHeader("ETag", tag)));
  }

  /** Returns what was asked, the last first. */
  List<ServeEvent> asked() {
    return mock.getAllServeEvents();
  }

  @Override
  public void close() {
    mock.stop();
  }
}
