package io.plumbline.internal.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import io.plumbline.internal.credentials.TestCertificates;
import io.plumbline.internal.credentials.TestProxy;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The core's HTTP runs on the OkHttp that a host such as Spark brings")
class OlderOkHttpTest {
  @TempDir static Path folder;
  private static WireMockServer server;
  private static Path pem;

  @BeforeAll
  static void start() throws Exception {
    TestCertificates own =
        TestCertificates.make(folder, "server", "RSA", "dns:localhost,dns:far.test");
    pem = own.pem(folder.resolve("ca.pem"), false);
    server =
        new WireMockServer(
            wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(own.store().toString())
                .keystorePassword(TestCertificates.PASSWORD)
                .keyManagerPassword(TestCertificates.PASSWORD)
                .keystoreType("PKCS12"));
    server.start();
    ResponseDefinitionBuilder answer = aResponse().withHeader("X-Probe", "yes");
    server.stubFor(any(urlEqualTo("/slow")).willReturn(answer.withFixedDelay(60_000)));
    answer = aResponse().withHeader("X-Probe", "yes");
    server.stubFor(
        get("/get")
            .withHeader("Authorization", equalTo("Bearer t"))
            .withHeader("User-Agent", equalTo(UserAgent.text()))
            .willReturn(answer.withBody("got")));
    server.stubFor(
        delete("/json")
            .withHeader("Content-Type", equalTo("application/json"))
            .withRequestBody(equalToJson("{\"a\":1}"))
            .willReturn(answer.withBody("gone")));
    server.stubFor(
        put("/file")
            .withHeader("Content-Length", equalTo("10"))
            .withRequestBody(equalTo("0123456789"))
            .willReturn(answer.withBody("kept")));
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.12.12", "4.12.0", "ours"})
  @DisplayName("requests, bodies, timeouts, TLS, proxies and tunnels work")
  void works(String version) throws Exception {
    try (TestProxy proxy = new TestProxy(server.port(), server.httpsPort(), "Basic YWRhOnB3")) {
      assertThat(run(version, proxy.port()).lines())
          .containsExactly(
              "200 yes got",
              "200 yes gone",
              "200 yes kept",
              "200 yes got",
              "GET http://localhost:" + server.port() + "/slow failed: no answer in time",
              "200 yes got",
              "200 yes got");
    }
  }

  private static String run(String version, int proxy) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(classPath(version));
    command.add("-Dprobe.server=http://localhost:" + server.port());
    command.add("-Dprobe.secure=https://localhost:" + server.httpsPort());
    command.add("-Dprobe.proxy=" + proxy);
    command.add("-Dprobe.pem=" + pem);
    command.add(HttpProbe.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** The tests' class path with another OkHttp, and what it brings, in front of it. */
  private static String classPath(String version) throws IOException {
    String ours =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    if (version.equals("ours")) {
      return ours;
    }
    Path jars = Path.of(System.getProperty("test.root", "."), "sdk-core/target/okhttp", version);
    boolean there = Files.isDirectory(jars);
    assertThat(there || !"true".equals(System.getenv("CI")))
        .as("in CI, %s is there", jars)
        .isTrue();
    assumeTrue(there, "Maven has not copied OkHttp " + version);
    List<String> path = new ArrayList<>();
    try (Stream<Path> files = Files.list(jars)) {
      files.forEach(jar -> path.add(jar.toString()));
    }
    for (String entry : ours.split(File.pathSeparator)) {
      String name = Path.of(entry).getFileName().toString();
      if (!name.startsWith("okhttp") && !name.startsWith("okio") && !name.startsWith("kotlin")) {
        path.add(entry);
      }
    }
    return String.join(File.pathSeparator, path);
  }
}
