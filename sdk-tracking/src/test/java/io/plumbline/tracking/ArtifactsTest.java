package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import io.plumbline.model.Artifact;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Artifacts and models")
class ArtifactsTest {
  private TrackingClient tracking;
  private Tracker tracker;
  private Path store;

  @BeforeEach
  void open(@TempDir Path folder) {
    store = folder.resolve("store");
    tracking = Stores.open(folder);
    tracker = tracking.start("artifacts");
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  private String text(String path) throws IOException {
    try (InputStream in = tracking.openArtifact(tracker.id(), path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private List<String> list(String directory) {
    return tracking.artifacts(tracker.id(), directory).stream().map(Artifact::path).toList();
  }

  private long blobs() throws IOException {
    try (Stream<Path> files = Files.walk(store.resolve("blobs"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  @DisplayName("are captured before the call returns: the file may change or go")
  void captured(@TempDir Path files) throws IOException {
    Path file = Files.writeString(files.resolve("notes.txt"), "before");
    tracker.logArtifact(file);
    Files.writeString(file, "after");
    tracker.logArtifact(file, "later/notes.txt");
    Files.delete(file);
    assertThat(text("notes.txt")).isEqualTo("before");
    assertThat(text("later/notes.txt")).isEqualTo("after");
  }

  @Test
  @DisplayName("are captured from growing files, all that is there when the call reads")
  void growing(@TempDir Path files) throws IOException {
    Path log = files.resolve("train.log");
    for (int i = 0; i < 5; i++) {
      Files.writeString(log, "line " + i + "\n".repeat(i));
      tracker.logArtifact(log, "train.log");
      assertThat(text("train.log")).isEqualTo("line " + i + "\n".repeat(i));
    }
    assertThat(list("")).containsExactly("train.log");
  }

  @Test
  @DisplayName(
      "are trees too: every file below a directory, links followed, under the directory's name")
  void trees(@TempDir Path files) throws IOException {
    Path tree = Files.createDirectories(files.resolve("plots"));
    Files.createDirectories(tree.resolve("a/b"));
    Files.createDirectories(tree.resolve("empty"));
    Files.writeString(tree.resolve("roc.txt"), "roc");
    Files.writeString(tree.resolve("a/b/deep.txt"), "deep");
    Path elsewhere = Files.writeString(files.resolve("target.txt"), "linked");
    Files.createSymbolicLink(tree.resolve("link.txt"), elsewhere);
    tracker.logArtifact(tree);
    tracker.logArtifact(tree, "");
    assertThat(list("plots")).containsExactly("plots/a", "plots/link.txt", "plots/roc.txt");
    assertThat(list("")).containsExactly("a", "link.txt", "plots", "roc.txt");
    assertThat(text("plots/a/b/deep.txt")).isEqualTo("deep");
    Files.delete(elsewhere);
    assertThat(text("plots/link.txt")).isEqualTo("linked");
  }

  @Test
  @DisplayName("of one content are one blob, whatever their names and runs")
  void once() throws IOException {
    tracker.logText("the same", "a.txt");
    tracker.logText("the same", "b/c.txt");
    tracking.run("other", other -> other.logText("the same", "d.txt"));
    assertThat(blobs()).isEqualTo(1);
    tracker.logText("another", "a.txt");
    assertThat(blobs()).isEqualTo(2);
    assertThat(text("a.txt")).isEqualTo("another");
    assertThat(text("b/c.txt")).isEqualTo("the same");
  }

  @Test
  @DisplayName("have paths that are files or directories, not both: the error names both")
  void fileAndDirectory() {
    tracker.logText("a", "plots/roc");
    assertThatThrownBy(() -> tracker.logText("b", "plots"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'plots' is a directory");
    assertThatThrownBy(() -> tracker.logText("b", "plots/roc/points.csv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lies below 'plots/roc'");
    tracker.logText("c", "plots/roc");
    tracker.logText("d", "plots.txt");
    tracker.finish();
    try (Tracker again = tracking.resume(tracker.id(), Resume.MUST)) {
      assertThatThrownBy(() -> again.logText("b", "plots"))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(list("plots")).containsExactly("plots/roc");
  }

  @Test
  @DisplayName("that are not there are an IllegalArgumentException that names the file")
  void missing(@TempDir Path files) throws IOException {
    assertThatThrownBy(() -> tracker.logArtifact(files.resolve("roc.png")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("roc.png");
    Files.createSymbolicLink(files.resolve("dangling"), files.resolve("nowhere"));
    assertThatThrownBy(() -> tracker.logArtifact(files.resolve("dangling")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dangling");
    assertThat(list("")).isEmpty();
    assertThatThrownBy(() -> tracking.openArtifact(tracker.id(), "roc.png"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("roc.png");
  }

  @Test
  @DisplayName("are texts, JSON documents and pictures too")
  void helpers() throws IOException {
    tracker.logText("ünï 数据 👩‍🚀", "a.txt");
    assertThat(text("a.txt")).isEqualTo("ünï 数据 👩‍🚀");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("name", "gbm");
    document.put("values", List.of(1, 2.5, true));
    document.put("nothing", null);
    tracker.logJson(document, "a.json");
    assertThat(text("a.json").replaceAll("\\s", ""))
        .isEqualTo("{\"name\":\"gbm\",\"values\":[1,2.5,true],\"nothing\":null}");
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(1, 1, 0x123456);
    tracker.logImage(image, "a.png");
    try (InputStream in = tracking.openArtifact(tracker.id(), "a.png")) {
      BufferedImage read = ImageIO.read(in);
      assertThat(read.getWidth()).isEqualTo(3);
      assertThat(read.getRGB(1, 1) & 0xFFFFFF).isEqualTo(0x123456);
    }
    assertThatThrownBy(() -> tracker.logJson(new Object(), "b.json"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("are downloaded as files, directories or all, and their digests are checked")
  void download(@TempDir Path target) throws IOException {
    tracker.logText("one", "a.txt");
    tracker.logText("two", "plots/b.txt");
    tracker.logText("three", "plots/deep/c.txt");
    String id = tracker.id();
    assertThat(tracking.download(id, "a.txt", target.resolve("file"))).hasContent("one");
    Path plots = tracking.download(id, "plots", target.resolve("directory"));
    assertThat(plots).isEqualTo(target.resolve("directory/plots"));
    assertThat(plots.resolve("deep/c.txt")).hasContent("three");
    Path all = tracking.download(id, "", target.resolve("all"));
    assertThat(all.resolve("a.txt")).hasContent("one");
    assertThat(all.resolve("plots/b.txt")).hasContent("two");
    assertThatThrownBy(() -> tracking.download(id, "none", target))
        .isInstanceOf(NotFoundException.class);
    try (Stream<Path> files = Files.walk(store.resolve("blobs"))) {
      for (Path blob : files.filter(Files::isRegularFile).toList()) {
        Files.writeString(blob, "xxx");
      }
    }
    assertThatThrownBy(() -> tracking.download(id, "a.txt", target.resolve("damaged")))
        .isInstanceOf(IntegrityException.class);
    assertThat(target.resolve("damaged/a.txt")).doesNotExist();
  }

  @Test
  @DisplayName("with paths that lead elsewhere are refused, and the path is named")
  void hostilePaths(@TempDir Path files) throws IOException {
    Path file = Files.writeString(files.resolve("x"), "x");
    String[] refused = {
      "",
      "..",
      "../x",
      "a/../../x",
      "/etc/x",
      "a//b",
      "a/",
      "./a",
      "a\\b",
      "a\u0000b",
      "a\nb",
      "half \ud83d pair",
      "x".repeat(1_001)
    };
    for (String path : refused) {
      assertThatThrownBy(() -> tracker.logText("x", path))
          .as("path '%s'", path)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("path");
      assertThatThrownBy(() -> tracker.logArtifact(file, path))
          .as("path '%s'", path)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(list("")).isEmpty();
    String[] kept = {"CON", "nul.txt", "a:b", "%2e%2e/x", "...", "👩‍🚀", "x".repeat(300), " "};
    for (String path : kept) {
      tracker.logText("of " + path, path);
      assertThat(text(path)).isEqualTo("of " + path);
    }
  }

  @Test
  @DisplayName("of a model are its package, part by part, and the run knows it by name and digest")
  void models(@TempDir Path files) throws IOException {
    byte[] weights = new byte[300_000];
    new Random(1).nextBytes(weights);
    Path file = Files.write(files.resolve("weights.bin"), weights);
    ModelPackage packed =
        ModelPackage.of("rules", Map.of("version", "1"))
            .with(ModelPart.file("weights.bin", "application/octet-stream", file))
            .with(
                ModelPart.of("a/rules.txt", "text/plain", "late".getBytes(StandardCharsets.UTF_8)));
    LoggedModel logged = tracker.logModel("model", packed);
    Files.delete(file);
    LoggedModel found = tracking.get(tracker.id()).model("model");
    assertThat(found).isEqualTo(logged);
    assertThat(found.digest()).isEqualTo(packed.digest());
    assertThat(found.size()).isEqualTo(packed.size());
    for (ModelPart part : packed.parts()) {
      assertThat(found.parts())
          .anySatisfy(
              stored -> {
                assertThat(stored.path()).isEqualTo(part.name());
                assertThat(stored.sha256()).isEqualTo(part.sha256());
                assertThat(blob(part.sha256())).hasSize(part.size());
              });
    }
    assertThatThrownBy(() -> tracking.get(tracker.id()).model("other"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("other", "model");
  }

  private Path blob(String sha256) {
    return store.resolve("blobs/sha256/" + sha256.substring(0, 2) + "/" + sha256.substring(2));
  }

  @Test
  @DisplayName(
      "of a model whose file has changed since it was packed are refused, and no model is logged")
  void changedModel(@TempDir Path files) throws IOException {
    Path file = Files.writeString(files.resolve("weights.bin"), "packed");
    ModelPackage packed =
        ModelPackage.of("rules", Map.of())
            .with(ModelPart.file("weights.bin", "application/octet-stream", file));
    Files.writeString(file, "change");
    assertThatThrownBy(() -> tracker.logModel("model", packed))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("weights.bin");
    assertThat(tracking.get(tracker.id()).models()).isEmpty();
  }

  @Test
  @DisplayName("of a model that is logged again under its name: the run's model is the last one")
  void modelAgain() {
    tracker.logModel("model", ModelPackage.of("rules", Map.of("version", "1")));
    LoggedModel second =
        tracker.logModel("model", ModelPackage.of("rules", Map.of("version", "2")));
    assertThat(tracking.get(tracker.id()).model("model").digest()).isEqualTo(second.digest());
  }

  @Test
  @DisplayName("of 10 MB come back exactly")
  void large() throws IOException {
    char[] chars = new char[10_000_000];
    Arrays.fill(chars, 'ü');
    tracker.logText(new String(chars), "large.txt");
    assertThat(text("large.txt").equals(new String(chars))).isTrue();
  }
}
