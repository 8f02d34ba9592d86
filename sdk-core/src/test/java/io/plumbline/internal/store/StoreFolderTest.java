package io.plumbline.internal.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.NotFoundException;
import io.plumbline.StoreException;
import io.plumbline.internal.journal.JournalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFolderTest {
  @TempDir Path folder;

  @Test
  @DisplayName("A file where a store should be is named, with the remedy, for writers and readers")
  void file() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    String named = "'" + file + "' is a file, and a folder must be there";
    assertThatThrownBy(() -> EmbeddedStore.open(file.resolve("store"), JournalOptions.DEFAULT))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "the store "
                + file.resolve("store")
                + " can't be opened: "
                + named
                + "; name another folder (plumbline.store or tracking.uri), or move the file away");
    assertThatThrownBy(() -> StoreFixture.view(file))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("there is no store in " + file + ": " + named);
  }
}
