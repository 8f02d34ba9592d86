package io.plumbline.data;

import io.plumbline.internal.csv.CellScanner;
import io.plumbline.internal.csv.CsvRows;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/** The cells of one column, as bytes one after the other: a tenth of what strings would take. */
final class CellColumn {
  private static final int MAX_BYTES = 1 << 30;

  private byte[] bytes = new byte[1024];
  private int[] ends = new int[256];
  private int count;

  /** Appends a copy; false if the column would grow beyond its limit. */
  boolean add(byte[] cell, int from, int to) {
    int start = count == 0 ? 0 : ends[count - 1];
    int end = start + to - from;
    if (end > MAX_BYTES) {
      return false;
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(2L * bytes.length, end)));
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    System.arraycopy(cell, from, bytes, start, to - from);
    ends[count++] = end;
    return true;
  }

  /** Gives back what the growing arrays have too much. */
  void trim() {
    bytes = Arrays.copyOf(bytes, count == 0 ? 0 : ends[count - 1]);
    ends = Arrays.copyOf(ends, count);
  }

  CellScanner.Kind scan(CellScanner scanner, int row) {
    return scanner.scan(bytes, row == 0 ? 0 : ends[row - 1], ends[row]);
  }

  String text(int row) throws CharacterCodingException {
    return CsvRows.text(bytes, row == 0 ? 0 : ends[row - 1], ends[row]);
  }
}
