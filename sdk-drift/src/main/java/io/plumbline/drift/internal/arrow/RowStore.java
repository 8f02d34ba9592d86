package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.internal.Printable;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one batch, column by column, in arrays that are used again for the next one: filling
 * them allocates nothing once the texts have had their largest size.
 */
public final class RowStore {
  /** The longest text in UTF-8. */
  public static final int MAX_TEXT = 16 << 20;

  private final LogSchema schema;
  private final ColumnBuffer[] columns;
  private final int capacity;

  /** By column, whether the current row has a value; constants count as having one. */
  private final long[] set;

  private final long[] constants;

  /** What {@link #set} was for all rows since one of them. */
  private final long[] run;

  private int runStart;
  private int rows;
  private long texts;

  /**
   * Makes room for a batch.
   *
   * @param capacity how many rows it takes at most
   */
  public RowStore(LogSchema schema, int capacity) {
    this.schema = schema;
    this.capacity = capacity;
    List<LogColumn> specs = schema.columns();
    columns = ColumnBuffer.of(specs, capacity);
    int words = specs.size() + 63 >> 6;
    constants = new long[words];
    for (int i = 0; i < columns.length; i++) {
      if (columns[i].isConstant()) {
        constants[i >> 6] |= 1L << i;
      }
    }
    set = constants.clone();
    run = constants.clone();
  }

  public LogSchema schema() {
    return schema;
  }

  public int rows() {
    return rows;
  }

  public int capacity() {
    return capacity;
  }

  /** How many bytes a row has at least. */
  public long width() {
    long width = 0;
    for (ColumnBuffer column : columns) {
      width += column.width();
    }
    return width;
  }

  /** How many bytes the texts have, or more: what grows beyond the number of rows. */
  public long textBytes() {
    return texts;
  }

  public void setDouble(int column, double value) {
    if (columns[column] instanceof DoubleColumn c) {
      c.set(rows, value);
    } else if (columns[column] instanceof FloatColumn c && c.length == 1) {
      c.values[rows] = (float) value;
    } else {
      throw wrong(column, "a double");
    }
    mark(column);
  }

  public void setLong(int column, long value) {
    if (columns[column] instanceof LongColumn c) {
      c.values[rows] = value;
    } else if (columns[column] instanceof IntColumn c) {
      c.values[rows] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    } else {
      throw wrong(column, "a long");
    }
    mark(column);
  }

  public void setBoolean(int column, boolean value) {
    if (!(columns[column] instanceof BooleanColumn c)) {
      throw wrong(column, "a boolean");
    }
    c.set(rows, value);
    mark(column);
  }

  public void setText(int column, CharSequence value) {
    if (value.length() > MAX_TEXT / 3 && value.length() > MAX_TEXT) {
      throw tooLong(column, value.length());
    }
    ColumnBuffer buffer = columns[column];
    if (buffer instanceof TextColumn c) {
      c.set(rows, value);
      texts += value.length();
    } else if (buffer instanceof CategoryColumn c) {
      c.codes[rows] = c.dictionary.code(value);
    } else if (buffer instanceof ChoiceColumn c && !c.isConstant()) {
      int code = c.dictionary.codeIfKnown(value);
      if (code < 0) {
        throw notAChoice(c.column, value);
      }
      c.codes[rows] = (byte) code;
    } else {
      throw wrong(column, "text");
    }
    mark(column);
  }

  public void setText(int column, char[] chars, int from, int length) {
    ColumnBuffer buffer = columns[column];
    if (length <= MAX_TEXT && buffer instanceof TextColumn c) {
      c.set(rows, chars, from, length);
      texts += length;
      mark(column);
    } else if (length <= MAX_TEXT && buffer instanceof CategoryColumn c) {
      c.codes[rows] = c.dictionary.code(chars, from, length);
      mark(column);
    } else {
      setText(column, CharBuffer.wrap(chars, from, length));
    }
  }

  public void setText(int column, byte[] utf8, int from, int length) {
    if (columns[column] instanceof TextColumn c
        && length <= MAX_TEXT
        && Utf8.isValid(utf8, from, from + length)) {
      c.set(rows, utf8, from, length);
      texts += length;
      mark(column);
    } else {
      setOtherText(column, utf8, from, length);
    }
  }

  private void setOtherText(int column, byte[] utf8, int from, int length) {
    if (length > MAX_TEXT) {
      throw tooLong(column, length);
    }
    if (columns[column] instanceof CategoryColumn c && Utf8.isValid(utf8, from, from + length)) {
      c.codes[rows] = c.dictionary.find(utf8, from, length, true);
      mark(column);
    } else {
      setText(column, new String(utf8, from, length, StandardCharsets.UTF_8));
    }
  }

  public void setCategory(int column, int code) {
    ColumnBuffer buffer = columns[column];
    if (code < 0 || code >= buffer.column.categories().size() || buffer.isConstant()) {
      throw new IllegalArgumentException(
          "there is no category "
              + code
              + " in column "
              + Printable.quote(buffer.column.name())
              + ", which knows "
              + buffer.column.categories().size());
    }
    if (buffer instanceof CategoryColumn c) {
      c.codes[rows] = code;
    } else if (buffer instanceof ChoiceColumn c) {
      c.codes[rows] = (byte) code;
    }
    mark(column);
  }

  public void setEmbedding(int column, float[] value) {
    ColumnBuffer buffer = columns[column];
    if (!(buffer instanceof FloatColumn c) || value.length != c.length) {
      throw wrong(column, "an embedding of " + value.length + " floats");
    }
    setEmbedding(column, value, 0);
  }

  public void setEmbedding(int column, float[] values, int from) {
    if (!(columns[column] instanceof FloatColumn c)) {
      throw wrong(column, "an embedding");
    }
    System.arraycopy(values, from, c.values, rows * c.length, c.length);
    mark(column);
  }

