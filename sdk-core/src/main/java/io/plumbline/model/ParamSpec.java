package io.plumbline.model;

import io.plumbline.internal.Printable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that a call may give besides the inputs.
 *
 * @param name the name, not empty
 * @param type the type of its value, or of the list's values
 * @param defaultValue what holds when a call does not give it: a Boolean, Long, Double or String as
 *     the type asks, a list of these, or null
 * @param list whether the value is a list of any length
 */
public record ParamSpec(String name, DataType type, @Nullable Object defaultValue, boolean list) {
  /** Checks the default against the type. */
  public ParamSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a parameter needs a name");
    }
    if (defaultValue instanceof List<?> values) {
      if (!list) {
        throw wrongDefault(name, type, defaultValue);
      }
      String parameter = name;
      defaultValue = values.stream().map(value -> checked(parameter, type, value)).toList();
    } else if (defaultValue != null) {
      if (list) {
        throw wrongDefault(name, type, defaultValue);
      }
      defaultValue = checked(name, type, defaultValue);
    }
  }

  /** The value in the one Java type that stands for its kind, so that equal specs are equal. */
  static Object checked(String name, DataType type, Object value) {
    switch (type) {
      case BOOLEAN -> {
        if (value instanceof Boolean) {
          return value;
        }
      }
      case INTEGER, LONG -> {
        if (value instanceof Long || value instanceof Integer || value instanceof Short) {
          return ((Number) value).longValue();
        }
      }
      case FLOAT, DOUBLE -> {
        if (value instanceof Number number) {
          return number.doubleValue();
        }
        // Non-finite numbers travel as strings in JSON.
        if (value.equals("NaN") || value.equals("Infinity") || value.equals("-Infinity")) {
          return Double.parseDouble((String) value);
        }
      }
      case STRING, BINARY, DATETIME -> {
        if (value instanceof String) {
          return value;
        }
      }
    }
    throw wrongDefault(name, type, value);
  }

  private static IllegalArgumentException wrongDefault(String name, DataType type, Object value) {
    return new IllegalArgumentException(
        "the default of "
            + Printable.quote(name)
            + " is no "
            + type.label()
            + ": "
            + Printable.quote(value.toString()));
  }
}
