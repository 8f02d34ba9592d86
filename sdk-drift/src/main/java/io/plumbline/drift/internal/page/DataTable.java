package io.plumbline.drift.internal.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that the page's script lets people sort and filter. Without the script it is a table. The
 * first column names the row.
 */
public final class DataTable {
  /** What a column holds. */
  public enum Kind {
    TEXT(""),
    NUMBER("n"),
    /** Sentences, which get some width even on a phone. */
    PROSE("prose");

    private final String style;

    Kind(String style) {
      this.style = style;
    }
  }

  private record Column(String name, Kind kind) {}

  private final Html html;
  private final List<Column> columns = new ArrayList<>();
  private final String caption;
  private final boolean filtered;
  private int at = -1;
  private boolean begun;

  /**
   * Begins a table.
   *
   * @param caption what its rows are; shown in the filter's label
   * @param filtered whether there is a filter
   */
  public DataTable(Html html, String caption, boolean filtered) {
    this.html = html;
    this.caption = caption;
    this.filtered = filtered;
  }

  /** Adds a column; all come before the first row. */
  public DataTable column(String name, Kind kind) {
    columns.add(new Column(name, kind));
    return this;
  }

  private void begin() {
    begun = true;
    html.open(Tag.DIV, "table");
    if (filtered) {
      html.attr(Attr.DATA_FILTER, caption);
    }
    html.open(Tag.DIV, "scroll").attr(Attr.ROLE, "region").attr(Attr.ARIA_LABEL, caption);
    html.attr(Attr.TABINDEX, 0);
    html.open(Tag.TABLE).leaf(Tag.CAPTION, caption).open(Tag.THEAD).open(Tag.TR);
    for (Column column : columns) {
      html.open(Tag.TH, column.kind().style).attr(Attr.SCOPE, "col").text(column.name()).close();
    }
    html.close().close().open(Tag.TBODY);
  }

  /** Begins a row. */
  public DataTable row() {
    return row(-1, null);
  }

  /**
   * Begins a row.
   *
   * @param number of the entry in the page's data; -1 for none
   * @param styleClass its class, or null
   */
  public DataTable row(int number, @Nullable String styleClass) {
    if (!begun) {
      begin();
    }
    endRow();
    html.line().open(Tag.TR);
    if (styleClass != null) {
      html.attr(Attr.CLASS, styleClass);
    }
    if (number >= 0) {
      html.attr(Attr.DATA_I, number);
    }
    at = 0;
    return this;
  }

  private void endRow() {
    if (at >= 0) {
      if (at != columns.size()) {
        throw new IllegalStateException("a row of " + at + " cells, not " + columns.size());
      }
      html.close();
    }
  }

  /** Begins a cell, which {@link Html#close} ends. */
  public Html cell() {
    Column column = columns.get(at);
    if (at++ == 0) {
      html.open(Tag.TH, column.kind().style).attr(Attr.SCOPE, "row");
    } else {
      html.open(Tag.TD);
      if (!column.kind().style.isEmpty()) {
        html.attr(Attr.CLASS, column.kind().style);
      }
    }
    return html;
  }

  /** Begins a cell that is sorted by a number; NaN comes last. */
  public Html cell(double sortedBy) {
    return cell().attr(Attr.DATA_V, Double.isNaN(sortedBy) ? "" : Double.toString(sortedBy));
  }

  /** Writes a cell. */
  public DataTable text(String text) {
    cell().text(text).close();
    return this;
  }

  /** Writes a cell with a number that is shown in its own way. */
  public DataTable number(double value, String shown) {
    cell(value).text(shown).close();
    return this;
  }

  /** Writes a cell with a count or size that is shown in its own way. */
  public DataTable number(long value, String shown) {
    return number((double) value, shown);
  }

  /** Writes a cell with a number. */
  public DataTable number(double value) {
    return number(value, Numbers.number(value));
  }

  /** Writes a cell without a value. */
  public DataTable none() {
    cell(Double.NaN).close();
    return this;
  }

  /** Writes a cell with a moment. */
  public DataTable time(Instant instant) {
    Numbers.time(cell((double) instant.toEpochMilli()), instant);
    html.close();
    return this;
  }

  /** Writes a cell with a state. */
  public DataTable state(State state, String word) {
    state.badge(cell(), word);
    html.close();
    return this;
  }

  /** Ends the table. */
  public void end() {
    if (!begun) {
      begin();
    }
    endRow();
    html.close().close().close().close().line();
  }
}
