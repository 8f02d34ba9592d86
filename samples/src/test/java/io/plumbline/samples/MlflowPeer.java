package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real MLflow server with the packages of {@code tools/peers/mlflow.txt}, and its Python. */
final class MlflowPeer implements AutoCloseable {
  private static final int SECONDS = 180;

  private final String python;
  private final String uri;
  private final Process server;

  private MlflowPeer(String python, String uri, Process server) {
    this.python = python;
    this.uri = uri;
    this.server = server;
  }

  /** Starts it; where there is no Python, the test is skipped. */
  static MlflowPeer start(Path folder) throws Exception {
    String python = python();
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(python, "-m", "mlflow", "server", "--host", "127.0.0.1")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.txt").toFile());
    builder.command().addAll(List.of("--workers", "1", "--port", String.valueOf(port)));
    builder.command().addAll(List.of("--backend-store-uri", "sqlite:///mlflow.db"));
    builder
        .command()
        .addAll(List.of("--artifacts-destination", folder.resolve("files").toString()));
    builder
        .environment()
        .putAll(
            Map.of(
                "MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false", "MLFLOW_DISABLE_TELEMETRY", "true"));
    MlflowPeer peer = new MlflowPeer(python, "http://127.0.0.1:" + port, builder.start());
    peer.awaitHealth(folder);
    return peer;
  }

  private static String python() throws Exception {
    // The environment is made once for all builds, in the user's cache and not in the tests' own.
    Process venv =
        new ProcessBuilder(
                "bash",
                "-c",
                "unset XDG_CACHE_HOME; HOME=$(getent passwd \"$(id -u)\" | cut -d: -f6)"
                    + " exec tools/peers/venv mlflow")
            .directory(Path.of(System.getProperty("test.root")).toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String python = new String(venv.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (venv.waitFor() != 0) {
      String reason = "no virtual environment of tools/peers/mlflow.txt";
      System.out.println("skipped: " + reason);
      return "true".equals(System.getenv("CI")) ? fail(reason) : abort(reason);
    }
    return python.strip();
  }

  private void awaitHealth(Path folder) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest health = HttpRequest.newBuilder(URI.create(uri + "/health")).build();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (server.isAlive() && System.nanoTime() < end) {
      try {
        if (client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // It is not up yet.
      }
      Thread.sleep(100);
    }
    throw new AssertionError("no MLflow: " + Files.readString(folder.resolve("server.txt")));
  }

  String uri() {
    return uri;
  }

  /** Runs a script with MLflow's client, and returns what it has printed. */
  String python(Path folder, String script) throws Exception {
    Path err = folder.resolve("python.err");
    ProcessBuilder builder =
        new ProcessBuilder(new ArrayList<>(List.of(python, "-c", script)))
            .directory(Path.of(System.getProperty("test.root")).toFile())
            .redirectError(err.toFile());
    builder.environment().put("MLFLOW_TRACKING_URI", uri);
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().put("GIT_PYTHON_REFRESH", "quiet");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(err)).isZero();
    return out;
  }

  @Override
  public void close() {
    List<ProcessHandle> children = server.descendants().toList();
    server.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
