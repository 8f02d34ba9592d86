package io.plumbline.internal.history;

import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricHistory.PointConsumer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes the points from a history that keep the look of its curve; reads it twice. */
public final class HistorySample {
  private HistorySample() {}

  /**
   * Returns what {@link MetricHistory#sample} promises.
   *
   * @param points at least 2
   */
  public static List<Metric> of(MetricHistory history, int points) {
    if (points < 2) {
      throw new IllegalArgumentException("a sample has at least 2 points, not " + points);
    }
    Range range = new Range();
    history.forEach(range);
    if (range.count <= points) {
      try (Stream<Metric> all = history.stream()) {
        return all.sorted(Comparator.comparingLong(Metric::step)).toList();
      }
    }
    Buckets buckets = new Buckets(history.key(), range, (points - 2) / 2);
    history.forEach(buckets);
    return buckets.result();
  }

  /** The steps between which a history runs. */
  private static final class Range implements PointConsumer {
    private long count;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;

    @Override
    public void accept(double value, long step, long timestamp) {
      count++;
      first = Math.min(first, step);
      last = Math.max(last, step);
    }
  }

  /** Keeps the lowest and the highest point of each stretch of steps, and the two ends. */
  private static final class Buckets implements PointConsumer {
    private final String key;
    private final Range range;
    private final @Nullable Metric[] low;
    private final @Nullable Metric[] high;
    private @Nullable Metric first;
    private @Nullable Metric last;

    Buckets(String key, Range range, int buckets) {
      this.key = key;
      this.range = range;
      this.low = new Metric[buckets];
      this.high = new Metric[buckets];
    }

    @Override
    public void accept(double value, long step, long time) {
      Metric oldFirst = first;
      Metric oldLast = last;
      if (oldFirst == null || step < oldFirst.step()) {
        first = new Metric(key, value, step, time);
      }
      if (oldLast == null || step >= oldLast.step()) {
        last = new Metric(key, value, step, time);
      }
      if (low.length == 0) {
        return; // so few points are wanted that the two ends are all
      }
      double share =
          ((double) step - range.first) / Math.max(1.0, (double) range.last - range.first);
      // The run may go on between the two readings: a step outside the range belongs to its end.
      int i = (int) Math.max(0, Math.min(low.length - 1, share * low.length));
      Metric oldLow = low[i];
      Metric oldHigh = high[i];
      if (oldLow == null || value < oldLow.value() || Double.isNaN(oldLow.value())) {
        low[i] = new Metric(key, value, step, time);
      }
      if (oldHigh == null || value > oldHigh.value() || Double.isNaN(oldHigh.value())) {
        high[i] = new Metric(key, value, step, time);
      }
    }

    List<Metric> result() {
      Set<Metric> kept = new HashSet<>();
      for (int i = 0; i < low.length; i++) {
        keep(kept, low[i]);
        keep(kept, high[i]);
      }
      keep(kept, first);
      keep(kept, last);
      List<Metric> sorted = new ArrayList<>(kept);
      sorted.sort(Comparator.comparingLong(Metric::step).thenComparingLong(Metric::timestamp));
      return sorted;
    }

    private static void keep(Set<Metric> kept, @Nullable Metric point) {
      if (point != null) {
        kept.add(point);
      }
    }
  }
}
