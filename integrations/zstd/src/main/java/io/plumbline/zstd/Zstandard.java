package io.plumbline.zstd;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.plumbline.drift.log.BufferCompression;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Compresses the buffers of a prediction log's Arrow files with Zstandard, as pyarrow, pandas,
 * polars, duckdb and Arrow's own libraries read it.
 *
 * <pre>{@code
 * PredictionLogger.builder(model).files(LogOptions.DEFAULT.withCompression(new Zstandard()))
 * }</pre>
 *
 * <p>Readers of the SDK find it by themselves where it is on the class path. Safe for any number of
 * threads.
 */
public final class Zstandard implements BufferCompression {
  /** The level unless another is chosen: higher ones save a few percent more, and take longer. */
  public static final int DEFAULT_LEVEL = 1;

  private static final int LONGEST_NAME = 200;

  private final int level;

  /**
   * Compresses at {@link #DEFAULT_LEVEL}.
   *
   * @throws IllegalStateException if zstd-jni has no native library for this machine, or can't load
   *     it
   */
  public Zstandard() {
    this(DEFAULT_LEVEL);
  }

  /**
   * Compresses at a level.
   *
   * @param level 1 (fast) to 19 (small)
   * @throws IllegalStateException if zstd-jni has no native library for this machine, or can't load
   *     it
   */
  public Zstandard(int level) {
    if (level < 1 || level > 19) {
      throw new IllegalArgumentException("level is " + level + "; it must be 1 to 19");
    }
    this.level = level;
    load();
  }

  /** Loads the library now: later the error would meet the thread that writes. */
  private static void load() {
    try {
      long unused = Zstd.compressBound(1);
    } catch (LinkageError e) {
      String why = Objects.toString(e.getMessage(), e.toString());
      throw new IllegalStateException(
          "zstd-jni can't load its native library here: "
              + why.substring(0, Math.min(LONGEST_NAME, why.length()))
              + "; it unpacks it into the folder for temporary files, or where"
              + " -DZstdTempFolder=... says, which must allow programs",
          e);
    }
  }

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
            level);
    if (Zstd.isError(n)) {
      throw new IllegalStateException("zstd can't compress: " + Zstd.getErrorName(n));
    }
    return Math.toIntExact(n);
  }

  @Override
  public byte[] decompress(byte[] frame, int plainLength) {
    // Nothing is allocated for a frame that says itself that it is not what it is taken for.
    long said = frame.length == 0 ? -2 : Zstd.getFrameContentSize(frame);
    if (said < -1 || said >= 0 && said != plainLength) {
      throw new IllegalArgumentException("no frame of Zstandard with " + plainLength + " bytes");
    }
    try {
      byte[] plain = new byte[plainLength];
      long n = Zstd.decompressByteArray(plain, 0, plainLength, frame, 0, frame.length);
      if (Zstd.isError(n) || n != plainLength) {
        throw new IllegalArgumentException(
            "no frame of Zstandard with "
                + plainLength
                + " bytes"
                + (Zstd.isError(n) ? ": " + Zstd.getErrorName(n) : ""));
      }
      return plain;
    } catch (ZstdException e) {
      throw new IllegalArgumentException("no frame of Zstandard: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "Zstandard, level " + level;
  }
}