  /** Sets features that stand side by side, all of them doubles. */
  public void setDoubles(int firstColumn, double[] from, int start, int count) {
    if (count == 0) {
      return;
    }
    if (columns[firstColumn] instanceof DoubleColumn c && c.place + count <= c.block.width) {
      System.arraycopy(from, start, c.block.rows, rows * c.block.width + c.place, count);
    } else {
      for (int i = 0; i < count; i++) {
        setDouble(firstColumn + i, from[start + i]);
      }
    }
    for (int i = firstColumn, end = firstColumn + count; i < end; ) {
      int n = Math.min(end - i, Long.SIZE - (i & 63));
      set[i >> 6] |= -1L >>> Long.SIZE - n << i;
      i += n;
    }
  }

  public void setNull(int column) {
    ColumnBuffer buffer = columns[column];
    if (!buffer.isConstant()) {
      set[column >> 6] &= ~(1L << column);
      if (buffer instanceof TextColumn c) {
        c.unset(rows);
      }
    }
  }

  private void mark(int column) {
    set[column >> 6] |= 1L << column;
  }

  /**
   * Ends the row: columns without a value become null or get their default.
   *
   * @throws IllegalStateException if a column that must have a value has none; the row is gone then
   */
  public void endRow() {
    boolean same = true;
    for (int i = 0; i < set.length; i++) {
      same &= set[i] == run[i];
    }
    if (!same) {
      startRun();
    }
    System.arraycopy(constants, 0, set, 0, set.length);
    rows++;
  }

  /** Rows in a row mostly have values in the same columns: what they lack is noted once for all. */
  private void startRun() {
    for (int i = 0; i < columns.length; i++) {
      ColumnBuffer buffer = columns[i];
      if ((set[i >> 6] >> i & 1) == 0 && !buffer.column.nullable() && !buffer.hasDefault()) {
        abandonRow();
        throw new IllegalStateException(
            "a row has no " + buffer.column.name() + ", which every row must have");
      }
    }
    endRun();
    System.arraycopy(set, 0, run, 0, set.length);
  }

  private void endRun() {
    if (runStart == rows) {
      return;
    }
    for (int i = 0; i < columns.length; i++) {
      if ((run[i >> 6] >> i & 1) == 0) {
        if (columns[i].hasDefault()) {
          columns[i].clear(runStart, rows);
        } else {
          columns[i].setNulls(runStart, rows);
        }
      }
    }
    runStart = rows;
  }

  /** Takes back what was set since the last row ended. */
  public void abandonRow() {
    System.arraycopy(constants, 0, set, 0, set.length);
    for (ColumnBuffer column : columns) {
      if (column instanceof TextColumn c) {
        c.unset(rows);
      }
    }
  }

  /** Starts the next batch; a row that has not ended is gone. */
  public void reset() {
    abandonRow();
    rows = 0;
    runStart = 0;
    texts = 0;
    for (ColumnBuffer column : columns) {
      column.reset();
    }
  }

  /** Whether a dictionary has become so large that a new file should begin without it. */
  public boolean dictionariesAreLarge() {
    for (ColumnBuffer column : columns) {
      if (column instanceof CategoryColumn c
          && (c.dictionary.size() - c.column.categories().size() > 1 << 16
              || c.dictionary.byteSize() > 8 << 20)) {
        return true;
      }
    }
    return false;
  }

  /** Forgets all values of dictionaries that were not known beforehand; only between batches. */
  public void forgetCategories() {
    if (rows > 0) {
      throw new IllegalStateException("there are rows that refer to the categories");
    }
    for (ColumnBuffer column : columns) {
      if (column instanceof CategoryColumn c) {
        c.dictionary.forget();
      }
    }
  }

  int columns() {
    return columns.length;
  }

  /** The dictionary of a column, whose place is its id; null if it has none. */
  @Nullable Dictionary dictionary(int column) {
    return columns[column] instanceof CategoryColumn c
        ? c.dictionary
        : columns[column] instanceof ChoiceColumn d ? d.dictionary : null;
  }

  void write(BodyWriter body) {
    endRun();
    for (ColumnBuffer column : columns) {
      column.write(body, rows);
    }
  }

  /** Writes the rows as JSON objects, each on a line of its own. */
  public void writeJson(JsonGenerator out) throws IOException {
    endRun();
    for (ColumnBuffer column : columns) {
      column.prepare(rows);
    }
    for (int row = 0; row < rows; row++) {
      out.writeStartObject();
      for (ColumnBuffer column : columns) {
        column.json(row, out);
      }
      out.writeEndObject();
      out.writeRaw('\n');
    }
    out.flush();
  }

  private IllegalArgumentException wrong(int column, String what) {
    LogColumn spec = columns[column].column;
    return new IllegalArgumentException(
        "the column "
            + Printable.quote(spec.name())
            + " does not take "
            + what
            + ": "
            + (spec.constant() == null
                ? "its kind is "
                    + spec.kind()
                    + (spec.length() > 0 ? "[" + spec.length() + "]" : "")
                : "it is the same in every row"));
  }

  private static IllegalArgumentException notAChoice(LogColumn column, CharSequence value) {
    return new IllegalArgumentException(
        "the column "
            + column.name()
            + " takes "
            + String.join(", ", column.categories())
            + ", not "
            + Printable.quote(value.toString()));
  }

  private IllegalArgumentException tooLong(int column, int length) {
    return new IllegalArgumentException(
        "a text for column "
            + Printable.quote(columns[column].column.name())
            + " has "
            + length
            + " characters or bytes; at most "
            + MAX_TEXT
            + " are logged");
  }
}
