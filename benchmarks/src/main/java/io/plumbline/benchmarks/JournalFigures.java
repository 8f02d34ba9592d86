package io.plumbline.benchmarks;

import io.plumbline.Delivery;
import io.plumbline.MetricHandle;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What the journal carries, and how fast. */
final class JournalFigures {
  private static final int KEYS = 100;

  private JournalFigures() {}

  private static MetricHandle[] handles(Tracker tracker) {
    MetricHandle[] handles = new MetricHandle[KEYS];
    for (int i = 0; i < KEYS; i++) {
      handles[i] = tracker.metric("metric_" + i);
    }
    return handles;
  }

  /** Logs a hundred points, one a handle; the values are random doubles, as hard as they come. */
  private static void round(MetricHandle[] handles, SplittableRandom random, long step) {
    for (MetricHandle handle : handles) {
      handle.log(random.nextDouble(), step);
    }
  }

  /** One thread at full speed, 100 handles in turn, to disk; then everything is read back. */
  static final class Rate implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      long seconds = context.quick() ? 8 : 30;
      int rounds = context.quick() ? 2 : 3;
      double[] rates = new double[rounds];
      double[] bytes = new double[rounds];
      double[] reads = new double[rounds];
      long drops = 0;
      for (int i = 0; i < rounds; i++) {
        Path folder = Stores.folder();
        String id;
        long n = 0;
        try (TrackingClient tracking = Stores.open(folder);
            Tracker tracker = tracking.start("figures")) {
          id = tracker.id();
          MetricHandle[] handles = handles(tracker);
          SplittableRandom random = new SplittableRandom(i);
          long start = System.nanoTime();
          for (long step = 0; System.nanoTime() - start < seconds * 1_000_000_000L; step++) {
            for (int k = 0; k < 100; k++) {
              round(handles, random, step * 100 + k);
            }
            n += 100L * KEYS;
          }
          tracking.flush(Duration.ofMinutes(1));
          double elapsed = (System.nanoTime() - start) / 1e9;
          Delivery delivery = tracking.delivery();
          drops += delivery.droppedTotal();
          rates[i] = delivery.written() / elapsed;
          tracker.finish();
          n = delivery.written();
        }
        bytes[i] = Stores.bytes(folder) / (double) n;
        reads[i] = read(folder, id);
        Stores.delete(folder);
      }
      context.note("dropped in all rounds: " + drops);
      context.result(
          "tracking.journal.rate", new Spread(rates).median(), "metrics/s", "" + new Spread(rates));
      context.result(
          "tracking.journal.bytes", new Spread(bytes).median(), "bytes", "" + new Spread(bytes));
      context.result(
          "store.read.rate", new Spread(reads).median(), "metrics/s", "" + new Spread(reads));
    }

    /** Reads one of a hundred metrics: all points pass, one in a hundred is handed out. */
    private static double read(Path folder, String id) {
      try (TrackingClient tracking = Stores.open(folder)) {
        long all =
            tracking.get(id).metrics().values().stream().mapToLong(metric -> metric.count()).sum();
        double best = 0;
        for (int i = 0; i < 3; i++) {
          double[] sum = new double[1];
          long start = System.nanoTime();
          tracking
              .metricHistory(id, "metric_7")
              .forEach((value, step, time) -> sum[0] += value + step + time);
          best = Math.max(best, all / ((System.nanoTime() - start) / 1e9));
        }
        return best;
      }
    }
  }

  /** The journal's bytes a second over those of plain writes of 64 KiB, in turn. */
  static final class AgainstWrite implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      int rounds = context.quick() ? 3 : 7;
      long metrics = context.quick() ? 20_000_000 : 60_000_000;
      double[] ratios = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        Path folder = Stores.folder();
        long start = System.nanoTime();
        try (TrackingClient tracking = Stores.open(folder);
            Tracker tracker = tracking.start("figures")) {
          MetricHandle[] handles = handles(tracker);
          SplittableRandom random = new SplittableRandom(i);
          for (long step = 0; step < metrics / KEYS; step++) {
            round(handles, random, step);
          }
          tracking.flush(Duration.ofMinutes(1));
          tracker.finish();
        }
        long bytes = Stores.bytes(folder);
        double ours = bytes / (double) (System.nanoTime() - start);
        double plain = bytes / (double) plainWrite(folder.resolve("plain"), bytes);
        ratios[i] = ours / plain;
        Stores.delete(folder);
      }
      context.result(
          "tracking.journal.vs_write", new Spread(ratios).median(), "x", "" + new Spread(ratios));
    }

    private static long plainWrite(Path file, long bytes) throws Exception {
      ByteBuffer block = ByteBuffer.allocateDirect(64 * 1024);
      long start = System.nanoTime();
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (long left = bytes; left > 0; left -= block.capacity()) {
          block.clear().limit((int) Math.min(left, block.capacity()));
          channel.write(block);
        }
        channel.force(false);
      }
      long nanos = System.nanoTime() - start;
      Files.delete(file);
      return nanos;
    }
  }

  /** A billion metrics in one run: the last tenth against the first. */
  static final class Scale implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      long metrics = context.quick() ? 100_000_000 : 1_000_000_000;
      double[] ratios = new double[context.quick() ? 1 : 3];
      for (int i = 0; i < ratios.length; i++) {
        double[] tenths = tenths(metrics, context);
        context.note("ns per metric, by tenths: " + Arrays.toString(tenths));
        ratios[i] = tenths[9] / tenths[0];
      }
      context.result("tracking.scale", new Spread(ratios).median(), "x", "" + new Spread(ratios));
    }

    /** Logs them into one run; returns the nanoseconds for each metric, by tenths. */
    private static double[] tenths(long metrics, Figures.Context context) throws Exception {
      Path folder = Stores.folder();
      double[] tenths = new double[10];
      try (TrackingClient tracking = Stores.open(folder);
          Tracker tracker = tracking.start("figures")) {
        MetricHandle[] handles = handles(tracker);
        SplittableRandom random = new SplittableRandom(1);
        for (long step = 0; step < 5_000_000 / KEYS; step++) {
          round(handles, random, step); // warm, and not counted
        }
        tracking.flush(Duration.ofMinutes(1));
        for (int tenth = 0; tenth < 10; tenth++) {
          long start = System.nanoTime();
          for (long step = 0; step < metrics / 10 / KEYS; step++) {
            round(handles, random, step);
          }
          tracking.flush(Duration.ofMinutes(1));
          tenths[tenth] = (System.nanoTime() - start) / (metrics / 10.0);
        }
        context.note("dropped: " + tracking.delivery().dropped());
        tracker.finish();
      }
      Stores.delete(folder);
      return tenths;
    }
  }
}
