package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("AlertByWebhook")
class AlertByWebhookTest {
  private static final int WAITS_FOR_APPROVAL = 11;

  @TempDir Path folder;
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> types = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/hook",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  @DisplayName("posts the decision with what moved, and its exit code tells the scheduler")
  void plain() throws Exception {
    assertThat(run("")).isEqualTo(WAITS_FOR_APPROVAL);
    assertThat(types).containsExactly("application/json");
    assertThat(bodies)
        .singleElement()
        .asString()
        .startsWith("{\"plumbline_alert\":1,\"level\":\"alert\"")
        .contains("models:/flight-delay/1: wait for approval")
        .contains("the model is 122 days old, more than 90 days")
        .contains("columns drifted: ");
  }

  @Test
  @DisplayName("posts it in Slack's shape")
  void slack() throws Exception {
    assertThat(run("slack")).isEqualTo(WAITS_FOR_APPROVAL);
    assertThat(bodies)
        .singleElement()
        .asString()
        .startsWith("{\"text\":\"ALERT: models:/flight-delay/1: wait for approval\",\"blocks\":[");
  }

  @Test
  @DisplayName("fails in another way when nobody receives the alert")
  void refused() throws Exception {
    status = 500;
    assertThat(run("")).isEqualTo(1);
  }

  private int run(String kind) throws IOException, InterruptedException {
    String hook = "http://localhost:" + server.getAddress().getPort() + "/hook";
    Process process = Sample.start(AlertByWebhook.class, folder, hook, kind);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
