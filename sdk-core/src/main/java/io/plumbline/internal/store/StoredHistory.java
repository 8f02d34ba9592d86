package io.plumbline.internal.store;

import io.plumbline.StoreException;
import io.plumbline.internal.history.HistorySample;
import io.plumbline.internal.history.MetricStats;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A metric's points, read from the segments of a run. */
final class StoredHistory implements MetricHistory {
  private final Path folder;
  private final String key;

  StoredHistory(Path folder, String key) {
    this.folder = folder;
    this.key = key;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public void forEach(PointConsumer consumer) {
    forEach(folder, Map.of(key, consumer));
  }

  /** Reads the points of several metrics of a run in one go. */
  static void forEach(Path folder, Map<String, PointConsumer> consumers) {
    List<Points> all = new ArrayList<>();
    consumers.forEach((key, consumer) -> all.add(new Points(key, consumer)));
    Each each = new Each(all);
    WriterLog.Visitor visitor = all.size() == 1 ? all.get(0) : each;
    try {
      for (String writer : RunReader.writersInOrder(folder)) {
        all.forEach(Points::nextWriter);
        each.nextWriter();
        new WriterLog(folder, writer).read(visitor);
      }
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
  }

  /** Picks the points of several metrics. */
  private static final class Each implements WriterLog.Visitor {
    private final List<Points> metrics;
    private @Nullable PointConsumer[] byId = {};

    Each(List<Points> metrics) {
      this.metrics = metrics;
    }

    void nextWriter() {
      byId = new PointConsumer[16];
    }

    @Override
    public void key(WriterLog.Key announced) {
      for (Points points : metrics) {
        if (points.key.equals(announced.key())) {
          if (announced.id() >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(announced.id() + 1, byId.length * 2));
          }
          byId[announced.id()] = points.consumer;
        }
      }
    }

    @Override
    public void event(JsonObject event) {
      metrics.forEach(points -> points.event(event));
    }

    @Override
    public void point(int id, double value, long step, long time) {
      PointConsumer consumer = id < byId.length ? byId[id] : null;
      if (consumer != null) {
        consumer.accept(value, step, time);
      }
    }
  }

  /** Picks the points of one metric. */
  private static final class Points implements WriterLog.Visitor {
    private final String key;
    private final PointConsumer consumer;
    private final Set<String> batches = new HashSet<>();
    private BitSet wanted = new BitSet();
    private int onlyKey;

    Points(String key, PointConsumer consumer) {
      this.key = key;
      this.consumer = consumer;
    }

    void nextWriter() {
      wanted = new BitSet();
      onlyKey = -1;
    }

    @Override
    public void key(WriterLog.Key announced) {
      if (announced.key().equals(key)) {
        onlyKey = wanted.isEmpty() ? announced.id() : -2;
        wanted.set(announced.id());
      }
    }

    @Override
    public void event(JsonObject event) {
      if (!event.has("metrics") || event.has("batch") && !batches.add(event.string("batch"))) {
        return;
      }
      for (Object row : event.list("metrics")) {
        List<@Nullable Object> point = JsonObject.toList(row, "metrics");
        if (key.equals(point.get(0))
            && point.get(2) instanceof Long step
            && point.get(3) instanceof Long time) {
          consumer.accept(JsonObject.toDouble(point.get(1), "value"), step, time);
        }
      }
    }

    @Override
    public void point(int id, double value, long step, long time) {
      if (id == onlyKey || onlyKey == -2 && wanted.get(id)) {
        consumer.accept(value, step, time);
      }
    }
  }

  @Override
  public MetricSummary summary() {
    MetricStats stats = new MetricStats();
    forEach(stats::add);
    return stats.summary(key);
  }

  @Override
  public Stream<Metric> stream() {
    return StreamSupport.stream(new Segments(RunReader.writersInOrder(folder).iterator()), false);
  }

  /**
   * Goes through the run's segments, and holds the metric's points of one of them, in arrays: so a
   * history larger than memory can be streamed, however the stream is consumed.
   */
  private final class Segments extends Spliterators.AbstractSpliterator<Metric>
      implements PointConsumer {
    private final Iterator<String> writers;
    private final Points points = new Points(key, this);
    private WriterLog.@Nullable Segments open;
    private double[] values = new double[64];
    private long[] steps = new long[64];
    private long[] times = new long[64];
    private int count;
    private int next;

    Segments(Iterator<String> writers) {
      super(Long.MAX_VALUE, ORDERED | NONNULL);
      this.writers = writers;
    }

    @Override
    public void accept(double value, long step, long time) {
      if (count == values.length) {
        values = Arrays.copyOf(values, count * 2);
        steps = Arrays.copyOf(steps, count * 2);
        times = Arrays.copyOf(times, count * 2);
      }
      values[count] = value;
      steps[count] = step;
      times[count] = time;
      count++;
    }

    @Override
    public boolean tryAdvance(Consumer<? super Metric> action) {
      while (next == count) {
        if (!readOn()) {
          return false;
        }
      }
      Metric point = new Metric(key, values[next], steps[next], times[next]);
      next++;
      action.accept(point);
      return true;
    }

    /** Reads the next segment; returns false if there is none. */
    private boolean readOn() {
      next = 0;
      count = 0;
      try {
        while (open == null || !open.readNext()) {
          if (!writers.hasNext()) {
            return false;
          }
          points.nextWriter();
          open = new WriterLog(folder, writers.next()).segments(points);
        }
      } catch (IOException e) {
        throw new StoreException("the run in " + folder + " can't be read: " + e, e);
      }
      return true;
    }
  }

  @Override
  public List<Metric> sample(int points) {
    return HistorySample.of(this, points);
  }
}
