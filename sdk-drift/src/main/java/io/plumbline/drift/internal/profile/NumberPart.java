package io.plumbline.drift.internal.profile;

import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnRole;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** The first rows of a column of numbers, or of texts of which the lengths are watched. */
final class NumberPart implements FirstPart {
  // Up to here sorting is as cheap as a sketch.
  private static final int SORTED = 1 << 17;
  private static final int SKETCH = 2048;

  private final String name;
  private final ColumnRole role;
  private final ColumnKind kind;
  private final BitSet missing = new BitSet();
  private final BitSet mistyped = new BitSet();
  private double[] values = new double[64];
  private int size;
  private long distinct;

  NumberPart(String name, ColumnRole role, ColumnKind kind) {
    this.name = name;
    this.role = role;
    this.kind = kind;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void number(double value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  @Override
  public void text(String text) {
    if (kind == ColumnKind.TEXT) {
      number(text.length());
    } else {
      mistyped.set(size);
      number(Double.NaN);
    }
  }

  @Override
  public void flag(boolean value) {
    number(value ? 1 : 0);
  }

  @Override
  public void missing() {
    missing.set(size);
    number(Double.NaN);
  }

  @Override
  public ColumnFrame frame() {
    double[] finite = new double[size];
    int count = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int row = 0; row < size; row++) {
      double value = values[row];
      if (Math.abs(value) <= Double.MAX_VALUE) {
        finite[count++] = value;
        min = Math.min(min, value);
        max = Math.max(max, value);
      }
    }
    Runs runs = runs(finite, count);
    double[] edges = Bins.edges(runs, min, max);
    return new ColumnFrame(
        name, role, kind, edges, groups(edges, finite, count), quantiles(runs), List.of(), true);
  }

  private Runs runs(double[] finite, int count) {
    if (count <= SORTED) {
      double[] sorted = Arrays.copyOf(finite, count);
      Arrays.sort(sorted);
      Runs runs = Runs.of(sorted);
      distinct = runs.size();
      return runs;
    }
    KllSketch sketch = new KllSketch(SKETCH);
    for (int i = 0; i < count; i++) {
      sketch.add(finite[i]);
    }
    distinct = -1;
    return sketch.runs();
  }

  private static int[] groups(double[] edges, double[] finite, int count) {
    long[] cells = new long[edges.length + 1];
    CellTable table = new CellTable(edges);
    for (int i = 0; i < count; i++) {
      cells[table.cell(finite[i])]++;
    }
    return Bins.groups(edges, cells);
  }

  private static double[] quantiles(Runs runs) {
    return runs.size() == 0
        ? new double[0]
        : Arrays.stream(ColumnFrame.shares()).map(runs::quantile).toArray();
  }

  @Override
  public void replay(int row, Tally tally) {
    if (missing.get(row)) {
      tally.missing();
    } else if (mistyped.get(row)) {
      tally.mistyped();
    } else {
      tally.number(values[row]);
    }
  }

  @Override
  public long distinct() {
    return distinct;
  }
}
