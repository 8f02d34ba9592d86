package io.plumbline.model;

import java.util.List;
import java.util.Objects;

/**
 * A tensor: the type of its elements and its shape.
 *
 * @param name the name; empty if it has none
 * @param dtype numpy's name of the element type, such as {@code float32} or {@code int64}
 * @param shape the length of each dimension; -1 where any length will do
 */
public record TensorSpec(String name, String dtype, List<Long> shape) implements FieldSpec {
  /** Copies the shape and checks it. */
  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(dtype, "dtype");
    shape = List.copyOf(shape);
    for (long length : shape) {
      if (length < -1) {
        throw new IllegalArgumentException(
            "a dimension of tensor '" + name + "' is " + length + "; use -1 for any length");
      }
    }
  }

  @Override
  public boolean required() {
    return true;
  }
}
