package io.plumbline.internal.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Turns records into frames, and frames into chunks of memory that wait to be written; knows
 * nothing of files.
 *
 * <p>Points that come one after the other share a frame, until {@link #closeFrame}. Between calls
 * of a writer all frames are closed, so a chunk's bytes up to its end are whole frames.
 */
final class Framer {
  private static final int SMALLEST_CHUNK = 512;
  private static final int LARGEST_CHUNK = 256 * 1024;

  /** Some whole frames; the last chunk may still get more of them. */
  static final class Chunk {
    final byte[] data;

    /** Counts up; a chunk that is written again elsewhere keeps it. */
    final long serial;

    int end;
    int written;

    Chunk(int size, long serial) {
      this.data = new byte[size];
      this.serial = serial;
    }
  }

  private final CRC32C crc = new CRC32C();
  private final Deque<Chunk> unwritten = new ArrayDeque<>();
  private long serial;
  private int chunkSize = SMALLEST_CHUNK;
  private @Nullable Chunk open;

  private int frame = -1;
  private int frameCount;
  private long frameStep;
  private long frameTime;

  private long ordinal;
  private long ringEnd;

  /**
   * Makes a framer.
   *
   * @param ordinal the next record's ordinal
   * @param ringEnd the ring's sequence behind the last point that was framed before
   */
  Framer(long ordinal, long ringEnd) {
    this.ordinal = ordinal;
    this.ringEnd = ringEnd;
  }

  /** Returns the next record's ordinal. */
  long ordinal() {
    return ordinal;
  }

  /** Returns the ring's sequence behind the last point that was framed. */
  long ringEnd() {
    return ringEnd;
  }

  // ---- records

  /**
   * Frames an event.
   *
   * @param count 1 for a record, 0 for what is only said again
   * @throws IllegalArgumentException if it is longer than readers believe
   */
  void event(byte[] json, int count) {
    if (json.length > Frames.MAX_EVENT) {
      throw new IllegalArgumentException(
          "a record of " + json.length + " bytes; at most " + Frames.MAX_EVENT + " are taken");
    }
    closeFrame();
    Chunk chunk = room(Frames.FRAME_HEADER + json.length);
    int at = chunk.end;
    System.arraycopy(json, 0, chunk.data, at + Frames.FRAME_HEADER, json.length);
    chunk.end = at + Frames.FRAME_HEADER + json.length;
    Frames.seal(crc, chunk.data, at, chunk.end, Frames.EVENT, count, ordinal);
    ordinal += count;
  }

  /** Frames a point that has that sequence in the ring. */
  void point(int key, double value, long step, long time, long sequence) {
    Chunk chunk = open;
    if (frame < 0 || chunk == null || chunk.end + MetricRows.MAX_ROW > chunk.data.length) {
      chunk = openFrame();
    }
    byte[] b = chunk.data;
    int at = chunk.end;
    at = Frames.putVarint(b, at, key);
    at = Frames.putVarint(b, at, Frames.zigzag(step - frameStep));
    at = Frames.putVarint(b, at, Frames.zigzag(time - frameTime));
    Frames.LONG.set(b, at, Double.doubleToRawLongBits(value));
    chunk.end = at + 8;
    frameStep = step;
    frameTime = time;
    frameCount++;
    ringEnd = sequence + 1;
  }

  private Chunk openFrame() {
    closeFrame();
    Chunk chunk = room(Frames.FRAME_HEADER + 8 + MetricRows.MAX_ROW);
    frame = chunk.end;
    chunk.end += Frames.FRAME_HEADER + 8;
    frameCount = 0;
    frameStep = 0;
    frameTime = 0;
    return chunk;
  }

  /** Ends the frame that points are added to, if there is one. */
  void closeFrame() {
    Chunk chunk = open;
    if (frame >= 0 && chunk != null) {
      Frames.LONG.set(chunk.data, frame + Frames.FRAME_HEADER, ringEnd);
      Frames.seal(crc, chunk.data, frame, chunk.end, Frames.METRICS, frameCount, ordinal);
      ordinal += frameCount;
      frame = -1;
    }
  }

  private Chunk room(int bytes) {
    Chunk chunk = open;
    if (chunk == null || chunk.end + bytes > chunk.data.length) {
      int size = chunk == null ? chunkSize : Math.min(LARGEST_CHUNK, chunkSize * 2);
      chunk = new Chunk(Math.max(bytes, size), serial + 1);
      chunkSize = size;
      serial++;
      open = chunk;
      unwritten.add(chunk);
    }
    return chunk;
  }

  // ---- chunks

  /** Returns whether there is something to write. */
  boolean dirty() {
    Chunk first = unwritten.peekFirst();
    return frame >= 0 || unwritten.size() > 1 || (first != null && first.written < first.end);
  }

  /** Returns the first chunk that is not written or may still grow; null if there is none. */
  @Nullable Chunk first() {
    return unwritten.peekFirst();
  }

  /** Returns whether a chunk may still get frames. */
  boolean isOpen(Chunk chunk) {
    return chunk == open;
  }

  /** Takes the first chunk away: it is written, and complete. */
  void removeFirst() {
    unwritten.removeFirst();
  }

  /** Puts chunks in front of all others; the last one that grew does not grow any more. */
  void putBack(Iterable<Chunk> chunks) {
    open = null;
    Deque<Chunk> rest = new ArrayDeque<>(unwritten);
    unwritten.clear();
    chunks.forEach(unwritten::add);
    unwritten.addAll(rest);
    unwritten.forEach(chunk -> chunk.written = 0);
  }

  /** Takes the chunk away that may still grow, if all it has is written; else returns null. */
  @Nullable Chunk takeWritten() {
    Chunk chunk = open;
    if (chunk == null || frame >= 0 || chunk.written < chunk.end) {
      return null;
    }
    if (chunk.end < chunk.data.length / 4) {
      chunkSize = Math.max(SMALLEST_CHUNK, chunkSize / 2);
    }
    open = null;
    unwritten.remove(chunk);
    return chunk;
  }

  /** Returns the highest serial such that all chunks up to it are written and complete. */
  long writtenSerial() {
    Chunk first = unwritten.peekFirst();
    return first == null ? serial : first.serial - 1;
  }
}
