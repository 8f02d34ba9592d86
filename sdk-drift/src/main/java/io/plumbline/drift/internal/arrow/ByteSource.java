package io.plumbline.drift.internal.arrow;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file that is read at any place. Not a channel: an interrupt of who reads would close that. */
final class ByteSource implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile file;
  private final long size;

  ByteSource(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "r");
    this.size = file.length();
  }

  Path path() {
    return path;
  }

  /** How large the file was when it was opened. */
  long size() {
    return size;
  }

  /** Reads so many bytes; the caller has checked that the file has them. */
  byte[] read(long position, int length) throws IOException {
    if (position < 0 || length < 0 || length > size - position) {
      throw new EOFException(path + " has no " + length + " bytes at " + position);
    }
    byte[] bytes = new byte[length];
    file.seek(position);
    file.readFully(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
