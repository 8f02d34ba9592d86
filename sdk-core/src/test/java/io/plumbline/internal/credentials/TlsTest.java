package io.plumbline.internal.credentials;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.TransportException;
import io.plumbline.internal.http.Http;
import io.plumbline.internal.http.HttpAnswer;
import io.plumbline.internal.http.HttpRequest;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server must prove who it is, and may ask who we are")
class TlsTest {
  @TempDir static Path folder;
  private static WireMockServer server;
  private static Path ca;
  private static Path client;

  @BeforeAll
  static void start() throws Exception {
    TestCertificates own =
        TestCertificates.make(folder, "server", "RSA", "dns:localhost,dns:mlflow.test");
    TestCertificates ours = TestCertificates.make(folder, "client", "EC", "dns:client");
    ca = own.pem(folder.resolve("ca.pem"), false);
    client = ours.pem(folder.resolve("client.pem"), true);
    server =
        new WireMockServer(
            wireMockConfig()
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(own.store().toString())
                .keystorePassword(TestCertificates.PASSWORD)
                .keyManagerPassword(TestCertificates.PASSWORD)
                .keystoreType("PKCS12")
                .needClientAuth(true)
                .trustStorePath(ours.trusted(folder.resolve("clients.p12")).toString())
                .trustStorePassword(TestCertificates.PASSWORD)
                .trustStoreType("PKCS12"));
    server.start();
    server.stubFor(any(anyUrl()).willReturn(okJson("{}")));
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  private static String at(String host) {
    return "https://" + host + ":" + server.httpsPort();
  }

  private static Config.Builder config(String uri) {
    return Config.builder()
        .isolated()
        .trackingUri(uri)
        .set("http.timeout", "30s")
        .set("http.connect.timeout", "30s")
        .set("tracking.client.cert", client.toString());
  }

  private static int ask(Config.Builder config) {
    Config built = config.build();
    try (Http http = ConfiguredHttp.open(built, URI.create(built.trackingUri()), Map.of());
        HttpAnswer answer =
            http.send(
                HttpRequest.of("GET", built.trackingUri() + "/a", null, Duration.ofSeconds(30)))) {
      return answer.status();
    }
  }

  @Test
  @DisplayName("with its certificate trusted, and ours shown, it answers")
  void trusted() {
    assertThat(ask(config(at("localhost")).set("tracking.ca", ca.toString()))).isEqualTo(200);
  }

  @Test
  @DisplayName("a certificate that nobody has signed is not trusted")
  void untrusted() {
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> ask(config(at("localhost"))))
        .withMessageContaining("certification path");
  }

  @Test
  @DisplayName("a trusted certificate of another host is refused")
  void otherHost() {
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> ask(config(at("127.0.0.1")).set("tracking.ca", ca.toString())))
        .withMessageContaining("127.0.0.1");
  }

  @Test
  @DisplayName("without our certificate a server that asks for one does not answer")
  void withoutOurs() throws Exception {
    Path unknown =
        TestCertificates.make(folder, "unknown", "EC", "dns:client")
            .pem(folder.resolve("unknown.pem"), true);
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(
            () ->
                ask(
                    config(at("localhost"))
                        .set("tracking.ca", ca.toString())
                        .set("tracking.client.cert", unknown.toString())));
  }

  @Test
  @DisplayName("the insecure flag trusts any certificate of this machine, also of another name")
  void insecure() {
    assertThat(ask(config(at("127.0.0.1")).set("tracking.insecure.tls", "true"))).isEqualTo(200);
  }

  private static void askElsewhere(Config.Builder config, String url) {
    Config built = config.build();
    try (Http http = ConfiguredHttp.open(built, URI.create(built.trackingUri()), Map.of())) {
      http.sendPlain(HttpRequest.of("GET", url, null, Duration.ofSeconds(30))).close();
    }
  }

  @Test
  @DisplayName("the insecure flag trusts nobody else, such as where the server sends us with files")
  void insecureElsewhere() {
    Config.Builder insecure = config(at("127.0.0.1")).set("tracking.insecure.tls", "true");
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> askElsewhere(insecure, at("localhost") + "/bucket"))
        .withMessageContaining("certification path");
  }

  @Test
  @DisplayName(
      "our certificate is shown to nobody else, and the trusted ones are trusted there too")
  void clientElsewhere() {
    Config.Builder trusting = config(at("localhost")).set("tracking.ca", ca.toString());
    WireMockServer asking =
        new WireMockServer(
            wireMockConfig()
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(folder.resolve("server.p12").toString())
                .keystorePassword(TestCertificates.PASSWORD)
                .keyManagerPassword(TestCertificates.PASSWORD)
                .keystoreType("PKCS12"));
    asking.start();
    try {
      askElsewhere(trusting, "https://localhost:" + asking.httpsPort() + "/bucket");
      assertThat(asking.getAllServeEvents()).hasSize(1);
    } finally {
      asking.stop();
    }
    assertThat(ask(trusting)).isEqualTo(200);
    assertThatExceptionOfType(TransportException.class)
        .isThrownBy(() -> askElsewhere(trusting, at("localhost") + "/bucket"));
  }

  @Test
  @DisplayName("through a proxy the tunnel is opened with its login, and TLS is with the server")
  void tunnel() {
    try (TestProxy proxy = new TestProxy(0, server.httpsPort(), "Basic YWRhOnB3")) {
      Config.Builder behind =
          config("https://mlflow.test")
              .set("tracking.ca", ca.toString())
              .set("proxy.https", "ada:pw@127.0.0.1:" + proxy.port());

      assertThat(ask(behind)).isEqualTo(200);
      assertThat(proxy.requests()).last().isEqualTo("CONNECT mlflow.test:443 Basic YWRhOnB3");
      assertThatExceptionOfType(TransportException.class)
          .isThrownBy(() -> ask(behind.set("proxy.https", "ada:no@127.0.0.1:" + proxy.port())))
          .withMessageContaining("proxy");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\nc4narY==\n-----END CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\nc4narY==\n-----END PRIVATE KEY-----\n"
      })
  @DisplayName("a file that cannot be used is refused with its key and name, not its content")
  void badFiles(String content) throws Exception {
    Path file = Files.writeString(folder.resolve("bad.pem"), content);
    for (String key : new String[] {"tracking.ca", "tracking.client.cert"}) {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> ask(config(at("localhost")).set(key, file.toString())))
          .withMessageContaining("plumbline." + key)
          .withMessageNotContaining("c4nar");
    }
  }

  @Test
  @DisplayName("a file that is not there, and a key in another form, are refused with the remedy")
  void remedies() throws Exception {
    Path missing = folder.resolve("missing.pem");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ask(config(at("localhost")).set("tracking.ca", missing.toString())))
        .withMessageContaining(missing + " does not exist");
    Path old = folder.resolve("old.pem");
    Files.writeString(old, Files.readString(client).replace("PRIVATE KEY", "EC PRIVATE KEY"));
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ask(config(at("localhost")).set("tracking.client.cert", old.toString())))
        .withMessageContaining("openssl pkcs8");
  }
}
