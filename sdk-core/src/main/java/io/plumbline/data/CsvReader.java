package io.plumbline.data;

import io.plumbline.StoreException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.csv.CellScanner;
import io.plumbline.internal.csv.CellScanner.Kind;
import io.plumbline.internal.csv.CsvRows;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads a CSV file row by row, in memory that does not grow with the file.
 *
 * <p>The format is RFC 4180 in UTF-8 with a header line: commas, quotes where needed, quotes
 * doubled inside quotes, line breaks inside quotes; LF, CRLF and CR end a line; a byte order mark
 * and empty lines are skipped. A file that begins as gzip does is unpacked on the way.
 *
 * <p>A file that is malformed, or beyond the limits (65,536 columns, 16 MiB a row), is an {@link
 * io.plumbline.IntegrityException} that names file, line and column. One reader serves one thread.
 *
 * <pre>{@code
 * try (CsvReader csv = CsvReader.open(Path.of("flights.csv.gz"))) {
 *   int distance = csv.column("distance");
 *   while (csv.next()) {
 *     miles += csv.number(distance);
 *   }
 * }
 * }</pre>
 */
public final class CsvReader implements Closeable {
  private final CsvRows rows;
  private final Map<String, Integer> positions = new HashMap<>();
  private final CellScanner scanner = new CellScanner();
  private boolean onRow;

  private CsvReader(CsvRows rows) {
    this.rows = rows;
    for (String column : rows.columns()) {
      positions.put(column, positions.size());
    }
  }

  /**
   * Opens a file and reads its header.
   *
   * @param file plain or gzip
   * @throws IllegalArgumentException if there is no such file
   * @throws io.plumbline.IntegrityException if the header is missing or malformed
   * @throws StoreException if the file cannot be read
   */
  public static CsvReader open(Path file) {
    Objects.requireNonNull(file, "file");
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + Printable.quote(file.toString()));
    }
    try {
      return of(Files.newInputStream(file), file.toString());
    } catch (IOException e) {
      throw new StoreException(
          "cannot read " + Printable.quote(file.toString()) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the header from a stream.
   *
   * @param in the bytes, plain or gzip; closed with the reader, and when the header is refused
   * @param name how error texts call it
   * @throws io.plumbline.IntegrityException if the header is missing or malformed
   * @throws StoreException if the stream fails
   */
  public static CsvReader of(InputStream in, String name) {
    return new CsvReader(
        new CsvRows(Objects.requireNonNull(in, "in"), Objects.requireNonNull(name, "name")));
  }

  /** The names of the columns, in the file's order. */
  public List<String> columns() {
    return rows.columns();
  }

  /**
   * The position of a column, from 0.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int column(String name) {
    Integer position = positions.get(Objects.requireNonNull(name, "name"));
    if (position == null) {
      throw new IllegalArgumentException(
          "there is no column "
              + Printable.quote(name)
              + "; there are "
              + Printable.line(columns().toString()));
    }
    return position;
  }

  /**
   * Goes to the next row, at first to the first one.
   *
   * @return false at the end of the file
   * @throws io.plumbline.IntegrityException if the row is malformed
   * @throws StoreException if the file cannot be read
   */
  public boolean next() {
    onRow = rows.next();
    return onRow;
  }

  /** The line of the file on which this row begins, from 1; the header is usually line 1. */
  public long line() {
    return rows.line();
  }

  /** Whether the cell is empty. */
  public boolean empty(int column) {
    check(column);
    return rows.from(column) == rows.to(column);
  }

  /**
   * The cell as text, empty if the cell is.
   *
   * @throws io.plumbline.IntegrityException if it is not UTF-8
   */
  public String text(int column) {
    check(column);
    return rows.text(column);
  }

  /**
   * The cell as a number, NaN if the cell is empty. {@code NaN}, {@code Infinity} and {@code inf},
   * also with a minus, are numbers.
   *
   * @throws io.plumbline.IntegrityException if it is no number
   */
  public double number(int column) {
    check(column);
    Kind kind = scanner.scan(rows.bytes(), rows.from(column), rows.to(column));
    if (kind == Kind.TEXT || kind == Kind.BOOLEAN) {
      throw rows.bad(column, "is not a number: " + Printable.quote(rows.text(column)));
    }
    return scanner.number();
  }

  /**
   * The cell as an integer.
   *
   * @throws io.plumbline.IntegrityException if it is empty, has a fraction, or is beyond 64 bits
   */
  public long integer(int column) {
    check(column);
    if (scanner.scan(rows.bytes(), rows.from(column), rows.to(column)) != Kind.INTEGER) {
      throw rows.bad(column, "is not an integer: " + Printable.quote(rows.text(column)));
    }
    return scanner.integer();
  }

  @Override
  public void close() {
    rows.close();
  }

  CsvRows rows() {
    return rows;
  }

  private void check(int column) {
    if (!onRow) {
      throw new IllegalStateException(
          "there is no row here; call next() and stop when it is false");
    }
    Objects.checkIndex(column, positions.size());
  }
}
