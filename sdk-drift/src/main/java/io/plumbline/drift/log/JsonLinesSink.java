package io.plumbline.drift.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.plumbline.drift.internal.arrow.ByteSink;
import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.drift.internal.log.RowSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Writes rows as JSON objects, one on each line. NaN and the infinities are the texts {@code
 * "NaN"}, {@code "Infinity"} and {@code "-Infinity"}, times are microseconds since 1970. A batch
 * goes out in one piece.
 */
final class JsonLinesSink implements RowSink {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Jackson's default keeps buffers in thread locals, which would pin our class loader.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(4))
          .build();

  /** More room than that is given back: one batch with long texts is not to be remembered. */
  private static final int KEPT = 1 << 20;

  private final ByteSink sink;
  private final Lines lines = new Lines();
  private final JsonGenerator out;
  private long position;
  private long rows;

  JsonLinesSink(ByteSink sink) {
    this.sink = sink;
    try {
      out = FACTORY.createGenerator(lines);
      out.setRootValueSeparator(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of one batch, whose bytes are handed over without a copy. */
  private static final class Lines extends ByteArrayOutputStream {
    ByteBuffer bytes() {
      return ByteBuffer.wrap(buf, 0, count);
    }

    @Override
    public synchronized void reset() {
      super.reset();
      if (buf.length > KEPT) {
        buf = new byte[1 << 16];
      }
    }
  }

  @Override
  public void start(RowStore store) {}

  @Override
  public void write(RowStore store) throws IOException {
    lines.reset();
    store.writeJson(out);
    ByteBuffer bytes = lines.bytes();
    int length = bytes.remaining();
    sink.write(bytes);
    position += length;
    rows += store.rows();
  }

  @Override
  public void finish(RowStore store) {}

  @Override
  public long position() {
    return position;
  }

  @Override
  public long rows() {
    return rows;
  }
}
