package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.log.BufferCompression;
import java.nio.ByteBuffer;

/** Arrow's frame around a compressed buffer: 8 bytes that say how long it is when it is plain. */
final class BufferCodec {
  static final int PREFIX = 8;

  /** Instead of a length: the buffer stands there as it is. */
  static final long PLAIN = -1;

  private BufferCodec() {}

  /**
   * Returns the frame's bytes, from the target's position on: compressed where that is shorter.
   *
   * @param target has room for the frame; it is little endian
   * @return the number of bytes, which the target's position has moved by
   */
  static int frame(BufferCompression compression, ByteBuffer plain, ByteBuffer target) {
    int start = target.position();
    int length = plain.remaining();
    target.putLong(length);
    ByteBuffer source = plain.duplicate();
    int written = compression.compress(source, target);
    if (written >= length) {
      target.position(start);
      target.putLong(PLAIN).put(plain);
    } else {
      target.position(start + PREFIX + written);
    }
    return target.position() - start;
  }

  /** Returns how many bytes a frame may have. */
  static int bound(BufferCompression compression, int length) {
    return Math.addExact(PREFIX, Math.max(length, compression.bound(length)));
  }
}
