package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.model.Artifact;
import io.plumbline.spi.Backend.Capability;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for the artifacts of runs. */
abstract class ArtifactClauses extends Clauses {
  private static final int MIB = 1 << 20;

  ArtifactClauses(BackendKit kit) {
    super(kit);
  }

  private static Path file(Path folder, byte[] content) {
    try {
      return Files.write(folder.resolve("source " + newId()), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(Path folder, String content) {
    return file(folder, content.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] content(String run, String path) {
    try (InputStream in = runs().openArtifact(run, path)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text(String run, String path) {
    return new String(content(run, path), StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("ART-1 A file of 0 bytes, 1 byte and 8 MiB comes back exactly, with its size")
  void sizes(@TempDir Path folder) {
    String run = run();
    for (int size : new int[] {0, 1, 8 * MIB}) {
      byte[] content = new byte[size];
      new Random(size).nextBytes(content);
      String path = "of-" + size + ".bin";
      runs().putArtifact(run, path, file(folder, content));
      assertThat(content(run, path)).as("%d bytes", size).isEqualTo(content);
    }
    assertThat(runs().artifacts(run, ""))
        .extracting(Artifact::path)
        .containsExactlyInAnyOrder("of-0.bin", "of-1.bin", "of-8388608.bin");
    assertThat(runs().artifacts(run, ""))
        .extracting(Artifact::size)
        .containsExactlyInAnyOrder(0L, 1L, 8L * MIB);
    assertThat(runs().artifacts(run, "")).noneMatch(Artifact::directory);
  }

  @Test
  @DisplayName("ART-2 A listing shows one directory: its files, and its directories as such")
  void nested(@TempDir Path folder) {
    String run = run();
    for (String path : List.of("a.txt", "plots/roc.png", "plots/deep/er/x.txt", "plots2/y.txt")) {
      runs().putArtifact(run, path, file(folder, path));
    }
    assertThat(runs().artifacts(run, ""))
        .extracting(Artifact::path, Artifact::directory)
        .containsExactlyInAnyOrder(pair("a.txt", false), pair("plots", true), pair("plots2", true));
    assertThat(runs().artifacts(run, "plots"))
        .extracting(Artifact::path, Artifact::directory)
        .containsExactlyInAnyOrder(pair("plots/roc.png", false), pair("plots/deep", true));
    assertThat(runs().artifacts(run, "plots/deep/er"))
        .extracting(Artifact::path)
        .containsExactly("plots/deep/er/x.txt");
    assertThat(text(run, "plots/deep/er/x.txt")).isEqualTo("plots/deep/er/x.txt");
  }

  private static org.assertj.core.groups.Tuple pair(String path, boolean directory) {
    return org.assertj.core.groups.Tuple.tuple(path, directory);
  }

  @Test
  @DisplayName("ART-3 A run without artifacts, and a directory that is not there, list nothing")
  void nothing(@TempDir Path folder) {
    String run = run();
    assertThat(runs().artifacts(run, "")).isEmpty();
    runs().putArtifact(run, "plots/roc.png", file(folder, "x"));
    assertThat(runs().artifacts(run, "plo")).isEmpty();
    assertThat(runs().artifacts(run, "none")).isEmpty();
  }

  @Test
  @DisplayName("ART-4 A file that is put again is replaced, by a shorter and by a longer one")
  void replace(@TempDir Path folder) {
    String run = run();
    for (String content : List.of("middle", "s", "much longer than before")) {
      runs().putArtifact(run, "notes.txt", file(folder, content));
      assertThat(text(run, "notes.txt")).isEqualTo(content);
      assertThat(runs().artifacts(run, ""))
          .singleElement()
          .returns((long) content.length(), Artifact::size);
    }
  }

  @Test
  @DisplayName("ART-5 When the call has returned the source may change or go")
  void captured(@TempDir Path folder) throws IOException {
    String run = run();
    Path changed = file(folder, "before");
    Path gone = file(folder, "was here");
    runs().putArtifact(run, "changed.txt", changed);
    runs().putArtifact(run, "gone.txt", gone);
    Files.writeString(changed, "after");
    Files.delete(gone);
    assertThat(text(run, "changed.txt")).isEqualTo("before");
    assertThat(text(run, "gone.txt")).isEqualTo("was here");
  }

  @Test
  @DisplayName(
      "ART-6 A path that leads out of the run, is absolute or has empty parts is an IllegalArgumentException")
  void outside(@TempDir Path folder) {
    String run = run();
    Path file = file(folder, "x");
    List<String> refused =
        List.of(
            "",
            "..",
            "../x",
            "a/../../x",
            "a/..",
            "/etc/x",
            "a//b",
            "a/",
            ".",
            "./a",
            "a\\..\\b",
            "a\u0000b");
    for (String path : refused) {
      assertThatThrownBy(() -> runs().putArtifact(run, path, file))
          .as("path '%s'", path)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(runs().artifacts(run, "")).isEmpty();
  }

  @Test
  @DisplayName("ART-7 Opening a path that leads out of the run, or a directory, opens nothing")
  void openOutside(@TempDir Path folder) {
    String run = run();
    runs().putArtifact(run, "plots/roc.png", file(folder, "x"));
    for (String path : List.of("../x", "/etc/passwd", "plots/../../x", "plots", "")) {
      assertThatThrownBy(() -> runs().openArtifact(run, path).close())
          .as("path '%s'", path)
          .isInstanceOfAny(IllegalArgumentException.class, NotFoundException.class);
    }
  }

  @Test
  @DisplayName("ART-8 Opening a file that is not there is a NotFoundException that names the path")
  void missing() {
    String run = run();
    assertThatThrownBy(() -> runs().openArtifact(run, "plots/roc.png"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("plots/roc.png");
  }

  @Test
  @DisplayName("ART-9 A source that is not there is an IllegalArgumentException that names it")
  void noSource(@TempDir Path folder) {
    String run = run();
    assertThatThrownBy(() -> runs().putArtifact(run, "x", folder.resolve("never-written.csv")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("never-written.csv");
    assertThat(runs().artifacts(run, "")).isEmpty();
  }

  @Test
  @DisplayName(
      "ART-10 Names with blanks, percent signs, dots, other scripts and emoji come back exactly")
  void names(@TempDir Path folder) {
    String run = run();
    List<String> paths =
        List.of(
            "a b.txt",
            "100%.txt",
            backend().capabilities().contains(Capability.ANY_TEXT) ? "%2e%2e/x.txt" : "a%b.txt",
            "..hidden",
            backend().capabilities().contains(Capability.ANY_TEXT) ? "a#b.txt" : "a;b.txt",
            "a+b&c=d e?f.txt",
            "数据/ünï.txt",
            "👩‍🚀.txt",
            "A.txt",
            "a.txt",
            "n".repeat(200));
    for (String path : paths) {
      runs().putArtifact(run, path, file(folder, "of " + path));
    }
    for (String path : paths) {
      assertThat(text(run, path)).isEqualTo("of " + path);
    }
    assertThat(runs().artifacts(run, ""))
        .extracting(Artifact::path)
        .contains("a b.txt", "100%.txt", "..hidden", "👩‍🚀.txt", "n".repeat(200));
  }

  @Test
  @DisplayName("ART-11 The artifacts of two runs are apart")
  void apart(@TempDir Path folder) {
    String first = run();
    String second = run();
    runs().putArtifact(first, "x.txt", file(folder, "first"));
    runs().putArtifact(second, "x.txt", file(folder, "second"));
    assertThat(text(first, "x.txt")).isEqualTo("first");
    assertThat(text(second, "x.txt")).isEqualTo("second");
  }

  @Test
  @DisplayName("ART-12 A digest that a listing shows is the content's SHA-256")
  void digests(@TempDir Path folder) {
    String run = run();
    runs().putArtifact(run, "abc.txt", file(folder, "abc"));
    String sha256 = runs().artifacts(run, "").get(0).sha256();
    assertThat(sha256)
        .isIn(null, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  @DisplayName("ART-13 An artifact of a run that does not exist is a NotFoundException")
  void unknownRun(@TempDir Path folder) {
    Path file = file(folder, "x");
    assertThatThrownBy(() -> runs().putArtifact(newId(), "x.txt", file))
        .isInstanceOf(NotFoundException.class);
  }
}
