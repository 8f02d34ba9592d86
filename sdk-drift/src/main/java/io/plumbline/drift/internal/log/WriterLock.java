package io.plumbline.drift.internal.log;

import io.plumbline.internal.FileLocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Says that a writer lives: a file of its name, locked as long as it does. The name is in those of
 * the parts that it writes, so that nobody else repairs them meanwhile.
 */
public final class WriterLock implements AutoCloseable {
  private static final String ENDING = ".lock";

  private final Path file;
  private final String writer;
  private final FileChannel channel;

  private WriterLock(Path file, String writer, FileChannel channel) {
    this.file = file;
    this.writer = writer;
    this.channel = channel;
  }

  /** Takes the lock of a new writer. */
  public static WriterLock take(Path root) throws IOException {
    Path folder = root.resolve(LogPaths.WRITERS);
    LogFolders.create(folder);
    String writer = newWriter();
    Path file = folder.resolve(writer + ENDING);
    FileChannel channel =
        LogFolders.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      channel.lock();
    } catch (IOException e) {
      // A file system without locks: then nobody can take this one either, and it stays a sign.
    }
    return new WriterLock(file, writer, channel);
  }

  /** A writer's name that no other has, of this process or another one, here or elsewhere. */
  public static String newWriter() {
    return LogPaths.host(hostName())
        + "-"
        + ProcessHandle.current().pid()
        + "-"
        + process()
        + String.format(Locale.ROOT, "%08x", ThreadLocalRandom.current().nextInt());
  }

  /** This machine's name, without asking the network for it. */
  public static String hostName() {
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      String name = System.getenv(variable);
      if (name != null && !name.isBlank()) {
        return name;
      }
    }
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }

  /** What is the same in this process only, also where every process of a container has one id. */
  private static String process() {
    ProcessHandle self = ProcessHandle.current();
    long start = self.info().startInstant().map(i -> i.toEpochMilli()).orElse(0L);
    long mixed = (self.pid() * 0x9e3779b97f4a7c15L ^ start) * 0xbf58476d1ce4e5b9L;
    return String.format(Locale.ROOT, "%08x", (int) (mixed >>> 32));
  }

  /** The writer's name: host, process id and 16 hex digits that no other writer has. */
  public String writer() {
    return writer;
  }

  /**
   * Takes the place of a writer that is dead, so that what it has left can be repaired by one only.
   *
   * @return null if the writer lives, or somebody else has taken its place; close it when all is
   *     done
   */
  public static @Nullable WriterLock adopt(Path root, String writer) throws IOException {
    Path file = root.resolve(LogPaths.WRITERS).resolve(writer + ENDING);
    if (writer.length() < 16) {
      return null;
    }
    // Closing a file drops all locks that this process has on it: its own are not touched.
    if (isOurs(writer) && Files.exists(file)) {
      return null;
    }
    LogFolders.create(root.resolve(LogPaths.WRITERS));
    FileChannel channel =
        LogFolders.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (FileLocks.take(channel)) {
        return new WriterLock(file, writer, channel);
      }
    } catch (IOException e) {
      // There are no locks here: nobody is known to be dead.
    }
    channel.close();
    return null;
  }

  private static boolean isOurs(String writer) {
    return writer.regionMatches(writer.length() - 16, process(), 0, 8);
  }

  /** Says why the place of a writer can't be taken, and what to do if it should be. */
  public static String whyLives(Path root, String writer) {
    Path file = root.resolve(LogPaths.WRITERS).resolve(writer + ENDING);
    if (writer.length() < 16) {
      return "its name says of no writer that it could be dead; rename it as a part is named";
    }
    if (isOurs(writer)) {
      return "this process writes to it";
    }
    return "its writer "
        + writer
        + " seems to run: it holds the lock "
        + file
        + ", or the file system has no locks; where that program is dead, delete the lock's file";
  }

  @Override
  public void close() throws IOException {
    try {
      Files.deleteIfExists(file);
    } finally {
      channel.close();
    }
  }
}
