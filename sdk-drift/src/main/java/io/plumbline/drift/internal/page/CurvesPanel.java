package io.plumbline.drift.internal.page;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * Curves of many things, of which people choose some: a chart for each key, all over each other.
 * Without a script it shows those that were chosen beforehand. The page carries the others in
 * {@code #curves}, 16 bits for each coordinate: more than a screen can show.
 */
public final class CurvesPanel {
  /** Chooses the curves in the browser. */
  public static final Asset SCRIPT = Asset.of(CurvesPanel.class, "curves.js");

  /** How many are drawn over each other at most. */
  public static final int MOST_CHOSEN = 16;

  private static final int FULL = 65_534;
  private static final int GAP = 65_535;

  private final List<String> names;
  private final LongFunction<String> xText;
  private final Map<String, Map<Integer, List<Curve.Point>>> keys = new LinkedHashMap<>();

  /**
   * Begins a panel.
   *
   * @param names what the things are called, by their numbers
   * @param xText writes a place on the horizontal axis
   */
  public CurvesPanel(List<String> names, LongFunction<String> xText) {
    this.names = List.copyOf(names);
    this.xText = xText;
  }

  /** Adds a curve of the thing with that number. */
  public void add(String key, int number, List<Curve.Point> points) {
    keys.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(number, points);
  }

  /** Returns whether there is nothing to draw. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Writes the charts of those that are chosen, and the data of all. */
  public void write(Html html, List<Integer> chosen) {
    html.open(Tag.DIV).attr(Attr.ID, "charts");
    keys.forEach(
        (key, curves) -> {
          LineChart chart = new LineChart(key, xText);
          for (int number : chosen) {
            if (curves.containsKey(number)) {
              chart.line(names.get(number), curves.getOrDefault(number, List.of()));
            }
          }
          chart.write(html);
        });
    html.close();
    html.data("curves", document(chosen));
  }

  private Map<String, Object> document(List<Integer> chosen) {
    List<Object> metrics = new ArrayList<>();
    keys.forEach(
        (key, curves) -> {
          List<Object> encoded = new ArrayList<>();
          curves.forEach((number, points) -> encoded.add(encode(number, points)));
          metrics.add(Map.of("key", key, "curves", encoded));
        });
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("names", names);
    document.put("chosen", chosen);
    document.put("most", MOST_CHOSEN);
    document.put("metrics", metrics);
    return document;
  }

  /**
   * Returns number, first and last place, and in one text the lowest and the highest value, as
   * doubles, and the points between: thousands of doubles in digits take long to write.
   */
  private static List<Object> encode(int number, List<Curve.Point> points) {
    long x0 = points.isEmpty() ? 0 : points.get(0).x();
    long x1 = points.isEmpty() ? 0 : points.get(points.size() - 1).x();
    double y0 = Double.POSITIVE_INFINITY;
    double y1 = Double.NEGATIVE_INFINITY;
    for (Curve.Point point : points) {
      if (Double.isFinite(point.y())) {
        y0 = Math.min(y0, point.y());
        y1 = Math.max(y1, point.y());
      }
    }
    boolean none = y0 > y1;
    ByteBuffer bytes = ByteBuffer.allocate(16 + points.size() * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putDouble(none ? 0.0 : y0).putDouble(none ? 0.0 : y1);
    for (Curve.Point point : points) {
      int x = share((double) point.x() - x0, (double) x1 - x0);
      // Halves: the distance between the two largest doubles is not a double.
      int y = Double.isFinite(point.y()) ? share(point.y() / 2 - y0 / 2, y1 / 2 - y0 / 2) : GAP;
      bytes.putShort((short) x).putShort((short) y);
    }
    return List.of((long) number, x0, x1, Base64.getEncoder().encodeToString(bytes.array()));
  }

  private static int share(double part, double whole) {
    return whole == 0 ? 0 : (int) Math.round(part / whole * FULL);
  }
}
