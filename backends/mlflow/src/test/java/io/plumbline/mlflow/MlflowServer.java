package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real MLflow server, with SQLite and the artifact proxy, from the pinned Python packages. One of
 * each kind is started for a JVM of tests, when it is first asked for, and ended with it.
 */
final class MlflowServer implements AutoCloseable {
  /** The password of `admin` on servers with basic authentication; MLflow has none of its own. */
  static final String PASSWORD = "for-tests-only-1234";

  private static final Duration START = Duration.ofMinutes(3);
  private static final Map<String, MlflowServer> SHARED = new HashMap<>();

  private final Path folder;
  private final String list;
  private final Map<String, String> environment;
  private final int port;
  private List<String> options;
  private @Nullable Process process;

  private MlflowServer(String list, List<String> options, Map<String, String> environment) {
    try {
      this.folder = Files.createTempDirectory("mlflow-server");
      try (ServerSocket free = new ServerSocket(0)) {
        this.port = free.getLocalPort();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.list = list;
    this.options = options;
    this.environment = environment;
  }

  /** Returns the server that most tests use. */
  static MlflowServer shared() {
    return shared("mlflow", List.of(), Map.of());
  }

  /** Returns the server with basic authentication, and these options. */
  static MlflowServer secured(String... options) {
    List<String> all = new ArrayList<>(List.of("--app-name", "basic-auth"));
    all.addAll(List.of(options));
    return shared(
        "mlflow",
        all,
        Map.of(
            "MLFLOW_FLASK_SERVER_SECRET_KEY",
            "for-tests-only",
            "MLFLOW_AUTH_ADMIN_PASSWORD",
            PASSWORD,
            "MLFLOW_AUTH_CONFIG_PATH",
            Path.of(System.getProperty("test.root", "."))
                .resolve("backends/mlflow/src/test/resources/basic-auth.ini")
                .toAbsolutePath()
                .toString()));
  }

  /** Returns the server of that kind. */
  static synchronized MlflowServer shared(
      String list, List<String> options, Map<String, String> environment) {
    return SHARED.computeIfAbsent(
        list + options + environment,
        kind -> {
          MlflowServer server = started(list, options, environment);
          Runtime.getRuntime().addShutdownHook(new Thread(server::close));
          return server;
        });
  }

  /** Starts a server of its own for a test, which closes it. */
  static MlflowServer started(String list, List<String> options, Map<String, String> environment) {
    MlflowServer server = new MlflowServer(list, options, environment);
    server.start();
    return server;
  }

  /** Starts it, again after a kill: on the same data and port. */
  void start() {
    List<String> command = new ArrayList<>();
    command.add(python(list));
    command.addAll(List.of("-m", "mlflow", "server", "--host", "127.0.0.1", "--workers", "1"));
    command.addAll(List.of("--port", String.valueOf(port)));
    command.addAll(List.of("--backend-store-uri", "sqlite:///" + folder.resolve("mlflow.db")));
    command.addAll(List.of("--artifacts-destination", folder.resolve("artifacts").toString()));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("log.txt").toFile());
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().put("DO_NOT_TRACK", "1");
    builder.environment().putAll(environment);
    try {
      process = builder.start();
      awaitHealth();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it anew with other options, on the same data and port. */
  void restart(List<String> changed) {
    kill();
    options = changed;
    start();
  }

  private void awaitHealth() throws InterruptedException, IOException {
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest health = HttpRequest.newBuilder(URI.create(root() + prefix() + "/health")).build();
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // It is not up yet.
      }
      if (process != null && !process.isAlive()) {
        break;
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("MLflow did not start: " + log());
  }

  /** Returns what the server has printed. */
  String log() throws IOException {
    return Files.readString(folder.resolve("log.txt"));
  }

  private String prefix() {
    int option = options.indexOf("--static-prefix");
    return option < 0 ? "" : options.get(option + 1);
  }

  /** Returns the address without a path prefix. */
  String root() {
    return "http://127.0.0.1:" + port;
  }

  /** Returns where the server keeps its database and artifacts. */
  Path folder() {
    return folder;
  }

  /** Ends it at once, as a crash would; its data stay. */
  void kill() {
    Process running = process;
    if (running == null) {
      return;
    }
    List<ProcessHandle> children = running.descendants().toList();
    running.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    try {
      running.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the Python with the packages of a pinned list; skips the test where there is none. */
  static String python(String list) {
    // The environment is made once for all builds, in the user's cache and not in the tests' own.
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash",
                "-c",
                "unset XDG_CACHE_HOME; HOME=$(getent passwd \"$(id -u)\" | cut -d: -f6)"
                    + " exec tools/peers/venv "
                    + list)
            .directory(Path.of(System.getProperty("test.root", ".")).toFile());
    try {
      Process made = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String python = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (made.waitFor() == 0) {
        return python.strip();
      }
    } catch (IOException e) {
      return skip(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return skip("no virtual environment of tools/peers/" + list + ".txt");
  }

  private static String skip(String why) {
    assertThat(System.getenv("CI")).as("in CI, %s", why).isNotEqualTo("true");
    System.out.println("skipped: " + why);
    return abort(why);
  }

  /** Runs a Python script with the pinned packages, and returns what it has printed. */
  String python(String script, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python(list), "-c", script));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MLFLOW_TRACKING_URI", root());
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().put("GIT_PYTHON_REFRESH", "quiet");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
