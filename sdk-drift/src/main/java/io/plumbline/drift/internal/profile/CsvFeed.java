package io.plumbline.drift.internal.profile;

import io.plumbline.data.CsvReader;
import io.plumbline.data.CsvTable;
import io.plumbline.drift.ColumnKind;
import io.plumbline.internal.csv.CellScanner;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a CSV file's cells into collectors. The first rows decide what each column is; a later cell
 * that is something else is counted as one of a wrong type.
 */
public final class CsvFeed {
  private static final int SNIFFED = 10_000;
  private static final Set<ColumnKind> TEXTS =
      EnumSet.of(ColumnKind.CATEGORY, ColumnKind.TEXT, ColumnKind.ID);

  /** Gives the collector of a column. */
  public interface Collectors {
    /** The collector for a column whose cells are of that kind, null for texts. */
    Collector of(String column, @Nullable ColumnKind kind);
  }

  private static final class Column {
    private final int position;
    private final List<String> first = new ArrayList<>();
    private @Nullable Values values;
    private @Nullable ColumnKind kind;

    Column(int position) {
      this.position = position;
    }
  }

  private final CellScanner scanner = new CellScanner();
  private final Collectors collectors;

  public CsvFeed(Collectors collectors) {
    this.collectors = collectors;
  }

  /** Feeds some columns of all rows that are left. */
  public void feed(CsvReader csv, List<String> names) {
    List<Column> columns = new ArrayList<>();
    names.forEach(name -> columns.add(new Column(csv.column(name))));
    long rows = 0;
    while (csv.next()) {
      if (rows < SNIFFED) {
        columns.forEach(column -> column.first.add(csv.text(column.position)));
      } else {
        if (rows == SNIFFED) {
          start(columns, names);
        }
        columns.forEach(column -> feed(scanner, column, csv.text(column.position)));
      }
      rows++;
    }
    if (rows <= SNIFFED) {
      start(columns, names);
    }
  }

  /**
   * Counts the columns that both a file and a frame have, of all rows that are left.
   *
   * @return how many rows there were
   */
  public static long count(CsvReader csv, Frame frame, Tally[] tallies) {
    CellScanner scanner = new CellScanner();
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < tallies.length; i++) {
      ColumnFrame known = frame.columns().get(i);
      if (csv.columns().contains(known.name())) {
        columns.add(column(csv.column(known.name()), known, tallies[i]));
      }
    }
    long rows = 0;
    while (csv.next()) {
      columns.forEach(column -> feed(scanner, column, csv.text(column.position)));
      rows++;
    }
    return rows;
  }

  /** Counts the columns that both a table and a frame have. */
  public static void count(CsvTable table, Frame frame, Tally[] tallies) {
    CellScanner scanner = new CellScanner();
    for (int i = 0; i < tallies.length; i++) {
      ColumnFrame known = frame.columns().get(i);
      if (table.columns().contains(known.name())) {
        Column column = column(0, known, tallies[i]);
        table.strings(known.name()).forEach(cell -> feed(scanner, column, cell));
      }
    }
  }

  private static Column column(int position, ColumnFrame known, Tally tally) {
    Column column = new Column(position);
    column.values = tally;
    column.kind = TEXTS.contains(known.kind()) ? null : known.kind();
    return column;
  }

  /** Feeds a whole column. */
  public void feed(String name, List<String> cells) {
    Column column = new Column(0);
    column.kind = Kinds.of(cells.subList(0, Math.min(SNIFFED, cells.size())));
    column.values = collectors.of(name, column.kind);
    cells.forEach(cell -> feed(scanner, column, cell));
  }

  private void start(List<Column> columns, List<String> names) {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      column.kind = Kinds.of(column.first);
      column.values = collectors.of(names.get(i), column.kind);
      column.first.forEach(cell -> feed(scanner, column, cell));
      column.first.clear();
    }
  }

  private static void feed(CellScanner scanner, Column column, String cell) {
    Values to = column.values;
    if (to == null) {
      throw new IllegalStateException("the column's kind is not known yet");
    }
    if (cell.isEmpty()) {
      to.missing();
    } else if (column.kind == null) {
      to.text(cell);
    } else {
      switch (Kinds.scan(scanner, cell)) {
        case EMPTY -> to.missing();
        case BOOLEAN -> to.flag(cell.trim().equalsIgnoreCase("true"));
        case INTEGER, NUMBER -> to.number(scanner.number());
        case TEXT -> to.text(cell);
      }
    }
  }
}
