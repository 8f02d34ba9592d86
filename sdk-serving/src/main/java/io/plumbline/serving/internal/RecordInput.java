package io.plumbline.serving.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The components of a record as named values. */
final class RecordInput<I extends Record> {
  private final Map<String, MethodHandle> components = new LinkedHashMap<>();

  RecordInput(Class<I> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(type.getName() + " is no record");
    }
    for (RecordComponent component : type.getRecordComponents()) {
      try {
        component.getAccessor().setAccessible(true);
        components.put(
            component.getName(), MethodHandles.lookup().unreflect(component.getAccessor()));
      } catch (ReflectiveOperationException | RuntimeException e) {
        throw new IllegalArgumentException(
            "the component "
                + component.getName()
                + " of "
                + type.getName()
                + " can't be read: make the record public, or open its package",
            e);
      }
    }
  }

  Map<String, @Nullable Object> values(I row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    components.forEach((name, accessor) -> values.put(name, value(name, accessor, row)));
    return values;
  }

  private static @Nullable Object value(String name, MethodHandle accessor, Object row) {
    try {
      return accessor.invoke(row);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException("the component " + name + " can't be read: " + e, e);
    }
  }
}
