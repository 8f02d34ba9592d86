package io.plumbline.drift.internal.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Several curves over each other. The picture takes the width that it is given; its text keeps its
 * size. {@code curves.js} draws the same picture again when other curves are chosen.
 */
public final class LineChart {
  /** How many colours there are; further curves are dashed. */
  static final int COLOURS = 8;

  private static final double TOP = 18;
  private static final double PLOT = 176;
  private static final double HEIGHT = 218;

  /** The plot's own units, in both directions. */
  private static final double UNITS = 1_000;

  private record Line(String name, List<Curve.Point> points) {}

  private record Band(List<Curve.Point> low, List<Curve.Point> high) {}

  private record Level(String name, double y) {}

  private final String title;
  private final LongFunction<String> xText;
  private final List<Line> lines = new ArrayList<>();
  private final List<Band> bands = new ArrayList<>();
  private final List<Level> levels = new ArrayList<>();

  /**
   * Begins a chart.
   *
   * @param title says what the curves are
   * @param xText writes a place on the horizontal axis
   */
  public LineChart(String title, LongFunction<String> xText) {
    this.title = title;
    this.xText = xText;
  }

  /** Adds a curve, in the next colour; NaN is a gap. */
  public LineChart line(String name, List<Curve.Point> points) {
    lines.add(new Line(name, points));
    return this;
  }

  /** Adds an area in the colour of the curve that was added last: its interval. */
  public LineChart band(List<Curve.Point> low, List<Curve.Point> high) {
    bands.add(new Band(low, high));
    return this;
  }

  /** Adds a dashed level, such as a threshold. */
  public LineChart level(String name, double y) {
    levels.add(new Level(name, y));
    return this;
  }

  /** Writes the picture and its legend. */
  public void write(Html html) {
    html.open(Tag.FIGURE, "chart");
    html.leaf(Tag.FIGCAPTION, title);
    draw(html);
    legend(html);
    html.close();
  }

  private void draw(Html html) {
    Extent extent = extent();
    html.open(Tag.DIV, "axes");
    axis(html, extent.scale());
    html.open(Tag.SVG, "plot").attr(Attr.ROLE, "img");
    html.attr(Attr.WIDTH, "100%").attr(Attr.HEIGHT, HEIGHT);
    html.leaf(Tag.TITLE, title).leaf(Tag.DESC, description(extent));
    Scale scale = extent.scale();
    for (double mark : scale.marks()) {
      double y = TOP + PLOT * (1 - scale.share(mark));
      html.open(Tag.LINE, "grid").attr(Attr.X1, "0").attr(Attr.X2, "100%");
      html.attr(Attr.Y1, y).attr(Attr.Y2, y).close();
    }
    html.open(Tag.SVG).attr(Attr.X, "0").attr(Attr.Y, TOP);
    html.attr(Attr.WIDTH, "100%").attr(Attr.HEIGHT, PLOT);
    html.attr(Attr.VIEW_BOX, "0 0 1000 1000").attr(Attr.PRESERVE_ASPECT_RATIO, "none");
    for (int i = 0; i < bands.size(); i++) {
      String area = area(bands.get(i), extent);
      html.open(Tag.PATH, "area f" + i % COLOURS).attr(Attr.D, area).close();
    }
    for (Level level : levels) {
      double y = UNITS * (1 - scale.share(level.y()));
      html.open(Tag.PATH, "level").attr(Attr.D, "M0 " + Html.coordinate(y) + "H1000").close();
    }
    for (int i = 0; i < lines.size(); i++) {
      html.open(Tag.PATH, style(i)).attr(Attr.D, path(lines.get(i).points(), extent)).close();
    }
    html.close();
    xMark(html, "0", "start", xText.apply(extent.first()));
    if (extent.last() > extent.first()) {
      xMark(html, "100%", "end", xText.apply(extent.last()));
    }
    html.close().close();
  }

