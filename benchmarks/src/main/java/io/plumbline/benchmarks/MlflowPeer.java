package io.plumbline.benchmarks;

import io.plumbline.Config;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A real MLflow server with SQLite and the artifact proxy, and what asks it without our SDK. */
final class MlflowPeer implements AutoCloseable {
  /** Named by benchmarks/run where Python is to be had. */
  static final String ENVIRONMENT = "BENCH_MLFLOW_TRACKING_PYTHON";

  private static final Pattern RUN_ID = Pattern.compile("\"run_id\":\\s*\"([0-9a-f]+)\"");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String python;
  private final Path folder;
  private final int port;
  private final Process server;

  private MlflowPeer(String python) throws Exception {
    this.python = python;
    folder = Stores.folder();
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                python,
                "-m",
                "mlflow",
                "server",
                "--workers",
                "1",
                "--port",
                String.valueOf(port),
                "--backend-store-uri",
                "sqlite:///" + folder.resolve("mlflow.db"),
                "--artifacts-destination",
                folder.resolve("artifacts").toString()));
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.directory(folder.toFile()).redirectErrorStream(true);
    server = builder.redirectOutput(folder.resolve("log.txt").toFile()).start();
    awaitHealth();
  }

  /** Starts one; nothing where there is no Python. */
  static @Nullable MlflowPeer start(Figures.Context context) throws Exception {
    String python = python(context);
    return python == null ? null : new MlflowPeer(python);
  }

  static @Nullable String python(Figures.Context context) {
    String python = System.getenv(ENVIRONMENT);
    if (python == null) {
      context.note("skipped: benchmarks/run sets " + ENVIRONMENT + " where Python is to be had");
    }
    return python;
  }

  private void awaitHealth() throws Exception {
    HttpRequest health = HttpRequest.newBuilder(URI.create(uri() + "/health")).build();
    for (int i = 0; i < 1_200 && server.isAlive(); i++) {
      try {
        if (client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not yet
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException(Files.readString(folder.resolve("log.txt")));
  }

  String uri() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns a client of ours that delivers to it, with its spool in a folder. */
  TrackingClient tracking(Path store) {
    return TrackingClient.create(
        Config.builder().isolated().store(store).trackingUri(uri()).build());
  }

  /** Makes a run without our SDK, and returns its id. */
  String run() throws Exception {
    String made = post("runs/create", "{\"experiment_id\":\"0\",\"start_time\":1}");
    Matcher id = RUN_ID.matcher(made);
    if (!id.find()) {
      throw new IllegalStateException(made);
    }
    return id.group(1);
  }

  String post(String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(uri() + "/api/2.0/mlflow/" + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  /** Starts a process that posts ten thousand metrics a second into a run of its own. */
  Process posts() throws Exception {
    Path script =
        Path.of(System.getProperty("bench.root", ".")).resolve("benchmarks/peers/mlflow_posts.py");
    return new ProcessBuilder(python, script.toString(), uri(), run())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("posts.txt").toFile())
        .start();
  }

  /** Returns the bodies of as many full posts as metrics need. */
  static List<String> batches(String run, int metrics, int keys) {
    List<String> bodies = new ArrayList<>();
    for (int from = 0; from < metrics; from += 1_000) {
      StringBuilder body = new StringBuilder("{\"run_id\":\"" + run + "\",\"metrics\":[");
      for (int i = from; i < Math.min(metrics, from + 1_000); i++) {
        body.append(i > from ? "," : "").append("{\"key\":\"k").append(i % keys);
        body.append("\",\"value\":").append(Math.sin(i)).append(",\"timestamp\":");
        body.append(1_700_000_000_000L + i).append(",\"step\":").append(i / keys).append('}');
      }
      bodies.add(body.append("]}").toString());
    }
    return bodies;
  }

  @Override
  public void close() throws IOException {
    server.descendants().forEach(ProcessHandle::destroyForcibly);
    server.destroyForcibly();
    try {
      server.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Stores.delete(folder);
  }
}
