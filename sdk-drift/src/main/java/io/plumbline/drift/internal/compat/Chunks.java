package io.plumbline.drift.internal.compat;

import java.util.ArrayList;
import java.util.List;

/** How NannyML cuts rows into chunks; an incomplete last one is kept. */
public final class Chunks {
  private final int size;
  private final int number;

  private Chunks(int size, int number) {
    this.size = size;
    this.number = number;
  }

  /**
   * Rows {@code from} to {@code to}, the latter excluded.
   *
   * @param key as NannyML writes it, the last row included
   */
  public record Part(String key, int from, int to) {}

  /** Chunks of a number of rows. */
  public static Chunks bySize(int size) {
    return new Chunks(positive(size, "rows of a chunk"), 0);
  }

  /** A number of chunks, and one more for the rest. */
  public static Chunks byNumber(int number) {
    return new Chunks(0, positive(number, "number of chunks"));
  }

  private static int positive(int value, String what) {
    if (value < 1) {
      throw new IllegalArgumentException("the " + what + " is " + value + "; it must be positive");
    }
    return value;
  }

  /** The chunks of a number of rows. */
  public List<Part> of(int rows) {
    int each = size > 0 ? size : rows / number;
    if (each == 0) {
      throw new IllegalArgumentException(
          rows + " rows cannot be cut into " + number + " chunks; ask for fewer");
    }
    List<Part> parts = new ArrayList<>();
    for (int from = 0; from < rows; from += each) {
      int to = Math.min(rows, from + each);
      parts.add(new Part("[" + from + ":" + (to - 1) + "]", from, to));
    }
    return parts;
  }
}
