package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;

/** Texts as UTF-8 one behind the other, and where each begins. */
final class TextColumn extends ColumnBuffer {
  /** What a batch's texts of one column may have in all: their places are 32-bit numbers. */
  private static final int MAX_BYTES = 1 << 30;

  private final int[] offsets;
  private byte[] bytes;

  /** The last row that was set, where its text begins, and where it ends. */
  private int last = -1;

  private int start;
  private int end;

  TextColumn(LogColumn column, int capacity) {
    super(column, capacity);
    offsets = new int[capacity + 1];
    bytes = new byte[capacity * 8];
  }

  void set(int row, CharSequence text) {
    int at = at(row);
    room(at, Utf8.bound(text));
    end = Utf8.encode(text, bytes, at);
  }

  void set(int row, char[] chars, int from, int length) {
    int at = at(row);
    room(at, Math.multiplyExact(3, length));
    end = Utf8.encode(chars, from, length, bytes, at);
  }

  void set(int row, byte[] utf8, int from, int length) {
    int at = at(row);
    room(at, length);
    System.arraycopy(utf8, from, bytes, at, length);
    end = at + length;
  }

  /** Returns where a row's text begins; the rows that were passed over have none. */
  private int at(int row) {
    int next = last + 1;
    if (row >= next) {
      for (int i = next; i <= row; i++) {
        offsets[i] = end;
      }
      start = end;
      last = row;
    }
    return start;
  }

  private void room(int at, int more) {
    if (more > bytes.length - at) {
      long needed = (long) at + more;
      if (needed > MAX_BYTES) {
        throw new IllegalArgumentException(
            "the texts of column '" + column.name() + "' have more than 1 GiB in one batch");
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, bytes.length * 2L)));
    }
  }

  /** Takes back what a row has. */
  void unset(int row) {
    if (row == last) {
      end = start;
    }
  }

  @Override
  void clear(int from, int to) {}

  @Override
  int width() {
    return Integer.BYTES;
  }

  @Override
  void reset() {
    super.reset();
    last = -1;
    start = 0;
    end = 0;
  }

  /** Notes where the rows end that were passed over; returns where the last one ends. */
  private int complete(int rows) {
    if (last >= rows) {
      return start; // also the row behind them has been begun
    }
    Arrays.fill(offsets, last + 1, rows + 1, end);
    return end;
  }

  @Override
  void prepare(int rows) {
    complete(rows);
  }

  @Override
  void values(BodyWriter body, int rows) {
    int stop = complete(rows);
    body.ints(offsets, rows + 1);
    body.bytes(bytes, 0, stop);
  }

  /** The offsets of all rows are there: {@link RowStore#writeJson} sees to it. */
  @Override
  void value(int row, JsonGenerator out) throws IOException {
    out.writeUTF8String(bytes, offsets[row], offsets[row + 1] - offsets[row]);
  }
}
