package io.plumbline.internal.credentials;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A secret shows nowhere")
class CanaryTest {
  private static final String CANARY = "c4nary-IN-a-c0al-mine";

  @Test
  @DisplayName("neither in logs at TRACE nor in exceptions, texts of objects, or an explanation")
  void nowhere() throws Exception {
    WireMockServer server = new WireMockServer(wireMockConfig().dynamicPort());
    server.start();
    try (TestProxy proxy = new TestProxy(server.port(), 0, null)) {
      server.stubFor(any(anyUrl()).willReturn(unauthorized()));
      server.stubFor(
          get("/gone").willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
      server.stubFor(
          post("/login")
              .willReturn(okJson("{\"access_token\":\"" + CANARY + "\",\"expires_in\":60}")));
      server.stubFor(
          post("/refuse")
              .willReturn(
                  aResponse()
                      .withStatus(400)
                      .withBody("{\"error\":\"no\",\"error_description\":\"" + CANARY + "\"}")));
      String output = run(server.baseUrl(), String.valueOf(proxy.port()), CANARY);

      assertThat(output).contains("finished").contains("a 401").contains("[hidden]");
      assertThat(proxy.requests()).as("the proxy's login was sent").anyMatch(CanaryTest::hasLogin);
      assertThat(output).doesNotContain(CANARY);
      for (String pair : new String[] {"ada:" + CANARY, "me:" + CANARY}) {
        String sent = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        assertThat(output).doesNotContain(sent);
      }
    } finally {
      server.stop();
    }
  }

  private static boolean hasLogin(String request) {
    return request.contains(" Basic ");
  }

  private static String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(CanaryProgram.class.getName());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
