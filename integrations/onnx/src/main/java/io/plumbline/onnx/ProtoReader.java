package io.plumbline.onnx;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads a protobuf message field by field, and skips what nobody asks for: the wire format, without
 * protobuf. Memory does not depend on what the message says about itself.
 *
 * <p>{@link #next} moves to the next field of the current message; then one of {@link #varint},
 * {@link #text} and {@link #message} may take it. What is not taken is skipped.
 */
final class ProtoReader {
  static final int VARINT = 0;
  static final int BYTES = 2;

  static final int FIXED_32 = 5;

  private static final int FIXED_64 = 1;

  /** As protobuf itself: a message that is nested deeper is refused before it fills the stack. */
  private static final int MAX_DEPTH = 100;

  private static final int MAX_TEXT = 1 << 16;

  private final InputStream in;
  private long position;
  private long end;
  private int depth;

  private int field;
  private int type;
  private long value;
  private boolean pending;

  /**
   * Starts with the outermost message.
   *
   * @param in is not closed here
   * @param size of the message in bytes
   */
  ProtoReader(InputStream in, long size) {
    this.in = new BufferedInputStream(in, 1 << 16);
    this.end = size;
  }

  /** Reads the fields of a message, each after a call of {@link #next}. */
  interface Fields {
    void read() throws IOException;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws IOException {
    if (pending) {
      skip(value);
      pending = false;
    }
    if (position == end) {
      return false;
    }
    long tag = rawVarint();
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw malformed("has a field with the number " + (tag >>> 3));
    }
    switch (type) {
      case VARINT -> value = rawVarint();
      case FIXED_64 -> skip(8);
      case FIXED_32 -> skip(4);
      case BYTES -> startBytes();
      default -> throw malformed("has a field of wire type " + type);
    }
    return true;
  }

  private void startBytes() throws IOException {
    value = rawVarint();
    if (value < 0 || value > end - position) {
      throw malformed("says that " + Long.toUnsignedString(value) + " bytes follow");
    }
    pending = true;
  }

  /** Whether the current field has that number and wire type. */
  boolean is(int number, int wireType) {
    return field == number && type == wireType;
  }

  /** The number of the current field if it is of that wire type, else 0. */
  int number(int wireType) {
    return type == wireType ? field : 0;
  }

  /** The value of the current field, which is a varint. */
  long varint() {
    return value;
  }

  /** The length of the current field, which is of bytes. */
  long length() {
    return value;
  }

  /** The current field, which is of bytes, as text; malformed UTF-8 becomes U+FFFD. */
  String text() throws IOException {
    if (value > MAX_TEXT) {
      throw malformed("has a name of " + value + " bytes");
    }
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  /** The current field, which is of bytes, as it is. */
  byte[] bytes() throws IOException {
    pending = false;
    // Grows with what is there, not with what is said.
    byte[] bytes = in.readNBytes((int) Math.min(value, Integer.MAX_VALUE));
    position += bytes.length;
    if (bytes.length < value) {
      throw new EOFException();
    }
    return bytes;
  }

  /** The current field, which is of bytes, as a message: reads its fields to the last. */
  void message(Fields fields) throws IOException {
    if (++depth > MAX_DEPTH) {
      throw malformed("is nested deeper than " + MAX_DEPTH + " messages");
    }
    long outer = end;
    end = position + value;
    pending = false;
    while (next()) {
      fields.read();
    }
    end = outer;
    depth--;
  }

  /** The current field, which is of bytes, as varints one after the other. */
  void varints(Fields each) throws IOException {
    long last = position + value;
    pending = false;
    while (position < last) {
      value = rawVarint();
      if (position > last) {
        throw malformed("has a list whose last number is cut off");
      }
      each.read();
    }
  }

  private long rawVarint() throws IOException {
    long result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw malformed("ends in the middle of a number");
      }
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      position++;
      result |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return result;
      }
    }
    throw malformed("has a number of more than ten bytes");
  }

  private void skip(long bytes) throws IOException {
    if (bytes > end - position) {
      throw malformed("ends in the middle of a field");
    }
    in.skipNBytes(bytes);
    position += bytes;
  }

  private MalformedModelException malformed(String what) {
    return new MalformedModelException("at byte " + position + " it " + what);
  }
}
