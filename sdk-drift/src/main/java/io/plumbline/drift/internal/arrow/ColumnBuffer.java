package io.plumbline.drift.internal.arrow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.plumbline.drift.log.LogColumn;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The values of one column of a batch, in a plain array. Rows are filled in order; a value may be
 * set again before its row ends. Everything is valid unless {@link #setNulls} says otherwise.
 */
abstract class ColumnBuffer {
  final LogColumn column;
  private final byte[] validity;
  private int nulls;

  ColumnBuffer(LogColumn column, int capacity) {
    this.column = column;
    this.validity = new byte[capacity + 7 >> 3];
    Arrays.fill(validity, (byte) -1);
  }

  /** The buffers of a schema's columns; doubles that stand side by side share a block. */
  static ColumnBuffer[] of(List<LogColumn> columns, int capacity) {
    ColumnBuffer[] buffers = new ColumnBuffer[columns.size()];
    for (int i = 0; i < buffers.length; ) {
      int end = i;
      while (end < buffers.length && columns.get(end).kind() == LogColumn.Kind.DOUBLE) {
        end++;
      }
      if (end == i) {
        buffers[i] = of(columns.get(i), capacity);
        i++;
        continue;
      }
      DoubleBlock block = new DoubleBlock(end - i, capacity);
      for (int place = 0; i < end; i++, place++) {
        buffers[i] = new DoubleColumn(columns.get(i), capacity, block, place);
      }
    }
    return buffers;
  }

  private static ColumnBuffer of(LogColumn column, int capacity) {
    String constant = column.constant();
    return switch (column.kind()) {
      case DOUBLE -> throw new AssertionError("doubles are made block by block");
      case FLOAT -> new FloatColumn(column, capacity, 1);
      case EMBEDDING -> new FloatColumn(column, capacity, column.length());
      case LONG, TIMESTAMP -> new LongColumn(column, capacity);
      case INT -> new IntColumn(column, capacity);
      case BOOLEAN -> new BooleanColumn(column, capacity);
      case TEXT ->
          constant == null
              ? new TextColumn(column, capacity)
              : new ConstantText(column, capacity, constant);
      case CATEGORY -> new CategoryColumn(column, capacity);
      case CHOICE -> new ChoiceColumn(column, capacity);
    };
  }

  /** Whether every row has the same value, which nobody sets. */
  boolean isConstant() {
    return column.constant() != null;
  }

  /** Says that complete rows have no value here: from one up to another. */
  final void setNulls(int from, int to) {
    for (int row = from; row < to; row++) {
      if ((row & 7) == 0 && row + 8 <= to) {
        validity[row >> 3] = 0;
        row += 7;
      } else {
        validity[row >> 3] &= (byte) ~(1 << (row & 7));
      }
    }
    nulls += to - from;
    clear(from, to);
  }

  /** Writes what stands in the place of missing values. */
  abstract void clear(int from, int to);

  /** Whether rows in which no value was set have one all the same, which {@link #clear} writes. */
  boolean hasDefault() {
    return false;
  }

  /** Starts the next batch. */
  void reset() {
    if (nulls > 0) {
      Arrays.fill(validity, (byte) -1);
      nulls = 0;
    }
  }

  /** How many bytes a row has here at least. */
  abstract int width();

  /** Adds the first rows to a body. */
  final void write(BodyWriter body, int rows) {
    body.node(rows, nulls);
    body.validity(validity, rows, nulls);
    values(body, rows);
  }

  abstract void values(BodyWriter body, int rows);

  /** Makes the values of the first rows ready to be read. */
  void prepare(int rows) {}

  /** Writes a row's value as JSON; rows that are not noted as null have one. */
  final void json(int row, JsonGenerator out) throws IOException {
    out.writeFieldName(column.name());
    if ((validity[row >> 3] >> (row & 7) & 1) == 0) {
      out.writeNull();
    } else {
      value(row, out);
    }
  }

  abstract void value(int row, JsonGenerator out) throws IOException;
}
