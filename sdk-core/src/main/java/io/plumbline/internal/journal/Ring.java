package io.plumbline.internal.journal;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A ring of fixed slots between many callers and one writer, in a mapped file or in memory.
 *
 * <p>A caller claims a sequence number with a compare-and-set, fills the slot's three data words
 * and publishes it by storing its first word with release semantics. In a mapped file that store is
 * all it takes to survive the process: recovery reads the slots that the segments do not have.
 *
 * <p>The slot of sequence {@code s} is number {@code s % capacity}. Its words, little-endian:
 * {@code lap << 32 | key}, where lap is {@code s / capacity + 1}; the value's IEEE bits; the step;
 * {@code check << 48 | epoch milliseconds}.
 */
final class Ring {
  static final int SLOT = 32;
  static final int HEADER = 4096;
  static final int VERSION = 1;

  /** Set in the tail when no more records are taken: above every sequence there can be. */
  private static final long SEALED = 1L << 62;

  /** Every so many records the writer is woken, however long it meant to sleep. */
  private static final int WAKE_MASK = 8 * 1024 - 1;

  private static final long MAGIC = 0x474E4952424D4C50L; // "PLMBRING"
  private static final long TIME_MASK = (1L << 48) - 1;
  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer slots;
  private final long mask;
  private final int shift;
  private final boolean mapped;
  private final Runnable wake;

  /** The slots whose callers died between claiming and publishing. */
  private final boolean[] abandoned;

  private final PaddedLong tail = new PaddedLong();
  private final PaddedLong limit = new PaddedLong();

  private Ring(ByteBuffer slots, boolean mapped, Runnable wake) {
    this.slots = slots;
    int capacity = slots.capacity() / SLOT;
    this.mask = capacity - 1L;
    this.shift = Integer.numberOfTrailingZeros(capacity);
    this.mapped = mapped;
    this.wake = wake;
    this.abandoned = new boolean[capacity];
    limit.set(capacity);
  }

  /** Makes a ring in memory: what it holds dies with the process. */
  static Ring heap(int bytes, Runnable wake) {
    return new Ring(
        ByteBuffer.allocateDirect(bytes + 64).alignedSlice(64).slice(0, bytes), false, wake);
  }

