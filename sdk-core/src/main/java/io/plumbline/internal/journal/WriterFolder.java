package io.plumbline.internal.journal;

import io.plumbline.internal.Time;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a writer has as long as it lives: who it is, its ring, and a lock.
 *
 * <p>A writer lives as long as its lock is held. Where locks can't be trusted, on network file
 * systems, it lives as long as its heart beats: the modification time of its {@code writer.json}.
 */
public final class WriterFolder implements AutoCloseable {
  private static final Set<String> LOCAL =
      Set.of(
          "ext2",
          "ext3",
          "ext4",
          "xfs",
          "tmpfs",
          "ramfs",
          "overlay",
          "f2fs",
          "jfs",
          "reiserfs",
          "apfs",
          "hfs",
          "ntfs");
  private static final Set<String> LOCAL_COPY_ON_WRITE = Set.of("btrfs", "zfs", "bcachefs", "refs");

  private final Path folder;
  private @Nullable FileChannel channel;

  private WriterFolder(Path folder) {
    this.folder = folder;
  }

  /** Returns the folder of all living writers of a store. */
  static Path all(Path store) {
    return store.resolve("writers");
  }

  /** Makes a writer's folder and takes its lock. */
  static WriterFolder create(Path store, String writer, String ring, Time time) throws IOException {
    WriterFolder made = new WriterFolder(all(store).resolve(writer));
    Files.createDirectories(made.folder);
    made.channel =
        FileChannel.open(
            made.folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(made.channel) == null) {
      throw new IOException("the new lock in " + made.folder + " is taken");
    }
    made.describe(writer, ring, time);
    return made;
  }

  private void describe(String writer, String ring, Time time) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("writer", writer);
    json.put("pid", ProcessHandle.current().pid());
    json.put("host", host());
    json.put("started", processStart());
    json.put("created", time.millis());
    json.put("ring", ring);
    Files.write(folder.resolve("writer.json"), Json.bytes(json));
  }

  private static String host() {
    String name = System.getenv("HOSTNAME");
    if (name != null) {
      return name;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }

  private static long processStart() {
    return ProcessHandle.current().info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another class loader of this process holds it
    }
  }

  Path path() {
    return folder;
  }

  Path ring() {
    return folder.resolve("ring");
  }

  /** Shows that the writer lives. */
  void beat(long millis) throws IOException {
    Files.setLastModifiedTime(folder.resolve("writer.json"), FileTime.fromMillis(millis));
  }

  /** Gives the lock back and keeps the folder: what it holds is for a recovery. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  /** Removes the folder: nothing in it is needed any more. */
  void delete() throws IOException {
    // The lock goes last: without it, but with a ring, the folder would ask for a recovery.
    for (String name : List.of("ring", "writer.json", "lock")) {
      if (name.equals("lock")) {
        close();
      }
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.deleteIfExists(folder);
  }

  // ---- other writers

  /** Returns the ids of all writers that have a folder. */
  static List<String> ids(Path store) throws IOException {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(all(store))) {
      for (Path folder : folders) {
        String name = String.valueOf(folder.getFileName());
        if (name.length() == 16 && Files.isDirectory(folder)) {
          ids.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return ids;
  }

  /** Returns what a writer says of itself, or null if it does not say it. */
  static @Nullable JsonObject description(Path store, String writer) {
    try {
      byte[] bytes = Files.readAllBytes(all(store).resolve(writer).resolve("writer.json"));
      return JsonObject.of(Json.parse(bytes), "writer.json");
    } catch (IOException | JsonException e) {
      return null;
    }
  }

  /**
   * Returns whether a writer lives.
   *
   * @param lostNanos how old its last heartbeat may be, where its lock can't be asked
   */
  public static boolean lives(Path store, String writer, Time time, long lostNanos) {
    Path folder = all(store).resolve(writer);
    if (!Files.exists(folder.resolve("writer.json"))) {
      return false;
    }
    if (isOurs(description(store, writer)) || !isLocal(folder)) {
      return beats(folder, time, lostNanos);
    }
    WriterFolder taken = takeLock(folder);
    if (taken == null) {
      return true;
    }
    closeQuietly(taken);
    return false;
  }

  private static void closeQuietly(WriterFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      // A lock that was only asked for: the channel is gone either way.
    }
  }

  private static boolean beats(Path folder, Time time, long lostNanos) {
    try {
      long beat = Files.getLastModifiedTime(folder.resolve("writer.json")).toMillis();
      return Math.abs(time.millis() - beat) <= lostNanos / 1_000_000;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether a writer belongs to this process: closing a file with its lock would drop that lock.
   */
  private static boolean isOurs(@Nullable JsonObject description) {
    return description != null
        && description.longOr("pid", -1) == ProcessHandle.current().pid()
        && description.longOr("started", -1) == processStart()
        && host().equals(description.stringOr("host", null));
  }

  private static @Nullable WriterFolder takeLock(Path folder) {
    WriterFolder taken = new WriterFolder(folder);
    try {
      taken.channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.WRITE);
      if (tryLock(taken.channel) != null) {
        return taken;
      }
      taken.close();
    } catch (IOException e) {
      closeQuietly(taken);
    }
    return null;
  }

  /**
   * Takes over the folder of a dead writer.
   *
   * @return the folder with its lock held, or null if the writer lives or somebody else has it
   */
  static @Nullable WriterFolder takeOver(Path store, String writer, Time time, long lostNanos) {
    Path folder = all(store).resolve(writer);
    JsonObject description = description(store, writer);
    if (isOurs(description)) {
      return null;
    }
    if (!isLocal(folder) && beats(folder, time, lostNanos)) {
      return null;
    }
    if (description == null && beats(folder.resolve("lock"), folder, time, lostNanos)) {
      return null; // just being made
    }
    return takeLock(folder);
  }

  private static boolean beats(Path file, Path folder, Time time, long lostNanos) {
    try {
      Path asked = Files.exists(file) ? file : folder;
      long age = Math.abs(time.millis() - Files.getLastModifiedTime(asked).toMillis());
      return age <= lostNanos / 1_000_000;
    } catch (IOException e) {
      return false;
    }
  }

  // ---- file systems

  private static String fileSystem(Path folder) {
    try {
      return Files.getFileStore(folder).type().toLowerCase(java.util.Locale.ROOT);
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static boolean isLocal(Path folder) {
    String type = fileSystem(folder);
    return LOCAL.contains(type) || LOCAL_COPY_ON_WRITE.contains(type);
  }

  /**
   * Returns why a ring in a mapped file is unsafe there, or null if it is safe.
   *
   * <p>A store to a mapped page must never need a new block: on a full disk that kills the JVM.
   * Copy on write needs one at each rewrite, and a network may be gone.
   */
  static @Nullable String whyNotMapped(Path folder) {
    String type = fileSystem(folder);
    return LOCAL.contains(type)
        ? null
        : "the file system (" + type + ") is not one on which a mapped file is safe";
  }
}
