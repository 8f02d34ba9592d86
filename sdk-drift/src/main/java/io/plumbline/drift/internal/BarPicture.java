package io.plumbline.drift.internal;

import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Draws named values as horizontal bars. */
public final class BarPicture {
  private static final int MOST_BARS = 30;
  private static final int EDGE = 24;
  private static final int TOP = 60;
  private static final int ROW = 26;
  private static final int BAR = 16;
  private static final int TEXT = 13;

  /** Names get what they need, up to this. */
  private static final double LONGEST_NAME = 220;

  /** Between a bar and the text beside it. */
  private static final double GAP = 8;

  private BarPicture() {}

  private record Bar(String name, double value) {}

  /** Where bars lie: x of the value zero, and how values spread over the room that there is. */
  private record Scale(double zero, double halfSpan, double room) {

    /** Halves, because the distance between the two largest doubles is not a double. */
    static double length(double value, double halfSpan, double room) {
      return halfSpan == 0 ? 0 : Math.abs(value) / 2 / halfSpan * room;
    }

    double length(double value) {
      return length(value, halfSpan, room);
    }
  }

  /** Draws at least one finite value. */
  public static BufferedImage draw(String title, Map<String, ? extends Number> values) {
    List<Bar> bars = new ArrayList<>();
    values.forEach((name, value) -> bars.add(new Bar(name, value.doubleValue())));
    bars.sort(Comparator.comparingDouble((Bar bar) -> -Math.abs(bar.value())));
    int shown = Math.min(MOST_BARS, bars.size());
    int more = bars.size() - shown;
    int height = TOP + shown * ROW + (more > 0 ? ROW : 0) + EDGE / 2;
    try (Canvas canvas = new Canvas(height)) {
      List<Bar> drawn = bars.stream().limit(shown).map(bar -> fitted(canvas, bar)).toList();
      String fitted = canvas.fitted(title, Canvas.WIDTH - 2 * EDGE, 19, true);
      canvas.text(fitted, EDGE, 34, 19, true, Canvas.INK);
      double names = nameWidth(canvas, drawn);
      Scale scale = scale(canvas, drawn, EDGE + names + GAP);
      for (int i = 0; i < drawn.size(); i++) {
        row(canvas, drawn.get(i), TOP + i * ROW, names, scale);
      }
      double bottom = TOP + drawn.size() * ROW;
      canvas.line(scale.zero(), TOP - 4, scale.zero(), bottom, 1, Canvas.QUIET);
      if (more > 0) {
        canvas.text("and " + more + " more", EDGE, bottom + 18, TEXT, false, Canvas.QUIET);
      }
      return canvas.picture();
    }
  }

  private static double nameWidth(Canvas canvas, List<Bar> bars) {
    double widest = 0;
    for (Bar bar : bars) {
      widest = Math.max(widest, canvas.width(bar.name(), TEXT, false));
    }
    return widest;
  }

  private static Bar fitted(Canvas canvas, Bar bar) {
    return new Bar(canvas.fitted(bar.name(), LONGEST_NAME, TEXT, false), bar.value());
  }

  /** Leaves room for the values beside the bars, to the left only if there are negative ones. */
  private static Scale scale(Canvas canvas, List<Bar> bars, double left) {
    double lowest = 0;
    double highest = 0;
    double widestLeft = 0;
    double widestRight = 0;
    for (Bar bar : bars) {
      double width = canvas.width(Drawing.number(bar.value()), TEXT, false) + GAP;
      lowest = Math.min(lowest, bar.value());
      highest = Math.max(highest, bar.value());
      if (bar.value() < 0) {
        widestLeft = Math.max(widestLeft, width);
      } else {
        widestRight = Math.max(widestRight, width);
      }
    }
    double room = Canvas.WIDTH - EDGE - left - widestLeft - widestRight;
    double halfSpan = highest / 2 - lowest / 2;
    double zero = left + widestLeft + Scale.length(lowest, halfSpan, room);
    return new Scale(zero, halfSpan, room);
  }

  private static void row(Canvas canvas, Bar bar, double y, double names, Scale scale) {
    double baseline = y + BAR - 3;
    canvas.textRight(bar.name(), EDGE + names, baseline, TEXT, Canvas.INK);
    double length = scale.length(bar.value());
    boolean negative = bar.value() < 0;
    double start = negative ? scale.zero() - length : scale.zero();
    canvas.fill(
        new RoundRectangle2D.Double(start, y, length, BAR, 4, 4),
        negative ? Canvas.SECOND : Canvas.ACCENT);
    String value = Drawing.number(bar.value());
    if (negative) {
      canvas.textRight(value, start - GAP, baseline, TEXT, Canvas.QUIET);
    } else {
      canvas.text(value, start + length + GAP, baseline, TEXT, false, Canvas.QUIET);
    }
  }
}
