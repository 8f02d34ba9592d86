package io.plumbline.drift;

import io.plumbline.drift.internal.profile.Bins;
import io.plumbline.drift.internal.profile.ColumnFrame;

/**
 * Names ranges of a column's bins. A bin begins with its edge and ends before the next one, so a
 * range is "from" its first edge "to below" its end; where an edge is the next double after a value
 * (an atom, or the greatest of all), the range ends with that value, or begins above it.
 */
final class RangeWords {
  private final double[] edges;
  private final String unit;

  RangeWords(ColumnFrame frame) {
    this.edges = frame.edges();
    this.unit = frame.kind() == ColumnKind.TEXT ? "lengths" : "values";
  }

  /** Names the cells from one up to another, exclusively. */
  String of(int from, int to) {
    boolean open = from == 0;
    boolean endless = to == edges.length + 1;
    if (edges.length == 0 || (open && endless)) {
      return unit;
    }
    if (to - from == 1 && Bins.isAtom(edges, from)) {
      return Words.number(edges[from - 1]);
    }
    if (open) {
      return unit + (closes(to - 1) ? " up to " : " below ") + Words.number(value(to - 1));
    }
    if (endless) {
      String begin = Words.number(value(from - 1));
      return unit + (closes(from - 1) ? " above " + begin : " from " + begin + " on");
    }
    return unit + between(from - 1, to - 1);
  }

  private String between(int low, int high) {
    int digits = Words.DIGITS;
    String begin = Words.number(value(low), digits);
    String end = Words.number(value(high), digits);
    while (begin.equals(end) && digits < Words.ALL_DIGITS) { // edges that look alike
      digits++;
      begin = Words.number(value(low), digits);
      end = Words.number(value(high), digits);
    }
    if (closes(low)) {
      return " above " + begin + (closes(high) ? " up to " : " and below ") + end;
    }
    return " from " + begin + (closes(high) ? " to " : " to below ") + end;
  }

  /** Whether an edge closes what is below it: it is the next double after a value of its own. */
  private boolean closes(int edge) {
    return edge == edges.length - 1 || Bins.isAtom(edges, edge);
  }

  /** The value that stands for an edge. */
  private double value(int edge) {
    return closes(edge) ? Math.nextDown(edges[edge]) : edges[edge];
  }
}
