package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;

final class DoubleColumn extends ColumnBuffer {
  final double[] values;

  DoubleColumn(LogColumn column, int capacity) {
    super(column, capacity);
    values = new double[capacity];
  }

  @Override
  void clear(int from, int to) {
    Arrays.fill(values, from, to, 0);
  }

  @Override
  int width() {
    return Double.BYTES;
  }

  @Override
  void values(BodyWriter body, int rows) {
    body.doubles(values, rows);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    out.writeNumber(values[row]);
  }
}
