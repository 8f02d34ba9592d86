package io.plumbline.drift.internal.profile;

import io.plumbline.internal.Printable;
import java.util.Arrays;

/**
 * Moves counts into another frame of the same column. Within a bin the mass is taken as even, so a
 * bin that an edge of the other frame cuts is shared out; points and categories move exactly.
 */
public final class Rebin {
  private Rebin() {}

  /**
   * Returns the counts in the other frame.
   *
   * @throws IllegalArgumentException if the columns hold different things
   */
  public static Counts into(ColumnFrame target, ColumnFrame source, Counts counts) {
    if (target.kind().binned() && source.kind().binned()) {
      return Counts.of(numbers(target, source, counts), counts);
    }
    if (target.kind().categorical() && source.kind().categorical()) {
      return Counts.of(categories(target, source, counts), counts);
    }
    if (target.kind() == source.kind()) {
      return counts;
    }
    throw new IllegalArgumentException(
        "column "
            + Printable.quote(target.name())
            + " is "
            + target.kind().label()
            + " on one side and "
            + source.kind().label()
            + " on the other; they cannot be compared");
  }

  private static long[] categories(ColumnFrame target, ColumnFrame source, Counts counts) {
    long[] cells = new long[target.cells()];
    for (int code = 0; code < source.categories().size(); code++) {
      int to = target.code(source.categories().get(code));
      cells[to < 0 ? target.outside(source.categories().get(code)) : to] += counts.cells()[code];
    }
    // What was not listed there has no name here; it may be known or new.
    long unnamed = counts.cells()[source.other()] + counts.cells()[source.unseen()];
    cells[target.complete() ? target.unseen() : target.other()] += unnamed;
    return cells;
  }

  private static long[] numbers(ColumnFrame target, ColumnFrame source, Counts counts) {
    double[] from = source.edges();
    long[] cells = counts.cells();
    long total = Arrays.stream(cells).sum();
    double[] to = target.edges();
    if (to.length == 0 || total == 0) {
      long[] all = new long[to.length + 1];
      all[0] = total;
      return all;
    }
    long[] below = new long[to.length];
    for (int i = 0; i < to.length; i++) {
      below[i] = Math.round(below(to[i], from, cells, counts.moments()));
    }
    // Rounding each cumulative count keeps the total and never makes a cell negative.
    long[] moved = new long[to.length + 1];
    for (int i = 0; i <= to.length; i++) {
      long upTo = i == to.length ? total : below[i];
      moved[i] = upTo - (i == 0 ? 0 : below[i - 1]);
    }
    return moved;
  }

  /** How many values are below an edge. */
  private static double below(double edge, double[] edges, long[] cells, Moments moments) {
    double sum = 0;
    for (int cell = 0; cell < cells.length; cell++) {
      double low = cell == 0 ? moments.min() : edges[cell - 1];
      double high = cell == edges.length ? Math.nextUp(moments.max()) : edges[cell];
      if (edge >= high) {
        sum += cells[cell];
      } else if (edge > low) {
        sum += cells[cell] * ((edge - low) / (high - low));
      }
    }
    return sum;
  }
}
