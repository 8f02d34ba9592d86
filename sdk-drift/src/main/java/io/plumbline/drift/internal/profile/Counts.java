package io.plumbline.drift.internal.profile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What was counted of one column. Immutable; the array of cells is not to be written. */
public final class Counts {
  /** A row without a value. */
  public static final int MISSING = 0;

  /** A value that is not a number. */
  public static final int NAN = 1;

  /** Positive infinity. */
  public static final int POSITIVE = 2;

  /** Negative infinity. */
  public static final int NEGATIVE = 3;

  /** A value of another type than the column's. */
  public static final int MISTYPED = 4;

  /** Zeros; they are counted in their cell, too. */
  public static final int ZEROS = 5;

  /** How many there are of these. */
  public static final int SPECIALS = 6;

  private final long[] cells;
  private final long[] specials;
  private final Moments moments;

  Counts(long[] cells, long[] specials, Moments moments) {
    this.cells = cells;
    this.specials = specials;
    this.moments = moments;
  }

  /** Nothing, in a frame. */
  public static Counts none(ColumnFrame frame) {
    return new Counts(new long[frame.cells()], new long[SPECIALS], Moments.NONE);
  }

  /** Counts that were made elsewhere, such as by moving them into other cells. */
  public static Counts of(long[] cells, Counts others) {
    return new Counts(cells, others.specials, others.moments);
  }

  public long[] cells() {
    return cells;
  }

  /** One of {@link #MISSING}, {@link #NAN} and so on. */
  public long special(int which) {
    return specials[which];
  }

  public Moments moments() {
    return moments;
  }

  /**
   * The same, as if each number were the lower edge of its cell: the lowest edge where it lies
   * below all of them, and 0 where there are none.
   */
  public Counts binned(double[] edges) {
    Moments known = Moments.NONE;
    for (int cell = 0; cell < cells.length; cell++) {
      if (cells[cell] > 0) {
        double edge = edges.length == 0 ? 0 : edges[Math.max(0, cell - 1)];
        known = known.merge(new Moments(cells[cell], edge, 0, edge, edge));
      }
    }
    return new Counts(cells, specials, known);
  }

  /** Values in cells. */
  public long inCells() {
    return Arrays.stream(cells).sum();
  }

  /** All rows, whatever their value. */
  public long rows() {
    return inCells() + Arrays.stream(specials, 0, ZEROS).sum();
  }

  /** The counts of both; the frame must be the same. */
  public Counts merge(Counts other) {
    return new Counts(
        sum(cells, other.cells), sum(specials, other.specials), moments.merge(other.moments));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Counts counts
        && Arrays.equals(cells, counts.cells)
        && Arrays.equals(specials, counts.specials)
        && moments.equals(counts.moments);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(cells) + moments.hashCode();
  }

  private static long[] sum(long[] left, long[] right) {
    long[] sum = left.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] = Math.addExact(sum[i], right[i]);
    }
    return sum;
  }
}