  /** The values beside the plot: a picture of its own, which keeps its width. */
  private static void axis(Html html, Scale scale) {
    html.open(Tag.SVG, "axis").attr(Attr.ARIA_HIDDEN, "true");
    html.attr(Attr.WIDTH, "100%").attr(Attr.HEIGHT, HEIGHT);
    for (double mark : scale.marks()) {
      double y = TOP + PLOT * (1 - scale.share(mark)) + 4;
      html.open(Tag.TEXT, "mark").attr(Attr.X, "100%").attr(Attr.Y, y);
      html.attr(Attr.TEXT_ANCHOR, "end").text(Numbers.number(mark)).close();
    }
    html.close();
  }

  private static void xMark(Html html, String x, String anchor, String text) {
    html.open(Tag.TEXT, "mark").attr(Attr.X, x).attr(Attr.Y, HEIGHT - 6);
    html.attr(Attr.TEXT_ANCHOR, anchor).text(text).close();
  }

  private void legend(Html html) {
    html.open(Tag.UL, "legend");
    for (int i = 0; i < lines.size(); i++) {
      html.open(Tag.LI).open(Tag.SPAN, "key " + style(i)).close().text(lines.get(i).name());
      html.close();
    }
    for (Level level : levels) {
      html.open(Tag.LI).open(Tag.SPAN, "key level").close();
      html.text(level.name() + " " + Numbers.number(level.y())).close();
    }
    html.close();
  }

  private static String style(int i) {
    return "line c" + i % COLOURS + (i >= COLOURS ? " dashed" : "");
  }

  // ---- geometry

  /** What the axes span. */
  private record Extent(long first, long last, Scale scale) {
    double x(long x) {
      return last == first ? UNITS / 2 : UNITS * (((double) x - first) / ((double) last - first));
    }

    double y(double y) {
      return UNITS * (1 - scale.share(y));
    }
  }

  private Extent extent() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    List<List<Curve.Point>> all = new ArrayList<>();
    lines.forEach(line -> all.add(line.points()));
    bands.forEach(band -> all.addAll(List.of(band.low(), band.high())));
    for (List<Curve.Point> points : all) {
      for (Curve.Point point : points) {
        first = Math.min(first, point.x());
        last = Math.max(last, point.x());
        if (Double.isFinite(point.y())) {
          least = Math.min(least, point.y());
          most = Math.max(most, point.y());
        }
      }
    }
    for (Level level : levels) {
      least = Math.min(least, level.y());
      most = Math.max(most, level.y());
    }
    boolean none = first > last;
    return new Extent(none ? 0 : first, none ? 0 : last, Scale.around(least, most));
  }

  private String description(Extent extent) {
    StringBuilder text = new StringBuilder();
    text.append(lines.size()).append(lines.size() == 1 ? " curve" : " curves").append(" from ");
    text.append(xText.apply(extent.first())).append(" to ").append(xText.apply(extent.last()));
    for (Line line : lines) {
      double last = Double.NaN;
      for (Curve.Point point : line.points()) {
        last = Double.isFinite(point.y()) ? point.y() : last;
      }
      text.append("; ").append(line.name()).append(" ends at ").append(Numbers.number(last));
    }
    return text.toString();
  }

  /** A line through the points; a lone point is a line without length, which shows as a dot. */
  private static String path(List<Curve.Point> points, Extent extent) {
    StringBuilder path = new StringBuilder();
    boolean gap = true;
    for (Curve.Point point : points) {
      if (!Double.isFinite(point.y())) {
        gap = true;
        continue;
      }
      path.append(gap ? 'M' : 'L').append(Html.coordinate(extent.x(point.x())));
      path.append(' ').append(Html.coordinate(extent.y(point.y())));
      if (gap) {
        path.append("h0");
      }
      gap = false;
    }
    return path.toString();
  }

  private static String area(Band band, Extent extent) {
    List<Curve.Point> around = new ArrayList<>();
    band.high().stream().filter(p -> Double.isFinite(p.y())).forEach(around::add);
    List<Curve.Point> low =
        new ArrayList<>(band.low().stream().filter(p -> Double.isFinite(p.y())).toList());
    java.util.Collections.reverse(low);
    around.addAll(low);
    return around.isEmpty() ? "" : path(around, extent) + "Z";
  }
}
