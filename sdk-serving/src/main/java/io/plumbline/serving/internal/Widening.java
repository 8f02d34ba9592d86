package io.plumbline.serving.internal;

import io.plumbline.model.DataType;
import java.lang.reflect.Array;

/**
 * MLflow's rules for what an input takes: what is exact. An integer becomes a long or a double, a
 * float a double; nothing else becomes anything else.
 */
final class Widening {
  private Widening() {}

  /** Returns whether a value may stand for an input of that type. */
  static boolean fits(Object value, DataType wanted) {
    DataType found = type(value.getClass());
    return found != null && fits(found, wanted);
  }

  /** Returns whether an array may stand for a column of that type. */
  static boolean columnFits(Object column, DataType wanted) {
    Class<?> element = column.getClass().getComponentType();
    DataType found = element == null ? null : type(element);
    return found != null && fits(found, wanted);
  }

  static int length(Object column) {
    return Array.getLength(column);
  }

  private static boolean fits(DataType found, DataType wanted) {
    return found == wanted
        || found == DataType.INTEGER && (wanted == DataType.LONG || wanted == DataType.DOUBLE)
        || found == DataType.FLOAT && wanted == DataType.DOUBLE;
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
