package io.plumbline.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's disk, with the faults that a test asks for. */
final class FaultyDisk implements Disk {
  /** Bytes that may still be written before the disk is full. */
  final AtomicLong room = new AtomicLong(Long.MAX_VALUE);

  /** The most bytes that one write takes. */
  volatile int largestWrite = Integer.MAX_VALUE;

  /** How many of the next fsyncs fail. */
  final AtomicInteger failingForces = new AtomicInteger();

  /** How many files were made. */
  final AtomicInteger created = new AtomicInteger();

  /** How many files are open. */
  final AtomicInteger open = new AtomicInteger();

  /** Files, by their number from 1, whose writes fail with an I/O error. */
  final Set<Integer> broken = ConcurrentHashMap.newKeySet();

  volatile boolean createFails;
  volatile long usable = 1L << 40;

  /** The type of file system that this disk says it has. */
  volatile String fileSystem = "ext4";

  @Override
  public AppendFile create(Path file) throws IOException {
    if (createFails) {
      throw new IOException("No space left on device");
    }
    AppendFile real = Disk.REAL.create(file);
    open.incrementAndGet();
    return new FaultyFile(real, created.incrementAndGet());
  }

  @Override
  public long usable(Path folder) {
    return usable;
  }

  @Override
  public long total(Path folder) {
    return 1L << 40;
  }

  @Override
  public String fileSystem(Path folder) {
    return fileSystem;
  }

  private final class FaultyFile implements AppendFile {
    private final AppendFile real;
    private final int number;
    private boolean closed;

    FaultyFile(AppendFile real, int number) {
      this.real = real;
      this.number = number;
    }

    @Override
    public void write(ByteBuffer buffer) throws IOException {
      if (broken.contains(number)) {
        throw new IOException("Input/output error");
      }
      int some = (int) Math.min(Math.min(buffer.remaining(), largestWrite), room.get());
      if (some == 0) {
        throw new IOException("No space left on device");
      }
      room.addAndGet(-some);
      ByteBuffer part = buffer.duplicate().limit(buffer.position() + some);
      while (part.hasRemaining()) {
        real.write(part);
      }
      buffer.position(part.position());
    }

    @Override
    public void force() throws IOException {
      if (failingForces.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new IOException("fsync failed");
      }
      real.force();
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
      real.close();
    }
  }
}
