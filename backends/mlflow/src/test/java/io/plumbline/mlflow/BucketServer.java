package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** An S3 of this machine, in memory, from the pinned Python packages, with one bucket. */
final class BucketServer implements AutoCloseable {
  private static final String LIST = "mlflow-s3";
  private static final Duration START = Duration.ofMinutes(2);

  private final Process process;
  private final int port;

  BucketServer(Path log) throws IOException, InterruptedException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            MlflowServer.python(LIST),
            "-m",
            "moto.server",
            "-H",
            "127.0.0.1",
            "-p",
            String.valueOf(port));
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long end = System.nanoTime() + START.toNanos();
    while (status("PUT") != 200) {
      assertThat(System.nanoTime()).as(Files.readString(log)).isLessThan(end);
      assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
      Thread.sleep(100);
    }
  }

  private int status(String method) throws InterruptedException {
    HttpRequest bucket =
        HttpRequest.newBuilder(URI.create(root() + "/bucket"))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return HttpClient.newHttpClient()
          .send(bucket, HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      return 0; // it is not up yet
    }
  }

  String root() {
    return "http://127.0.0.1:" + port;
  }

  /** Starts an MLflow that keeps its artifacts here. */
  MlflowServer mlflow() {
    return MlflowServer.started(
        LIST,
        List.of("--artifacts-destination", "s3://bucket/store"),
        Map.of(
            "MLFLOW_S3_ENDPOINT_URL",
            root(),
            "AWS_ACCESS_KEY_ID",
            "test",
            "AWS_SECRET_ACCESS_KEY",
            "test",
            "AWS_DEFAULT_REGION",
            "us-east-1"));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
