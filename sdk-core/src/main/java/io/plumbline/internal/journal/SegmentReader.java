package io.plumbline.internal.journal;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads one segment file, frame by frame, while it may still grow.
 *
 * <p>What is damaged is skipped: the next whole frame is searched for, by its magic number and its
 * checksum. A place with whole frames behind it is damage; one without is a torn tail, which is how
 * every crash looks.
 */
final class SegmentReader implements AutoCloseable {
  /** Takes the whole frames. */
  interface Sink {
    /**
     * Takes one frame.
     *
     * @param bytes holds the body's payload from {@code from} to {@code to}; valid during the call
     *     only
     */
    void frame(int type, int count, long ordinal, byte[] bytes, int from, int to);
  }

  /**
   * A stretch of a file that is no whole frame but has whole frames behind it.
   *
   * @param from the offset of its first byte
   * @param to the offset behind its last byte
   */
  record Damage(long from, long to) {}

  /**
   * What a reading found.
   *
   * @param readable whether the header was whole and of a known version
   * @param problem what is wrong with the header, or empty; also empty if it is cut off
   * @param number the segment's number by its header
   * @param firstOrdinal the first ordinal by its header
   * @param end the offset behind the last whole frame
   * @param torn the number of bytes from there to the end of the file
   * @param damages the damaged stretches before {@code end}
   */
  record Result(
      boolean readable,
      String problem,
      int number,
      long firstOrdinal,
      long end,
      long torn,
      List<Damage> damages) {}

  private static final int BLOCK = 1 << 20;

  /** So many bytes per byte of a file are looked at in vain before the rest is given up. */
  private static final long PATIENCE = 64;

  /** Not a channel: that would be closed by an interrupt of whoever reads. */
  private final RandomAccessFile file;

  private final CRC32C crc = new CRC32C();
  private byte[] buffer;
  private long base;
  private int filled;
  private long inVain;

  private final List<Damage> damages = new ArrayList<>();
  private String problem = "";
  private boolean readable;
  private int number;
  private long firstOrdinal = -1;
  private long at;
  private long end;

  private int type;
  private int count;
  private long ordinal;
  private int payload;
  private int payloadEnd;
  private boolean behindDamage;

  private SegmentReader(RandomAccessFile file) throws IOException {
    this.file = file;
    this.buffer = new byte[(int) Math.max(Frames.SEGMENT_HEADER, Math.min(BLOCK, file.length()))];
  }

  /**
   * Reads a segment.
   *
   * @param from the offset of a frame to begin with, or anything smaller than the header for all
   */
  static Result read(Path segment, long from, Sink sink) throws IOException {
    try (SegmentReader reader = at(segment, from)) {
      while (reader.next()) {
        reader.give(sink);
      }
      return reader.result();
    }
  }

