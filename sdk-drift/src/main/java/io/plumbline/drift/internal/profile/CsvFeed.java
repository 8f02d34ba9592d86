package io.plumbline.drift.internal.profile;

import io.plumbline.data.CsvReader;
import io.plumbline.drift.ColumnKind;
import io.plumbline.internal.csv.CellScanner;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a CSV file's cells into collectors. The first rows decide what each column is; a later cell
 * that is something else is counted as one of a wrong type.
 */
public final class CsvFeed {
  private static final int SNIFFED = 10_000;

  /** Gives the collector of a column. */
  public interface Collectors {
    /** The collector for a column whose cells are of that kind, null for texts. */
    Collector of(String column, @Nullable ColumnKind kind);
  }

  private static final class Column {
    private final int position;
    private final List<String> first = new ArrayList<>();
    private @Nullable Collector collector;
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
        columns.forEach(column -> feed(column, csv.text(column.position)));
      }
      rows++;
    }
    if (rows <= SNIFFED) {
      start(columns, names);
    }
  }

  /** Feeds a whole column. */
  public void feed(String name, List<String> cells) {
    Column column = new Column(0);
    column.kind = Kinds.of(cells.subList(0, Math.min(SNIFFED, cells.size())));
    column.collector = collectors.of(name, column.kind);
    cells.forEach(cell -> feed(column, cell));
  }

  private void start(List<Column> columns, List<String> names) {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      column.kind = Kinds.of(column.first);
      column.collector = collectors.of(names.get(i), column.kind);
      column.first.forEach(cell -> feed(column, cell));
      column.first.clear();
    }
  }

  private void feed(Column column, String cell) {
    Collector to = column.collector;
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
