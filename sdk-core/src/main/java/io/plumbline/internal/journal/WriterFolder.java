package io.plumbline.internal.journal;

import io.plumbline.internal.FileLocks;
import io.plumbline.internal.Time;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
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

  private static final String LOCK = "lock";
  private static final String RING = "ring";
  private static final String DESCRIPTION = "writer.json";
  private static final String CLOSED = "closed.json";

  /** What a ring holds where its writer did not say how much. */
  private static final long MANY_SLOTS = 1 << 16;

  private final Path folder;
  private final JournalOptions options;
  private @Nullable FileChannel channel;

  private WriterFolder(Path folder, JournalOptions options) {
    this.folder = folder;
    this.options = options;
  }

  /** Returns the folder of all living writers of a store. */
  static Path all(Path store) {
    return store.resolve("writers");
  }

  /**
   * Makes a writer's folder and takes its lock.
   *
   * @throws IOException if the disk has no room for it: what was made is gone again then
   */
  static WriterFolder create(Path store, String writer, boolean mapped, JournalOptions options)
      throws IOException {
    WriterFolder made = new WriterFolder(all(store).resolve(writer), options);
    try {
      Files.createDirectories(made.folder);
      if (!made.lock(StandardOpenOption.CREATE)) {
        throw new IOException("the new lock in " + made.folder + " is taken");
      }
      made.describe(writer, mapped);
      return made;
    } catch (IOException e) {
      try {
        made.delete();
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** Opens the lock's file and takes the lock, if it is free and this file system has locks. */
  private boolean lock(OpenOption... more) throws IOException {
    Path file = folder.resolve(LOCK);
    Set<OpenOption> how = new HashSet<>(Set.of(more));
    how.add(StandardOpenOption.WRITE);
    FileChannel opened = FileChannel.open(file, how);
    channel = opened;
    try {
      // Somebody may have taken the folder away between the two calls.
      return FileLocks.take(opened) && Files.exists(file);
    } catch (IOException e) {
      return !isLocal(folder, options.disk()); // there the heartbeat alone tells
    }
  }

  /** Says who the writer is, and where its ring. */
  void describe(String writer, boolean mapped) throws IOException {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", 1L);
    json.put("writer", writer);
    json.put("pid", ProcessHandle.current().pid());
    json.put("host", host());
    json.put("started", processStart());
    json.put("created", options.time().millis());
    json.put("ring", mapped ? "mapped" : "heap");
    json.put("slots", (long) options.ringBytes() / Ring.SLOT);
    // In one step: without a whole description the folder looks like another process's.
    Path fresh = folder.resolve(DESCRIPTION + ".tmp");
    Files.write(fresh, Json.bytes(json));
    Files.move(fresh, folder.resolve(DESCRIPTION), StandardCopyOption.ATOMIC_MOVE);
  }

  /** This machine's name, without asking the network for it. */
  private static String host() {
    for (String variable : List.of("HOSTNAME", "COMPUTERNAME")) {
      String name = System.getenv(variable);
      if (name != null) {
        return name;
      }
    }
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }

  private static long processStart() {
    return ProcessHandle.current().info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
  }

  Path ring() {
    return folder.resolve(RING);
  }

  /** Returns whether the writer said that its ring is a file, and there is none. */
  boolean lacksRing() {
    JsonObject says = description(folder);
    return says != null
        && "mapped".equals(says.asMap().get("ring"))
        && !Files.exists(folder.resolve(RING));
  }

  /** Shows that the writer lives. */
  void beat(long millis) throws IOException {
    Files.setLastModifiedTime(folder.resolve(DESCRIPTION), FileTime.fromMillis(millis));
  }

  /** Gives the lock back and keeps the folder: what it holds is for a recovery. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  /**
   * Gives the lock back and says that this writer is dead although its process lives: who opens the
   * store next, in whatever process, may recover what the folder holds.
   */
  void abandon() throws IOException {
    Files.move(
        folder.resolve(DESCRIPTION),
        folder.resolve(CLOSED),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    close();
  }

  /** Removes the folder: nothing in it is needed any more. */
  void delete() throws IOException {
    // In this order an interrupted removal looks like what it is: a ring that is gone together with
    // the description was not in memory.
    for (String name : List.of(DESCRIPTION, CLOSED, RING)) {
      Files.deleteIfExists(folder.resolve(name));
    }
    try {
      Files.deleteIfExists(
          folder.resolve(LOCK)); // before the lock is given back, where that is possible
    } catch (IOException e) {
      close();
      Files.deleteIfExists(folder.resolve(LOCK));
    }
    Files.deleteIfExists(folder);
    close();
  }

  /**
   * Returns how many records were lost with the writer's ring at most: none unless the writer said
   * who it is and its ring was in memory.
   */
  long lostAtMost() {
    JsonObject says = description(folder);
    try {
      return says != null && "heap".equals(says.asMap().get("ring"))
          ? Math.max(1, says.longOr("slots", MANY_SLOTS))
          : 0;
    } catch (JsonException e) {
      return MANY_SLOTS;
    }
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
    return description(all(store).resolve(writer));
  }

  private static @Nullable JsonObject description(Path folder) {
    for (String name : List.of(DESCRIPTION, CLOSED)) {
      try {
        return Json.object(Files.readAllBytes(folder.resolve(name)), name);
      } catch (IOException | JsonException e) {
        // The other one, if there is one.
      }
    }
    return null;
  }

  /**
   * Returns whether a writer lives.
   *
   * @param lostNanos how old its last heartbeat may be; a process of this machine that is gone is
   *     dead at once
   */
  public static boolean lives(Path store, String writer, Time time, long lostNanos) {
    Path folder = all(store).resolve(writer);
    if (!Files.exists(folder.resolve(DESCRIPTION))) {
      return false;
    }
    return processLives(description(folder))
        && isFresh(folder.resolve(DESCRIPTION), time, lostNanos);
  }

  /**
   * Whether a writer's process may live. Locks are not asked: closing a file drops all locks that
   * this process has on it, and a read-only file system has none.
   */
  private static boolean processLives(@Nullable JsonObject description) {
    return description == null
        || !host().equals(description.stringOr("host", null))
        || ProcessHandle.of(description.longOr("pid", -1)).isPresent();
  }

  private static void closeQuietly(WriterFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      // A lock that was only asked for: the channel is gone either way.
    }
  }

  private static boolean isFresh(Path file, Time time, long lostNanos) {
    try {
      long modified = Files.getLastModifiedTime(file).toMillis();
      return Math.abs(time.millis() - modified) <= lostNanos / 1_000_000;
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

  private static @Nullable WriterFolder takeLock(Path folder, JournalOptions options) {
    WriterFolder taken = new WriterFolder(folder, options);
    boolean locked = false;
    try {
      locked = taken.lock();
    } catch (IOException e) {
      // Without a lock's file nobody has the lock, but nobody can take it either.
    }
    if (!locked) {
      closeQuietly(taken);
      return null;
    }
    return taken;
  }

  /**
   * Takes over the folder of a dead writer.
   *
   * @return the folder with its lock held, or null if the writer lives or somebody else has it
   */
  static @Nullable WriterFolder takeOver(Path store, String writer, JournalOptions options) {
    Path folder = all(store).resolve(writer);
    Time time = options.time();
    long lostNanos = options.lostNanos();
    boolean described = Files.exists(folder.resolve(DESCRIPTION));
    boolean closed = Files.exists(folder.resolve(CLOSED));
    if (described && isOurs(description(folder))) {
      return null;
    }
    if (described
        && !isLocal(folder, options.disk())
        && isFresh(folder.resolve(DESCRIPTION), time, lostNanos)) {
      return null;
    }
    if (!described && !closed && isFresh(folder, time, lostNanos)) {
      return null; // just being made
    }
    return takeLock(folder, options);
  }

  // ---- file systems

  private static boolean isLocal(Path folder, Disk disk) {
    String type = disk.fileSystem(folder);
    return LOCAL.contains(type) || LOCAL_COPY_ON_WRITE.contains(type);
  }

  /**
   * Returns why a ring in a mapped file is unsafe there, or null if it is safe.
   *
   * <p>A store to a mapped page must never need a new block: on a full disk that kills the JVM.
   * Copy on write needs one at each rewrite, and a network may be gone.
   */
  static @Nullable String whyNotMapped(Path folder, Disk disk) {
    String type = disk.fileSystem(folder);
    return LOCAL.contains(type)
        ? null
        : "the file system (" + type + ") is not one on which a mapped file is safe";
  }
}
