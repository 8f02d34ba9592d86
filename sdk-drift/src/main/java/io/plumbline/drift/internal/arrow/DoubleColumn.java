package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;

final class DoubleColumn extends ColumnBuffer {
  final DoubleBlock block;

  /** The column's place in its block. */
  final int place;

  DoubleColumn(LogColumn column, int capacity, DoubleBlock block, int place) {
    super(column, capacity);
    this.block = block;
    this.place = place;
  }

  void set(int row, double value) {
    block.rows[row * block.width + place] = value;
  }

  @Override
  void clear(int from, int to) {
    for (int row = from; row < to; row++) {
      set(row, 0);
    }
  }

  @Override
  int width() {
    return Double.BYTES;
  }

  @Override
  void values(BodyWriter body, int rows) {
    if (place == 0) {
      block.transpose(rows); // the block's first column is written before the others
    }
    body.doubles(block.column(place), rows);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    out.writeNumber(block.rows[row * block.width + place]);
  }
}
