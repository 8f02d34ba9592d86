package io.plumbline.lightgbm;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.plumbline.Config;
import io.plumbline.model.ModelPackage;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A program that swaps boosters while eight threads predict with them, and ends with 1 if an answer
 * is not that of the version that gave it. If a booster is closed too early, it does not end at all
 * but crashes.
 */
final class SwapAttack {
  private static final int VERSIONS = 5;
  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final double[] ROW = {0.3, -0.2, 0.9};

  private SwapAttack() {}

  /** Swaps; the arguments are a folder and how often. */
  public static void main(String[] args) throws Exception {
    int swaps = Integer.parseInt(args[1]);
    double[] expected = new double[VERSIONS + 1];
    AtomicReference<Throwable> wrong = new AtomicReference<>();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong predictions = new AtomicLong();
    Config config =
        Config.builder()
            .isolated()
            .store(Path.of(args[0], "store"))
            .set("registry.metadata.age", "0s")
            .build();
    try (ModelRegistry registry = ModelRegistry.create(config)) {
      for (int version = 1; version <= VERSIONS; version++) {
        ModelPackage model = model(version, expected);
        registry.register("flights", model, RegisterOptions.none());
      }
      registry.setAlias("flights", "champion", 1, "");
      try (LiveModel model =
          LiveModel.builder(registry, "models:/flights@champion")
              .keepWarm(0)
              .warmUp(2)
              .predictors(8)
              .open()) {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          callers.add(new Thread(() -> call(model, expected, stop, predictions, wrong)));
        }
        callers.forEach(Thread::start);
        long early = 0;
        for (int i = 0; i < swaps && wrong.get() == null; i++) {
          registry.setAlias("flights", "champion", 1 + (i + 1) % VERSIONS, "swap " + i);
          if (!model.refresh(Duration.ofMinutes(1))) {
            throw new IllegalStateException("swap " + i + " has not happened: " + model.status());
          }
          early = i == Math.min(100, swaps / 2) ? residentKib() : early;
        }
        stop.set(true);
        for (Thread caller : callers) {
          caller.join();
        }
        System.out.println(
            swaps
                + " swaps, "
                + predictions
                + " predictions, grown by "
                + (residentKib() - early) / 1024
                + " MiB");
      }
    }
    if (wrong.get() != null) {
      wrong.get().printStackTrace();
      System.exit(1);
    }
  }

  private static ModelPackage model(int version, double[] expected) throws Exception {
    Random random = new Random(version);
    double[][] rows = new double[200][];
    double[] labels = new double[200];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[] {random.nextDouble(), random.nextGaussian(), random.nextDouble()};
      labels[i] = rows[i][0] + version * rows[i][1];
    }
    Map<String, Object> params =
        Map.of("objective", "regression", "num_leaves", 15, "num_threads", 1, "verbosity", -1);
    try (LGBMDataset data = LightGbm.trainingData(params, NAMES, rows, labels);
        LGBMBooster booster = LightGbm.booster(params, data)) {
      int iterations = LightGbm.train(booster, 50);
      expected[version] = LightGbm.predict(booster, new double[][] {ROW})[0] + 0 * iterations;
      return LightGbm.pack(booster)
          .with(LightGbm.signature(booster, "y"))
          .with(LightGbm.goldenRecords(booster, new double[][] {ROW}, "y"));
    }
  }

  private static void call(
      LiveModel model,
      double[] expected,
      AtomicBoolean stop,
      AtomicLong predictions,
      AtomicReference<Throwable> wrong) {
    double[] out = new double[1];
    try {
      while (!stop.get() && wrong.get() == null) {
        try (Lease lease = model.lease()) {
          lease.predict(ROW, out);
          if (out[0] != expected[lease.version().version()]) {
            throw new AssertionError(lease.version() + " has given " + out[0]);
          }
        }
        predictions.incrementAndGet();
      }
    } catch (RuntimeException | Error e) {
      wrong.compareAndSet(null, e);
    }
  }

  private static long residentKib() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }
}
