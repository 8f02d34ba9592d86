package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;

/** Codes of one byte into a dictionary that does not grow. */
final class ChoiceColumn extends ColumnBuffer {
  final byte[] codes;
  final Dictionary dictionary;

  ChoiceColumn(LogColumn column, int capacity) {
    super(column, capacity);
    codes = new byte[capacity];
    dictionary = new Dictionary(column.categories());
  }

  @Override
  void clear(int from, int to) {
    Arrays.fill(codes, from, to, (byte) 0);
  }

  @Override
  boolean hasDefault() {
    return !column.nullable();
  }

  @Override
  int width() {
    return 1;
  }

  @Override
  void values(BodyWriter body, int rows) {
    body.bytes(codes, 0, rows);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    dictionary.json(codes[row], out);
  }
}
