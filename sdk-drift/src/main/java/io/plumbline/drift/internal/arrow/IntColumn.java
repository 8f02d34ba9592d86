package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;

final class IntColumn extends ColumnBuffer {
  final int[] values;

  IntColumn(LogColumn column, int capacity) {
    super(column, capacity);
    values = new int[capacity];
  }

  @Override
  void clear(int from, int to) {
    Arrays.fill(values, from, to, 0);
  }

  @Override
  int width() {
    return Integer.BYTES;
  }

  @Override
  void values(BodyWriter body, int rows) {
    body.ints(values, rows);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    out.writeNumber(values[row]);
  }
}
