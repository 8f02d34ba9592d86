package io.plumbline.drift.internal.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
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
    private @Nullable Point low;
    private @Nullable Point high;
    private long gapAt;

    void add(Point point) {
      if (!Double.isFinite(point.y())) {
        gapAt = point.x();
        return;
      }
      if (low == null || point.y() < low.y()) {
        low = point;
      }
      if (high == null || point.y() > high.y()) {
        high = point;
      }
    }

    void addAll(Stretch other) {
      if (other.low == null) {
        gapAt = other.gapAt;
      } else {
        add(other.low);
      }
      if (other.high != null) {
        add(other.high);
      }
    }

    void points(List<Point> into) {
      if (low == null || high == null) {
        into.add(new Point(gapAt, Double.NaN));
        return;
      }
      Point first = low.x() <= high.x() ? low : high;
      Point second = low.x() <= high.x() ? high : low;
      into.add(first);
      if (!second.equals(first)) {
        into.add(second);
      }
    }
  }

  private final int most;
  private int shift;
  private TreeMap<Long, Stretch> stretches = new TreeMap<>();
  private long count;
  private @Nullable Point first;
  private @Nullable Point last;
  private @Nullable Stretch current;
  private long currentIndex;

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
    Point point = new Point(x, y);
    if (Double.isFinite(y)) {
      if (first == null || x < first.x()) {
        first = point;
      }
      if (last == null || x >= last.x()) {
        last = point;
      }
    }
    long index = x >> shift;
    if (current == null || index != currentIndex) {
      current = stretches.computeIfAbsent(index, i -> new Stretch());
      currentIndex = index;
    }
    current.add(point);
    while (stretches.size() > most) {
      widen();
    }
  }

  private void widen() {
    shift++;
    TreeMap<Long, Stretch> wider = new TreeMap<>();
    stretches.forEach(
        (index, stretch) -> {
          Stretch target = wider.computeIfAbsent(index >> 1, i -> new Stretch());
          target.addAll(stretch);
        });
    stretches = wider;
    current = null;
  }

  /** Returns how many points were added. */
  public long count() {
    return count;
  }

  /** Returns what is kept, in the order of the axis; the two ends are among it. */
  public List<Point> points() {
    List<Point> points = new ArrayList<>();
    stretches.values().forEach(stretch -> stretch.points(points));
    for (Point end : new @Nullable Point[] {first, last}) {
      if (end != null && !points.contains(end)) {
        points.add(end);
      }
    }
    points.sort(Comparator.comparingLong(Point::x));
    return points;
  }
}
