package io.plumbline.internal.store;

import io.plumbline.StoreException;
import io.plumbline.internal.journal.MetricStats;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
    Points points = new Points(key, consumer, new HashSet<>());
    try {
      for (String writer : RunReader.writersInOrder(folder)) {
        points.nextWriter();
        new WriterLog(folder, writer).read(points);
      }
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
  }

  /** Picks the points of one metric. */
  private static final class Points implements WriterLog.Visitor {
    private final String key;
    private final PointConsumer consumer;
    private final Set<String> batches;
    private BitSet wanted = new BitSet();
    private int onlyKey;

    Points(String key, PointConsumer consumer, Set<String> batches) {
      this.batches = batches;
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
    return RunReader.summary(key, stats);
  }

  @Override
  public Stream<Metric> stream() {
    // One segment after the other, so that a history larger than memory can be streamed.
    Set<String> batches = new HashSet<>();
    return RunReader.writersInOrder(folder).stream()
        .flatMap(writer -> streamWriter(writer, batches));
  }

  private Stream<Metric> streamWriter(String writer, Set<String> batches) {
    Chunk chunk = new Chunk();
    Points points = new Points(key, chunk, batches);
    points.nextWriter();
    try {
      WriterLog.Segments segments = new WriterLog(folder, writer).segments(points);
      return Stream.generate(() -> chunk.next(segments))
          .takeWhile(Objects::nonNull)
          .flatMap(Function.identity());
    } catch (IOException e) {
      throw new StoreException("the run in " + folder + " can't be read: " + e, e);
    }
  }

  /** The metric's points in one segment, in arrays: a segment holds millions. */
  private final class Chunk implements PointConsumer {
    private double[] values = new double[64];
    private long[] steps = new long[64];
    private long[] times = new long[64];
    private int count;

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

    @Nullable Stream<Metric> next(WriterLog.Segments segments) {
      count = 0;
      try {
        if (!segments.readNext()) {
          return null;
        }
      } catch (IOException e) {
        throw new StoreException("the run in " + folder + " can't be read: " + e, e);
      }
      return IntStream.range(0, count)
          .mapToObj(i -> new Metric(key, values[i], steps[i], times[i]));
    }
  }

  @Override
  public List<Metric> sample(int points) {
    if (points < 2) {
      throw new IllegalArgumentException("a sample has at least 2 points, not " + points);
    }
    Range range = new Range();
    forEach(range);
    if (range.count <= points) {
      return stream().sorted(Comparator.comparingLong(Metric::step)).toList();
    }
    Buckets buckets = new Buckets(key, range, (points - 2) / 2);
    forEach(buckets);
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
      int i = (int) Math.min(low.length - 1, share * low.length);
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
