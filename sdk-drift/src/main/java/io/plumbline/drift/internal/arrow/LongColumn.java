package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;

/** Integers of 64 bits and microseconds since 1970. */
final class LongColumn extends ColumnBuffer {
  final long[] values;

  LongColumn(LogColumn column, int capacity) {
    super(column, capacity);
    values = new long[capacity];
  }

  @Override
  void clear(int from, int to) {
    Arrays.fill(values, from, to, 0);
  }

  @Override
  int width() {
    return Long.BYTES;
  }

  @Override
  void values(BodyWriter body, int rows) {
    body.longs(values, rows);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    out.writeNumber(values[row]);
  }
}
