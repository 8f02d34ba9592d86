package io.plumbline.drift.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.plumbline.drift.internal.arrow.ByteSink;
import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.drift.internal.log.RowSink;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Writes rows as JSON objects, one on each line. NaN and the infinities are the texts {@code
 * "NaN"}, {@code "Infinity"} and {@code "-Infinity"}, times are microseconds since 1970.
 */
final class JsonLinesSink implements RowSink {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Jackson's default keeps buffers in thread locals, which would pin our class loader.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(4))
          .build();

  private final ByteSink sink;
  private final JsonGenerator out;
  private long position;
  private long rows;

  JsonLinesSink(ByteSink sink) {
    this.sink = sink;
    try {
      out = FACTORY.createGenerator(new Bytes());
      out.setRootValueSeparator(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Bytes extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      position += length;
      sink.write(ByteBuffer.wrap(bytes, from, length));
    }
  }

  @Override
  public void start(RowStore store) {}

  @Override
  public void write(RowStore store) throws IOException {
    store.writeJson(out);
    rows += store.rows();
  }

  @Override
  public void finish(RowStore store) throws IOException {
    out.flush();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long rows() {
    return rows;
  }
}
