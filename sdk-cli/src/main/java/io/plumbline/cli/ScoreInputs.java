package io.plumbline.cli;

import io.plumbline.IntegrityException;
import io.plumbline.data.CsvReader;
import io.plumbline.internal.Printable;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which column of a CSV file is which input of a model, found once from the header. */
final class ScoreInputs {
  private static final int MOST_CHARS = 8 << 20;
  private static final double EXACT = 1L << 53;

  private final CsvReader csv;
  private final String file;
  private final List<ColumnSpec> inputs;
  private final int[] columns;
  private final boolean text;

  private ScoreInputs(CsvReader csv, String file, List<ColumnSpec> inputs) {
    this.csv = csv;
    this.file = file;
    this.inputs = inputs;
    this.columns = new int[inputs.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = csv.columns().indexOf(inputs.get(i).name());
    }
    this.text =
        inputs.stream()
            .anyMatch(input -> !input.type().numeric() && input.type() != DataType.BOOLEAN);
  }

  /** Some rows of the file. */
  static final class Batch {
    private final long firstLine;
    private final List<String[]> cells;
    private final double[] numbers;
    private final List<Map<String, @Nullable Object>> rows;

    private Batch(
        long firstLine,
        List<String[]> cells,
        double[] numbers,
        List<Map<String, @Nullable Object>> rows) {
      this.firstLine = firstLine;
      this.cells = cells;
      this.numbers = numbers;
      this.rows = rows;
    }

    int size() {
      return cells.size();
    }

    /** The line of the file on which the first row begins. */
    long firstLine() {
      return firstLine;
    }

    /** All cells of a row. */
    String[] cells(int row) {
      return cells.get(row);
    }

    /** Whether some inputs are text: then the rows are named, and there are no numbers. */
    boolean hasText() {
      return !rows.isEmpty();
    }

    /** The inputs of all rows, one row after the other. */
    double[] numbers() {
      return numbers;
    }

    /** The inputs of a row by name. */
    Map<String, @Nullable Object> row(int row) {
      return rows.get(row);
    }
  }

  /**
   * Finds the inputs in the header.
   *
   * @param file the file's name, for error texts
   * @throws IllegalArgumentException if a required one is missing, or the model has no named inputs
   */
  static ScoreInputs of(
      CsvReader csv, String file, Optional<Signature> signature, ModelVersion version) {
    List<ColumnSpec> inputs = new ArrayList<>();
    for (FieldSpec field : signature.map(Signature::inputs).orElse(List.of())) {
      if (field instanceof ColumnSpec column && !column.name().isEmpty()) {
        inputs.add(column);
      }
    }
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          version.uri()
              + " has no signature with named columns, so nothing says which column of a file is"
              + " which input; register it with a signature");
    }
    List<String> missing =
        inputs.stream()
            .filter(input -> input.required() || !number(input.type()))
            .map(ColumnSpec::name)
            .filter(name -> !csv.columns().contains(name))
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + " lacks "
              + Printable.line(missing.toString())
              + ", which "
              + version.uri()
              + " requires; it has "
              + Printable.line(csv.columns().toString()));
    }
    return new ScoreInputs(csv, file, inputs);
  }

  private static boolean number(DataType type) {
    return type.numeric() || type == DataType.BOOLEAN;
  }

  /** Reads the next rows, fewer where they are long; null at the end of the file. */
  @Nullable Batch next(int most) {
    List<String[]> cells = new ArrayList<>();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    double[] numbers = text ? new double[0] : new double[most * columns.length];
    long firstLine = 0;
    long chars = 0;
    while (cells.size() < most && chars < MOST_CHARS && csv.next()) {
      firstLine = cells.isEmpty() ? csv.line() : firstLine;
      if (text) {
        rows.add(row());
      } else {
        for (int i = 0; i < columns.length; i++) {
          numbers[cells.size() * columns.length + i] = value(i);
        }
      }
      String[] all = new String[csv.columns().size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = csv.text(i);
        chars += all[i].length();
      }
      cells.add(all);
    }
    return cells.isEmpty() ? null : new Batch(firstLine, cells, numbers, rows);
  }

  int width() {
    return columns.length;
  }

  /** The file's name, for error texts. */
  String file() {
    return file;
  }

  // ---- one row

  /** The value of a number as the model takes it; NaN where it is missing. */
  private double value(int input) {
    int column = columns[input];
    if (column < 0) {
      return Double.NaN;
    }
    DataType type = inputs.get(input).type();
    if (type == DataType.BOOLEAN) {
      return bool(input);
    }
    double value = csv.number(column);
    if (type == DataType.FLOAT) {
      return (float) value;
    }
    if (type == DataType.DOUBLE) {
      return value;
    }
    if (csv.empty(column) && !inputs.get(input).required()) {
      return Double.NaN;
    }
    double most = type == DataType.INTEGER ? Integer.MAX_VALUE : EXACT;
    double least = type == DataType.INTEGER ? Integer.MIN_VALUE : -EXACT;
    if (value != Math.rint(value) || value < least || value > most) {
      throw bad(
          input,
          type == DataType.INTEGER ? "a whole number of 32 bits" : "a whole number up to 2^53");
    }
    return value;
  }

  private double bool(int input) {
    String cell = csv.text(columns[input]).strip().toLowerCase(Locale.ROOT);
    return switch (cell) {
      case "true", "1" -> 1;
      case "false", "0" -> 0;
      case "" -> {
        if (inputs.get(input).required()) {
          throw bad(input, "true or false");
        }
        yield Double.NaN;
      }
      default -> throw bad(input, "true or false");
    };
  }

  private IntegrityException bad(int input, String wanted) {
    String cell = csv.text(columns[input]);
    return new IntegrityException(
        file
            + ", line "
            + csv.line()
            + ": the input "
            + Printable.quote(inputs.get(input).name())
            + " is "
            + inputs.get(input).type().label()
            + " and must be "
            + wanted
            + (cell.isEmpty() ? "; it is empty" : ", not " + Printable.quote(cell)));
  }

  private Map<String, @Nullable Object> row() {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 0; i < columns.length; i++) {
      ColumnSpec input = inputs.get(i);
      row.put(input.name(), number(input.type()) ? typed(i) : csv.text(columns[i]));
    }
    return row;
  }

  private @Nullable Object typed(int input) {
    double value = value(input);
    DataType type = inputs.get(input).type();
    if (type == DataType.DOUBLE) {
      return value;
    } else if (type == DataType.FLOAT) {
      return (float) value;
    } else if (Double.isNaN(value)) {
      return null;
    } else if (type == DataType.BOOLEAN) {
      return value != 0;
    }
    return type == DataType.INTEGER ? (Object) (int) value : (Object) (long) value;
  }
}
