package io.plumbline.internal.courier;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Keeps two couriers, of one program or of two, from delivering the same part of a run. */
final class DeliveryLock implements AutoCloseable {
  private final FileChannel channel;

  private DeliveryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Takes the lock; nothing if another one has it. */
  static Optional<DeliveryLock> take(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      FileLock lock = channel.tryLock();
      taken = lock != null;
      return taken ? Optional.of(new DeliveryLock(channel)) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // another courier of this JVM, maybe of another class loader
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