  /**
   * Makes a ring in a new file.
   *
   * @throws IOException if the disk has no room for all of it: the file is gone again then
   */
  static Ring mapped(Path file, int bytes, long writer, long created, Runnable wake)
      throws IOException {
    try {
      return map(file, bytes, writer, created, wake);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private static Ring map(Path file, int bytes, long writer, long created, Runnable wake)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      // A page without a block behind it would kill the JVM on a full disk: write every byte first.
      ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
      for (long at = 0; at < HEADER + (long) bytes; at += zeros.capacity()) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), HEADER + (long) bytes - at));
        Channels.writeFully(channel, zeros);
      }
      channel.position(0);
      Channels.writeFully(channel, header(bytes, writer, created));
      ByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, HEADER, bytes);
      return new Ring(map, true, wake);
    }
  }

  private static ByteBuffer header(int bytes, long writer, long created) {
    ByteBuffer header = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putInt(SLOT).putLong(bytes).putLong(writer);
    header.putLong(created);
    header.putInt(Frames.crc(header.array(), 0, 40));
    return header.flip();
  }

  /**
   * Takes a record.
   *
   * @return false if there is no room, or if {@link #limit} refuses records for another reason
   */
  boolean offer(int key, double value, long step, long time) {
    long sequence;
    do {
      sequence = tail.get();
      if (sequence >= limit.get()) {
        return false;
      }
    } while (!tail.compareAndSet(sequence, sequence + 1));
    try {
      put(sequence, key, Double.doubleToRawLongBits(value), step, time & TIME_MASK);
    } catch (Throwable t) {
      // Out of stack, most likely: no call may be made here, and the writer is not to wait for
      // ever.
      abandoned[(int) (sequence & mask)] = true;
      throw t;
    }
    if ((sequence & WAKE_MASK) == WAKE_MASK) {
      wake.run();
    }
    return true;
  }

  private void put(long sequence, int key, long bits, long step, long time) {
    int at = (int) (sequence & mask) * SLOT;
    long first = first(sequence, key);
    WORD.set(slots, at + 8, bits);
    WORD.set(slots, at + 16, step);
    WORD.set(slots, at + 24, (check(first, bits, step, time) << 48) | time);
    WORD.setRelease(slots, at, first);
  }

  private long first(long sequence, int key) {
    return (((sequence >>> shift) + 1) << 32) | (key & 0xFFFF_FFFFL);
  }

  /**
   * Mixes a slot's words into 16 bits; a change of any one byte changes them with 65,535 in 65,536.
   */
  static long check(long first, long bits, long step, long time) {
    long h = first * 0x9E3779B97F4A7C15L;
    h = (h ^ (h >>> 32) ^ bits) * 0xD6E8FEB86659FD93L;
    h = (h ^ (h >>> 32) ^ step) * 0xA0761D6478BD642FL;
    h = (h ^ (h >>> 32) ^ time) * 0xE7037ED1A0B428DBL;
    return h >>> 48;
  }

  /** Takes no more records, whoever is in the middle of {@link #offer}: the tail is final now. */
  void seal() {
    long sequence;
    do {
      sequence = tail.get();
    } while ((sequence & SEALED) == 0 && !tail.compareAndSet(sequence, sequence | SEALED));
  }

  // ---- the writer's side

  /** Returns, once for each, whether the caller that had claimed that slot has died. */
  boolean takeAbandoned(long sequence) {
    int at = (int) (sequence & mask);
    boolean was = abandoned[at];
    abandoned[at] = false;
    return was;
  }

  /** Returns whether the record of that sequence is published. */
  boolean published(long sequence) {
    long first = (long) WORD.getAcquire(slots, (int) (sequence & mask) * SLOT);
    return first >>> 32 == (sequence >>> shift) + 1;
  }

  int key(long sequence) {
    return (int) (long) WORD.get(slots, (int) (sequence & mask) * SLOT);
  }

  double value(long sequence) {
    return Double.longBitsToDouble((long) WORD.get(slots, (int) (sequence & mask) * SLOT + 8));
  }

  long step(long sequence) {
    return (long) WORD.get(slots, (int) (sequence & mask) * SLOT + 16);
  }

  long time(long sequence) {
    return (long) WORD.get(slots, (int) (sequence & mask) * SLOT + 24) & TIME_MASK;
  }

  /** Returns the next sequence to be claimed: all below it are claimed, most of them published. */
  long tail() {
    return tail.get() & ~SEALED;
  }

  /** Lets callers claim all sequences below {@code limit}. */
  void limit(long sequence) {
    limit.set(sequence);
  }

  int capacity() {
    return (int) mask + 1;
  }

  boolean isMapped() {
    return mapped;
  }

  /** One record that a dead process left in its ring. */
  record Slot(long sequence, int key, double value, long step, long time, boolean intact) {}

  /** Reads one slot of a ring file's bytes, or null if it never held anything. */
  static @Nullable Slot read(ByteBuffer slots, int index) {
    int capacity = slots.capacity() / SLOT;
    int at = index * SLOT;
    long first = slots.getLong(at);
    if (first == 0) {
      return null;
    }
    long bits = slots.getLong(at + 8);
    long step = slots.getLong(at + 16);
    long last = slots.getLong(at + 24);
    long time = last & TIME_MASK;
    long sequence = ((first >>> 32) - 1) * capacity + index;
    boolean intact = last >>> 48 == check(first, bits, step, time);
    return new Slot(sequence, (int) first, Double.longBitsToDouble(bits), step, time, intact);
  }

  /**
   * What a ring file holds.
   *
   * @param slots the slots' bytes, or null if they can't be made out
   * @param problem what is wrong with the file, or empty
   */
  record Content(@Nullable ByteBuffer slots, String problem) {}

  /** Reads a ring file; a damaged header tells nothing that the slots do not tell themselves. */
  static Content readFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long bytes = size - HEADER;
      if (bytes < SLOT || bytes > 1L << 30 || Long.bitCount(bytes) != 1) {
        return new Content(null, "its length of " + size + " bytes is not that of a ring");
      }
      ByteBuffer all = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
      while (all.hasRemaining() && channel.read(all) >= 0) {
        // until all of it is here
      }
      boolean sound =
          all.getLong(0) == MAGIC
              && all.getInt(40) == Frames.crc(all.array(), 0, 40)
              && all.getLong(16) == bytes;
      if (sound && (all.getInt(8) != VERSION || all.getInt(12) != SLOT)) {
        return new Content(null, "its version " + all.getInt(8) + " is not known");
      }
      ByteBuffer slots = all.slice(HEADER, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
      return new Content(slots, sound ? "" : "its header is damaged, and was not needed");
    }
  }

  /** A volatile long alone in its cache lines. */
  @SuppressWarnings("unused") // the padding is the point
  private static final class PaddedLong {
    private static final VarHandle VALUE;

    static {
      try {
        VALUE = MethodHandles.lookup().findVarHandle(PaddedLong.class, "value", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private long a1, a2, a3, a4, a5, a6, a7, a8;
    private volatile long value;
    private long b1, b2, b3, b4, b5, b6, b7, b8;

    long get() {
      return value;
    }

    void set(long newValue) {
      VALUE.setRelease(this, newValue);
    }

    boolean compareAndSet(long expected, long newValue) {
      return VALUE.weakCompareAndSet(this, expected, newValue);
    }
  }
}
