package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.log.BufferCompression;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The body of one record batch: buffers in a row, each at an aligned place, and the list of them.
 * It is used again for the next batch, and grows to the largest.
 */
final class BodyWriter {
  private static final int FIRST_SIZE = 1 << 16;

  private final @Nullable BufferCompression compression;
  private ByteBuffer body = direct(FIRST_SIZE);
  private ByteBuffer plain;
  private int alignment = 8;

  private long[] nodes = new long[64];
  private int nodeCount;
  private long[] buffers = new long[256];
  private int bufferCount;

  BodyWriter(@Nullable BufferCompression compression) {
    this.compression = compression;
    this.plain = compression == null ? body : direct(FIRST_SIZE);
  }

  private static ByteBuffer direct(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Starts the next body.
   *
   * @param align every buffer's place is a multiple of it: 8 or 64
   */
  void start(int align) {
    body.clear();
    alignment = align;
    nodeCount = 0;
    bufferCount = 0;
  }

  /** Adds a column's row count and how many of the rows are null. */
  void node(long rows, long nulls) {
    if (nodeCount + 2 > nodes.length) {
      nodes = Arrays.copyOf(nodes, nodes.length * 2);
    }
    nodes[nodeCount++] = rows;
    nodes[nodeCount++] = nulls;
  }

  /** Adds a bitmap of validity, or the empty buffer that stands for it where nothing is null. */
  void validity(byte[] bits, int rows, int nulls) {
    if (nulls == 0) {
      added(body.position(), 0);
    } else {
      bytes(bits, 0, rows + 7 >> 3);
    }
  }

  void bytes(byte[] values, int from, int length) {
    ByteBuffer to = room(length);
    to.put(to.position(), values, from, length);
    done(to, length);
  }

  void doubles(double[] values, int n) {
    ByteBuffer to = room((long) n << 3);
    to.asDoubleBuffer().put(values, 0, n);
    done(to, n << 3);
  }

  void longs(long[] values, int n) {
    ByteBuffer to = room((long) n << 3);
    to.asLongBuffer().put(values, 0, n);
    done(to, n << 3);
  }

  void ints(int[] values, int n) {
    ByteBuffer to = room((long) n << 2);
    to.asIntBuffer().put(values, 0, n);
    done(to, n << 2);
  }

  void floats(float[] values, int n) {
    ByteBuffer to = room((long) n << 2);
    to.asFloatBuffer().put(values, 0, n);
    done(to, n << 2);
  }

  /** Returns the buffer that takes the values: the body itself, or what is compressed into it. */
  private ByteBuffer room(long length) {
    if (compression == null) {
      ensure(length + alignment);
      return body;
    }
    if (plain.capacity() < length) {
      plain = direct(Math.toIntExact(Math.max(length, plain.capacity() * 2L)));
    }
    return plain.clear();
  }

  private void done(ByteBuffer to, int length) {
    int start = body.position();
    if (compression == null) {
      body.position(start + length);
    } else if (length > 0) {
      to.position(0).limit(length);
      ensure((long) BufferCodec.bound(compression, length) + alignment);
      length = BufferCodec.frame(compression, to, body);
    }
    added(start, length);
    // Zeros, so that equal rows give equal files and no old row shows between new ones.
    int position = start + length;
    for (int end = position + alignment - 1 & -alignment; position < end; position++) {
      body.put(position, (byte) 0);
    }
    body.position(position);
  }

  private void added(long start, long length) {
    if (bufferCount + 2 > buffers.length) {
      buffers = Arrays.copyOf(buffers, buffers.length * 2);
    }
    buffers[bufferCount++] = start;
    buffers[bufferCount++] = length;
  }

  private void ensure(long more) {
    long needed = body.position() + more;
    if (needed > body.capacity()) {
      if (needed > Integer.MAX_VALUE - 64) {
        throw new IllegalArgumentException("a batch of rows has more than 2 GiB");
      }
      ByteBuffer larger =
          direct((int) Math.min(Integer.MAX_VALUE - 64, Math.max(needed, body.capacity() * 2L)));
      larger.put(body.flip());
      body = larger;
    }
  }

  /** Returns the body, from 0 to its end. */
  ByteBuffer flip() {
    return body.flip();
  }

  int nodes() {
    return nodeCount / 2;
  }

  long nodeRows(int i) {
    return nodes[2 * i];
  }

  long nodeNulls(int i) {
    return nodes[2 * i + 1];
  }

  int buffers() {
    return bufferCount / 2;
  }

  long bufferStart(int i) {
    return buffers[2 * i];
  }

  long bufferLength(int i) {
    return buffers[2 * i + 1];
  }
}
