package io.plumbline.benchmarks;

import com.sun.management.ThreadMXBean;
import io.plumbline.drift.Profile;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.serving.Functions;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.LogStatus;
import io.plumbline.serving.PredictionLogger;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What it costs to log predictions: the caller, and the whole way into the files. */
final class PredictionLogFigures {
  private static final int PERIOD = 5_000; // ns: 200,000 rows a second
  private static final int WIDTH = 20;
  private static final int DISTINCT = 4_096;

  private PredictionLogFigures() {}

  /** A model of twenty numbers that does nothing, with a profile, and rows for it. */
  static final class Setting implements AutoCloseable {
    final Path folder;
    final ModelRegistry registry;
    final LiveModel model;
    final double[][] rows = new double[DISTINCT][WIDTH];
    final String[] ids = new String[DISTINCT];
    final String[] origins = new String[DISTINCT];
    final String[] tails = new String[DISTINCT];

    Setting() throws Exception {
      Random random = new Random(1);
      List<String> names = new ArrayList<>();
      for (int i = 0; i < WIDTH; i++) {
        names.add("x" + i);
      }
      for (int row = 0; row < DISTINCT; row++) {
        ids[row] = String.format("%08x-%04x", random.nextInt(), row);
        origins[row] = List.of("EWR", "JFK", "LGA").get(random.nextInt(3));
        tails[row] = "N" + (10_000 + random.nextInt(1_000));
        for (int i = 0; i < WIDTH; i++) {
          rows[row][i] = random.nextGaussian();
        }
      }
      folder = Stores.folder();
      registry = FlightModel.registry(folder);
      List<Feature> features = new ArrayList<>();
      names.forEach(name -> features.add(Feature.of(name, DataType.DOUBLE)));
      features.add(Feature.context("origin", DataType.STRING));
      features.add(Feature.context("tail", DataType.STRING));
      registry.register(
          "nothing",
          Functions.pack("nothing", Signature.doubles(names, "y"))
              .with(new FeatureSchema(features))
              .with(profile(names)),
          RegisterOptions.none());
      model =
          LiveModel.builder(registry, "models:/nothing/1")
              .function("nothing", (in, out) -> out[0] = in[0])
              .open();
    }

    private Profile profile(List<String> names) {
      io.plumbline.drift.ProfileBuilder builder = Profile.builder();
      for (int i = 0; i < WIDTH; i++) {
        int column = i;
        builder.add(names.get(i), Arrays.stream(rows).mapToDouble(row -> row[column]).toArray());
      }
      return builder.add("origin", origins).add("tail", tails).build();
    }

    @Override
    public void close() throws Exception {
      model.close();
      registry.close();
      Stores.delete(folder);
    }
  }

  /** Logs at a steady pace; without a logger it measures the empty loop. */
  private static long[] paced(Setting setting, @Nullable PredictionLogger log, int calls) {
    long[] nanos = new long[calls];
    double[] out = new double[1];
    long due = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      int row = i & DISTINCT - 1;
      try (Lease lease = setting.model.lease()) {
        while (System.nanoTime() < due) {
          Thread.onSpinWait();
        }
        due += PERIOD;
        long start = System.nanoTime();
        if (log != null) {
          log.log(lease, setting.ids[row], setting.rows[row], out);
        }
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos;
  }

  /** One thread, paced at 200,000 rows a second; blocks with and without the call take turns. */
  static final class Call implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (Setting setting = new Setting();
          PredictionLogger log = PredictionLogger.open(setting.model)) {
        int calls = context.quick() ? 200_000 : 400_000;
        int blocks = context.quick() ? 5 : 15;
        paced(setting, log, 400_000);
        paced(setting, null, 400_000);
        double[] p50 = new double[blocks];
        double[] p99 = new double[blocks];
        for (int i = 0; i < blocks; i++) {
          double empty = paced(setting, null, calls)[calls / 2];
          long[] with = paced(setting, log, calls);
          p50[i] = with[calls / 2] - empty;
          p99[i] = with[(int) (calls * 0.99)] - empty;
        }
        LogStatus status = log.status();
        context.note(status.droppedFull() + " of " + status.offered() + " rows found no room");
        context.result("predictions.log.p50", new Spread(p50).median(), "ns", "" + new Spread(p50));
        context.result("predictions.log.p99", new Spread(p99).median(), "ns", "" + new Spread(p99));
        context.result("predictions.log.alloc", allocated(setting, log), "bytes", "(worst of 4)");
      }
    }

