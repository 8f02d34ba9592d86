package io.plumbline.internal.credentials;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.plumbline.Config;
import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpBody;
import io.plumbline.internal.http.HttpRequest;
import io.plumbline.internal.http.UserAgent;
import io.plumbline.spi.CredentialProvider;
import io.plumbline.spi.Credentials;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A client is made from the configuration, and its credentials go to the server alone")
class ConfiguredHttpTest {
  private static final WireMockServer SERVER = new WireMockServer(wireMockConfig().dynamicPort());
  private static final Duration LONG = Duration.ofSeconds(30); // the machine may be busy

  @TempDir Path folder;

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

  private static Config.Builder config() {
    return Config.builder()
        .isolated()
        .trackingUri(SERVER.baseUrl())
        .set("http.timeout", "30s")
        .set("http.connect.timeout", "30s");
  }

  private static Http open(Config.Builder config) {
    return ConfiguredHttp.open(config.build(), URI.create(SERVER.baseUrl()), Map.of("X-Team", "a"));
  }

  private static HttpRequest ask(String path) {
    return HttpRequest.of("GET", SERVER.baseUrl() + path, null, LONG);
  }

  private static int status(Http http, HttpRequest request) {
    try (HttpAnswer answer = http.send(request)) {
      return answer.status();
    }
  }

  private static void assertSent(String path, @Nullable String authorization) {
    var wanted = getRequestedFor(urlEqualTo(path));
    SERVER.verify(
        authorization == null
            ? wanted.withoutHeader("Authorization")
            : wanted.withHeader("Authorization", equalTo(authorization)));
  }

  @Test
  @DisplayName("name and password, or a token, or what code gives, is sent with each request")
  void kinds() throws Exception {
    SERVER.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    Path file = Files.writeString(folder.resolve("token"), "from-file\n");
    Config.Builder basic =
        config().set("tracking.username", "ada").set("tracking.password", Secret.of("päss"));
    try (Http none = open(config());
        Http password = open(basic);
        Http token = open(config().set("tracking.token", Secret.of("t0ken")));
        Http ofFile = open(config().set("tracking.token.file", file.toString()));
        Http ofCode =
            open(basic.credentials(refused -> new Credentials.Bearer(Secret.of("own"))))) {
      status(none, ask("/none"));
      status(password, ask("/password"));
      status(token, ask("/token"));
      status(ofFile, ask("/file"));
      status(ofCode, ask("/code"));
    }

    assertSent("/none", null);
    assertSent("/password", "Basic YWRhOnDDpHNz");
    assertSent("/token", "Bearer t0ken");
    assertSent("/file", "Bearer from-file");
    assertSent("/code", "Bearer own");
  }

  @Test
  @DisplayName("the server learns who we are, and gets the headers that are meant for it")
  void headers() {
    SERVER.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    try (Http http = open(config().set("tracking.token", Secret.of("t")))) {
      status(http, ask("/ours"));
      http.sendPlain(ask("/foreign")).close();
    }

    assertThat(UserAgent.text())
        .matches("plumbline-java/\\d+\\.\\d+\\.\\d+\\S* \\(java/\\d.*; .+\\)");
    SERVER.verify(
        getRequestedFor(urlEqualTo("/ours"))
            .withHeader("User-Agent", equalTo(UserAgent.text()))
            .withHeader("X-Team", equalTo("a"))
            .withoutHeader("Origin"));
    SERVER.verify(
        getRequestedFor(urlEqualTo("/foreign"))
            .withoutHeader("X-Team")
            .withoutHeader("Authorization"));
  }

