package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.plumbline.Config;
import io.plumbline.ConfigException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.Secret;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.copy.StoreCopy;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.model.Artifact;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Credentials;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Artifacts on an MLflow server")
class ArtifactsTest {
  /** 200 MB; 4 GB in full. */
  private static final long BIG =
      (long) (Double.parseDouble(System.getProperty("test.attack.scale", "0.05")) * (4_000L << 20));

  @TempDir private Path folder;

  private static String newRun(RunStore runs) {
    String experiment = runs.createExperiment("artifacts " + UUID.randomUUID(), Map.of()).id();
    return runs.createRun(
        new NewRun(UUID.randomUUID().toString(), experiment, "r", "u", null, 1, Map.of()));
  }

  private Path file(String name, long size) throws IOException {
    Path file = folder.resolve(name);
    byte[] block = new byte[1 << 20];
    for (int i = 0; i < block.length; i++) {
      block[i] = (byte) (i * 31 + (i >> 8));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = size; left > 0; left -= block.length) {
        block[0]++;
        out.write(block, 0, (int) Math.min(left, block.length));
      }
    }
    return file;
  }

  @Test
  @DisplayName("go up and come down whole, in memory that does not grow with their size")
  void big() throws Exception {
    try (MlflowBackend backend = Backends.open(MlflowServer.shared().root())) {
      String run = newRun(backend.runs());
      Path big = file("big.bin", BIG);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      backend.runs().putArtifact(run, "deep/big.bin", big);
      MessageDigest sha = Sha256.start();
      byte[] buffer = new byte[1 << 16];
      try (InputStream in = backend.runs().openArtifact(run, "deep/big.bin")) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          sha.update(buffer, 0, n);
        }
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(Sha256.hex(sha)).isEqualTo(Sha256.of(big).sha256());
      assertThat(allocated).as("bytes that the thread has asked for").isLessThan(48L << 20);
      assertThat(backend.runs().artifacts(run, "deep"))
          .containsExactly(new Artifact("deep/big.bin", false, BIG, null));
    }
  }

  @Test
  @DisplayName("of a tree can go up at the same time, and are listed level by level")
  void tree() throws Exception {
    try (MlflowBackend backend = Backends.open(MlflowServer.shared().root())) {
      RunStore runs = backend.runs();
      String run = newRun(runs);
      Path small = Files.writeString(folder.resolve("small"), "x");
      List<String> paths =
          IntStream.range(0, 24).mapToObj(i -> "t/" + i % 3 + "/file " + i + ".txt").toList();
      paths.parallelStream().forEach(path -> runs.putArtifact(run, path, small));
      assertThat(runs.artifacts(run, "")).extracting(Artifact::path).containsExactly("t");
      assertThat(runs.artifacts(run, "t"))
          .extracting(Artifact::path)
          .containsExactlyInAnyOrder("t/0", "t/1", "t/2");
      assertThat(
              Stream.of("t/0", "t/1", "t/2")
                  .flatMap(each -> runs.artifacts(run, each).stream())
                  .map(Artifact::path))
          .containsExactlyInAnyOrderElementsOf(paths);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "100% x",
        "a:b",
        "q?x",
        "semi;colon",
        "a&b",
        "a+b",
        "it's",
        "\"q\"",
        ".hidden",
        "e\u0301 日本",
        "zero"
      })
  @DisplayName("keep their names and contents, or the name is refused before anything is sent")
  void names(String name) throws Exception {
    try (MlflowBackend backend = Backends.open(MlflowServer.shared().root())) {
      String run = newRun(backend.runs());
      byte[] content = name.equals("zero") ? new byte[0] : name.getBytes(StandardCharsets.UTF_8);
      Path file = Files.write(folder.resolve("content"), content);
      backend.runs().putArtifact(run, "d/" + name, file);
      assertThat(backend.runs().artifacts(run, "d"))
          .containsExactly(new Artifact("d/" + name, false, content.length, null));
      try (InputStream in = backend.runs().openArtifact(run, "d/" + name)) {
        assertThat(in.readAllBytes()).isEqualTo(content);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a//b",
        "./a",
        "a/.",
        "a\\..\\b",
        "a#b",
        "%2e%2e/x",
        "a/%2E%2E/%2e%2e/x",
        "a\0b",
        "%252e%252e/x",
        "",
        "a\nb"
      })
  @DisplayName("with a path that leads elsewhere are refused before a request is made")
  void attacks(String path) throws Exception {
    Path file = Files.writeString(folder.resolve("content"), "x");
    MockServer server = new MockServer();
    try (server;
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer("/api/2.0/mlflow/runs/get", MockServer.RUN);
      assertThatThrownBy(() -> backend.runs().putArtifact("r", path, file))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> backend.runs().openArtifact("r", path))
          .isInstanceOfAny(NotFoundException.class, IllegalArgumentException.class);
      assertThat(server.asked())
          .allMatch(event -> event.getRequest().getUrl().startsWith("/api/2.0/mlflow/"));
    }
  }

  // ---- servers that lie or break

  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";

  private static void listing(MockServer server, String name, long size) {
    server.answer(PROXY, "{\"files\":[{\"path\":\"" + name + "\",\"file_size\":" + size + "}]}");
  }

  @Test
  @DisplayName("that have not arrived whole are a transport failure, although the server said 200")
  void halfUpload() throws Exception {
    Path file = Files.writeString(folder.resolve("content"), "whole");
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer("/api/2.0/mlflow/runs/get", MockServer.RUN);
      server.answer(PROXY + "/0/r/artifacts/x", "{}");
      listing(server, "x", 3);
      assertThatThrownBy(() -> backend.runs().putArtifact("r", "x", file))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("of 5 bytes the server has 3");
      server.answer(PROXY, "{}");
      assertThatThrownBy(() -> backend.runs().putArtifact("r", "x", file))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("none");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 9})
  @DisplayName("that come down shorter or longer than they are listed are a transport failure")
  void otherSize(long listed) throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer("/api/2.0/mlflow/runs/get", MockServer.RUN);
      server.answer(PROXY + "/0/r/artifacts/x", "\"five\"");
      listing(server, "x", listed);
      try (InputStream in = backend.runs().openArtifact("r", "x")) {
        assertThatThrownBy(in::readAllBytes)
            .isInstanceOf(TransportException.class)
            .hasMessageContaining("the file has " + listed);
      }
    }
  }

  @Test
  @DisplayName("whose exchange breaks off are a transport failure, up and down")
  void brokenOff() throws Exception {
    Path file = file("large", 4 << 20);
    try (ServerSocket socket = new ServerSocket(0)) {
      Thread cutting = new Thread(() -> cut(socket));
      cutting.setDaemon(true);
      cutting.start();
      try (MlflowBackend backend = Backends.open("http://127.0.0.1:" + socket.getLocalPort())) {
        ArtifactProxy proxy = new ArtifactProxy(backend.rest());
        assertThatThrownBy(() -> proxy.put("mlflow-artifacts:/r", "x", file))
            .isInstanceOf(TransportException.class);
        try (InputStream in = proxy.open("mlflow-artifacts:/r", "x", "r", 0, 100)) {
          assertThatThrownBy(in::readAllBytes).isInstanceOf(TransportException.class);
        }
      }
    }
  }

  /** Cuts a request off after some bytes, and begins an answer that it does not end. */
  private static void cut(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        byte[] start = new byte[4];
        int read = socket.getInputStream().readNBytes(start, 0, 4);
        if (read == 4 && start[0] == 'G') {
          String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n";
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        return; // the test is over
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "a/../../b", "", "other/x", "d//x"})
  @DisplayName("that a server lists outside the directory that it was asked for are refused")
  void hostileListing(String path) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer(
          "/api/2.0/mlflow/artifacts/list",
          "{\"files\":[{\"path\":\"" + path + "\",\"file_size\":1}]}");
      assertThatThrownBy(() -> backend.runs().artifacts("r", "d"))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("not where it says");
    }
  }

  @Test
  @DisplayName("that a server lists with less than no bytes, or with an endless path, are refused")
  void impossibleListing() {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer(
          MockServer.API + "artifacts/list", "{\"files\":[{\"path\":\"x\",\"file_size\":-1}]}");
      assertThatThrownBy(() -> backend.runs().artifacts("r", ""))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("-1 bytes");
      server.answer(
          MockServer.API + "artifacts/list",
          "{\"files\":[{\"path\":\"" + "x".repeat(5_000) + "\"}]}");
      assertThatThrownBy(() -> backend.runs().artifacts("r", ""))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining("not where it says");
    }
  }

  @Test
  @DisplayName("that are redirected are an error that names where to, and nothing is sent there")
  void redirected() throws Exception {
    Path file = Files.writeString(folder.resolve("content"), "whole");
    try (MockServer server = new MockServer();
        MockServer other = new MockServer();
        MlflowBackend backend =
            Backends.open(server.root(), new Credentials.Bearer(Secret.of("canary")))) {
      server.answerAll(".*", 307, Map.of("Location", other.root() + "/x?secret=s"), "");
      ArtifactProxy proxy = new ArtifactProxy(backend.rest());
      String root = "mlflow-artifacts:/0/r/artifacts";
      assertThatThrownBy(() -> proxy.put(root, "x", file))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining(other.root() + "/x")
          .hasMessageNotContaining("secret");
      assertThatThrownBy(() -> proxy.open(root, "x", "run r", 0, 5))
          .isInstanceOf(ServerException.class)
          .hasMessageContaining(other.root() + "/x");
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  @DisplayName("at another host named by mlflow-artifacts://HOST are asked for without credentials")
  void otherHost() throws Exception {
    Path file = Files.writeString(folder.resolve("content"), "whole");
    Credentials secret = new Credentials.Bearer(Secret.of("canary"));
    try (MockServer server = new MockServer();
        MockServer other = new MockServer();
        MlflowBackend backend = Backends.open(server.root() + "/mlflow", secret)) {
      for (MockServer each : List.of(server, other)) {
        String root = "mlflow-artifacts://127.0.0.1:" + each.port() + "/0/r/artifacts";
        server.answer(
            "/mlflow/api/2.0/mlflow/runs/get",
            MockServer.RUN.replace("mlflow-artifacts:/0/r/artifacts", root));
        each.answer("/mlflow" + PROXY + "/0/r/artifacts/x", "{}");
        each.answer("/mlflow" + PROXY, "{\"files\":[{\"path\":\"x\",\"file_size\":5}]}");
        backend.runs().putArtifact("r", "x", file);
      }
      assertThat(server.asked())
          .isNotEmpty()
          .allMatch(event -> event.getRequest().containsHeader("Authorization"));
      assertThat(other.asked())
          .isNotEmpty()
          .noneMatch(event -> event.getRequest().containsHeader("Authorization"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  @DisplayName("at another host that wants a login do not say that the server's is no good")
  void loginElsewhere(int status) throws Exception {
    Path file = Files.writeString(folder.resolve("content"), "whole");
    Credentials secret = new Credentials.Bearer(Secret.of("canary"));
    try (MockServer server = new MockServer();
        MockServer other = new MockServer();
        MlflowBackend backend = Backends.open(server.root(), secret)) {
      other.answerAll(".*", status, Map.of(), "<html>Log in</html>");
      String root = "mlflow-artifacts://127.0.0.1:" + other.port() + "/0/r/artifacts";
      server.answer(
          MockServer.API + "runs/get",
          MockServer.RUN.replace("mlflow-artifacts:/0/r/artifacts", root));
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> backend.runs().putArtifact("r", "x", file),
              () -> backend.runs().openArtifact("r", "x"),
              () -> backend.runs().fetchArtifacts("r", "", folder))) {
        assertThatThrownBy(call)
            .isInstanceOf(ServerException.class)
            .isNotInstanceOf(ServerException.Unauthorized.class)
            .hasMessageContaining("no credentials are sent")
            .hasMessageNotContaining("MLFLOW_TRACKING");
      }
    }
  }

  @Test
  @DisplayName("are waited for when the server has them whole, longer than silence usually may be")
  void passedOnLate() throws Exception {
    Path file = Files.writeString(folder.resolve("content"), "whole");
    try (MockServer server = new MockServer();
        MlflowBackend backend =
            Backends.open(server.root(), new Credentials.None(), Duration.ofMillis(300))) {
      server.answer(MockServer.API + "runs/get", MockServer.RUN);
      server.answer(PROXY, "{\"files\":[{\"path\":\"x\",\"file_size\":5}]}");
      server.answerLate(PROXY + "/.*", 1_500, "{}");
      backend.runs().putArtifact("r", "x", file);
      assertThatThrownBy(() -> backend.runs(Duration.ofMillis(500)).putArtifact("r", "x", file))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining("no answer in time");
      assertThat(backend.rest().within(Duration.ofSeconds(10)).patience(5L << 30))
          .as("a large file takes the server longer")
          .isGreaterThan(Duration.ofMinutes(5));
    }
  }

  @Test
  @DisplayName("of a server with --no-serve-artifacts are refused with the remedy, and runs go on")
  void notServed() throws Exception {
    Path file = Files.writeString(folder.resolve("content"), "whole");
    try (MlflowServer server =
            MlflowServer.started("mlflow", List.of("--no-serve-artifacts"), Map.of());
        MlflowBackend backend = Backends.open(server.root())) {
      String run = newRun(backend.runs());
      assertThatThrownBy(() -> backend.runs().putArtifact(run, "x", file))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("--serve-artifacts");
      assertThatThrownBy(() -> backend.runs().openArtifact(run, "x"))
          .isInstanceOf(PlumblineException.class)
          .hasMessageContaining("--serve-artifacts");
      assertThat(backend.runs().find(run)).isPresent();
    }
  }

  @Test
  @DisplayName("that Python keeps where the server passes nothing on do not keep a run from import")
  void imported() throws Exception {
    String root = folder.resolve("root").toUri().toString();
    try (MlflowServer server =
            MlflowServer.started(
                "mlflow",
                List.of("--no-serve-artifacts", "--default-artifact-root", root),
                Map.of());
        MlflowBackend backend = Backends.open(server.root())) {
      String said =
          server.python(
              """
              import mlflow, sys
              with mlflow.start_run(run_name=sys.argv[1]) as run:
                  mlflow.log_param("depth", "6")
                  mlflow.log_text("a report", "report.txt")
                  mlflow.pyfunc.log_model(name="m", python_model=lambda rows: rows,
                      pip_requirements=[])
              print("result", run.info.run_id)
              """,
              "whole");
      String run =
          said.lines()
              .filter(line -> line.startsWith("result "))
              .map(line -> line.substring("result ".length()))
              .findFirst()
              .orElseThrow();
      assertThat(backend.runs().find(run).orElseThrow().models()).hasSize(1);
      Config config = Config.builder().isolated().store(folder.resolve("store")).build();
      EmbeddedStore store = EmbeddedStore.open(config.store(), Engine.journalOptions(config));
      try {
        StoreCopy.Report report = new StoreCopy(backend, server.root(), 0, store).run();
        assertThat(report.runsNew()).isEqualTo(1);
        assertThat(report.problems())
            .hasSize(2)
            .allMatch(each -> each.contains("does not pass on"));
        Run copy = store.runs().find(run).orElseThrow();
        assertThat(copy.params()).containsEntry("depth", "6");
        assertThat(copy.status()).isEqualTo(RunStatus.FINISHED);
      } finally {
        assertThat(store.close(Duration.ofSeconds(30))).isTrue();
      }
    }
  }
}
