package io.plumbline.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** What the journal asks of a disk; tests put a faulty one in its place. */
public interface Disk {
  /** The machine's disk. */
  Disk REAL = new RealDisk();

  /** Makes a new file for appending; fails if it exists. */
  AppendFile create(Path file) throws IOException;

  /** Returns how many bytes may still be written where that folder is. */
  long usable(Path folder) throws IOException;

  /** Returns how many bytes there are in all where that folder is. */
  long total(Path folder) throws IOException;

  /** Returns the file system's type where that folder is, such as {@code ext4}, in lower case. */
  String fileSystem(Path folder);

  /** A file that only grows. */
  interface AppendFile extends AutoCloseable {
    /**
     * Writes some of the buffer, at the end, and moves the buffer's position accordingly; also if
     * it throws after it has written something.
     */
    void write(ByteBuffer buffer) throws IOException;

    /** Waits until all that was written is on the device. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** The machine's disk. */
  final class RealDisk implements Disk {
    private RealDisk() {}

    @Override
    public AppendFile create(Path file) throws IOException {
      return new RealFile(file);
    }

    @Override
    public long usable(Path folder) throws IOException {
      return Files.getFileStore(folder).getUsableSpace();
    }

    @Override
    public long total(Path folder) throws IOException {
      return Files.getFileStore(folder).getTotalSpace();
    }

    @Override
    public String fileSystem(Path folder) {
      try {
        return Files.getFileStore(folder).type().toLowerCase(Locale.ROOT);
      } catch (IOException e) {
        return "unknown";
      }
    }
  }

  /**
   * A file of the machine's disk. A host that interrupts one of our threads closes the channel
   * under us: then it is opened again. Nothing waits on the interrupts of these threads.
   */
  final class RealFile implements AppendFile {
    private final Path path;
    private volatile FileChannel channel;
    private volatile boolean closed;
    private long position;

    private RealFile(Path path) throws IOException {
      this.path = path;
      this.channel =
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
      try {
        writeAt(buffer);
      } catch (ClosedChannelException e) {
        reopen(e);
        writeAt(buffer);
      }
    }

    /** An interrupt may throw although bytes were written: only the buffer knows how many. */
    private void writeAt(ByteBuffer buffer) throws IOException {
      int before = buffer.position();
      try {
        channel.write(buffer, position);
      } finally {
        position += buffer.position() - before;
      }
    }

    @Override
    public void force() throws IOException {
      try {
        channel.force(false);
      } catch (ClosedChannelException e) {
        reopen(e);
        channel.force(false);
      }
    }

    private synchronized void reopen(ClosedChannelException cause) throws IOException {
      Thread.interrupted();
      if (closed) {
        throw cause;
      }
      if (!channel.isOpen()) {
        channel = FileChannel.open(path, StandardOpenOption.WRITE);
      }
    }

    @Override
    public synchronized void close() throws IOException {
      closed = true;
      channel.close();
    }
  }
}
