package io.plumbline.drift.internal.arrow;

/**
 * The doubles of columns that stand side by side, row by row: a row is one piece of memory when it
 * is filled, and columns are made of the rows when a batch is written. Filling twenty arrays at
 * once costs several times as much.
 */
final class DoubleBlock {
  /** So many rows of so many columns stay in the processor's nearest cache. */
  private static final int TILE_ROWS = 64;

  private static final int TILE_COLUMNS = 16;

  final double[] rows;
  final int width;
  private final double[][] columns;

  DoubleBlock(int width, int capacity) {
    this.width = width;
    rows = new double[Math.multiplyExact(width, capacity)];
    columns = new double[width][capacity];
  }

  /** Makes columns of the first rows. */
  void transpose(int n) {
    for (int top = 0; top < n; top += TILE_ROWS) {
      int bottom = Math.min(n, top + TILE_ROWS);
      for (int left = 0; left < width; left += TILE_COLUMNS) {
        int right = Math.min(width, left + TILE_COLUMNS);
        for (int c = left; c < right; c++) {
          double[] column = columns[c];
          for (int row = top, at = top * width + c; row < bottom; row++, at += width) {
            column[row] = rows[at];
          }
        }
      }
    }
  }

  /** The values of a column, as they were when the columns were made. */
  double[] column(int i) {
    return columns[i];
  }
}
