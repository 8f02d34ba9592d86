package io.plumbline.serving.internal;

import io.plumbline.model.DataType;
import java.lang.reflect.Array;

/** Which Java values an input takes: those that it holds exactly ({@link DataType#fits}). */
final class Widening {
  private Widening() {}

  /** Returns whether a value may stand for an input of that type. */
  static boolean fits(Object value, DataType wanted) {
    DataType found = type(value.getClass());
    return found != null && found.fits(wanted);
  }

  /** Returns whether an array may stand for a column of that type. */
  static boolean columnFits(Object column, DataType wanted) {
    Class<?> element = column.getClass().getComponentType();
    DataType found = element == null ? null : type(element);
    return found != null && found.fits(wanted);
  }

  static int length(Object column) {
    return Array.getLength(column);
  }

  private static @org.jspecify.annotations.Nullable DataType type(Class<?> type) {
    if (type == Double.class || type == double.class) {
      return DataType.DOUBLE;
    } else if (type == Float.class || type == float.class) {
      return DataType.FLOAT;
    } else if (type == Long.class || type == long.class) {
      return DataType.LONG;
    } else if (type == Integer.class
        || type == int.class
        || type == Short.class
        || type == short.class
        || type == Byte.class
        || type == byte.class) {
      return DataType.INTEGER;
    } else if (type == Boolean.class || type == boolean.class) {
      return DataType.BOOLEAN;
    } else if (type == String.class) {
      return DataType.STRING;
    }
    return null;
  }
}
