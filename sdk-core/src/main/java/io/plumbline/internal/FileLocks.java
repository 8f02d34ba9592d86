package io.plumbline.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;

/** Locks of files, between processes and between the class loaders of one. */
public final class FileLocks {
  private FileLocks() {}

  /**
   * Takes the lock of a file, without waiting. The close of the channel gives it back.
   *
   * @return whether nobody else has it, in this process or another
   * @throws IOException if the file system has no locks
   */
  public static boolean take(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // somebody of this process has it, maybe of another class loader
    }
  }
}
