package io.plumbline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.plumbline.internal.FakeTime;
import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.RecordingLogger;
import io.plumbline.internal.config.ConfigKey;
import io.plumbline.internal.config.FakeSources;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a Python user has set for MLflow reaches a server from Java, too")
class ServerConfigTest {
  private static final String CANARY = "c4nary";

  @TempDir Path home;
  private FakeSources sources;

  @BeforeEach
  void withServer() {
    sources =
        new FakeSources()
            .workingDirectory(home)
            .property("user.home", home.toString())
            .variable("MLFLOW_TRACKING_URI", "https://mlflow.example.com/team");
  }

  private Config.Builder builder() {
    return Config.builder()
        .sources(sources, new OncePerMinute(new RecordingLogger(), new FakeTime()));
  }

  private Config load() {
    return builder().build();
  }

  private void credentialsFile(String text) throws Exception {
    Files.createDirectories(home.resolve(".mlflow"));
    Files.writeString(home.resolve(".mlflow/credentials"), text);
  }

  @Test
  @DisplayName("each variable of MLflow sets its key, in MLflow's form, and explain names it")
  void variables() {
    sources
        .variable("MLFLOW_HTTP_REQUEST_TIMEOUT", "120")
        .variable("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
        .variable("MLFLOW_TRACKING_SERVER_CERT_PATH", "/etc/ca.pem")
        .variable("MLFLOW_TRACKING_CLIENT_CERT_PATH", "/etc/me.pem")
        .variable("MLFLOW_WORKSPACE", "fraud")
        .variable("MLFLOW_EXPERIMENT_ID", "17")
        .variable("MLFLOW_RUN_ID", "4f2b")
        .variable("MLFLOW_RUN_CONTEXT", "{\"team\": \"ops\", \"attempt\": 2}");
    Config config = load();

    assertThat(config.get(ServerKeys.TIMEOUT)).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.get(ServerKeys.RETRIES)).isEqualTo(3);
    assertThat(config.get(ServerKeys.CA)).isEqualTo(Path.of("/etc/ca.pem"));
    assertThat(config.get(ServerKeys.CLIENT_CERT)).isEqualTo(Path.of("/etc/me.pem"));
    assertThat(config.get(ServerKeys.WORKSPACE)).isEqualTo("fraud");
    assertThat(config.get(ServerKeys.EXPERIMENT_ID)).isEqualTo("17");
    assertThat(config.get(ServerKeys.RUN_ID)).isEqualTo("4f2b");
    assertThat(config.get(ServerKeys.RUN_CONTEXT))
        .containsExactly(entry("team", "ops"), entry("attempt", "2"));
    assertThat(config.explain().lines())
        .anyMatch(
            line ->
                line.matches(
                    "plumbline\\.http\\.timeout +2m +environment variable"
                        + " MLFLOW_HTTP_REQUEST_TIMEOUT"));
  }

  @ParameterizedTest
  @CsvSource({
    "MLFLOW_HTTP_REQUEST_TIMEOUT,2m,seconds",
    "MLFLOW_HTTP_REQUEST_TIMEOUT,0,seconds",
    "PLUMBLINE_HTTP_TIMEOUT,120,duration",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES,many,whole number",
    "MLFLOW_RUN_CONTEXT,team=ops,JSON object",
  })
  @DisplayName("a value in another form is refused with its variable and the form")
  void otherForm(String variable, String value, String wanted) {
    sources.variable(variable, value);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(this::load)
        .withMessageContaining(variable)
        .withMessageContaining(wanted);
  }

  @Test
  @DisplayName("~/.mlflow/credentials has what the environment has not, field by field")
  void credentialsFile() throws Exception {
    credentialsFile(
        "[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password = 10%% " + CANARY);
    sources.variable("MLFLOW_TRACKING_USERNAME", "grace");
    Config config = load();

    assertThat(config.get(Keys.TRACKING_USERNAME)).isEqualTo("grace");
    assertThat(config.get(Keys.TRACKING_PASSWORD).reveal()).isEqualTo("10% " + CANARY);
    assertThat(config.source(Keys.TRACKING_PASSWORD)).endsWith("/.mlflow/credentials");
    assertThat(config.explain()).doesNotContain(CANARY);
  }

  @Test
  @DisplayName("a broken credentials file is an error with its line, without its content")
  void brokenCredentialsFile() throws Exception {
    credentialsFile("[mlflow]\nmlflow_tracking_password " + CANARY);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(this::load)
        .withMessageContaining(".mlflow/credentials")
        .withMessageContaining("line 2")
        .withMessageNotContaining(CANARY);
  }

