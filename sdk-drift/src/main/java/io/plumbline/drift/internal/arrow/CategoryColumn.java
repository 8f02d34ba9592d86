package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;

/** Codes into a dictionary that grows. */
final class CategoryColumn extends ColumnBuffer {
  final int[] codes;
  final Dictionary dictionary;

  CategoryColumn(LogColumn column, int capacity) {
    super(column, capacity);
    codes = new int[capacity];
    dictionary = new Dictionary(column.categories());
  }

  @Override
  void clear(int from, int to) {
    Arrays.fill(codes, from, to, 0);
  }

  @Override
  int width() {
    return Integer.BYTES;
  }

  @Override
  void values(BodyWriter body, int rows) {
    body.ints(codes, rows);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    dictionary.json(codes[row], out);
  }
}
