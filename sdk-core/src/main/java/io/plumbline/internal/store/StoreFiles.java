package io.plumbline.internal.store;

import io.plumbline.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists the files of a store that others may be writing to. */
public final class StoreFiles {
  private StoreFiles() {}

  /** Returns the digest that a content's path stands for, or null if it stands for none. */
  static @Nullable String digestOf(Path file) {
    Path parent = file.getParent();
    String digest = parent == null ? "" : String.valueOf(parent.getFileName()) + file.getFileName();
    boolean hex =
        digest.length() == 64
            && digest.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    return hex ? digest : null;
  }

  /** Returns all regular files below a folder, in the order of their names; none if it is not. */
  static List<Path> below(Path folder) {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.filter(Files::isRegularFile).forEach(found::add);
    } catch (NoSuchFileException e) {
      return found;
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw new StoreException(folder + " can't be listed: " + e.getCause(), e);
      }
      return below(folder); // a folder went away under the walk: once more
    } catch (IOException e) {
      throw new StoreException(folder + " can't be listed: " + e, e);
    }
    found.sort(null);
    return found;
  }

  /** Returns what is in a folder, in the order of the names; none if there is no such folder. */
  static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      throw new StoreException(folder + " can't be listed: " + e, e);
    }
  }

  /** Returns the folders in a folder, in the order of their names. */
  static List<Path> folders(Path folder) {
    return children(folder).stream().filter(Files::isDirectory).toList();
  }

  /** Makes a folder and those above it, so that a power cut does not take them back. */
  static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      createFolders(parent);
    }
    Files.createDirectories(folder);
    if (parent != null) {
      syncFolder(parent);
    }
  }

  /** Syncs the names in a folder, where folders can be synced. */
  public static void syncFolder(Path folder) throws IOException {
    boolean interrupted = Thread.interrupted(); // it would close the channel
    try (FileChannel channel = openFolder(folder)) {
      if (channel != null) {
        channel.force(true);
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Windows opens no folder: then what is in the files is synced, and their names are not. */
  private static @Nullable FileChannel openFolder(Path folder) {
    try {
      return FileChannel.open(folder, StandardOpenOption.READ);
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Returns when a file was last written, in epoch milliseconds; the largest long if it is gone.
   */
  static long modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Removes a file, or a folder with all in it, as far as that is possible. */
  static void deleteTree(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A temporary file that stays, or was never made: what matters is told elsewhere.
    }
  }
}
