package io.plumbline.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @TempDir Path folder;

  @Test
  @DisplayName("A file where a folder should be, or above it, is named; what is not there is fine")
  void fileInTheWay() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String named = "'" + file + "' is a file, and a folder must be there";
    assertThat(Folders.fileInTheWay(file)).isEqualTo(named);
    assertThat(Folders.fileInTheWay(file.resolve("below/it"))).isEqualTo(named);
    assertThat(Folders.fileInTheWay(folder)).isNull();
    assertThat(Folders.fileInTheWay(folder.resolve("not/there"))).isNull();
  }
}
