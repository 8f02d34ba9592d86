package io.plumbline.serving.internal;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** Makes records of outputs: by name where all names are outputs, else by position. */
final class RecordOutput<O extends Record> {
  private final Class<O> type;
  private final List<String> names;
  private final Constructor<O> constructor;

  RecordOutput(Class<O> type) {
    if (!type.isRecord()) {
      throw new IllegalArgumentException(type.getName() + " is no record");
    }
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    this.names = Arrays.stream(components).map(RecordComponent::getName).toList();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    for (int i = 0; i < types.length; i++) {
      if (types[i] != double.class && types[i] != float.class) {
        throw new IllegalArgumentException(
            "the component "
                + names.get(i)
                + " of "
                + type.getName()
                + " must be double or float: a model gives numbers");
      }
    }
    try {
      this.constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalArgumentException(
          type.getName() + " can't be made: make the record public, or open its package", e);
    }
  }

  O of(double[] outputs, List<String> outputNames) {
    boolean byName = outputNames.containsAll(names);
    if (!byName && names.size() != outputs.length) {
      throw new IllegalArgumentException(
          type.getName()
              + " has the components "
              + names
              + ", and the model gives "
              + (outputNames.isEmpty() ? outputs.length + " numbers" : outputNames));
    }
    Object[] values = new Object[names.size()];
    for (int i = 0; i < values.length; i++) {
      double value = outputs[byName ? outputNames.indexOf(names.get(i)) : i];
      boolean isFloat = constructor.getParameterTypes()[i] == float.class;
      values[i] = isFloat ? (Object) (float) value : (Object) value;
    }
    try {
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " refuses what the model gives: " + e, e);
    }
  }
}
