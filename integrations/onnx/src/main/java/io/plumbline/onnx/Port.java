package io.plumbline.onnx;

import org.jspecify.annotations.Nullable;

/**
 * An input or output tensor of a loaded model: its type, and what belongs to one row. Immutable.
 */
final class Port {
  private final String name;
  private final @Nullable NumberType type;
  private final long[] shape;
  private final int width;

  /**
   * Makes a port.
   *
   * @param type null for text
   * @param shape the first length is that of the rows, and does not matter; none for a scalar
   * @param width how many values belong to one row
   */
  Port(String name, @Nullable NumberType type, long[] shape, int width) {
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.width = width;
  }

  String name() {
    return name;
  }

  /** The type of its numbers; null for text. */
  @Nullable NumberType type() {
    return type;
  }

  /** How many values belong to one row. */
  int width() {
    return width;
  }

  /** How many bytes a row takes in a buffer of ours. */
  long rowBytes() {
    return type == null ? 0 : (long) width * type.bytes();
  }

  /** The tensor's shape for that many rows. */
  long[] shape(int rows) {
    long[] copy = shape.clone();
    if (copy.length > 0) {
      copy[0] = rows;
    }
    return copy;
  }
}
