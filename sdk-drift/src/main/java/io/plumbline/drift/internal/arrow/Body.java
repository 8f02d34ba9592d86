package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.log.BufferCompression;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.KeyValue;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one batch. A body of usual size is read at once and checked against its checksum;
 * of a larger one, only what is asked for is read.
 */
final class Body {
  private static final int WHOLE = 64 << 20;
  private static final int MAX_INFLATED = 512 << 20;

  private final ByteSource source;
  private final long position;
  private final long length;
  private final RecordBatch batch;
  private @Nullable BufferCompression compression;
  private final boolean compressed;
  private byte @Nullable [] whole;

  /** Compressed buffers are read whole, and kept for the next rows. */
  private final Map<Integer, byte[]> inflated = new HashMap<>();

  private long inflatedBytes;

  /**
   * Reads a body.
   *
   * @param check whether also large bodies are read for their checksum
   */
  Body(
      ByteSource source,
      long position,
      Message message,
      RecordBatch batch,
      @Nullable BufferCompression compression,
      boolean check)
      throws IOException {
    this.source = source;
    this.position = position;
    this.length = message.bodyLength();
    this.batch = batch;
    this.compression = compression;
    this.compressed = batch.compression() != null;
    if (length <= WHOLE) {
      whole = source.read(position, (int) length);
    }
    if (length <= WHOLE || check) {
      checkSum(message);
    }
  }

  private void checkSum(Message message) throws IOException {
    String wanted = null;
    int n = message.customMetadataLength();
    for (int i = 0; i < n; i++) {
      KeyValue pair = message.customMetadata(i);
      if (pair != null && Checksums.KEY.equals(pair.key())) {
        wanted = pair.value();
      }
    }
    if (wanted == null) {
      return;
    }
    CRC32C crc = new CRC32C();
    if (whole != null) {
      crc.update(whole, 0, whole.length);
    } else {
      for (long at = 0; at < length; at += 1 << 20) {
        byte[] block = source.read(position + at, (int) Math.min(1 << 20, length - at));
        crc.update(block, 0, block.length);
      }
    }
    if (!new HexDigits((int) crc.getValue()).toString().equals(wanted)) {
      throw new Damage("the checksum of the batch at byte " + position + " is wrong");
    }
  }

  long length() {
    return length;
  }

  /** A part of a buffer. */
  static final class Slice {
    private final byte[] bytes;
    private final int start;
    private final int length;

    Slice(byte[] bytes, int start, int length) {
      this.bytes = bytes;
      this.start = start;
      this.length = length;
    }

    /** The bytes of the part are among these, and stay theirs. */
    byte[] bytes() {
      return bytes;
    }

    int start() {
      return start;
    }

    int length() {
      return length;
    }
  }

  private long prefix(Buffer place) throws IOException {
    if (place.length() < BufferCodec.PREFIX) {
      throw new Damage("a compressed buffer is too short");
    }
    Slice start = raw(place.offset(), BufferCodec.PREFIX);
    return (long) Bytes.LONGS.get(start.bytes, start.start);
  }

  /**
   * A part of a buffer.
   *
   * @throws Damage if the buffer is shorter
   */
  Slice slice(int buffer, long from, long bytes) throws IOException {
    Buffer place = place(buffer);
    if (bytes < 0 || from < 0 || bytes > Integer.MAX_VALUE - 64) {
      throw new Damage("a buffer has an impossible length");
    }
    if (bytes == 0) {
      return new Slice(new byte[0], 0, 0);
    }
    if (!compressed) {
      checkInside(from, bytes, place.length());
      return raw(place.offset() + from, (int) bytes);
    }
    long plain = prefix(place);
    if (plain == BufferCodec.PLAIN) {
      checkInside(from, bytes, place.length() - BufferCodec.PREFIX);
      return raw(place.offset() + BufferCodec.PREFIX + from, (int) bytes);
    }
    checkInside(from, bytes, plain);
    return new Slice(inflate(buffer, place, plain), (int) from, (int) bytes);
  }

  private byte[] inflate(int buffer, Buffer place, long plain) throws IOException {
    byte[] kept = inflated.get(buffer);
    if (kept != null) {
      return kept;
    }
    BufferCompression zstd = decompressor();
    long framed = place.length() - BufferCodec.PREFIX;
    // Zstandard makes at most some thousand bytes of one.
    if (plain > MAX_INFLATED || plain / 65_536 > framed) {
      throw new Damage("a compressed buffer has the impossible length " + plain);
    }
    Slice frame = raw(place.offset() + BufferCodec.PREFIX, (int) framed);
    byte[] bytes = Arrays.copyOfRange(frame.bytes, frame.start, frame.start + frame.length);
    byte[] result;
    try {
      result = zstd.decompress(bytes, (int) plain);
    } catch (IllegalArgumentException e) {
      throw new Damage("a compressed buffer is no frame of Zstandard", e);
    }
    if (result.length != plain) {
      throw new Damage("a compressed buffer has another length than it says");
    }
    inflatedBytes += plain;
    if (inflatedBytes > MAX_INFLATED) {
      inflated.clear();
      inflatedBytes = plain;
    }
    inflated.put(buffer, result);
    return result;
  }

  private BufferCompression decompressor() {
    var how = batch.compression();
    if (how == null || how.codec() != CompressionType.ZSTD) {
      throw new UnsupportedFile(
          "is compressed with LZ4, which is not read: write it again plain, or with zstd");
    }
    BufferCompression known = compression == null ? Compressions.find() : compression;
    if (known == null) {
      throw new UnsupportedFile(
          "is compressed with zstd: give the reader a BufferCompression, or add the artifact"
              + " plumbline-zstd");
    }
    compression = known;
    return known;
  }

  private static void checkInside(long from, long bytes, long length) {
    if (from > length - bytes) {
      throw new Damage("a buffer is shorter than its rows need");
    }
  }

  private Slice raw(long from, int bytes) throws IOException {
    return whole != null
        ? new Slice(whole, (int) from, bytes)
        : new Slice(source.read(position + from, bytes), 0, bytes);
  }

  private Buffer place(int buffer) {
    Buffer place = buffer < batch.buffersLength() ? batch.buffers(buffer) : null;
    if (place == null
        || place.offset() < 0
        || place.length() < 0
        || place.length() > length
        || place.offset() > length - place.length()) {
      throw new Damage("a buffer is not inside its batch");
    }
    return place;
  }
}
