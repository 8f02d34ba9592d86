package io.plumbline.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A value that many processes change without locks: a folder of files with rising numbers, of which
 * the highest is the value. Each is written elsewhere and linked to its number whole, which
 * succeeds for one process only: a compare-and-set, with the history for free.
 */
final class NumberedFiles {
  /** The value now. */
  static final class Version {
    private final int number;
    private final byte[] content;

    Version(int number, byte[] content) {
      this.number = number;
      this.content = content;
    }

    /** Returns its number, from 1. */
    int number() {
      return number;
    }

    /** Returns its bytes. */
    byte[] content() {
      return content;
    }
  }

  private static final String SUFFIX = ".json";

  private final Path folder;

  NumberedFiles(Path folder) {
    this.folder = folder;
  }

  /** Returns the value, or null if there is none. */
  @Nullable Version latest() throws IOException {
    while (true) {
      int highest = 0;
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
        for (Path file : files) {
          highest = Math.max(highest, number(file));
        }
      } catch (NoSuchFileException e) {
        return null;
      }
      if (highest == 0) {
        return null;
      }
      try {
        return new Version(highest, Files.readAllBytes(file(highest)));
      } catch (NoSuchFileException e) {
        if (!Files.isDirectory(folder)) {
          return null;
        }
      }
    }
  }

  /** Returns all values that there were, the first one first. */
  List<Version> all() throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      files.forEach(file -> numbers.add(number(file)));
    } catch (NoSuchFileException e) {
      return List.of();
    }
    numbers.remove(0);
    List<Version> all = new ArrayList<>();
    for (int number : numbers) {
      all.add(new Version(number, Files.readAllBytes(file(number))));
    }
    return all;
  }

  private static int number(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      return Integer.parseInt(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private Path file(int number) {
    return folder.resolve(String.format(Locale.ROOT, "%06d%s", number, SUFFIX));
  }

  /**
   * Sets the value, if it still has that number.
   *
   * @param after the number of the value that this one follows; 0 for the first
   * @return whether it was set; if not, somebody else was first
   */
  boolean add(int after, byte[] content) throws IOException {
    Files.createDirectories(folder);
    Path fresh = folder.resolve(UUID.randomUUID() + ".tmp");
    Files.write(fresh, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
    try {
      link(file(after + 1), fresh);
      syncFolder();
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** So that a power cut does not take the new name back, where folders can be synced. */
  private void syncFolder() {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folder; the file itself is synced.
    }
  }

  private static void link(Path target, Path fresh) throws IOException {
    try {
      Files.createLink(target, fresh);
    } catch (UnsupportedOperationException e) {
      // A file system without links: exclusive, though a reader may meet it half written.
      Files.write(
          target,
          Files.readAllBytes(fresh),
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.SYNC);
    }
  }
}
