package io.plumbline.drift.internal.log;

import io.plumbline.internal.OncePerMinute;
import io.plumbline.internal.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** Makes and lists the folders of a log that others may be writing to. */
public final class LogFolders {
  private static final OncePerMinute WARNINGS =
      new OncePerMinute(LoggerFactory.getLogger(LogFolders.class), Time.SYSTEM);

  /** The root, and the folders of the model, the version and the day: no part is deeper. */
  private static final int DEPTH = 4;

  /** Behind the name of a file that is being written, and gets its own then. */
  public static final String TEMPORARY = ".tmp";

  private LogFolders() {}

  /**
   * A file of a log.
   *
   * @param modified when it was last written, in epoch milliseconds
   */
  public record Found(Path path, long size, long modified) {}

  /**
   * Makes a folder of a log and those above it, as far as they are not there, for their owner only.
   * Their names are on the device then, where folders can be synced.
   */
  public static void create(Path folder) throws IOException {
    create(folder, LogFolders::sync);
  }

  static void create(Path folder, Consumer<Path> sync) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path at = folder; at != null && !Files.isDirectory(at); at = at.getParent()) {
      missing.add(at);
    }
    if (missing.isEmpty()) {
      return;
    }
    Files.createDirectories(folder, ownersOnly(folder, "rwx------"));
    for (Path made : missing) {
      Path parent = made.getParent();
      if (parent != null) {
        sync.accept(parent);
      }
    }
  }

  /** Opens a file of a log; one that is made is its owner's only. */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), ownersOnly(file, "rw-------"));
  }

  /** Makes a file that somebody else has made its owner's only; does nothing on Windows. */
  static void hide(Path file) throws IOException {
    if (hasOwners(file)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static FileAttribute<?>[] ownersOnly(Path file, String permissions) {
    return hasOwners(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** On Windows, files have the permissions of the folder above them. */
  private static boolean hasOwners(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /**
   * Writes a small file of a log, its owner's only, in one step: a reader finds it as it was or as
   * it is.
   *
   * @param force waits until its bytes are on the device
   */
  public static void replace(Path file, byte[] bytes, boolean force) throws IOException {
    Path fresh = file.resolveSibling("." + UUID.randomUUID() + TEMPORARY);
    try {
      try (FileChannel channel =
          open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        if (force) {
          channel.force(true);
        }
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
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

  /**
   * Returns the files below a folder whose names fit, in the order of their paths, and warns of
   * folders that can't be read.
   */
  public static List<Found> find(Path root, Predicate<String> name) throws IOException {
    return find(root, name, (folder, e) -> WARNINGS.warn("folder", passedOver(folder, e)));
  }

  /** Says that a folder was passed over. */
  public static String passedOver(Path folder, IOException e) {
    return "the folder " + folder + " can't be read and is passed over: " + e;
  }

  /**
   * Returns the files below a folder whose names fit, in the order of their paths. Only folders
   * with a log's names are looked into: what else is in a log's folder is somebody else's.
   *
   * @param root the log's folder, or that of a model, a version or a day; or one file
   * @param passedOver is told of each folder of the log that can't be read, and why
   * @throws IOException if the root itself can't be read
   */
  public static List<Found> find(
      Path root, Predicate<String> name, BiConsumer<Path, IOException> passedOver)
      throws IOException {
    return find(root, name, passedOver, Files::newDirectoryStream);
  }

  static List<Found> find(
      Path root, Predicate<String> name, BiConsumer<Path, IOException> passedOver, Opener opener)
      throws IOException {
    List<Found> found = new ArrayList<>();
    if (Files.isRegularFile(root)) {
      if (name.test(String.valueOf(root.getFileName()))) {
        add(root, found);
      }
      return found;
    }
    List<Path> level = List.of(root);
    for (int depth = 0; depth < DEPTH; depth++) {
      List<Path> next = new ArrayList<>();
      for (Path folder : level) {
        try {
          look(folder, name, found, next, opener);
        } catch (NoSuchFileException e) {
          // It is not there, or another process has removed it.
        } catch (IOException e) {
          if (folder.equals(root)) {
            throw e;
          }
          passedOver.accept(folder, e);
        }
      }
      level = next;
    }
    found.sort(Comparator.comparing(Found::path));
    return found;
  }

  /** Opens a folder. */
  interface Opener {
    DirectoryStream<Path> open(Path folder) throws IOException;
  }

  private static void look(
      Path folder, Predicate<String> name, List<Found> found, List<Path> next, Opener opener)
      throws IOException {
    try (DirectoryStream<Path> entries = opener.open(folder)) {
      for (Path entry : entries) {
        String called = String.valueOf(entry.getFileName());
        if (isFolder(called)) {
          if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
            next.add(entry);
          }
        } else if (name.test(called)) {
          add(entry, found);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private static boolean isFolder(String name) {
    return name.startsWith(LogPaths.MODEL)
        || name.startsWith(LogPaths.VERSION)
        || name.startsWith(LogPaths.DATE);
  }

  private static void add(Path file, List<Found> found) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        found.add(new Found(file, attributes.size(), attributes.lastModifiedTime().toMillis()));
      }
    } catch (NoSuchFileException e) {
      // Another process has renamed or removed it.
    }
  }

  /** Gives a file its name in one step, and syncs the folder where folders can be synced. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path folder = to.getParent();
    if (folder != null) {
      sync(folder);
    }
  }

  /** Waits until the names in a folder are on the device, where folders can be synced. */
  public static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no folder; a name that a power cut takes back is found again by its other.
    }
  }
}
