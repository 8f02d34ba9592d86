package io.plumbline.cli;

import io.plumbline.drift.log.LogBatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some of the rows of another batch, valid as long as that one is. */
final class SomeRows implements LogBatch {
  private final LogBatch all;
  private final int[] rows;

  /** Takes the rows at these places, in this order. */
  SomeRows(LogBatch all, int[] rows) {
    this.all = all;
    this.rows = rows;
  }

  @Override
  public int rows() {
    return rows.length;
  }

  @Override
  public List<String> columns() {
    return all.columns();
  }

  @Override
  public Kind kind(String column) {
    return all.kind(column);
  }

  @Override
  public double[] doubles(String column) {
    double[] values = all.doubles(column);
    return Arrays.stream(rows).mapToDouble(row -> values[row]).toArray();
  }

  @Override
  public long[] longs(String column) {
    long[] values = all.longs(column);
    return Arrays.stream(rows).mapToLong(row -> values[row]).toArray();
  }

  @Override
  public @Nullable String[] texts(String column) {
    @Nullable String[] values = all.texts(column);
    @Nullable String[] some = new String[rows.length];
    for (int i = 0; i < rows.length; i++) {
      some[i] = values[rows[i]];
    }
    return some;
  }

  @Override
  public float[] embeddings(String column) {
    float[] values = all.embeddings(column);
    int length = values.length / Math.max(1, all.rows());
    float[] some = new float[rows.length * length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * length, some, i * length, length);
    }
    return some;
  }

  @Override
  public boolean isNull(String column, int row) {
    return all.isNull(column, rows[row]);
  }
}
