package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.plumbline.Config;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A secret that the command line is given shows nowhere")
class SecretsTest {
  private static final String CANARY = "c4nary-IN-a-c0al-mine";
  private static final String PAIR =
      Base64.getEncoder().encodeToString(("ada:" + CANARY).getBytes(StandardCharsets.UTF_8));

  @TempDir private Path folder;

  /** What the server was sent, to know that the secrets were used. */
  private final Set<String> sent = ConcurrentHashMap.newKeySet();

  private HttpServer server;
  private String root;
  private Path store;

  /** A server and a proxy that refuses what it is asked, once it has seen who asks. */
  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          for (String name : List.of("Authorization", "Proxy-Authorization")) {
            String said = exchange.getRequestHeaders().getFirst(name);
            if (said != null) {
              sent.add(name + ": " + said);
            }
          }
          boolean login = exchange.getRequestURI().getPath().equals("/login");
          boolean knocks = sent.stream().noneMatch(header -> header.startsWith("Proxy-"));
          boolean proxy = exchange.getRequestURI().isAbsolute() && knocks;
          exchange.getRequestBody().readAllBytes();
          byte[] body =
              (login ? "{\"access_token\":\"" + CANARY + "\",\"expires_in\":60}" : "no")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Proxy-Authenticate", "Basic realm=\"x\"");
          exchange.sendResponseHeaders(login ? 200 : proxy ? 407 : 401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    root = "http://127.0.0.1:" + server.getAddress().getPort();
    store = folder.resolve("store");
    Config away =
        Config.builder()
            .isolated()
            .store(store)
            .trackingUri("http://127.0.0.1:9")
            .set("close.timeout", "100ms")
            .build();
    try (TrackingClient tracking = TrackingClient.create(away)) {
      tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  @DisplayName("as a password, neither in outputs and logs at TRACE nor in the store")
  void password() throws Exception {
    String output =
        all(Map.of("MLFLOW_TRACKING_USERNAME", "ada", "MLFLOW_TRACKING_PASSWORD", CANARY), root);
    assertThat(output).contains("[hidden]");
    assertThat(sent).contains("Authorization: Basic " + PAIR);
  }

  @Test
  @DisplayName("as a token, or in a token's file")
  void token() throws Exception {
    assertThat(all(Map.of("MLFLOW_TRACKING_TOKEN", CANARY), root)).contains("[hidden]");
    assertThat(sent).contains("Authorization: Bearer " + CANARY);
    sent.clear();
    Path file = Files.writeString(folder.resolve("token"), CANARY);
    all(Map.of("PLUMBLINE_TRACKING_TOKEN_FILE", file.toString()), root);
    assertThat(sent).contains("Authorization: Bearer " + CANARY);
  }

  @Test
  @DisplayName("as the secret of an OAuth client, or as the token that it is given")
  void oauth() throws Exception {
    Map<String, String> client =
        Map.of(
            "PLUMBLINE_TRACKING_OAUTH_URL",
            root + "/login",
            "PLUMBLINE_TRACKING_OAUTH_CLIENT",
            "ada",
            "PLUMBLINE_TRACKING_OAUTH_SECRET",
            CANARY);
    assertThat(all(client, root)).contains("[hidden]");
    assertThat(sent).contains("Authorization: Bearer " + CANARY);
  }

  @Test
  @DisplayName("as a proxy's password")
  void proxy() throws Exception {
    String proxy = root.replace("//", "//ada:" + CANARY + "@");
    all(Map.of("PLUMBLINE_PROXY_HTTP", proxy), "http://far.test");
    assertThat(sent).contains("Proxy-Authorization: Basic " + PAIR);
  }

  @Test
  @DisplayName("in the settings of a server that gets copies")
  void copies() throws Exception {
    Path settings = folder.resolve("audit.properties");
    Files.writeString(
        settings, "plumbline.tracking.uri=" + root + "\nplumbline.tracking.token=" + CANARY + "\n");
    Map<String, String> copies = Map.of("PLUMBLINE_TRACKING_COPIES", "audit=" + settings);
    Config both =
        Config.builder()
            .isolated()
            .store(store)
            .set("tracking.copies", "audit=" + settings)
            .set("close.timeout", "100ms")
            .build();
    try (TrackingClient tracking = TrackingClient.create(both)) {
      tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
      assertThat(both + both.explain() + tracking.delivery()).doesNotContain(CANARY);
    }
    sent.clear();
    all(copies, "http://127.0.0.1:9");
    assertThat(sent).contains("Authorization: Bearer " + CANARY);
  }

  @Test
  @DisplayName("in an address")
  void address() throws Exception {
    all(Map.of(), root.replace("//", "//ada:" + CANARY + "@"));
  }

  /** Runs the commands that know a server; returns what they have said, which is clean. */
  private String all(Map<String, String> environment, String uri) throws Exception {
    StringBuilder said = new StringBuilder();
    for (List<String> command :
        List.of(
            List.of("config", "explain"),
            List.of("sync", "--all", "--timeout", "1"),
            List.of("import", "mlflow", uri))) {
      said.append(run(environment, uri, command));
    }
    assertThat(said.toString()).doesNotContain(CANARY).doesNotContain(PAIR);
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content).as("%s", file).doesNotContain(CANARY).doesNotContain(PAIR);
      }
    }
    return said.toString();
  }

  private String run(Map<String, String> environment, String uri, List<String> command)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace"));
    all.addAll(List.of("-Duser.home=" + folder, "-cp"));
    all.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    all.addAll(List.of(Main.class.getName(), "--store", store.toString()));
    all.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    builder.environment().putAll(environment);
    builder.environment().put("MLFLOW_TRACKING_URI", uri);
    builder.environment().put("PLUMBLINE_HTTP_RETRIES", "0");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
