package io.plumbline.drift.internal.arrow;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The checksums of bodies: Arrow has none, so each message carries one in its custom metadata. */
final class Checksums {
  /** The key of a body's CRC-32C, as 8 hex digits. */
  static final String KEY = "plumbline.crc32c";

  private final CRC32C crc = new CRC32C();

  /** The checksum of what is between the buffer's position and its limit, which stay. */
  long of(ByteBuffer bytes) {
    int position = bytes.position();
    crc.reset();
    crc.update(bytes);
    bytes.position(position);
    return crc.getValue();
  }
}
