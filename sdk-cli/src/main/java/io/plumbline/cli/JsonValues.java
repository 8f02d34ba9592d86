package io.plumbline.cli;

import io.plumbline.internal.Printable;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings JSON values to the types of a signature. JSON has one kind of number, so it is the input
 * that says which kind is meant; what would be lost in it is refused.
 */
final class JsonValues {
  private static final double EXACT = 1L << 53;
  private static final Map<String, Double> WORDS =
      Map.of(
          "NaN", Double.NaN,
          "Infinity", Double.POSITIVE_INFINITY,
          "-Infinity", Double.NEGATIVE_INFINITY);

  private JsonValues() {}

  /**
   * Returns a value as the type of an input.
   *
   * @throws IllegalArgumentException if it is of another kind; the message names the input
   */
  static @Nullable Object of(@Nullable Object value, ColumnSpec input) {
    if (value == null) {
      return null;
    }
    Object made =
        switch (input.type()) {
          case DOUBLE -> number(value);
          case FLOAT -> single(value);
          case INTEGER -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case LONG -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
          case BOOLEAN -> value instanceof Boolean ? value : null;
          case STRING, DATETIME, BINARY -> value instanceof String ? value : null;
        };
    if (made == null) {
      throw new IllegalArgumentException(
          "the input "
              + Printable.quote(input.name())
              + " is "
              + input.type().label()
              + ", and can't take "
              + shown(value)
              + wanted(input.type()));
    }
    return input.type() == DataType.INTEGER ? (Object) ((Long) made).intValue() : made;
  }

  private static String shown(Object value) {
    if (value instanceof Map<?, ?> || value instanceof List<?>) {
      return value instanceof Map<?, ?> ? "an object" : "an array";
    }
    return value instanceof String text
        ? "the text " + Printable.quote(text)
        : Printable.line(value.toString());
  }

  private static String wanted(DataType type) {
    return switch (type) {
      case DOUBLE, FLOAT -> "; give a number, \"NaN\", or null for a missing value";
      case INTEGER -> "; give a whole number of 32 bits";
      case LONG -> "; give a whole number of 64 bits";
      case BOOLEAN -> "; give true or false";
      case STRING, DATETIME, BINARY -> "; give a text";
    };
  }

  private static @Nullable Double number(Object value) {
    if (value instanceof String text) {
      return WORDS.get(text);
    }
    return value instanceof Number number ? (Double) number.doubleValue() : null;
  }

  /** The nearest number of 32 bits, unless it is out of their range. */
  private static @Nullable Float single(Object value) {
    Double number = number(value);
    if (number == null) {
      return null;
    }
    float single = number.floatValue();
    return Float.isInfinite(single) && !Double.isInfinite(number) ? null : (Float) single;
  }

  /** A whole number; 3.0 is one, too: some writers of JSON know no other. */
  private static @Nullable Long whole(Object value, long least, long most) {
    Long whole = null;
    if (value instanceof Long number) {
      whole = number;
    } else if (value instanceof Double number
        && number == Math.rint(number)
        && Math.abs(number) <= EXACT) {
      whole = number.longValue();
    }
    return whole != null && whole >= least && whole <= most ? whole : null;
  }
}
