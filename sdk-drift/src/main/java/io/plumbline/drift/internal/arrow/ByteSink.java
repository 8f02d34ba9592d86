package io.plumbline.drift.internal.arrow;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a writer puts its bytes. */
public interface ByteSink {
  /** Takes all that the buffer has left. */
  void write(ByteBuffer bytes) throws IOException;
}
