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
  private static final int MOST_WINDOWS = 1_000;
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

  private static boolean alarms(State state) {
    return state == State.BAD || state == State.WARN;
  }

  private static int rank(State state) {
    return switch (state) {
      case BAD -> 0;
      case WARN -> 1;
      case BUSY, GOOD -> 2;
      case NONE -> 3;
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
    overview();
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

  // ---- overview

  private void overview() {
    List<DriftView.Window> windows = view.windows();
    DriftView.Window newest = windows.get(windows.size() - 1);
    long rows = windows.stream().mapToLong(DriftView.Window::rows).sum();
    long bad = view.columns().stream().filter(c -> alarms(c.state())).count();
    long alarming = windows.stream().filter(w -> alarms(w.state())).count();
    Blocks.facts(
        html,
        List.of(
            new Blocks.Fact("Newest window", word(newest.state()), newest.label(), newest.state()),
            new Blocks.Fact(
                "Features that alarm",
                Numbers.count(bad),
                "of " + Numbers.count(view.columns().size()),
                bad > 0 ? State.BAD : State.GOOD),
            Blocks.Fact.of(
                "Windows with an alarm",
                Numbers.count(alarming),
                "of " + Numbers.count(windows.size())),
            Blocks.Fact.of("Rows", Numbers.count(rows), "in all windows")));
    Blocks.notes(html, view.notes());
    strip(windows);
    windowTable(windows);
  }

  static String word(State state) {
    return switch (state) {
      case GOOD -> "no alarm";
      case WARN -> "warning";
      case BAD -> "alert";
      case BUSY -> "open";
      case NONE -> "too little data";
    };
  }

  /** The windows beside each other, each in the colour of its verdict. */
  private void strip(List<DriftView.Window> windows) {
    int n = windows.size();
    html.open(Tag.FIGURE, "chart").leaf(Tag.FIGCAPTION, "Features that alarm, by window");
    html.open(Tag.SVG, "strip").attr(Attr.ROLE, "img");
    html.attr(Attr.WIDTH, "100%").attr(Attr.HEIGHT, 92);
    html.leaf(Tag.TITLE, "Features that alarm, by window");
    int most = windows.stream().mapToInt(DriftView.Window::alarmed).max().orElse(0);
    html.leaf(Tag.DESC, n + " windows; at most " + most + " features alarm in one");
    for (int i = 0; i < n; i++) {
      DriftView.Window window = windows.get(i);
      double height = most == 0 ? 0 : 52.0 * window.alarmed() / most;
      html.open(Tag.G);
      html.leaf(
          Tag.TITLE,
          window.label()
              + ": "
              + word(window.state())
              + ", "
              + window.alarmed()
              + " features, "
              + Numbers.count(window.rows())
              + " rows");
      bar(i, n, 56 - height, height, "alarmed");
      bar(i, n, 60, 10, "state " + window.state().label());
      html.close();
    }
    mark("0", "start", windows.get(0).label());
    if (n > 1) {
      mark("100%", "end", windows.get(n - 1).label());
    }
    html.close().close();
  }

  private void bar(int i, int n, double y, double height, String style) {
    html.open(Tag.RECT, style).attr(Attr.X, Html.coordinate(100.0 * i / n) + "%");
    html.attr(Attr.WIDTH, Html.coordinate(n > 120 ? 100.0 / n : 88.0 / n) + "%");
    html.attr(Attr.Y, y).attr(Attr.HEIGHT, height).close();
  }

  private void mark(String x, String anchor, String text) {
    html.open(Tag.TEXT, "mark").attr(Attr.X, x).attr(Attr.Y, 86);
    html.attr(Attr.TEXT_ANCHOR, anchor).text(text).close();
  }

  private void windowTable(List<DriftView.Window> windows) {
    html.open(Tag.DETAILS).open(Tag.SUMMARY).leaf(Tag.B, "All windows").close();
    html.open(Tag.DIV, "inside");
    DataTable table =
        new DataTable(html, "Windows", windows.size() > 20)
            .column("window", Kind.TEXT)
            .column("verdict", Kind.TEXT)
            .column("rows", Kind.NUMBER)
            .column("features that alarm", Kind.NUMBER);
    int first = Math.max(0, windows.size() - MOST_WINDOWS);
    for (DriftView.Window window : windows.subList(first, windows.size())) {
      table.row().cell((double) window.start()).text(window.label()).close();
      table.state(window.state(), word(window.state()));
      table.number(window.rows(), Numbers.count(window.rows()));
      table.number(window.alarmed());
    }
    table.end();
    if (first > 0) {
      html.leaf(Tag.P, "quiet", "The newest " + MOST_WINDOWS + " windows.");
    }
    html.close().close();
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
