package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;

/** Floats, one for each row or, for embeddings, as many as each row has. */
final class FloatColumn extends ColumnBuffer {
  final float[] values;
  final int length;

  FloatColumn(LogColumn column, int capacity, int length) {
    super(column, capacity);
    this.length = length;
    values = new float[Math.multiplyExact(capacity, length)];
  }

  @Override
  void clear(int from, int to) {
    // _sample_rate: a row of which nothing else is known counts for itself.
    Arrays.fill(values, from * length, to * length, hasDefault() ? 1 : 0);
  }

  @Override
  boolean hasDefault() {
    return !column.nullable();
  }

  @Override
  int width() {
    return Float.BYTES * length;
  }

  @Override
  void values(BodyWriter body, int rows) {
    if (column.kind() == LogColumn.Kind.EMBEDDING) {
      int n = rows * length;
      body.node(n, 0);
      body.validity(new byte[0], n, 0);
      body.floats(values, n);
    } else {
      body.floats(values, rows);
    }
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    if (column.kind() != LogColumn.Kind.EMBEDDING) {
      out.writeNumber(values[row]);
      return;
    }
    out.writeStartArray();
    for (int i = row * length; i < (row + 1) * length; i++) {
      out.writeNumber(values[i]);
    }
    out.writeEndArray();
  }
}
