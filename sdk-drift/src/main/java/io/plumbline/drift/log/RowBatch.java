package io.plumbline.drift.log;

import io.plumbline.drift.internal.arrow.RowStore;

/**
 * Rows of one model version on their way into the log. A row is set column by column, in any order,
 * by {@link LogSchema#position}; a column that is not set is null, or has its default; {@link
 * #endRow} ends it. Nothing is allocated once the buffers have had their largest size. For one
 * thread.
 *
 * <p>All setters throw {@link IllegalArgumentException} if the column is of another kind; the
 * message names it.
 */
public final class RowBatch {
  private final RowStore store;

  RowBatch(RowStore store) {
    this.store = store;
  }

  RowStore store() {
    return store;
  }

  /** What the rows have. */
  public LogSchema schema() {
    return store.schema();
  }

  /** How many rows have ended since the batch was written last. */
  public int rows() {
    return store.rows();
  }

  /** Sets a value of {@link LogColumn.Kind#DOUBLE} or, rounded, {@code FLOAT}; NaN is a value. */
  public void setDouble(int column, double value) {
    store.setDouble(column, value);
  }

  /**
   * Sets features that stand side by side in the log, all of them doubles: faster than one by one.
   *
   * @param firstColumn the column of the first
   * @param from where they are
   * @param start the place of the first there
   * @param count how many they are
   */
  public void setDoubles(int firstColumn, double[] from, int start, int count) {
    store.setDoubles(firstColumn, from, start, count);
  }

  /**
   * Sets a value of {@link LogColumn.Kind#LONG}, {@code TIMESTAMP} (microseconds since 1970) or,
   * within its bounds, {@code INT}.
   */
  public void setLong(int column, long value) {
    store.setLong(column, value);
  }

  /** Sets a value of {@link LogColumn.Kind#BOOLEAN}. */
  public void setBoolean(int column, boolean value) {
    store.setBoolean(column, value);
  }

  /**
   * Sets a value of {@link LogColumn.Kind#TEXT}, {@code CATEGORY} or {@code CHOICE}.
   *
   * @param value up to 16 MiB in UTF-8; half a surrogate pair becomes a question mark
   */
  public void setText(int column, CharSequence value) {
    store.setText(column, value);
  }

  /** Sets the same from UTF-8; what is malformed becomes replacement characters. */
  public void setText(int column, byte[] utf8, int from, int length) {
    store.setText(column, utf8, from, length);
  }

  /** Sets the same from an array of characters. */
  public void setText(int column, char[] chars, int from, int length) {
    store.setText(column, chars, from, length);
  }

  /** Sets a value of {@code CATEGORY} or {@code CHOICE} by its place among the known ones. */
  public void setCategory(int column, int code) {
    store.setCategory(column, code);
  }

  /** Sets a value of {@link LogColumn.Kind#EMBEDDING}; it is copied. */
  public void setEmbedding(int column, float[] value) {
    store.setEmbedding(column, value);
  }

  /** Sets the same from an array that has more, from a place on. */
  public void setEmbedding(int column, float[] values, int from) {
    store.setEmbedding(column, values, from);
  }

  /** Takes back what the row has in a column. */
  public void setNull(int column) {
    store.setNull(column);
  }

  /**
   * Ends the row.
   *
   * @throws IllegalStateException if it has no {@link SystemColumn#TS} or no {@link
   *     SystemColumn#REQUEST_ID}; the row is gone then
   */
  public void endRow() {
    store.endRow();
  }

  /** Takes back what was set since the last row ended. */
  public void abandonRow() {
    store.abandonRow();
  }
}
