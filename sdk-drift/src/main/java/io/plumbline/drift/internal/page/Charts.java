package io.plumbline.drift.internal.page;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The smaller pictures of a page: sparklines, two distributions beside each other, bars. */
public final class Charts {
  private static final double ROW = 30;
  private static final double BAR = 5;
  private static final double TALL = 120;
  private static final double BASE = 128;

  private Charts() {}

  private static Html svg(Html html, String styleClass, double height, String title, String desc) {
    html.open(Tag.SVG, styleClass).attr(Attr.ROLE, "img");
    html.attr(Attr.WIDTH, "100%").attr(Attr.HEIGHT, height);
    return html.leaf(Tag.TITLE, title).leaf(Tag.DESC, desc);
  }

  private static String percent(double share) {
    return Html.coordinate(100 * share) + "%";
  }

  /**
   * Draws a few values as a line the size of a word.
   *
   * @param values NaN is a gap
   * @param level a threshold, drawn dashed; NaN for none
   */
  public static void sparkline(Html html, String title, double[] values, double level) {
    double least = Math.min(0, Double.isFinite(level) ? level : 0);
    double most = Double.isFinite(level) ? level * 1.25 : 0;
    for (double value : values) {
      least = Double.isFinite(value) ? Math.min(least, value) : least;
      most = Double.isFinite(value) ? Math.max(most, value) : most;
    }
    double span = most > least ? most - least : 1;
    html.open(Tag.SVG, "spark").attr(Attr.ROLE, "img").attr(Attr.VIEW_BOX, "0 0 100 28");
    html.attr(Attr.PRESERVE_ASPECT_RATIO, "none");
    html.leaf(Tag.TITLE, title).leaf(Tag.DESC, describe(values));
    if (Double.isFinite(level)) {
      double y = 26 - 24 * (level - least) / span;
      html.open(Tag.PATH, "level").attr(Attr.D, "M0 " + Html.coordinate(y) + "H100").close();
    }
    StringBuilder path = new StringBuilder();
    boolean gap = true;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        gap = true;
        continue;
      }
      double x = values.length == 1 ? 50 : 2 + 96.0 * i / (values.length - 1);
      double y = 26 - 24 * (values[i] - least) / span;
      path.append(gap ? 'M' : 'L').append(Html.coordinate(x)).append(' ');
      path.append(Html.coordinate(y)).append(gap ? "h0" : "");
      gap = false;
    }
    html.open(Tag.PATH, "line c0").attr(Attr.D, path.toString()).close().close();
  }

  private static String describe(double[] values) {
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    return finite.length == 0
        ? "no value"
        : finite.length
            + " values from "
            + Numbers.number(Arrays.stream(finite).min().orElse(0))
            + " to "
            + Numbers.number(Arrays.stream(finite).max().orElse(0))
            + ", the last "
            + Numbers.number(finite[finite.length - 1]);
  }

  /**
   * Draws two distributions over the same bins: the reference as a shape, the current one as bars.
   *
   * @param labels what each bin holds
   * @param reference counts or shares of the bins
   * @param current counts or shares of the bins
   */
  public static void bins(
      Html html, String title, List<String> labels, double[] reference, double[] current) {
    double[] p = shares(reference);
    double[] q = shares(current);
    double most = Math.max(max(p), max(q));
    int n = labels.size();
    svg(html, "pair", BASE + 22, title, widest(labels, p, q));
    html.open(Tag.LINE, "grid").attr(Attr.X1, "0").attr(Attr.X2, "100%");
    html.attr(Attr.Y1, BASE).attr(Attr.Y2, BASE).close();
    for (int i = 0; i < n; i++) {
      double left = (double) i / n;
      html.open(Tag.G);
      html.leaf(Tag.TITLE, labels.get(i) + ": " + change(p[i], q[i]));
      column(html, "reference", left + 0.04 / n, 0.92 / n, most == 0 ? 0 : p[i] / most);
      column(html, "current", left + 0.27 / n, 0.46 / n, most == 0 ? 0 : q[i] / most);
      html.close();
    }
    if (n > 0) {
      mark(html, "0", "start", labels.get(0));
      if (n > 4) {
        mark(html, "50%", "middle", labels.get(n / 2));
      }
      if (n > 1) {
        mark(html, "100%", "end", labels.get(n - 1));
      }
    }
    html.close();
  }

  private static void column(Html html, String style, double left, double width, double share) {
    html.open(Tag.RECT, style).attr(Attr.X, percent(left)).attr(Attr.WIDTH, percent(width));
    html.attr(Attr.Y, BASE - TALL * share).attr(Attr.HEIGHT, TALL * share).close();
  }

  private static void mark(Html html, String x, String anchor, String text) {
    html.open(Tag.TEXT, "mark").attr(Attr.X, x).attr(Attr.Y, BASE + 16);
    html.attr(Attr.TEXT_ANCHOR, anchor).text(cut(text, 18)).close();
  }

  /**
   * Draws two distributions over the same categories as bars below each other.
   *
   * @param labels the categories
   * @param reference counts or shares of the categories
   * @param current counts or shares of the categories
   */
  public static void categories(
      Html html, String title, List<String> labels, double[] reference, double[] current) {
    double[] p = shares(reference);
    double[] q = shares(current);
    double most = Math.max(max(p), max(q));
    svg(html, "pair", ROW * labels.size() + 2, title, widest(labels, p, q));
    for (int i = 0; i < labels.size(); i++) {
      double y = ROW * i;
      text(html, "0", "start", y + 12, "name", cut(labels.get(i), 28));
      text(html, "100%", "end", y + 12, "value", change(p[i], q[i]));
      bar(html, "reference", y + 17, most == 0 ? 0 : p[i] / most);
      bar(html, "current", y + 17 + BAR, most == 0 ? 0 : q[i] / most);
    }
    html.close();
  }

  /** Draws named values as bars, in their order; those below zero are marked by their sign. */
  public static void bars(Html html, String title, List<String> names, double[] values) {
    double most = 0;
    for (double value : values) {
      most = Double.isFinite(value) ? Math.max(most, Math.abs(value)) : most;
    }
    svg(html, "pair", ROW * names.size() + 2, title, names.size() + " bars");
    for (int i = 0; i < names.size(); i++) {
      double share = most == 0 || !Double.isFinite(values[i]) ? 0 : Math.abs(values[i]) / most;
      text(html, "0", "start", ROW * i + 12, "name", cut(names.get(i), 28));
      text(html, "100%", "end", ROW * i + 12, "value", Numbers.number(values[i]));
      bar(html, values[i] < 0 ? "negative" : "current", ROW * i + 17, share);
    }
    html.close();
  }

  private static void text(
      Html html, String x, String anchor, double y, String style, String text) {
    html.open(Tag.TEXT, style).attr(Attr.X, x).attr(Attr.Y, y);
    html.attr(Attr.TEXT_ANCHOR, anchor).text(text).close();
  }

  private static void bar(Html html, String style, double y, double share) {
    html.open(Tag.RECT, style).attr(Attr.X, "0").attr(Attr.Y, y);
    html.attr(Attr.WIDTH, percent(share)).attr(Attr.HEIGHT, BAR).close();
  }

  private static String change(double before, double now) {
    return Numbers.percent(before) + " → " + Numbers.percent(now);
  }

  private static String widest(List<String> labels, double[] p, double[] q) {
    int widest = -1;
    for (int i = 0; i < labels.size(); i++) {
      if (widest < 0 || Math.abs(q[i] - p[i]) > Math.abs(q[widest] - p[widest])) {
        widest = i;
      }
    }
    return widest < 0
        ? "no values"
        : String.format(
            Locale.ROOT,
            "%d bins; the largest change: %s, from %s",
            labels.size(),
            labels.get(widest),
            Numbers.percent(p[widest]) + " to " + Numbers.percent(q[widest]));
  }

  static double[] shares(double[] counts) {
    double sum = 0;
    for (double count : counts) {
      sum += count;
    }
    double[] shares = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      shares[i] = sum == 0 ? 0 : counts[i] / sum;
    }
    return shares;
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  /** Cuts a text that a picture has no room for; the whole of it stands in a table or title. */
  static String cut(String text, int length) {
    if (text.codePointCount(0, text.length()) <= length) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, length - 1)) + "…";
  }
}
