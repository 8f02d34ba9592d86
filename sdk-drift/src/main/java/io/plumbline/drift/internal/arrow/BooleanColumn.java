package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;

/** One bit for each row. */
final class BooleanColumn extends ColumnBuffer {
  private final byte[] bits;

  BooleanColumn(LogColumn column, int capacity) {
    super(column, capacity);
    bits = new byte[capacity + 7 >> 3];
  }

  void set(int row, boolean value) {
    int bit = 1 << (row & 7);
    if (value) {
      bits[row >> 3] |= (byte) bit;
    } else {
      bits[row >> 3] &= (byte) ~bit;
    }
  }

  @Override
  void clear(int from, int to) {
    for (int row = from; row < to; row++) {
      set(row, false);
    }
  }

  @Override
  int width() {
    return 1;
  }

  @Override
  void values(BodyWriter body, int rows) {
    int last = rows & 7;
    if (last != 0) {
      bits[rows >> 3] &= (byte) ((1 << last) - 1); // what earlier batches have left there
    }
    body.bytes(bits, 0, rows + 7 >> 3);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    out.writeBoolean((bits[row >> 3] >> (row & 7) & 1) != 0);
  }
}
