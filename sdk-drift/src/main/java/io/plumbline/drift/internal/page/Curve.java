package io.plumbline.drift.internal.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A curve of any length, kept in the little that a screen can show of it. The axis is cut into
 * stretches of one length, a power of two, which doubles as the curve grows; each keeps its lowest
 * and its highest point, so no peak is lost. A stretch in which nothing is finite is a gap.
 *
 * <p>Points may come in any order. One pass, bounded memory.
 */
public final class Curve {
  /**
   * A point of what is kept.
   *
   * @param x its place
   * @param y its value; NaN is a gap
   */
  public record Point(long x, double y) {}

  /** The lowest and the highest point of a stretch. */
  private static final class Stretch {
    private long index;
    private boolean empty = true;
    private long lowX;
    private double low;
    private long highX;
    private double high;

    /** Until there is a point, its gap is at lowX. */
    Stretch(long index, long x) {
      this.index = index;
      this.lowX = x;
    }

    void add(long x, double y) {
      if (empty || y < low) {
        lowX = x;
        low = y;
      }
      if (empty || y > high) {
        highX = x;
        high = y;
      }
      empty = false;
    }

    void addAll(Stretch other) {
      if (!other.empty) {
        add(other.lowX, other.low);
        add(other.highX, other.high);
      }
    }

    void points(List<Point> into) {
      if (empty) {
        into.add(new Point(lowX, Double.NaN));
        return;
      }
      boolean lowFirst = lowX <= highX;
      into.add(lowFirst ? new Point(lowX, low) : new Point(highX, high));
      if (lowX != highX || low != high) {
        into.add(lowFirst ? new Point(highX, high) : new Point(lowX, low));
      }
    }
  }

  private final int most;
  private final List<Stretch> stretches = new ArrayList<>();
  private int shift;
  private long count;
  private @Nullable Point first;
  private long lastX = Long.MIN_VALUE;
  private double lastY = Double.NaN;

  /**
   * Begins a curve.
   *
   * @param points how many points are kept at most, from 4
   */
  public Curve(int points) {
    if (points < 4) {
      throw new IllegalArgumentException("a curve keeps at least 4 points, not " + points);
    }
    this.most = points / 2 - 1;
  }

  /** Adds a point. */
  public void add(long x, double y) {
    count++;
    Stretch stretch = at(x >> shift, x);
    if (Double.isFinite(y)) {
      stretch.add(x, y);
      if (first == null || x < first.x()) {
        first = new Point(x, y);
      }
      if (x >= lastX) {
        lastX = x;
        lastY = y;
      }
    }
    while (stretches.size() > most) {
      widen();
    }
  }

  /** Finds the stretch, or makes it: nearly always the last one, or one behind it. */
  private Stretch at(long index, long x) {
    int from = 0;
    int to = stretches.size();
    if (to > 0 && stretches.get(to - 1).index <= index) {
      from = stretches.get(to - 1).index == index ? to - 1 : to;
    }
    while (from < to) {
      int middle = (from + to) >>> 1;
      long found = stretches.get(middle).index;
      if (found == index) {
        return stretches.get(middle);
      }
      if (found < index) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    Stretch made = new Stretch(index, x);
    stretches.add(from, made);
    return made;
  }

  private void widen() {
    shift++;
    int kept = 0;
    for (Stretch stretch : stretches) {
      stretch.index >>= 1;
      if (kept > 0 && stretches.get(kept - 1).index == stretch.index) {
        stretches.get(kept - 1).addAll(stretch);
      } else {
        stretches.set(kept++, stretch);
      }
    }
    stretches.subList(kept, stretches.size()).clear();
  }

  /** Returns how many points were added. */
  public long count() {
    return count;
  }

  /** Returns what is kept, in the order of the axis; the two ends are among it. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    stretches.forEach(stretch -> stretch.points(points));
    if (first != null) {
      Point last = new Point(lastX, lastY);
      for (Point end : List.of(first, last)) {
        if (!has(points, end)) {
          points.add(end);
        }
      }
    }
    points.sort(Comparator.comparingLong(Point::x));
    return points;
  }

  private static boolean has(List<Point> points, Point end) {
    for (Point point : points) {
      if (point.x == end.x && point.y == end.y) {
        return true;
      }
    }
    return false;
  }
}
