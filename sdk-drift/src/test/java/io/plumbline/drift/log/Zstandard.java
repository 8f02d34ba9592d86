package io.plumbline.drift.log;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;

/** The hook for compression, filled with zstd-jni. */
final class Zstandard implements BufferCompression {
  @Override
  public int bound(int length) {
    return Math.toIntExact(Zstd.compressBound(length));
  }

  @Override
  public int compress(ByteBuffer plain, ByteBuffer target) {
    long n =
        Zstd.compressDirectByteBuffer(
            target,
            target.position(),
            target.remaining(),
            plain,
            plain.position(),
            plain.remaining(),
            3);
    if (Zstd.isError(n)) {
      throw new IllegalStateException(Zstd.getErrorName(n));
    }
    return (int) n;
  }

  @Override
  public byte[] decompress(byte[] frame, int plainLength) {
    try {
      return Zstd.decompress(frame, plainLength);
    } catch (ZstdException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
