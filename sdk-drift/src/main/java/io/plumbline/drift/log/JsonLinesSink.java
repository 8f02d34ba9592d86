package io.plumbline.drift.log;

import io.plumbline.drift.internal.arrow.ByteSink;
import io.plumbline.drift.internal.arrow.RowStore;
import io.plumbline.drift.internal.log.RowSink;
import java.io.IOException;

/** Writes rows as JSON objects, one on each line. */
final class JsonLinesSink implements RowSink {
  JsonLinesSink(ByteSink bytes, LogSchema schema) {}

  @Override
  public void start(RowStore store) throws IOException {}

  @Override
  public void write(RowStore store) throws IOException {}

  @Override
  public void finish(RowStore store) throws IOException {}

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long rows() {
    return 0;
  }
}
