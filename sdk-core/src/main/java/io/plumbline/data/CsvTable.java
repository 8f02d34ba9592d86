package io.plumbline.data;

import io.plumbline.IntegrityException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.csv.CellScanner;
import io.plumbline.internal.csv.CellScanner.Kind;
import io.plumbline.internal.csv.CsvRows;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A CSV file in memory, read column by column; immutable.
 *
 * <p>The format and the errors are those of {@link CsvReader}. It takes about the memory of the
 * unpacked file and 4 bytes a cell; a column has at most 1 GiB.
 *
 * <pre>{@code
 * CsvTable flights = CsvTable.read(Path.of("flights.csv.gz"));
 * int[] month = flights.ints("month");
 * CsvTable winter = flights.where(row -> month[row] <= 2);
 * double[] distance = winter.doubles("distance");
 * }</pre>
 */
public final class CsvTable {
  // Columns with few different texts share them.
  private static final int SHARED_TEXTS = 4_096;

  private final String name;
  private final Map<String, CellColumn> columns;
  private final int[] lines;
  private final int[] rows;

  private CsvTable(String name, Map<String, CellColumn> columns, int[] lines, int[] rows) {
    this.name = name;
    this.columns = columns;
    this.lines = lines;
    this.rows = rows;
  }

  /**
   * Reads a file.
   *
   * @param file plain or gzip
   * @throws IllegalArgumentException if there is no such file
   * @throws IntegrityException if it is malformed
   * @throws io.plumbline.StoreException if it cannot be read
   */
  public static CsvTable read(Path file) {
    try (CsvReader csv = CsvReader.open(file)) {
      return read(csv, file.toString());
    }
  }

  /**
   * Reads a stream to its end and closes it.
   *
   * @param in the bytes, plain or gzip
   * @param name how error texts call it
   * @throws IntegrityException if it is malformed
   * @throws io.plumbline.StoreException if the stream fails
   */
  public static CsvTable read(InputStream in, String name) {
    try (CsvReader csv = CsvReader.of(in, name)) {
      return read(csv, name);
    }
  }

  private static CsvTable read(CsvReader csv, String name) {
    CsvRows source = csv.rows();
    List<CellColumn> cells = new ArrayList<>();
    Map<String, CellColumn> columns = new LinkedHashMap<>();
    for (String column : csv.columns()) {
      cells.add(new CellColumn());
      columns.put(column, cells.get(cells.size() - 1));
    }
    int[] lines = new int[1024];
    int count = 0;
    while (source.next()) {
      if (count == lines.length) {
        lines = Arrays.copyOf(lines, 2 * count);
      }
      lines[count++] = (int) Math.min(Integer.MAX_VALUE, source.line());
      for (int i = 0; i < cells.size(); i++) {
        if (!cells.get(i).add(source.bytes(), source.from(i), source.to(i))) {
          throw source.bad(i, "makes the column larger than 1 GiB; read the file with CsvReader");
        }
      }
    }
    cells.forEach(CellColumn::trim);
    return new CsvTable(name, columns, lines, IntStream.range(0, count).toArray());
  }

  /** The number of rows. */
  public int rows() {
    return rows.length;
  }

  /** The names of the columns, in the file's order. */
  public List<String> columns() {
    return List.copyOf(columns.keySet());
  }

  /**
   * The rows that pass, in their order; the cells are shared with this table.
   *
   * @param keep is asked with each row's position in this table, from 0
   */
  public CsvTable where(IntPredicate keep) {
    int[] kept = IntStream.range(0, rows.length).filter(keep).map(row -> rows[row]).toArray();
    return new CsvTable(name, columns, lines, kept);
  }

  /**
   * A column as numbers, one for each row; NaN where the cell is empty. {@code NaN}, {@code
   * Infinity} and {@code inf}, also with a minus, are numbers.
   *
   * @throws IllegalArgumentException if there is no such column
   * @throws IntegrityException if a cell is no number
   */
  public double[] doubles(String column) {
    double[] values = new double[rows.length];
    CellColumn cells = cells(column);
    CellScanner scanner = new CellScanner();
    for (int row = 0; row < values.length; row++) {
      values[row] = number(cells, scanner, row, column);
    }
    return values;
  }

  /**
   * A column as 32-bit integers, one for each row.
   *
   * @throws IllegalArgumentException if there is no such column
   * @throws IntegrityException if a cell is empty, or no 32-bit integer
   */
  public int[] ints(String column) {
    int[] values = new int[rows.length];
    CellColumn cells = cells(column);
    CellScanner scanner = new CellScanner();
    for (int row = 0; row < values.length; row++) {
      Kind kind = cells.scan(scanner, rows[row]);
      if (kind == Kind.EMPTY) {
        throw bad(column, row, "is empty; doubles() reads empty cells as NaN");
      }
      if (kind != Kind.INTEGER || scanner.integer() != (int) scanner.integer()) {
        throw bad(
            column, row, "is not a 32-bit integer: " + Printable.quote(text(cells, column, row)));
      }
      values[row] = (int) scanner.integer();
    }
    return values;
  }

  /**
   * A column as texts, one for each row; empty where the cell is.
   *
   * @throws IllegalArgumentException if there is no such column
   * @throws IntegrityException if a cell is not UTF-8
   */
  public List<String> strings(String column) {
    String[] values = new String[rows.length];
    CellColumn cells = cells(column);
    Map<String, String> shared = new HashMap<>();
    for (int row = 0; row < values.length; row++) {
      String text = text(cells, column, row);
      if (shared.size() < SHARED_TEXTS) {
        shared.putIfAbsent(text, text);
      }
      values[row] = shared.getOrDefault(text, text);
    }
    return Collections.unmodifiableList(Arrays.asList(values));
  }

  /**
   * Columns as numbers, one array for each row, in the order of the names; NaN where a cell is
   * empty.
   *
   * @throws IllegalArgumentException if one of the columns is not there
   * @throws IntegrityException if a cell is no number
   */
  public double[][] matrix(List<String> names) {
    double[][] values = new double[rows.length][names.size()];
    CellScanner scanner = new CellScanner();
    for (int i = 0; i < names.size(); i++) {
      CellColumn cells = cells(names.get(i));
      for (int row = 0; row < values.length; row++) {
        values[row][i] = number(cells, scanner, row, names.get(i));
      }
    }
    return values;
  }

  private double number(CellColumn cells, CellScanner scanner, int row, String column) {
    Kind kind = cells.scan(scanner, rows[row]);
    if (kind == Kind.TEXT || kind == Kind.BOOLEAN) {
      throw bad(column, row, "is not a number: " + Printable.quote(text(cells, column, row)));
    }
    return scanner.number();
  }

  private String text(CellColumn cells, String column, int row) {
    try {
      return cells.text(rows[row]);
    } catch (CharacterCodingException e) {
      throw bad(column, row, "is not UTF-8");
    }
  }

  private IntegrityException bad(String column, int row, String why) {
    return CsvRows.bad(name, lines[rows[row]], column, why);
  }

  private CellColumn cells(String column) {
    CellColumn cells = columns.get(Objects.requireNonNull(column, "column"));
    if (cells == null) {
      throw new IllegalArgumentException(
          Printable.quote(name)
              + " has no column "
              + Printable.quote(column)
              + "; it has "
              + Printable.line(columns().toString()));
    }
    return cells;
  }
}
