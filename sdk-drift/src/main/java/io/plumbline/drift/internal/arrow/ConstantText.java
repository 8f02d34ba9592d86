package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The same text in every row, laid out once. */
final class ConstantText extends ColumnBuffer {
  private final int[] offsets;
  private final byte[] bytes;

  ConstantText(LogColumn column, int capacity, String text) {
    super(column, capacity);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    offsets = new int[capacity + 1];
    bytes = new byte[Math.multiplyExact(capacity, utf8.length)];
    for (int row = 0; row < capacity; row++) {
      System.arraycopy(utf8, 0, bytes, offsets[row], utf8.length);
      offsets[row + 1] = offsets[row] + utf8.length;
    }
  }

  @Override
  void clear(int from, int to) {}

  @Override
  int width() {
    return Integer.BYTES + offsets[1];
  }

  @Override
  void values(BodyWriter body, int rows) {
    body.ints(offsets, rows + 1);
    body.bytes(bytes, 0, offsets[rows]);
  }

  @Override
  void value(int row, JsonGenerator out) throws IOException {
    out.writeUTF8String(bytes, 0, offsets[1]);
  }
}