    private static double allocated(Setting setting, PredictionLogger log) {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long self = Thread.currentThread().getId();
      double[] out = new double[1];
      double worst = 0;
      int calls = 500_000;
      try (Lease lease = setting.model.lease()) {
        for (int round = 0; round < 5; round++) {
          long before = threads.getThreadAllocatedBytes(self);
          for (int i = 0; i < calls; i++) {
            int row = i & DISTINCT - 1;
            log.log(lease, setting.ids[row], setting.rows[row], out);
            log.row(lease, setting.ids[row]).features(setting.rows[row]).prediction(out).commit();
          }
          double bytes = (threads.getThreadAllocatedBytes(self) - before) / (double) calls;
          worst = round == 0 ? 0 : Math.max(worst, bytes);
        }
      }
      return worst;
    }
  }

  /** Rows with two texts, every one logged, through counting into the files; and a plain write. */
  static final class Whole implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      int count = context.quick() ? 1_000_000 : 5_000_000;
      int rounds = context.quick() ? 3 : 5;
      double[] rate = new double[rounds];
      double[] ratio = new double[rounds];
      try (Setting setting = new Setting()) {
        pipeline(setting, count / 2);
        for (int round = 0; round < rounds; round++) {
          Written written = pipeline(setting, count);
          double plain = plain(written.bytes());
          rate[round] = count / written.seconds();
          ratio[round] = written.bytes() / written.seconds() / plain;
          context.note(
              String.format(
                  "%.0f MB at %.0f MB/s, plain %.0f MB/s",
                  written.bytes() / 1e6, written.bytes() / written.seconds() / 1e6, plain / 1e6));
        }
      }
      context.result(
          "predictions.file.rows", new Spread(rate).median(), "rows/s", "" + new Spread(rate));
      context.result(
          "predictions.file.vs_write", new Spread(ratio).median(), "x", "" + new Spread(ratio));
    }

    private record Written(long bytes, double seconds) {}

    private static Written pipeline(Setting setting, int count) throws Exception {
      Path folder = Stores.folder();
      double[] out = new double[1];
      long start = System.nanoTime();
      long bytes;
      try (PredictionLogger log =
          PredictionLogger.builder(setting.model).folder(folder).mustLog().open()) {
        try (Lease lease = setting.model.lease()) {
          for (int i = 0; i < count; i++) {
            int row = i & DISTINCT - 1;
            log.row(lease, setting.ids[row])
                .features(setting.rows[row])
                .set("origin", setting.origins[row])
                .set("tail", setting.tails[row])
                .prediction(out)
                .commit();
          }
        }
        log.flush(Duration.ofMinutes(2));
        bytes = log.status().bytes();
        if (log.status().logged() != count) {
          throw new IllegalStateException("not every row was logged: " + log.status());
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Stores.delete(folder);
      return new Written(bytes, seconds);
    }

    /** Writes as many bytes in blocks as large as the log's batches, and syncs them: bytes/s. */
    private static double plain(long bytes) throws Exception {
      Path folder = Stores.folder();
      byte[] block = new byte[1 << 20];
      new Random(2).nextBytes(block);
      long start = System.nanoTime();
      Path file = folder.resolve("plain");
      try (OutputStream to = Files.newOutputStream(file)) {
        for (long left = bytes; left > 0; left -= block.length) {
          to.write(block, 0, (int) Math.min(left, block.length));
        }
      }
      try (var channel =
          java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      double rate = bytes / ((System.nanoTime() - start) / 1e9);
      Stores.delete(folder);
      return rate;
    }
  }
}
