package io.plumbline.internal.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a segment file: a header, then frames.
 *
 * <p>All numbers are little-endian. {@code docs/store-format.md} describes every byte; this class
 * is the one place in the code that knows the offsets.
 */
public final class Frames {
  /** Bytes of a segment's header. */
  public static final int SEGMENT_HEADER = 64;

  /** Bytes of a frame's header: magic, length, CRC, type, count, ordinal. */
  public static final int FRAME_HEADER = 28;

  /** Bytes of a frame before those that its length counts. */
  static final int PREFIX = 12;

  /** A frame of JSON: what happens to a run, except metrics. */
  static final int EVENT = 0x83;

  /** A frame of metric points. */
  static final int METRICS = 0x82;

  /** A type with this bit must be understood; others may be skipped. */
  static final int MUST_UNDERSTAND = 0x80;

  /** The longest frame body that is written or believed. */
  static final int MAX_BODY = 64 << 20;

  /** The longest event: with its frame it stays below {@link #MAX_BODY}. */
  static final int MAX_EVENT = MAX_BODY - 1024;

  /** The longest event without its stamp and its run's id. */
  static final int MAX_RECORD = MAX_EVENT - 1024;

  static final int MAJOR = 1;
  static final int MINOR = 0;

  static final long SEGMENT_MAGIC = 0x47455342_4D554C50L; // "PLUMBSEG"
  static final int FRAME_MAGIC = 0x46424C50; // "PLBF"

  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Frames() {}

  static int crc(byte[] bytes, int from, int to) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, to - from);
    return (int) crc.getValue();
  }

  /** The CRC of a frame: over its length and its body, so that a damaged length shows too. */
  static int frameCrc(CRC32C crc, byte[] bytes, int frame, int length) {
    crc.reset();
    crc.update(bytes, frame + 4, 4);
    crc.update(bytes, frame + PREFIX, length);
    return (int) crc.getValue();
  }

  static byte[] segmentHeader(
      int number, long writer, long firstOrdinal, long created, byte[] runDigest) {
    byte[] h = new byte[SEGMENT_HEADER];
    LONG.set(h, 0, SEGMENT_MAGIC);
    INT.set(h, 8, MAJOR | MINOR << 16);
    INT.set(h, 12, number);
    LONG.set(h, 16, writer);
    LONG.set(h, 24, firstOrdinal);
    LONG.set(h, 32, created);
    System.arraycopy(runDigest, 0, h, 40, 16);
    INT.set(h, 60, crc(h, 0, 60));
    return h;
  }

  /** Fills a frame's header, whose body is already in place. */
  static void seal(CRC32C crc, byte[] b, int frame, int end, int type, int count, long ordinal) {
    INT.set(b, frame, FRAME_MAGIC);
    INT.set(b, frame + 4, end - frame - PREFIX);
    INT.set(b, frame + 12, type);
    INT.set(b, frame + 16, count);
    LONG.set(b, frame + 20, ordinal);
    INT.set(b, frame + 8, frameCrc(crc, b, frame, end - frame - PREFIX));
  }

  /** Writes an unsigned varint, seven bits a byte, low bits first; returns where it ends. */
  static int putVarint(byte[] b, int at, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      b[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    b[at++] = (byte) rest;
    return at;
  }

  static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
