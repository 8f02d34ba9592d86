package io.plumbline.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows under headers, in columns as wide as needed: what does not fit the terminal is cut where it
 * may be cut, then whole columns are left out from the right and counted.
 */
final class Table {
  /** How a column stands and yields. */
  enum Kind {
    /** To the left, never cut. */
    TEXT,
    /** To the left, cut down to a few characters where room is short. */
    YIELDING,
    /** To the right, never cut. */
    NUMBER
  }

  private record Column(String header, Kind kind) {}

  private record Cell(String text, Style style) {}

  /** A yielding column is cut down to this before a column is left out ... */
  private static final int COMFORTABLE = 18;

  /** ... and to this when no more columns may be left out. */
  private static final int LEAST = 8;

  private static final String GAP = "  ";

  private final Console console;
  private final String indent;
  private final List<Column> columns = new ArrayList<>();
  private final List<List<Cell>> rows = new ArrayList<>();
  private int fixed = 1;

  Table(Console console, String indent) {
    this.console = console;
    this.indent = indent;
  }

  /** Adds a column. */
  Table column(String header, Kind kind) {
    columns.add(new Column(Cells.show(header), kind));
    return this;
  }

  /** Says that the first {@code count} columns are never left out. */
  Table keep(int count) {
    fixed = count;
    return this;
  }

  /** Begins a row. */
  Table row() {
    rows.add(new ArrayList<>());
    return this;
  }

  /** Adds a cell to the last row. */
  Table cell(String text) {
    return cell(text, Style.PLAIN);
  }

  /** Adds a cell with a style to the last row. */
  Table cell(String text, Style style) {
    rows.get(rows.size() - 1).add(new Cell(Cells.show(text), style));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Prints header and rows, and how many columns were left out for want of room. */
  void print() {
    print("column", "widen the terminal");
  }

  /** The same, with a word for a column, and with what helps. */
  void print(String what, String remedy) {
    int[] widths = widths();
    int shown = fit(widths);
    if (columns.stream().anyMatch(column -> !column.header.isEmpty())) {
      List<Cell> header = new ArrayList<>();
      columns.forEach(column -> header.add(new Cell(column.header, Style.BOLD)));
      print(header, widths, shown);
    }
    for (List<Cell> row : rows) {
      print(row, widths, shown);
    }
    int leftOut = columns.size() - shown;
    if (leftOut > 0) {
      String note = indent + Format.count(leftOut, what) + " left out: " + remedy;
      console.line(console.styled(note, Style.DIM));
    }
  }

  private int[] widths() {
    int[] widths = new int[columns.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Cells.width(columns.get(i).header);
      for (List<Cell> row : rows) {
        if (i < row.size()) {
          widths[i] = Math.max(widths[i], Cells.width(row.get(i).text));
        }
      }
    }
    return widths;
  }

  /** Narrows columns until the table fits; returns how many columns are shown. */
  private int fit(int[] widths) {
    for (int shown = columns.size(); shown > fixed; shown--) {
      if (narrow(widths, shown, COMFORTABLE)) {
        return shown;
      }
    }
    int shown = Math.min(fixed, columns.size());
    narrow(widths, shown, LEAST);
    return shown;
  }

  private int total(int[] widths, int shown) {
    return indent.length()
        + Arrays.stream(widths, 0, shown).sum()
        + GAP.length() * Math.max(0, shown - 1);
  }

  /**
   * Takes cells from the widest of the yielding columns, one by one.
   *
   * @return whether the table fits then; if not, and more columns may be left out, nothing changes
   */
  private boolean narrow(int[] widths, int shown, int least) {
    int[] narrowed = widths.clone();
    while (total(narrowed, shown) > console.width()) {
      int widest = -1;
      for (int i = 0; i < shown; i++) {
        if (columns.get(i).kind == Kind.YIELDING
            && narrowed[i] > least
            && (widest < 0 || narrowed[i] > narrowed[widest])) {
          widest = i;
        }
      }
      if (widest < 0) {
        break;
      }
      narrowed[widest]--;
    }
    boolean fits = total(narrowed, shown) <= console.width();
    if (fits || shown <= fixed) {
      System.arraycopy(narrowed, 0, widths, 0, widths.length);
    }
    return fits;
  }

  private void print(List<Cell> row, int[] widths, int shown) {
    StringBuilder line = new StringBuilder(indent);
    int last = Math.min(shown, row.size()) - 1;
    for (int i = 0; i <= last; i++) {
      Cell cell = row.get(i);
      String text = Cells.cut(cell.text, widths[i], console.ellipsis());
      String fill = Cells.fill(text, widths[i]);
      boolean right = columns.get(i).kind == Kind.NUMBER;
      if (right) {
        line.append(fill);
      }
      line.append(console.styled(text, cell.style));
      if (i < last) {
        line.append(right ? "" : fill).append(GAP);
      }
    }
    console.line(line.toString().stripTrailing());
  }
}