  @Test
  @DisplayName("a 401 leads to one more request with another token, if there is one")
  void refreshed() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "old");
    SERVER.stubFor(any(anyUrl()).willReturn(unauthorized()));
    SERVER.stubFor(
        any(anyUrl()).withHeader("Authorization", equalTo("Bearer new")).willReturn(okJson("{}")));
    try (Http http = open(config().set("tracking.token.file", file.toString()))) {
      assertThat(status(http, ask("/a"))).isEqualTo(401);
      SERVER.verify(1, getRequestedFor(urlEqualTo("/a")));

      Files.writeString(file, "new");
      assertThat(status(http, ask("/b"))).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("a token is fetched with client credentials, and again after a 401")
  void fetched() {
    SERVER.stubFor(
        post("/login")
            .withBasicAuth("me", "c4nary")
            .inScenario("tokens")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(okJson("{\"access_token\":\"one\",\"expires_in\":3600}"))
            .willSetStateTo("second"));
    SERVER.stubFor(
        post("/login")
            .inScenario("tokens")
            .whenScenarioStateIs("second")
            .willReturn(okJson("{\"access_token\":\"two\",\"expires_in\":3600}")));
    SERVER.stubFor(get(anyUrl()).willReturn(unauthorized()));
    SERVER.stubFor(
        get("/ok").withHeader("Authorization", equalTo("Bearer one")).willReturn(okJson("{}")));
    SERVER.stubFor(
        get("/late").withHeader("Authorization", equalTo("Bearer two")).willReturn(okJson("{}")));
    Config.Builder oauth =
        config()
            .set("tracking.oauth.url", SERVER.baseUrl() + "/login")
            .set("tracking.oauth.client", "me")
            .set("tracking.oauth.secret", Secret.of("c4nary"));
    try (Http http = open(oauth)) {
      assertThat(status(http, ask("/ok"))).isEqualTo(200);
      assertThat(status(http, ask("/ok"))).isEqualTo(200);
      assertThat(status(http, ask("/late"))).isEqualTo(200);
    }
    SERVER.verify(
        2, com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor(urlEqualTo("/login")));
  }

  @Test
  @DisplayName("a redirection is not followed, so no credentials follow it to another host")
  void redirected() {
    WireMockServer other = new WireMockServer(wireMockConfig().dynamicPort());
    other.start();
    try (Http http = open(config().set("tracking.token", Secret.of("t")))) {
      other.stubFor(any(anyUrl()).willReturn(okJson("{}")));
      for (int status : new int[] {301, 302, 303, 307, 308}) {
        SERVER.stubFor(
            any(anyUrl())
                .willReturn(
                    aResponse().withStatus(status).withHeader("Location", other.baseUrl() + "/x")));
        assertThat(status(http, ask("/moved"))).isEqualTo(status);
        HttpRequest write =
            HttpRequest.of("POST", SERVER.baseUrl() + "/moved", HttpBody.json(Map.of()), LONG);
        assertThat(status(http, write)).isEqualTo(status);
      }
      assertThat(other.getAllServeEvents()).isEmpty();
    } finally {
      other.stop();
    }
  }

  @Test
  @DisplayName("a slow head, a slow body and silence end in time, naming the request")
  void slow() {
    SERVER.stubFor(get("/head?a=1").willReturn(okJson("{}").withFixedDelay(60_000)));
    SERVER.stubFor(
        get("/body")
            .willReturn(
                okJson("{\"a\":\"" + "x".repeat(1000) + "\"}")
                    .withChunkedDribbleDelay(100, 60_000)));
    Config.Builder impatient = config().set("http.idle.timeout", "300ms");
    try (Http http = open(impatient)) {
      HttpRequest head =
          HttpRequest.of("GET", SERVER.baseUrl() + "/head?a=1", null, Duration.ofMillis(300));
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> http.send(head))
          .withMessage("GET " + SERVER.baseUrl() + "/head failed: no answer in time");
      HttpRequest silent = HttpRequest.of("GET", SERVER.baseUrl() + "/head?a=1", null, null);
      assertThatExceptionOfType(TransportException.class).isThrownBy(() -> http.send(silent));
    }
    try (Http http = open(config());
        HttpAnswer answer =
            http.send(
                HttpRequest.of("GET", SERVER.baseUrl() + "/body", null, Duration.ofSeconds(1)))) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> answer.body().readAllBytes());
    } catch (TransportException e) {
      assertThat(e).hasMessageContaining("no answer in time"); // on a machine so busy
    }
  }

  @Test
  @DisplayName("a proxy is asked with its login, which the server does not get")
  void proxied() {
    SERVER.stubFor(any(anyUrl()).willReturn(okJson("{}")));
    try (TestProxy proxy = new TestProxy(SERVER.port(), 0, "Basic YWRhOnB3")) {
      Config.Builder behind =
          config()
              .trackingUri("http://mlflow.test:5000")
              .set("proxy.http", "http://ada:pw@127.0.0.1:" + proxy.port())
              .set("tracking.token", Secret.of("t"));
      HttpRequest far = HttpRequest.of("GET", "http://mlflow.test:5000/a", null, LONG);
      try (Http http = open(behind);
          Http direct = open(behind.set("proxy.none", "mlflow.test"))) {
        assertThat(status(http, far)).isEqualTo(200);
        assertThat(status(http, ask("/near"))).isEqualTo(200);
        assertThatExceptionOfType(TransportException.class).isThrownBy(() -> direct.send(far));
      }

      assertThat(proxy.requests()).containsExactly("GET http://mlflow.test:5000/a Basic YWRhOnB3");
      assertSent("/a", "Bearer t");
    }
  }

  @Test
  @DisplayName("a proxy that wants another login answers for the server, once")
  void proxyRefuses() {
    try (TestProxy proxy = new TestProxy(SERVER.port(), 0, "Basic other")) {
      Config.Builder behind =
          config()
              .trackingUri("http://mlflow.test:5000")
              .set("proxy.http", "http://ada:pw@127.0.0.1:" + proxy.port());
      try (Http http = open(behind)) {
        HttpRequest far = HttpRequest.of("GET", "http://mlflow.test:5000/a", null, LONG);
        assertThat(status(http, far)).isEqualTo(407);
      }
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  @DisplayName("a token that no header can hold is refused without being shown")
  void unsendable() {
    try (Http http = open(config().set("tracking.token", Secret.of("c4nary\r\nX: y")))) {
      assertThatExceptionOfType(ServerException.Unauthorized.class)
          .isThrownBy(() -> http.send(ask("/")))
          .withMessageNotContaining("c4nary");
    }
    assertThat(SERVER.getAllServeEvents()).isEmpty();
  }

  @Test
  @DisplayName("a provider that fails is no bad request: what was to be sent is sent later")
  void failingProvider() {
    CredentialProvider provider =
        refused -> {
          throw new IllegalArgumentException("the vault says c4nary");
        };
    try (Http http = open(config().credentials(provider))) {
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> http.send(ask("/")))
          .withMessageContaining("credential provider")
          .withMessageNotContaining("c4nary");
    }
    assertThat(SERVER.getAllServeEvents()).isEmpty();
  }
}
