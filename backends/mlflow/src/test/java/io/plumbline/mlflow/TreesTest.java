package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.PlumblineException;
import io.plumbline.StoreException;
import io.plumbline.TransportException;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.Artifact;
import io.plumbline.spi.NewRun;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Trees of artifacts on an MLflow server")
class TreesTest {
  private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts";
  private static final String ROOT = "mlflow-artifacts:/0/r/artifacts";

  @TempDir private Path folder;

  private Map<String, Path> files(int count) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    Files.createDirectories(folder.resolve("from"));
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve("from/" + i);
      files.put("t/" + i % 3 + "/f " + i, Files.writeString(file, "content of " + i));
    }
    return files;
  }

  private static String newRun(RunStore runs) {
    String experiment = runs.createExperiment("trees " + UUID.randomUUID(), Map.of()).id();
    return runs.createRun(
        new NewRun(UUID.randomUUID().toString(), experiment, "r", "u", null, 1, Map.of()));
  }

  private static Map<String, String> contents(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  each -> root.relativize(each).toString(), TreesTest::read, (a, b) -> a));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("go up and come down whole, and a second time nothing is brought that is there")
  void round() throws Exception {
    try (MlflowBackend backend = Backends.open(MlflowServer.shared().root())) {
      RunStore runs = backend.runs();
      String run = newRun(runs);
      Map<String, Path> files = files(40);
      runs.putArtifacts(run, files);
      Path to = folder.resolve("to");
      runs.fetchArtifacts(run, "t", to);
      Map<String, String> expected = new TreeMap<>();
      files.forEach((path, file) -> expected.put(path, read(file)));
      assertThat(contents(to)).containsExactlyInAnyOrderEntriesOf(expected);
      Path changed = to.resolve("t/1/f 1");
      Path same = to.resolve("t/2/f 2");
      Files.writeString(changed, "changed");
      Object key = Files.readAttributes(same, "unix:ino").get("ino");
      runs.fetchArtifacts(run, "", to);
      assertThat(contents(to)).containsExactlyInAnyOrderEntriesOf(expected);
      assertThat(Files.readAttributes(same, "unix:ino").get("ino")).isEqualTo(key);
      runs.fetchArtifacts(run, "t/0/f 0", folder.resolve("one"));
      assertThat(contents(folder.resolve("one"))).containsOnlyKeys("t/0/f 0");
      assertThatThrownBy(() -> runs.fetchArtifacts(run, "t/none", to))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  @DisplayName("are verified with one listing for each directory, however many files it has")
  void listings() throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer("/api/2.0/mlflow/runs/get", MockServer.RUN);
      server.answerAll(PROXY + "/.*", 200, Map.of(), "{}");
      Map<String, Path> files = files(60);
      StringBuilder listing = new StringBuilder();
      files.forEach(
          (path, file) ->
              listing
                  .append(listing.isEmpty() ? "" : ",")
                  .append("{\"path\":\"" + path.substring(4) + "\",\"file_size\":")
                  .append(read(file).length())
                  .append("}"));
      server.answer(PROXY, "{\"files\":[" + listing + "]}");
      backend.runs().putArtifacts("r", files);
      assertThat(server.asked().stream().filter(each -> isListing(each))).hasSize(3);
      assertThat(server.asked()).hasSize(60 + 3 + 1);
    }
  }

  private static boolean isListing(ServeEvent event) {
    return event.getRequest().getUrl().startsWith(PROXY + "?");
  }

  @Test
  @DisplayName("stop when one file fails, and the error names it")
  void failing() throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer("/api/2.0/mlflow/runs/get", MockServer.RUN);
      server.answerAll(PROXY + "/.*", 200, Map.of(), "{}");
      server.answerAll(PROXY + ".*/x%20bad", 403, Map.of(), "no");
      Map<String, Path> files = files(300);
      files.put("x bad", Files.writeString(folder.resolve("bad"), "much longer than all others"));
      assertThatThrownBy(() -> backend.runs().putArtifacts("r", files))
          .isInstanceOf(PlumblineException.class)
          .hasMessageContaining("x%20bad");
      assertThat(server.asked()).hasSizeLessThan(150);
    }
  }

  @Test
  @DisplayName("leave no thread behind when the backend is closed, and are refused then")
  void closed() throws Exception {
    Map<String, Path> files = files(12);
    String run;
    try (MlflowBackend backend = Backends.open(MlflowServer.shared().root())) {
      run = newRun(backend.runs());
      backend.runs().putArtifacts(run, files);
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("plumbline-mlflow-")) {
        thread.join(20_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
    MlflowBackend backend = Backends.open(MlflowServer.shared().root());
    RunStore runs = backend.runs();
    backend.close();
    assertThatThrownBy(() -> runs.putArtifacts(run, files))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  // ---- going on

  private static final String CONTENT = "0123456789";
  private static final String DIGEST = Sha256.of(CONTENT.getBytes(StandardCharsets.UTF_8));
  private static final String TAG = "\"v1\"";

  private Path fetched(MlflowBackend backend, String digest) {
    Downloads downloads = new Downloads(backend.rest(), ROOT, "run r");
    downloads.fetch(
        List.of(new Artifact("d/x", false, CONTENT.length(), digest.isEmpty() ? null : digest)),
        folder.resolve("to"));
    return folder.resolve("to/d/x");
  }

  /** Leaves what a download that broke would have left. */
  private void left(String tag, String bytes) throws IOException {
    Path target = folder.resolve("to/d/x");
    Files.createDirectories(target.resolveSibling("."));
    Files.writeString(Partial.name(target, tag), bytes);
  }

  private void rest(MockServer server, String range, String tag, String body) {
    server.answerAll(PROXY + "/.*", 206, Map.of("Content-Range", range, "ETag", tag), body);
  }

  @Test
  @DisplayName("that broke go on by bytes where the server says that it is the same content")
  void goesOn() throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      left(TAG, "0123");
      rest(server, "bytes 4-9/10", TAG, "456789");
      assertThat(fetched(backend, "")).hasContent(CONTENT);
      var asked = server.asked().get(0).getRequest();
      assertThat(asked.getHeader("Range")).isEqualTo("bytes=4-");
      assertThat(asked.getHeader("If-Range")).isEqualTo(TAG);
      assertThat(contents(folder.resolve("to"))).containsOnlyKeys("d/x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 4-9/11",
        "bytes 3-9/10",
        "bytes 4-8/10",
        "bytes 4-9/*",
        "items 4-9/10",
        "bytes=4-9/10"
      })
  @DisplayName("that broke begin anew where the server goes on with something else")
  void otherRange(String range) throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      left(TAG, "0123");
      rest(server, range, TAG, "XXXXXX");
      server.answerUnlessRanged(PROXY + "/.*", TAG, CONTENT);
      assertThat(fetched(backend, "")).hasContent(CONTENT);
    }
  }

  @Test
  @DisplayName("that broke begin anew where the content has another tag")
  void otherTag() throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      left("\"old\"", "XXXX");
      rest(server, "bytes 4-9/10", TAG, "456789");
      server.answerUnlessRanged(PROXY + "/.*", TAG, CONTENT);
      assertThat(fetched(backend, "")).hasContent(CONTENT);
    }
  }

  @Test
  @DisplayName("that broke begin anew where the server knows no ranges")
  void noRanges() throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      left(TAG, "XXXX");
      server.answerAll(PROXY + "/.*", 200, Map.of(), CONTENT);
      assertThat(fetched(backend, "")).hasContent(CONTENT);
    }
  }

  @Test
  @DisplayName("with a digest go on with what has it, and begin anew if what was left is damaged")
  void digests() throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      left(DIGEST, "0123");
      rest(server, "bytes 4-9/10", TAG, "456789");
      assertThat(fetched(backend, DIGEST)).hasContent(CONTENT);
      Files.delete(folder.resolve("to/d/x"));
      left(DIGEST, "XXXX");
      server.answerUnlessRanged(PROXY + "/.*", TAG, CONTENT);
      assertThat(fetched(backend, DIGEST)).hasContent(CONTENT);
      int before = server.asked().size();
      assertThat(fetched(backend, DIGEST)).hasContent(CONTENT);
      assertThat(server.asked()).hasSize(before); // it is there whole
    }
  }

  @Test
  @DisplayName("with another content than their digest says are refused, and nothing is left")
  void lyingContent() throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answerAll(PROXY + "/.*", 200, Map.of(), "XXXXXXXXXX");
      assertThatThrownBy(() -> fetched(backend, DIGEST))
          .isInstanceOf(IntegrityException.class)
          .hasMessageContaining("d/x");
      assertThat(contents(folder.resolve("to"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"012345", "0123456789ABC"})
  @DisplayName("that are shorter or longer than they are listed never get their name")
  void otherSize(String body) throws Exception {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answerAll(PROXY + "/.*", 200, Map.of("ETag", TAG), body);
      assertThatThrownBy(() -> fetched(backend, "")).isInstanceOf(TransportException.class);
      assertThat(folder.resolve("to/d/x")).doesNotExist();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "/x", "a\\..\\..\\x", "a//x", "a\nb"})
  @DisplayName("with a path that leads elsewhere are refused before a file is made")
  void hostile(String path) {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      Downloads downloads = new Downloads(backend.rest(), ROOT, "run r");
      List<Artifact> files = List.of(new Artifact(path, false, 1, null));
      assertThatThrownBy(() -> downloads.fetch(files, folder.resolve("to")))
          .isInstanceOf(StoreException.class);
      assertThat(server.asked()).isEmpty();
      assertThat(folder.resolve("to")).doesNotExist();
    }
  }

  @Test
  @DisplayName("that have ever more directories are given up")
  void endless() {
    try (MockServer server = new MockServer();
        MlflowBackend backend = Backends.open(server.root())) {
      server.answer("/api/2.0/mlflow/runs/get", MockServer.RUN);
      String many =
          IntStream.range(0, 2_000)
              .mapToObj(i -> "{\"path\":\"d" + i + "\",\"is_dir\":true}")
              .collect(Collectors.joining(","));
      server.answer(PROXY, "{\"files\":[" + many + "]}");
      assertThatThrownBy(() -> backend.runs().fetchArtifacts("r", "", folder))
          .isInstanceOf(IntegrityException.class);
      assertThat(server.asked()).hasSizeLessThan(200);
    }
  }
}
