package io.plumbline.model;

import java.util.Objects;

/**
 * A column of a table: its name and the type of its values.
 *
 * @param name the name; empty if it has none
 * @param type the type of its values
 * @param required whether every row has a value
 */
public record ColumnSpec(String name, DataType type, boolean required) implements FieldSpec {
  /** Checks that nothing is null. */
  public ColumnSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }
}
