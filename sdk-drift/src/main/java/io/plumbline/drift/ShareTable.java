package io.plumbline.drift;

import io.plumbline.drift.internal.profile.ColumnFrame;
import io.plumbline.drift.internal.profile.Counts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The cells that a column is compared over, with names: coarse groups or categories, and missing
 * values, infinities and mistyped ones where there are any. Missing values and NaN are one cell,
 * for the one often becomes the other on its way.
 */
final class ShareTable {
  private record Cell(String name, int group, long reference, long current) {}

  private final ColumnFrame frame;
  private final RangeWords ranges;
  private final List<Cell> cells = new ArrayList<>();
  private long n;
  private long m;

  ShareTable(ColumnFrame frame, Counts reference, Counts current) {
    this.frame = frame;
    this.ranges = new RangeWords(frame);
    if (frame.kind().binned()) {
      groups(reference.cells(), current.cells());
    } else if (frame.kind().categorical()) {
      categories(reference.cells(), current.cells());
    } else {
      return; // ids have no distribution
    }
    special("missing values", reference, current, Counts.MISSING, Counts.NAN);
    special("positive infinities", reference, current, Counts.POSITIVE, -1);
    special("negative infinities", reference, current, Counts.NEGATIVE, -1);
    special("values of a wrong type", reference, current, Counts.MISTYPED, -1);
  }

  private void add(String name, int group, long reference, long current) {
    if (reference + current > 0) {
      cells.add(new Cell(name, group, reference, current));
      n += reference;
      m += current;
    }
  }

  private void special(String name, Counts reference, Counts current, int first, int second) {
    long before = reference.special(first) + (second < 0 ? 0 : reference.special(second));
    long now = current.special(first) + (second < 0 ? 0 : current.special(second));
    add(name, -1, before, now);
  }

  private void groups(long[] reference, long[] current) {
    int[] groups = frame.groups();
    for (int from = 0, to; from < groups.length; from = to) {
      long before = 0;
      long now = 0;
      for (to = from; to < groups.length && groups[to] == groups[from]; to++) {
        before += reference[to];
        now += current[to];
      }
      add(ranges.of(from, to), groups[from], before, now);
    }
  }

  private void categories(long[] reference, long[] current) {
    for (int i = 0; i < frame.categories().size(); i++) {
      add(Words.quoted(frame.categories().get(i)), -1, reference[i], current[i]);
    }
    add("other categories", -1, reference[frame.other()], current[frame.other()]);
    add("new categories", -1, reference[frame.unseen()], current[frame.unseen()]);
  }

  int size() {
    return cells.size();
  }

  long[] reference() {
    return cells.stream().mapToLong(Cell::reference).toArray();
  }

  long[] current() {
    return cells.stream().mapToLong(Cell::current).toArray();
  }

  /** All cells with their shares. */
  List<ShareChange> all() {
    return cells.stream().map(this::change).toList();
  }

  /** The cell whose share moved most; there must be one. */
  ShareChange largest() {
    return all().stream().max(Comparator.comparingDouble(c -> Math.abs(c.change()))).orElseThrow();
  }

  /**
   * What moved, most first: neighbouring groups that moved the same way as one range, and nothing
   * that moved by less than a tenth of the largest.
   */
  List<ShareChange> moves(int most) {
    List<ShareChange> moves = new ArrayList<>();
    for (int from = 0, to; from < cells.size(); from = to) {
      to = from + 1;
      while (to < cells.size() && together(from, to)) {
        to++;
      }
      moves.add(merged(from, to));
    }
    moves.sort(Comparator.comparingDouble(c -> -Math.abs(c.change())));
    double least = moves.isEmpty() ? 0 : Math.abs(moves.get(0).change()) / 10;
    return moves.stream()
        .filter(c -> c.change() != 0 && Math.abs(c.change()) >= least)
        .limit(most)
        .toList();
  }

  private boolean together(int first, int next) {
    return cells.get(first).group() >= 0
        && cells.get(next).group() >= 0
        && change(cells.get(next - 1)).change() * change(cells.get(next)).change() > 0;
  }

  private ShareChange merged(int from, int to) {
    if (to - from == 1) {
      return change(cells.get(from));
    }
    long before = 0;
    long now = 0;
    for (Cell cell : cells.subList(from, to)) {
      before += cell.reference();
      now += cell.current();
    }
    int first = firstCell(cells.get(from).group());
    int end = firstCell(cells.get(to - 1).group() + 1);
    return new ShareChange(ranges.of(first, end), share(before, n), share(now, m));
  }

  private int firstCell(int group) {
    int[] groups = frame.groups();
    int cell = 0;
    while (cell < groups.length && groups[cell] < group) {
      cell++;
    }
    return cell;
  }

  private ShareChange change(Cell cell) {
    return new ShareChange(cell.name(), share(cell.reference(), n), share(cell.current(), m));
  }

  private static double share(long count, long total) {
    return total == 0 ? 0 : (double) count / total;
  }
}
