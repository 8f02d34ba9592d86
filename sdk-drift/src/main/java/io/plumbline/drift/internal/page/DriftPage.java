package io.plumbline.drift.internal.page;

import io.plumbline.drift.internal.page.DataTable.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The page of a comparison: what moved, what alarmed and why, over the windows; each column's
 * reference beside its current distribution; how good the model was meanwhile.
 */
public final class DriftPage {
  /** From this size on, columns that are quiet get no picture. */
  static final int ROOM = 4_000_000;

  private static final int OPEN = 3;
  private static final int MOST_ALARMS = 500;
  private static final Page.Section OVERVIEW = new Page.Section("overview", "Overview");
  private static final Page.Section ALARMS = new Page.Section("alarms", "What moved, and why");
  private static final Page.Section PERFORMANCE = new Page.Section("performance", "Performance");
  private static final Page.Section COLUMNS = new Page.Section("columns", "Features");
  private static final Page.Section METHOD = new Page.Section("method", "Method");

  private final DriftView view;
  private final Page page;
  private final Html html;
  private final List<DriftView.Column> columns;
  private final Map<String, String> ids = new HashMap<>();

  private DriftPage(DriftView view) {
    this.view = view;
    this.page = new Page("Drift: " + view.title());
    this.html = page.body();
    this.columns = new ArrayList<>(view.columns());
    columns.sort(
        Comparator.comparingInt((DriftView.Column column) -> rank(column.state()))
            .thenComparing(
                column -> Double.isNaN(column.effect()) ? -1 : column.effect(),
                Comparator.reverseOrder()));
    for (int i = 0; i < columns.size(); i++) {
      ids.put(columns.get(i).name(), "column-" + i);
    }
  }

  static boolean alarms(State state) {
    return state == State.BAD || state == State.WARN;
  }

  private static int rank(State state) {
    return switch (state) {
      case BAD -> 0;
      case WARN -> 1;
      case BUSY -> 2;
      case GOOD -> 3;
      case NONE -> 4;
    };
  }

  /** Makes the page. */
  public static Page of(DriftView view) {
    return new DriftPage(view).make();
  }

  private Page make() {
    List<Page.Section> sections = new ArrayList<>(List.of(OVERVIEW, ALARMS));
    if (!view.charts().isEmpty()) {
      sections.add(PERFORMANCE);
    }
    sections.addAll(List.of(COLUMNS, METHOD));
    page.header(view.title(), view.line(), sections);
    page.section(OVERVIEW);
    new DriftOverview(view, html).write();
    html.close();
    page.section(ALARMS);
    alarms();
    html.close();
    if (!view.charts().isEmpty()) {
      page.section(PERFORMANCE);
      performance();
      html.close();
    }
    page.section(COLUMNS);
    columns();
    html.close();
    page.section(METHOD);
    Blocks.pairs(html, view.method());
    html.close();
    page.footer("Made by Plumbline. Times are UTC. This file asks nothing of the network.");
    return page;
  }

  static String word(State state) {
    return switch (state) {
      case GOOD -> "no alarm";
      case WARN -> "warning";
      case BAD -> "alert";
      case BUSY -> "flagged, no alarm";
      case NONE -> "too little data";
    };
  }

  // ---- alarms

  private void alarms() {
    if (view.alarms().isEmpty()) {
      html.leaf(Tag.P, "Nothing has alarmed.");
      return;
    }
    DataTable table =
        new DataTable(html, "Alarms", view.alarms().size() > 10)
            .column("feature", Kind.TEXT)
            .column("window", Kind.TEXT)
            .column("verdict", Kind.TEXT)
            .column("what moved, and by how much", Kind.PROSE);
    List<DriftView.Alarm> newest = new ArrayList<>(view.alarms());
    newest.sort(Comparator.comparingInt(DriftView.Alarm::window).reversed());
    int shown = Math.min(MOST_ALARMS, newest.size());
    for (DriftView.Alarm alarm : newest.subList(0, shown)) {
      DriftView.Window window = view.windows().get(alarm.window());
      String id = ids.get(alarm.column());
      table.row().cell();
      if (id == null) {
        html.text(alarm.column()).close();
      } else {
        html.open(Tag.A).linkTo(id).text(alarm.column()).close().close();
      }
      table.cell((double) window.start()).text(window.label()).close();
      table.state(alarm.state(), word(alarm.state())).text(alarm.sentence());
    }
    table.end();
    if (shown < view.alarms().size()) {
      html.leaf(
          Tag.P,
          "quiet",
          "The newest " + shown + " of " + Numbers.count(view.alarms().size()) + " alarms.");
    }
  }

