package io.plumbline.drift.internal.page;

import io.plumbline.drift.internal.page.DataTable.Kind;
import java.util.List;

/** The top of a drift page: the newest verdict, and those of all windows. */
final class DriftOverview {
  private static final int MOST_WINDOWS = 1_000;

  private final DriftView view;
  private final Html html;

  DriftOverview(DriftView view, Html html) {
    this.view = view;
    this.html = html;
  }

  void write() {
    List<DriftView.Window> windows = view.windows();
    DriftView.Window newest = windows.get(windows.size() - 1);
    long rows = windows.stream().mapToLong(DriftView.Window::rows).sum();
    long bad = view.columns().stream().filter(c -> DriftPage.alarms(c.state())).count();
    long alarming = windows.stream().filter(w -> DriftPage.alarms(w.state())).count();
    Blocks.facts(
        html,
        List.of(
            new Blocks.Fact(
                "Newest window", DriftPage.word(newest.state()), newest.label(), newest.state()),
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
              + DriftPage.word(window.state())
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
      table.state(window.state(), DriftPage.word(window.state()));
      table.number(window.rows(), Numbers.count(window.rows()));
      table.number(window.alarmed());
    }
    table.end();
    if (first > 0) {
      html.leaf(Tag.P, "quiet", "The newest " + MOST_WINDOWS + " windows.");
    }
    html.close().close();
  }
}
