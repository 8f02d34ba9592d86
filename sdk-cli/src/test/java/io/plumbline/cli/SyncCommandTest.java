package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.plumbline.Config;
import io.plumbline.tracking.TrackingClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline sync")
class SyncCommandTest {
  private static final String URI = "plumbline.tracking.uri";

  /** Nothing listens there. */
  private static final String NOBODY = "http://127.0.0.1:9";

  @TempDir private Path folder;

  @AfterEach
  void unset() {
    System.clearProperty(URI);
  }

  @Test
  @DisplayName("Without a server it says how to name one")
  void noServer() {
    try (TrackingClient tracking = new Cli(folder).open()) {
      tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
    }
    Cli.Answer answer = new Cli(folder).run("sync");
    assertThat(answer.code()).isNotZero();
    assertThat(answer.err()).contains("MLFLOW_TRACKING_URI", folder.toString());
  }

  @Test
  @Timeout(60)
  @DisplayName(
      "What something other than a server refuses is not said to be delivered, and ends it")
  void noMlflow() throws IOException {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    other.start();
    try {
      String uri = "http://127.0.0.1:" + other.getAddress().getPort();
      Config config =
          Config.builder()
              .isolated()
              .store(folder)
              .trackingUri(uri)
              .set("close.timeout", "100ms")
              .build();
      try (TrackingClient tracking = TrackingClient.create(config)) {
        tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
      }
      System.setProperty(URI, uri);
      Cli.Answer answer = new Cli(folder).run("sync");
      assertThat(answer.code()).isEqualTo(Main.WRONG);
      assertThat(answer.out()).contains("1 run is not delivered", "404");
    } finally {
      other.stop(0);
    }
  }

  @Test
  @DisplayName("What a program could not deliver is told, stays, and fails the command")
  void unreachable() {
    Config away =
        Config.builder()
            .isolated()
            .store(folder)
            .trackingUri(NOBODY)
            .set("close.timeout", "100ms")
            .build();
    try (TrackingClient tracking = TrackingClient.create(away)) {
      tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
    }
    System.setProperty(URI, NOBODY);
    Cli.Answer answer = new Cli(folder).run("sync", "--timeout", "1");
    assertThat(answer.code()).isEqualTo(Main.WRONG);
    assertThat(answer.out()).contains("1 run is not delivered", NOBODY);
    Cli.Answer json = new Cli(folder).run("--json", "sync", "--timeout", "1");
    assertThat(json.json().bool("delivered")).isFalse();
    assertThat(json.json().objects("servers"))
        .singleElement()
        .satisfies(
            server -> {
              assertThat(server.string("server")).isEqualTo(NOBODY);
              assertThat(server.longValue("runsBehind")).isEqualTo(1);
              assertThat(server.string("problem")).contains("127.0.0.1");
            });
  }

  @Test
  @DisplayName("Runs that were logged without a server are sent only with --all")
  void archive() {
    try (TrackingClient tracking = new Cli(folder).open()) {
      tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
    }
    System.setProperty(URI, NOBODY);
    assertThat(new Cli(folder).run("sync", "--timeout", "1").code()).isZero();
    assertThat(new Cli(folder).run("sync", "--all", "--timeout", "1").code()).isEqualTo(Main.WRONG);
    assertThat(new Cli(folder).run("sync", "--rejected").out()).contains("Nothing was refused");
  }

  @Test
  @DisplayName("Where all is delivered no log says that something is left")
  void nothingLeft() {
    try (TrackingClient tracking = new Cli(folder).open()) {
      tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
    }
    System.setProperty(URI, NOBODY);
    PrintStream err = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      assertThat(new Cli(folder).run("sync").out()).contains("All is delivered");
    } finally {
      System.setErr(err);
    }
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("not delivered");
  }

  @Test
  @DisplayName("Nothing is said to be delivered where nothing is sent, in disabled mode")
  void disabled() {
    try (TrackingClient tracking = new Cli(folder).open()) {
      tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0));
    }
    System.setProperty(URI, NOBODY);
    System.setProperty("plumbline.enabled", "false");
    try {
      Cli.Answer answer = new Cli(folder).run("sync");
      assertThat(answer.code()).isEqualTo(Main.USAGE);
      assertThat(answer.err()).contains("plumbline.enabled is false");
    } finally {
      System.clearProperty("plumbline.enabled");
    }
  }

  @Test
  @DisplayName("Runs that were imported from the server are not sent back to it with --all")
  void imported() {
    try (TrackingClient tracking = new Cli(folder).open()) {
      tracking.run("e", tracker -> tracker.setTag("plumbline.origin", NOBODY + " run abc"));
    }
    System.setProperty(URI, NOBODY);
    Cli.Answer answer = new Cli(folder).run("sync", "--all", "--timeout", "1");
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("1 run was imported from there, and not sent back.");
    assertThat(new Cli(folder).run("--json", "sync", "--all").json().objects("servers"))
        .singleElement()
        .satisfies(server -> assertThat(server.longValue("runsFromThere")).isEqualTo(1));
  }

  @Test
  @DisplayName("What was refused by a server that is configured no more is still listed")
  void refusedOnce() throws IOException {
    Config both =
        Config.builder()
            .isolated()
            .store(folder)
            .trackingUri(NOBODY)
            .copyTo("audit", Config.builder().isolated().trackingUri(NOBODY).build())
            .set("close.timeout", "100ms")
            .build();
    String run;
    try (TrackingClient tracking = TrackingClient.create(both)) {
      run = tracking.run("e", tracker -> tracker.logMetric("auc", 1, 0)).id();
    }
    Path runs = folder.resolve("runs").resolve(run);
    Files.writeString(
        runs.resolve("w1.audit.rejected.jsonl"),
        "{\"record\":\"param\",\"what\":\"param a\",\"reason\":\"too long\",\"time\":1}\n");
    assertThat(new Cli(folder).run("sync", "--rejected").out())
        .contains(run + "  audit  param a: too long");
    assertThat(new Cli(folder).run("--json", "sync", "--rejected").jsonList())
        .singleElement()
        .satisfies(row -> assertThat(row.string("destination")).isEqualTo("audit"));
  }
}
