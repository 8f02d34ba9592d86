package io.plumbline.drift.log;

import java.nio.ByteBuffer;

/**
 * Zstandard for the buffers of Arrow files: a hook, because the SDK brings no native library along.
 * The artifact {@code plumbline-zstd} has an implementation, which readers find by themselves.
 * Implementations are safe for any number of threads.
 */
public interface BufferCompression {
  /**
   * The most bytes that so many bytes may be compressed to.
   *
   * @param length in bytes
   */
  int bound(int length);

  /**
   * Compresses one buffer into one Zstandard frame.
   *
   * @param plain what is between its position and its limit; a direct buffer
   * @param target takes the frame from its position on and has room for {@link #bound} bytes; a
   *     direct buffer. Its position afterwards does not matter
   * @return the number of bytes of the frame
   */
  int compress(ByteBuffer plain, ByteBuffer target);

  /**
   * Decompresses one Zstandard frame, which came from outside.
   *
   * @param frame the whole frame
   * @param plainLength how long it is when it is plain, by what the file says
   * @return exactly so many bytes
   * @throws IllegalArgumentException if it is no such frame
   */
  byte[] decompress(byte[] frame, int plainLength);
}
