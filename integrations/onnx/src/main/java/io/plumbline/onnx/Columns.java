package io.plumbline.onnx;

import io.plumbline.internal.Printable;
import java.lang.reflect.Array;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks columns before native code sees them. */
final class Columns {
  private Columns() {}

  /**
   * Checks that there is an array for each position, of a type that its input takes, and long
   * enough.
   *
   * @throws IllegalArgumentException that names the input
   */
  static void check(List<Port> ports, int width, @Nullable Object @Nullable [] columns, int rows) {
    if (columns == null || columns.length != width) {
      throw new IllegalArgumentException(
          (columns == null ? "columns is null" : "there are " + columns.length + " columns")
              + ", but the model has "
              + width
              + " inputs");
    }
    int position = 0;
    for (Port port : ports) {
      for (int c = 0; c < port.width(); c++, position++) {
        check(port, position, columns[position], rows);
      }
    }
  }

  private static void check(Port port, int position, @Nullable Object column, int rows) {
    int length = length(column);
    if (length < 0 || column instanceof String[] != (port.type() == null)) {
      throw new IllegalArgumentException(
          "column "
              + position
              + " is "
              + (column == null ? "null" : "a " + column.getClass().getSimpleName())
              + ", but the input "
              + Printable.quote(port.name())
              + " takes "
              + (port.type() == null ? "text: give a String[]" : "numbers (" + port.type() + ")"));
    }
    if (length < rows) {
      throw new IllegalArgumentException(
          "column "
              + position
              + " (input "
              + Printable.quote(port.name())
              + ") has "
              + length
              + " values for "
              + rows
              + " rows");
    }
  }

  private static int length(@Nullable Object column) {
    if (column instanceof double[] doubles) {
      return doubles.length;
    } else if (column instanceof float[] floats) {
      return floats.length;
    } else if (column instanceof long[] longs) {
      return longs.length;
    } else if (column instanceof int[] ints) {
      return ints.length;
    } else if (column instanceof boolean[] booleans) {
      return booleans.length;
    } else if (column instanceof String[] texts) {
      return texts.length;
    }
    return -1;
  }

  /** The value of a column of numbers, for a message. */
  static Object number(Object column, int row) {
    return Array.get(column, row);
  }

  /**
   * Returns a text that ONNX Runtime's Java API carries. It reads Java's own UTF-8, in which NUL
   * and the characters beyond the first 65,536 look different, so a category with an emoji would
   * not be found; and it crashes on null.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  static String text(@Nullable String text, String input, int row) {
    if (text == null) {
      throw new IllegalArgumentException(
          "row "
              + row
              + " has null for the input "
              + Printable.quote(input)
              + "; give the text that stood for a missing one in training, such as \"\"");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || Character.isSurrogate(c)) {
        throw new IllegalArgumentException(
            "row "
                + row
                + " has "
                + Printable.quote(text)
                + " for the input "
                + Printable.quote(input)
                + ": ONNX Runtime's Java API changes NUL and characters beyond U+FFFF, such as"
                + " emoji, on the way. Train and predict with another spelling");
      }
    }
    return text;
  }
}
