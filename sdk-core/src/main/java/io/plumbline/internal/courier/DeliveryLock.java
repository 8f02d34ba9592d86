package io.plumbline.internal.courier;

import io.plumbline.internal.FileLocks;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps two couriers, of one program or of two, from delivering the same part of a run. */
final class DeliveryLock implements AutoCloseable {
  /** On Linux who closes a file gives back all locks that its process has on it. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private DeliveryLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes the lock; nothing if another one has it. */
  static Optional<DeliveryLock> take(Path file) throws IOException {
    Path place = file.toAbsolutePath().normalize();
    if (!HELD.add(place)) {
      return Optional.empty();
    }
    DeliveryLock lock = null;
    try {
      lock = open(place);
    } finally {
      if (lock == null) {
        HELD.remove(place);
      }
    }
    return Optional.ofNullable(lock);
  }

  private static @Nullable DeliveryLock open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      taken = takeUnlessThereAreNone(channel);
      return taken ? new DeliveryLock(file, channel) : null;
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  /** On a file system without locks two programs may send the same, which is there once then. */
  private static boolean takeUnlessThereAreNone(FileChannel channel) {
    try {
      return FileLocks.take(channel);
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(file);
    }
  }
}
