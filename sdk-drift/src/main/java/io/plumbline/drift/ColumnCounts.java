package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import io.plumbline.internal.Printable;
import java.util.OptionalDouble;

/**
 * What was counted of one column: its values by cell, and apart from them what is missing, not a
 * number, infinite or of a wrong type. Immutable.
 *
 * <p>A column of numbers has one cell more than its profile has edges: cell i holds the values from
 * edge i - 1 on and below edge i, so the first cell is what lies below the reference's range and
 * the last one what lies above. A column of categories has one cell for each, then one for the
 * reference's others, then one for what the reference does not have. An id has one cell.
 */
public final class ColumnCounts {
  private final ColumnFrame frame;
  private final Counts counts;

  ColumnCounts(ColumnFrame frame, Counts counts) {
    this.frame = frame;
    this.counts = counts;
  }

  /** The column's name. */
  public String name() {
    return frame.name();
  }

  /** What its values are. */
  public ColumnKind kind() {
    return frame.kind();
  }

  /** All rows, whatever their value. */
  public long rows() {
    return counts.rows();
  }

  /** Rows without a value. */
  public long missing() {
    return counts.special(Counts.MISSING);
  }

  /** Values that are not a number. */
  public long nan() {
    return counts.special(Counts.NAN);
  }

  /** Positive infinities. */
  public long positiveInfinities() {
    return counts.special(Counts.POSITIVE);
  }

  /** Negative infinities. */
  public long negativeInfinities() {
    return counts.special(Counts.NEGATIVE);
  }

  /** Values of another type than the column's, such as a text among numbers. */
  public long mistyped() {
    return counts.special(Counts.MISTYPED);
  }

  /** Zeros, of either sign. */
  public long zeros() {
    return counts.special(Counts.ZEROS);
  }

  /** Finite numbers below the reference's least one; 0 for columns that are not binned. */
  public long below() {
    return frame.edges().length == 0 ? 0 : counts.cells()[0];
  }

  /** Finite numbers above the reference's greatest one; 0 for columns that are not binned. */
  public long above() {
    return frame.edges().length == 0 ? 0 : counts.cells()[counts.cells().length - 1];
  }

  /** Values of the reference's categories that its profile does not list. */
  public long other() {
    return frame.kind().categorical() ? counts.cells()[frame.other()] : 0;
  }

  /** Values of categories that the reference does not have. */
  public long unseen() {
    return frame.kind().categorical() ? counts.cells()[frame.unseen()] : 0;
  }

  /** The counts by cell, as the class says. */
  public long[] cells() {
    return counts.cells().clone();
  }

  /** Rows of one category; 0 if the profile does not list it. */
  public long count(String category) {
    int code = frame.kind().categorical() ? frame.code(category) : -1;
    return code < 0 ? 0 : counts.cells()[code];
  }

  /** The mean of the finite numbers. */
  public OptionalDouble mean() {
    return number(counts.moments().mean());
  }

  /** The standard deviation of the finite numbers, dividing by their number. */
  public OptionalDouble standardDeviation() {
    return number(counts.moments().deviation());
  }

  /** The least finite number. */
  public OptionalDouble min() {
    return number(counts.moments().min());
  }

  /** The greatest finite number. */
  public OptionalDouble max() {
    return number(counts.moments().max());
  }

  ColumnFrame frame() {
    return frame;
  }

  Counts counts() {
    return counts;
  }

  private OptionalDouble number(double value) {
    return counts.moments().n() == 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** Name, kind and rows. */
  @Override
  public String toString() {
    return Printable.line(name()) + " (" + kind().label() + ", " + rows() + " rows)";
  }
}