  @Test
  @DisplayName("of a password and a token in one place the password wins, and explain says so")
  void basicWins() throws Exception {
    sources
        .variable("MLFLOW_TRACKING_USERNAME", "ada")
        .variable("MLFLOW_TRACKING_PASSWORD", "secret")
        .variable("MLFLOW_TRACKING_TOKEN", CANARY);
    Config config = load();

    assertThat(config.get(Keys.TRACKING_USERNAME)).isEqualTo("ada");
    assertThat(config.find(Keys.TRACKING_TOKEN)).isEmpty();
    assertThat(config.source(Keys.TRACKING_TOKEN))
        .isEqualTo("not used: plumbline.tracking.username wins");
  }

  @Test
  @DisplayName("MLflow's file and variables are one place, in which the password wins")
  void basicOfFileWins() throws Exception {
    credentialsFile("[mlflow]\nmlflow_tracking_username=ada\nmlflow_tracking_password=x\n");
    sources.variable("MLFLOW_TRACKING_TOKEN", CANARY);

    assertThat(load().find(Keys.TRACKING_TOKEN)).isEmpty();
    assertThat(load().get(Keys.TRACKING_USERNAME)).isEqualTo("ada");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tracking.token", "tracking.token.file"})
  @DisplayName("what a stronger layer sets wins over a password in a weaker one")
  void strongerLayerWins(String key) throws Exception {
    credentialsFile("[mlflow]\nmlflow_tracking_username=ada\nmlflow_tracking_password=x\n");
    sources.variable("MLFLOW_TRACKING_USERNAME", "grace");
    Config config = builder().set(key, "/run/token").build();

    assertThat(config.find(Keys.TRACKING_USERNAME)).isEmpty();
    assertThat(config.find(Keys.TRACKING_PASSWORD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "MLFLOW_TRACKING_USERNAME,plumbline.tracking.password",
    "PLUMBLINE_TRACKING_OAUTH_CLIENT,plumbline.tracking.oauth.url",
  })
  @DisplayName("half of what a login needs is refused, naming the other half")
  void halfALogin(String variable, String missing) {
    sources.variable(variable, "me");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(this::load)
        .withMessageContaining(missing + " is not");
  }

  @Test
  @DisplayName("half a login, a bad proxy and the insecure flag hurt nobody who reaches no server")
  void withoutServer() throws Exception {
    credentialsFile("[mlflow\n");
    sources
        .variable("MLFLOW_TRACKING_URI", home.resolve("store").toString())
        .variable("MLFLOW_TRACKING_USERNAME", "ada")
        .variable("MLFLOW_TRACKING_INSECURE_TLS", "true")
        .variable("HTTPS_PROXY", "socks5://proxy:1080");

    assertThat(load().trackingUri()).isEqualTo(home.resolve("store").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:5000",
        "https://localhost",
        "https://[::1]:1",
        "http://far.org"
      })
  @DisplayName("the insecure flag is accepted for this machine, and means nothing without TLS")
  void insecureAtHome(String uri) {
    sources.variable("MLFLOW_TRACKING_URI", uri).variable("MLFLOW_TRACKING_INSECURE_TLS", "1");

    assertThat(load().get(ServerKeys.INSECURE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://mlflow.example.com",
        "https://127.0.0.1.example.com",
        "https://localhost.example.com",
        "https://127.evil"
      })
  @DisplayName("the insecure flag is refused for another machine, naming the remedy")
  void insecureElsewhere(String uri) {
    sources.variable("MLFLOW_TRACKING_URI", uri).variable("MLFLOW_TRACKING_INSECURE_TLS", "true");

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(this::load)
        .withMessageContaining("MLFLOW_TRACKING_INSECURE_TLS")
        .withMessageContaining("plumbline.tracking.ca");
    assertThat(builder().set("tracking.insecure.tls", "true").build().get(ServerKeys.INSECURE))
        .as("in code")
        .isTrue();
  }

  @Test
  @DisplayName(
      "insecure together with a certificate to trust is refused, unless all programs have it")
  void insecureAndCa() {
    sources.variable("REQUESTS_CA_BUNDLE", "/etc/all.pem");
    Config.Builder insecure = builder().set("tracking.insecure.tls", "true");
    assertThat(insecure.build().find(ServerKeys.CA)).isEmpty();

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> insecure.set("tracking.ca", "/etc/ca.pem").build())
        .withMessageContaining("plumbline.tracking.ca is set, too");
  }

  @Test
  @DisplayName("REQUESTS_CA_BUNDLE is the last resort, after the file")
  void lastResort() throws Exception {
    sources.variable("REQUESTS_CA_BUNDLE", "/etc/all.pem").variable("CURL_CA_BUNDLE", "/etc/c.pem");
    assertThat(load().get(ServerKeys.CA)).isEqualTo(Path.of("/etc/all.pem"));

    Files.writeString(home.resolve("plumbline.properties"), "plumbline.tracking.ca=/etc/ours.pem");
    assertThat(load().get(ServerKeys.CA)).isEqualTo(Path.of("/etc/ours.pem"));
  }

  @ParameterizedTest
  @CsvSource({
    "http://proxy.example.com:3128, http://proxy.example.com:3128",
    "proxy:8080, http://proxy:8080",
    "proxy, http://proxy:80",
    "http://[::1]:3128/, http://[::1]:3128",
    "http://ada:c4nary@proxy:1, http://[hidden]@proxy:1",
    "http://ada:p%40c4nary@proxy:1, http://[hidden]@proxy:1",
    "ada:c4nary@x@proxy:1, http://[hidden]@proxy:1",
  })
  @DisplayName("a proxy may have a login, which explain does not show")
  void proxies(String value, String shown) {
    sources.variable("https_proxy", value);
    Config config = load();

    assertThat(config.explain()).contains(shown).doesNotContain(CANARY);
    assertThat(config.get(ServerKeys.PROXY_HTTPS).toString()).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://c4nary@proxy:1",
        "socks5://u:c4nary@proxy:1",
        "http://u:c4nary@proxy:x",
        "http://u:c4nary%zz@proxy:1",
        "http://c4nary@",
        "http://proxy/c4nary"
      })
  @DisplayName("what is no proxy for us is refused without being shown")
  void badProxies(String value) {
    sources.variable("HTTPS_PROXY", value);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(this::load)
        .withMessageContaining("HTTPS_PROXY")
        .withMessageNotContaining(CANARY);
  }

  @Test
  @DisplayName("the JVM's own proxy wins over the variables, and a key of ours over both")
  void proxyOfJvm() {
    sources.variable("HTTPS_PROXY", "proxy:1").property("https.proxyHost", "other");
    assertThat(load().find(ServerKeys.PROXY_HTTPS)).isEmpty();
    assertThat(load().source(ServerKeys.PROXY_HTTPS)).contains("https.proxyHost wins");

    sources.variable("PLUMBLINE_PROXY_HTTPS", "ours:2");
    assertThat(load().get(ServerKeys.PROXY_HTTPS).host()).isEqualTo("ours");
  }

  @ParameterizedTest
  @CsvSource({
    "https://login.example.com/token,true",
    "http://localhost:8080/token,true",
    "http://login.example.com/token,false",
    "https://id:c4nary@login.example.com,false",
    "login.example.com,false",
  })
  @DisplayName("a secret is sent to a token server over TLS only, but for this machine")
  void tokenServer(String url, boolean accepted) {
    Config.Builder builder =
        builder()
            .set("tracking.oauth.url", url)
            .set("tracking.oauth.client", "me")
            .set("tracking.oauth.secret", Secret.of(CANARY));
    if (accepted) {
      assertThat(builder.build().get(ServerKeys.OAUTH_URL)).hasToString(url);
      assertThat(builder.build().explain()).doesNotContain(CANARY);
    } else {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(builder::build)
          .withMessageNotContaining(CANARY);
    }
  }

  @Test
  @DisplayName("a way to sign in that only Python has is a warning")
  void onlyPython() {
    sources.variable("MLFLOW_TRACKING_AUTH", "kubernetes");
    sources.variable("MLFLOW_TRACKING_AWS_SIGV4", "false");

    assertThat(load().warnings())
        .singleElement()
        .asString()
        .contains("MLFLOW_TRACKING_AUTH has no effect");
  }

  @Test
  @DisplayName("an isolated configuration sees none of it")
  void isolated() {
    Config config = Config.builder().isolated().trackingUri("https://mlflow.example.com").build();

    for (ConfigKey<?> key : Keys.all()) {
      assertThat(config.source(key)).doesNotContain("environment").doesNotContain(".mlflow");
    }
  }

  @Test
  @DisplayName("a further server's file without plumbline. before its keys is refused, naming them")
  void bareCopy() throws Exception {
    Path file = home.resolve("second.conf");
    Files.writeString(file, "tracking.uri=https://second.example.com\n");
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> builder().set("tracking.copies", "second=" + file).build())
        .withMessageContaining("'second' names no further server")
        .withMessageContaining(file + " says tracking.uri, without plumbline. before it")
        .withMessageContaining("plumbline.tracking.uri");
    Files.writeString(
        file, "plumbline.tracking.uri=https://second.example.com\ntracking.token=" + CANARY + "\n");
    RecordingLogger log = new RecordingLogger();
    Config config =
        Config.builder()
            .sources(sources, new OncePerMinute(log, new FakeTime()))
            .set("tracking.copies", "second=" + file)
            .build();
    assertThat(config.copies()).containsOnlyKeys("second");
    assertThat(log.lines())
        .anySatisfy(line -> assertThat(line).contains("did you mean plumbline.tracking.token?"))
        .noneSatisfy(line -> assertThat(line).contains(CANARY));
  }

  @Test
  @DisplayName("a workspace that no header can hold is refused at once, and not with each request")
  void workspace() {
    for (String bad : new String[] {"größe", "a\tb", "a\u0000", " "}) {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> Config.builder().isolated().set("tracking.workspace", bad).build())
          .withMessageContaining("plumbline.tracking.workspace");
    }
  }
}
