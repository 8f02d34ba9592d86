package io.plumbline.internal.copy;

import io.plumbline.internal.history.PointSet;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds the points that one history has and another has not, in bounded memory. As a rule the one
 * is a continuation of the other, and both are read once. Where they differ, the points behind are
 * compared a share at a time: those whose hash says so, as many as fit.
 */
final class HistoryCopy {
  /** How many points are handed over at once. */
  static final int BATCH = 10_000;

  private final int share;
  private final Consumer<List<RunUpdate>> consumer;
  private List<RunUpdate> batch = new ArrayList<>();
  private long found;

  /**
   * Prepares to compare.
   *
   * @param share how many points are held in memory
   * @param consumer takes the missing points
   */
  HistoryCopy(int share, Consumer<List<RunUpdate>> consumer) {
    this.share = share;
    this.consumer = consumer;
  }

  /** Hands over what {@code to} lacks; returns how many points that was. */
  long copy(MetricHistory from, MetricHistory to) {
    Iterator<Metric> theirs = from.stream().iterator();
    Iterator<Metric> ours = to.stream().iterator();
    long same = 0;
    while (ours.hasNext() && theirs.hasNext()) {
      if (!isSame(ours.next(), theirs.next())) {
        long more = 1;
        for (; ours.hasNext(); ours.next()) {
          more++;
        }
        compare(from, to, same, more);
        return finish();
      }
      same++;
    }
    while (theirs.hasNext()) {
      add(theirs.next());
    }
    return finish();
  }

  private static boolean isSame(Metric one, Metric other) {
    return Double.doubleToLongBits(one.value()) == Double.doubleToLongBits(other.value())
        && one.step() == other.step()
        && one.timestamp() == other.timestamp();
  }

  private void compare(MetricHistory from, MetricHistory to, long same, long more) {
    int shares = Math.toIntExact(1 + more / share);
    PointSet set = new PointSet();
    for (int i = 0; i < shares; i++) {
      int turn = i;
      set.clear();
      // What is added in the meantime comes behind.
      to.stream()
          .skip(same)
          .limit(more)
          .filter(point -> turn(point, shares) == turn)
          .forEach(point -> set.add(point.value(), point.step(), point.timestamp()));
      from.stream()
          .skip(same)
          .filter(point -> turn(point, shares) == turn)
          .filter(point -> !set.remove(point.value(), point.step(), point.timestamp()))
          .forEach(this::add);
    }
  }

  private static int turn(Metric point, int shares) {
    return Math.floorMod(PointSet.hash(point.value(), point.step(), point.timestamp()), shares);
  }

  private void add(Metric point) {
    batch.add(new RunUpdate.LogMetric(point.key(), point.value(), point.step(), point.timestamp()));
    found++;
    if (batch.size() == BATCH) {
      hand();
    }
  }

  private void hand() {
    consumer.accept(batch);
    batch = new ArrayList<>();
  }

  private long finish() {
    if (!batch.isEmpty()) {
      hand();
    }
    return found;
  }
}