  // ---- performance

  private void performance() {
    html.open(Tag.DIV, "two");
    view.charts().forEach(this::chart);
    double[] moved = view.windows().stream().mapToDouble(DriftView.Window::alarmed).toArray();
    DriftView.Line line =
        new DriftView.Line("features that alarm", moved, new double[0], new double[0]);
    chart(new DriftView.Chart("Drift beside it", List.of(line), Double.NaN, ""));
    html.close();
  }

  private void chart(DriftView.Chart chart) {
    LineChart drawn =
        new LineChart(
            chart.title(),
            i -> view.windows().get((int) Math.min(i, view.windows().size() - 1L)).label());
    for (DriftView.Line line : chart.lines()) {
      drawn.line(line.name(), points(line.values()));
      if (line.low().length > 0) {
        drawn.band(points(line.low()), points(line.high()));
      }
    }
    if (Double.isFinite(chart.level())) {
      drawn.level(chart.levelName(), chart.level());
    }
    drawn.write(html);
  }

  private static List<Curve.Point> points(double[] values) {
    Curve curve = new Curve(2_000);
    for (int i = 0; i < values.length; i++) {
      curve.add(i, values[i]);
    }
    return curve.points();
  }

  // ---- columns

  private void columns() {
    Blocks.pairLegend(html, "reference", "newest window with enough data");
    int bare = 0;
    html.open(Tag.DIV, "list").attr(Attr.DATA_FILTER, "Features");
    for (int i = 0; i < columns.size(); i++) {
      boolean drawn = html.length() < ROOM || alarms(columns.get(i).state());
      bare += drawn ? 0 : 1;
      column(columns.get(i), i, drawn);
    }
    html.close();
    if (bare > 0) {
      html.leaf(
          Tag.P,
          "note",
          Numbers.count(bare)
              + " features that moved least have no picture: the page has no room.");
    }
  }

  private void column(DriftView.Column column, int number, boolean drawn) {
    html.line().open(Tag.DETAILS).attr(Attr.ID, "column-" + number);
    html.attr(Attr.DATA_STATE, column.state().label());
    if (number < OPEN && alarms(column.state())) {
      html.flag(Attr.OPEN);
    }
    html.open(Tag.SUMMARY).leaf(Tag.B, column.name());
    html.leaf(Tag.SPAN, "quiet", column.about());
    html.leaf(Tag.SPAN, "effect", Numbers.number(column.effect()));
    String title = "Effect of " + column.name() + " by window";
    Charts.sparkline(html, title, column.effects(), view.level());
    column.state().badge(html, word(column.state()));
    html.close().open(Tag.DIV, "inside two").open(Tag.DIV);
    if (drawn) {
      distribution(column);
    }
    html.close().open(Tag.DIV);
    if (!column.reason().isEmpty()) {
      html.leaf(Tag.P, column.reason());
    }
    figures(column.figures());
    html.close().close().close();
  }

  private void distribution(DriftView.Column column) {
    DriftView.Bins bins = Reduced.of(column.bins());
    String title = column.name() + ": reference and current";
    if (bins.categories()) {
      Charts.categories(html, title, bins.labels(), bins.reference(), bins.current());
    } else {
      Charts.bins(html, title, bins.labels(), bins.reference(), bins.current());
    }
  }

  private void figures(List<DriftView.Figure> figures) {
    if (figures.isEmpty()) {
      return;
    }
    html.open(Tag.DETAILS, "figures").open(Tag.SUMMARY);
    html.leaf(Tag.B, figures.size() + " figures").close();
    DataTable table =
        new DataTable(html, "Figures", false)
            .column("figure", Kind.TEXT)
            .column("value", Kind.NUMBER)
            .column("how", Kind.PROSE);
    for (DriftView.Figure figure : figures) {
      table.row().text(figure.name()).number(figure.value()).text(figure.method());
    }
    table.end();
    html.close();
  }
}
