package io.plumbline.spi;

/** Copies a column of numbers into rows. */
final class ColumnCopy {
  private ColumnCopy() {}

  static void toRows(Object column, int position, int width, int rows, double[] target) {
    int at = position;
    for (int row = 0; row < rows; row++, at += width) {
      target[at] = number(column, row, position);
    }
  }

  private static double number(Object column, int row, int position) {
    if (column instanceof double[] doubles) {
      return doubles[row];
    } else if (column instanceof float[] floats) {
      return floats[row];
    } else if (column instanceof long[] longs) {
      return longs[row];
    } else if (column instanceof int[] ints) {
      return ints[row];
    } else if (column instanceof boolean[] booleans) {
      return booleans[row] ? 1 : 0;
    }
    throw new IllegalArgumentException(
        "column "
            + position
            + " is a "
            + column.getClass().getSimpleName()
            + "; this model takes numbers only");
  }
}
