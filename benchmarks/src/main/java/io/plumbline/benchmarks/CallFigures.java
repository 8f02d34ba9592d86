package io.plumbline.benchmarks;

import com.sun.management.ThreadMXBean;
import io.plumbline.MetricHandle;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** What one call costs its caller. */
final class CallFigures {
  private static final int PERIOD = 10_000; // ns: 100,000 calls a second

  private CallFigures() {}

  /** How often a call took how long. */
  static final class Histogram {
    private final long[] counts = new long[200_000];
    private long total;

    void add(long nanos) {
      counts[(int) Math.min(counts.length - 1, Math.max(0, nanos))]++;
      total++;
    }

    double percentile(double share) {
      long rank = (long) Math.ceil(share * total);
      long seen = 0;
      for (int i = 0; i < counts.length; i++) {
        seen += counts[i];
        if (seen >= rank) {
          return i;
        }
      }
      return counts.length;
    }
  }

  /** Calls at a steady pace; a null handle measures the empty loop. */
  static Histogram paced(@Nullable MetricHandle handle, int calls) {
    Histogram histogram = new Histogram();
    long due = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      while (System.nanoTime() < due) {
        Thread.onSpinWait();
      }
      due += PERIOD;
      double value = i * 0.5;
      long start = System.nanoTime();
      if (handle != null) {
        handle.log(value, i);
      }
      long end = System.nanoTime();
      histogram.add(end - start);
    }
    return histogram;
  }

  /** One thread, paced at 100,000 calls a second; blocks with and without the call take turns. */
  static final class Paced implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      Path folder = Stores.folder();
      try (TrackingClient tracking = Stores.open(folder);
          Tracker tracker = tracking.start("figures")) {
        MetricHandle handle = tracker.metric("loss");
        paced(handle, 200_000);
        paced(null, 200_000);
        int blocks = context.quick() ? 5 : 15;
        int calls = context.quick() ? 200_000 : 400_000;
        double[] p50 = new double[blocks];
        double[] p99 = new double[blocks];
        double[] empty = new double[blocks];
        for (int i = 0; i < blocks; i++) {
          empty[i] = paced(null, calls).percentile(0.5);
          Histogram with = paced(handle, calls);
          p50[i] = with.percentile(0.5) - empty[i];
          p99[i] = with.percentile(0.99) - empty[i];
        }
        context.note("the empty loop: " + new Spread(empty).median() + " ns");
        context.result("tracking.call.p50", new Spread(p50).median(), "ns", "" + new Spread(p50));
        context.result("tracking.call.p99", new Spread(p99).median(), "ns", "" + new Spread(p99));
        tracker.finish();
      }
      Stores.delete(folder);
    }
  }

  /** Four threads at that pace each, on whatever cores there are. */
  static final class Threads implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      Path folder = Stores.folder();
      try (TrackingClient tracking = Stores.open(folder);
          Tracker tracker = tracking.start("figures")) {
        MetricHandle handle = tracker.metric("loss");
        double empty = paced(null, 200_000).percentile(0.5);
        int blocks = context.quick() ? 3 : 9;
        double[] p99 = new double[blocks];
        for (int block = 0; block < blocks; block++) {
          Histogram[] all = new Histogram[4];
          CountDownLatch done = new CountDownLatch(4);
          for (int t = 0; t < 4; t++) {
            int which = t;
            new Thread(
                    () -> {
                      all[which] = paced(handle, 200_000);
                      done.countDown();
                    })
                .start();
          }
          done.await();
          double worst = 0;
          for (Histogram histogram : all) {
            worst = Math.max(worst, histogram.percentile(0.99) - empty);
          }
          p99[block] = worst;
        }
        context.result(
            "tracking.call.threads", new Spread(p99).median(), "ns", "" + new Spread(p99));
        tracker.finish();
      }
      Stores.delete(folder);
    }
  }

  /** Bytes that a call allocates on its own thread once all is warm. */
  static final class Allocation implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long self = Thread.currentThread().getId();
      Path folder = Stores.folder();
      try (TrackingClient tracking = Stores.open(folder);
          Tracker tracker = tracking.start("figures")) {
        MetricHandle handle = tracker.metric("loss");
        int calls = 1_000_000;
        double worst = 0;
        for (int round = 0; round < 5; round++) {
          long before = threads.getThreadAllocatedBytes(self);
          for (int i = 0; i < calls; i++) {
            handle.log(i * 0.5, i);
          }
          long between = threads.getThreadAllocatedBytes(self);
          for (int i = 0; i < calls; i++) {
            tracker.logMetric("accuracy", i * 0.5, i);
          }
          long after = threads.getThreadAllocatedBytes(self);
          double byHandle = (between - before) / (double) calls;
          double byKey = (after - between) / (double) calls;
          context.note("round " + round + ": handle " + byHandle + ", logMetric " + byKey);
          if (round > 0) {
            worst = Math.max(worst, Math.max(byHandle, byKey));
          }
        }
        context.result("tracking.call.alloc", worst, "bytes", "(worst of 4 warm rounds)");
        tracker.finish();
      }
      Stores.delete(folder);
    }
  }
}