  /**
   * Opens a segment, to be read frame by frame.
   *
   * @param from the offset of a frame to begin with, or anything smaller than the header for all
   */
  static SegmentReader at(Path segment, long from) throws IOException {
    RandomAccessFile file = open(segment);
    try {
      SegmentReader reader = new SegmentReader(file);
      reader.readHeader(from);
      return reader;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static RandomAccessFile open(Path segment) throws IOException {
    try {
      return new RandomAccessFile(segment.toFile(), "r");
    } catch (FileNotFoundException e) {
      if (Files.exists(segment)) {
        throw e;
      }
      NoSuchFileException gone = new NoSuchFileException(segment.toString());
      gone.initCause(e);
      throw gone;
    }
  }

  private void readHeader(long from) throws IOException {
    if (!have(0, Frames.SEGMENT_HEADER)) {
      return; // a crash when it was made: a torn tail and nothing else
    }
    if ((long) Frames.LONG.get(buffer, 0) != Frames.SEGMENT_MAGIC
        || (int) Frames.INT.get(buffer, 60) != Frames.crc(buffer, 0, 60)) {
      problem = "its header is damaged";
      return;
    }
    int major = (int) Frames.INT.get(buffer, 8) & 0xFFFF;
    if (major > Frames.MAJOR) {
      problem = "its format " + major + " is newer than this version, which reads " + Frames.MAJOR;
      return;
    }
    readable = true;
    number = (int) Frames.INT.get(buffer, 12);
    firstOrdinal = (long) Frames.LONG.get(buffer, 24);
    at = Math.max(from, Frames.SEGMENT_HEADER);
    end = at;
  }

  /** Goes to the next whole frame; returns false if there is none, now. */
  boolean next() throws IOException {
    long from = at;
    while (readable) {
      int length = frameAt(at);
      if (length >= 0 && at > from && frameAt(from) >= 0) {
        at = from; // it was still being written when it was looked at
        length = frameAt(at);
      }
      if (length >= 0) {
        behindDamage = at > end;
        if (behindDamage) {
          damages.add(new Damage(end, at));
        }
        int i = (int) (at - base);
        type = buffer[i + 12] & 0xFF;
        count = (int) Frames.INT.get(buffer, i + 16);
        ordinal = (long) Frames.LONG.get(buffer, i + 20);
        payload = i + Frames.FRAME_HEADER;
        payloadEnd = i + Frames.PREFIX + length;
        at += Frames.PREFIX + length;
        end = at;
        return true;
      }
      long found = inVain > PATIENCE * (file.length() + BLOCK) ? -1 : nextMagic(at + 1);
      if (found < 0) {
        return false;
      }
      at = found;
    }
    return false;
  }

  /** Gives the frame that {@link #next} has found. */
  void give(Sink sink) {
    sink.frame(type, count, ordinal, buffer, payload, payloadEnd);
  }

  /**
   * Returns whether damage lies between the frame that {@link #next} has found and the one before.
   */
  boolean isBehindDamage() {
    return behindDamage;
  }

  /** Returns the ordinal of the first record of the frame that {@link #next} has found. */
  long ordinal() {
    return ordinal;
  }

  /** Returns the offset behind the last whole frame. */
  long end() {
    return end;
  }

  /** Returns what the reading has found so far. */
  Result result() throws IOException {
    long torn = Math.max(0, file.length() - end);
    return new Result(readable, problem, number, firstOrdinal, end, torn, damages);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Returns the body length of the whole frame at that offset, or -1 if there is none. */
  private int frameAt(long at) throws IOException {
    if (!have(at, Frames.FRAME_HEADER)) {
      return -1;
    }
    int i = (int) (at - base);
    int length = (int) Frames.INT.get(buffer, i + 4);
    if ((int) Frames.INT.get(buffer, i) != Frames.FRAME_MAGIC
        || length < Frames.FRAME_HEADER - Frames.PREFIX
        || length > Frames.MAX_BODY
        || !have(at, Frames.PREFIX + length)) {
      return -1;
    }
    i = (int) (at - base);
    int expected = (int) Frames.INT.get(buffer, i + 8);
    if (expected == Frames.frameCrc(crc, buffer, i, length)) {
      return length;
    }
    inVain += length;
    return -1;
  }

  /** Returns the offset of the next magic number at or behind {@code at}, or -1. */
  private long nextMagic(long at) throws IOException {
    long offset = at;
    while (have(offset, 4)) {
      int i = (int) (offset - base);
      for (int last = filled - 4; i <= last; i++) {
        if ((int) Frames.INT.get(buffer, i) == Frames.FRAME_MAGIC) {
          return base + i;
        }
      }
      offset = base + i;
    }
    return -1;
  }

  /**
   * Makes {@code count} bytes from that offset on available in the buffer, if the file has them.
   */
  private boolean have(long offset, int count) throws IOException {
    if (offset >= base && offset + count <= base + filled) {
      return true;
    }
    if (count > buffer.length && offset + count > file.length()) {
      return false; // a length that a damaged or hostile file makes up
    }
    if (offset >= base && offset <= base + filled) {
      int keep = (int) (base + filled - offset);
      byte[] target = count > buffer.length ? new byte[Math.max(count, BLOCK * 2)] : buffer;
      System.arraycopy(buffer, (int) (offset - base), target, 0, keep);
      buffer = target;
      filled = keep;
    } else {
      if (count > buffer.length) {
        buffer = new byte[Math.max(count, BLOCK * 2)];
      }
      filled = 0;
    }
    base = offset;
    while (filled < buffer.length) {
      file.seek(base + filled);
      int n = file.read(buffer, filled, buffer.length - filled);
      if (n < 0) {
        break;
      }
      filled += n;
    }
    return filled >= count;
  }
}
