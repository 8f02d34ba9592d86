package io.plumbline.drift.internal.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes and lists the folders of a log that others may be writing to. */
public final class LogFolders {
  /** The root, three folders and the file: nothing of a log is deeper. */
  private static final int DEPTH = 5;

  private LogFolders() {}

  /**
   * A file of a log.
   *
   * @param modified when it was last written, in epoch milliseconds
   */
  public record Found(Path path, long size, long modified) {}

  /** Makes a log's folder, for its owner only. */
  public static void create(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      Files.createDirectories(root);
      try {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
      } catch (UnsupportedOperationException e) {
        // Windows: the folder has the permissions of the one above it.
      }
    }
  }

  /** Whether a name is that of a part that is complete. */
  public static boolean isPart(String name) {
    return name.startsWith(LogPaths.PART) && (name.endsWith(".arrow") || name.endsWith(".jsonl"));
  }

  /** Whether a name is that of a part that somebody writes to, or has left behind. */
  public static boolean isOpenPart(String name) {
    return name.startsWith("." + LogPaths.PART) && name.endsWith(LogPaths.OPEN);
  }

  /** Returns the files below a folder whose names fit, in the order of their paths. */
  public static List<Found> find(Path root, Predicate<String> name) throws IOException {
    List<Found> found = new ArrayList<>();
    if (!Files.exists(root)) {
      return found;
    }
    Files.walkFileTree(
        root,
        java.util.Set.of(),
        DEPTH,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && name.test(String.valueOf(file.getFileName()))) {
              found.add(
                  new Found(file, attributes.size(), attributes.lastModifiedTime().toMillis()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // another process has renamed or removed it
            }
            throw e;
          }
        });
    found.sort(java.util.Comparator.comparing(Found::path));
    return found;
  }

  /** Gives a file its name in one step, and syncs the folder where folders can be synced. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path folder = to.getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        // Windows opens no folder; a name that a power cut takes back is found again by its other.
      }
    }
  }
}
