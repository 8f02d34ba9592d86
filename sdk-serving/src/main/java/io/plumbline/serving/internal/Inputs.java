package io.plumbline.serving.internal;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.Signature;
import io.plumbline.model.TensorSpec;
import io.plumbline.spi.LoadedModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A version's inputs, compiled once from its signature: from names and types to positions. Values
 * are widened as MLflow widens them, without loss, and never narrowed.
 */
final class Inputs {
  private final int count;
  private final List<FieldSpec> fields;
  private final Map<String, Integer> positions = new HashMap<>();
  private final boolean hasText;

  private Inputs(int count, List<FieldSpec> fields) {
    this.count = count;
    this.fields = fields;
    boolean text = false;
    for (int i = 0; i < fields.size(); i++) {
      positions.put(fields.get(i).name(), i);
      text |= fields.get(i) instanceof ColumnSpec column && !isNumber(column.type());
    }
    this.hasText = text;
  }

  /**
   * Compiles the inputs of a loaded model.
   *
   * @throws IncompatibleModelException if the signature and the loaded model differ
   */
  static Inputs of(String model, @Nullable Signature signature, LoadedModel loaded) {
    if (signature == null || signature.inputs().isEmpty()) {
      return new Inputs(loaded.inputs(), List.of());
    }
    List<FieldSpec> fields = signature.inputs();
    int width = fields.get(0) instanceof TensorSpec ? width(fields) : fields.size();
    if (width > 0 && width != loaded.inputs()) {
      throw new IncompatibleModelException(
          model
              + " takes "
              + loaded.inputs()
              + " numbers a row, but its signature has "
              + width
              + " inputs: "
              + signature.inputNames());
    }
    boolean named = fields.get(0) instanceof ColumnSpec && !fields.get(0).name().isEmpty();
    return new Inputs(loaded.inputs(), named ? fields : List.of());
  }

  /** The numbers in a row of tensors; 0 if a shape leaves it open. */
  private static int width(List<FieldSpec> tensors) {
    long width = 0;
    for (FieldSpec field : tensors) {
      List<Long> shape = ((TensorSpec) field).shape();
      long size = 1;
      for (long length : shape.subList(Math.min(1, shape.size()), shape.size())) {
        size *= length;
      }
      if (size <= 0) {
        return 0;
      }
      width += size;
    }
    return Math.toIntExact(width);
  }

  static boolean isNumber(DataType type) {
    return type.numeric() || type == DataType.BOOLEAN;
  }

  int count() {
    return count;
  }

  /** Whether a row can't be an array of numbers. */
  boolean hasText() {
    return hasText;
  }

  List<FieldSpec> fields() {
    return fields;
  }

  private void named() {
    if (fields.isEmpty()) {
      throw new IllegalArgumentException(
          "the model has no signature with named columns: give it its "
              + count
              + " numbers by position");
    }
  }

  /**
   * Returns where a golden record's column belongs: at the input of its name, or, if no input has
   * the name of any column, at its own position.
   *
   * @throws IncompatibleModelException if some columns are inputs, but not this one
   */
  int position(List<String> columns, int column) {
    Integer known = positions.get(columns.get(column));
    if (known != null) {
      return known;
    }
    if (columns.size() != count || columns.stream().anyMatch(positions::containsKey)) {
      throw new IncompatibleModelException(
          "its golden records have the column "
              + Printable.quote(columns.get(column))
              + ", which is none of its inputs "
              + positions.keySet());
    }
    return column;
  }

  // ---- named rows

  /**
   * Brings a row of named numbers to its positions.
   *
   * @param dropped counts the names that are no inputs
   * @throws IllegalArgumentException if a required one is missing, or a value does not fit its type
   */
  void encode(Map<String, ? extends @Nullable Object> row, double[] target, LongAdder dropped) {
    named();
    int known = 0;
    for (int i = 0; i < fields.size(); i++) {
      FieldSpec field = fields.get(i);
      Object value = row.get(field.name());
      known += value != null || row.containsKey(field.name()) ? 1 : 0;
      target[i] = number(field, value);
    }
    if (row.size() > known) {
      dropped.add(row.size() - known);
    }
  }

  private static double number(FieldSpec field, @Nullable Object value) {
    if (value == null) {
      if (field.required()) {
        throw new IllegalArgumentException(
            "the input " + Printable.quote(field.name()) + " is missing, and is required");
      }
      return Double.NaN;
    }
    DataType wanted = ((ColumnSpec) field).type();
    if (!Widening.fits(value, wanted)) {
      throw new IllegalArgumentException(
          "the input "
              + Printable.quote(field.name())
              + " is "
              + wanted.label()
              + ", and takes no "
              + value.getClass().getSimpleName()
              + " such as "
              + Printable.quote(value.toString())
              + "; convert it");
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  /** Brings a row of named values, text included, to columns of one row. */
  Object[] columns(Map<String, ? extends @Nullable Object> row, LongAdder dropped) {
    named();
    Object[] columns = new Object[fields.size()];
    int known = 0;
    for (int i = 0; i < columns.length; i++) {
      FieldSpec field = fields.get(i);
      Object value = row.get(field.name());
      known += row.containsKey(field.name()) ? 1 : 0;
      if (isNumber(((ColumnSpec) field).type())) {
        columns[i] = new double[] {number(field, value)};
      } else if (value instanceof String text) {
        columns[i] = new String[] {text};
      } else {
        throw new IllegalArgumentException(
            "the input "
                + Printable.quote(field.name())
                + (value == null ? " is missing" : " is text, not " + value.getClass().getName()));
      }
    }
    dropped.add(row.size() - known);
    return columns;
  }

  /**
   * Brings named columns to their positions.
   *
   * @return the columns, each an array, in the order of the inputs
   * @throws IllegalArgumentException if one is missing, of another length, or does not fit its type
   */
  Object[] columns(Map<String, ?> named, int rows, LongAdder dropped) {
    named();
    Object[] columns = new Object[fields.size()];
    int known = 0;
    for (int i = 0; i < columns.length; i++) {
      ColumnSpec field = (ColumnSpec) fields.get(i);
      Object column = named.get(field.name());
      if (column == null) {
        columns[i] = missing(field, rows);
        continue;
      }
      known++;
      if (!Widening.columnFits(column, field.type())) {
        throw new IllegalArgumentException(
            "the column "
                + Printable.quote(field.name())
                + " is "
                + field.type().label()
                + ", and takes no "
                + column.getClass().getSimpleName()
                + "; convert it");
      }
      if (Widening.length(column) != rows) {
        throw new IllegalArgumentException(
            "the column "
                + Printable.quote(field.name())
                + " has "
                + Widening.length(column)
                + " values, and others have "
                + rows);
      }
      columns[i] = column;
    }
    dropped.add(named.size() - known);
    return columns;
  }

  private static double[] missing(ColumnSpec field, int rows) {
    if (field.required() || !isNumber(field.type())) {
      throw new IllegalArgumentException(
          "the column " + Printable.quote(field.name()) + " is missing, and is required");
    }
    double[] none = new double[rows];
    java.util.Arrays.fill(none, Double.NaN);
    return none;
  }
}
