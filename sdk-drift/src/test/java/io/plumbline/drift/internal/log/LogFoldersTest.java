package io.plumbline.drift.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The folders of a log")
@SuppressWarnings("StreamResourceLeak") // whoever is given a folder's stream closes it
class LogFoldersTest {
  @TempDir private Path root;

  private Path part(String day) throws IOException {
    Path folder = root.resolve("_model=m").resolve("_version=1").resolve("_date=" + day);
    return Files.createFile(Files.createDirectories(folder).resolve("part-w-1-1.arrow"));
  }

  @Test
  @DisplayName("are looked into, and no others that happen to be there")
  void others() throws IOException {
    Path part = part("2025-06-01");
    Path windows = root.resolve("_windows").resolve("_model=m").resolve("_version=1");
    Files.createDirectories(windows.resolve("_date=2025-06-01"));
    Files.createDirectories(root.resolve("lost+found"));
    Files.createFile(root.resolve("_version=none"));
    List<Path> opened = new ArrayList<>();
    List<LogFolders.Found> found =
        LogFolders.find(
            root,
            LogFolders::isPart,
            (folder, e) -> {},
            folder -> {
              opened.add(root.relativize(folder));
              return Files.newDirectoryStream(folder);
            });
    assertThat(found).extracting(LogFolders.Found::path).containsExactly(part);
    assertThat(opened)
        .containsExactly(
            Path.of(""),
            Path.of("_model=m"),
            Path.of("_model=m", "_version=1"),
            Path.of("_model=m", "_version=1", "_date=2025-06-01"));
  }

  @Test
  @DisplayName("are named and passed over where they can't be read, and the rest is found")
  void unreadable() throws IOException {
    Path dark = part("2025-06-01");
    Path part = part("2025-06-02");
    List<String> told = new ArrayList<>();
    List<LogFolders.Found> found =
        LogFolders.find(
            root,
            LogFolders::isPart,
            (folder, e) -> told.add(LogFolders.passedOver(folder, e)),
            folder -> open(folder, dark.resolveSibling(".").normalize()));
    assertThat(found).extracting(LogFolders.Found::path).containsExactly(part);
    assertThat(told).singleElement().asString().contains("_date=2025-06-01 can't be read");
    assertThatThrownBy(
            () ->
                LogFolders.find(
                    root, LogFolders::isPart, (folder, e) -> {}, folder -> open(folder, root)))
        .isInstanceOf(AccessDeniedException.class);
  }

  private static DirectoryStream<Path> open(Path folder, Path denied) throws IOException {
    if (folder.equals(denied)) {
      throw new AccessDeniedException(folder.toString());
    }
    return Files.newDirectoryStream(folder);
  }

  @Test
  @DisplayName("are made with names that a power cut does not take back, and only once")
  void synced() throws IOException {
    Path day = root.resolve("_model=m").resolve("_version=1").resolve("_date=2025-06-01");
    List<Path> synced = new ArrayList<>();
    LogFolders.create(day, synced::add);
    assertThat(synced)
        .containsExactlyInAnyOrder(
            root, root.resolve("_model=m"), root.resolve("_model=m").resolve("_version=1"));
    LogFolders.create(day, synced::add);
    assertThat(synced).hasSize(3);
  }

  @Test
  @DisplayName("may be gone, and one file stands for itself")
  void none() throws IOException {
    Path part = part("2025-06-01");
    assertThat(LogFolders.find(root.resolve("gone"), LogFolders::isPart)).isEmpty();
    assertThat(LogFolders.find(part, LogFolders::isPart)).hasSize(1);
    assertThat(LogFolders.find(part, LogFolders::isOpenPart)).isEmpty();
  }
}
