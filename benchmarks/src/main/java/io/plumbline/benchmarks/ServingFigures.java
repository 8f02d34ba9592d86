package io.plumbline.benchmarks;

import com.microsoft.ml.lightgbm.SWIGTYPE_p_double;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_int;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_long_long;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_p_void;
import com.microsoft.ml.lightgbm.SWIGTYPE_p_void;
import com.microsoft.ml.lightgbm.lightgbmlib;
import com.microsoft.ml.lightgbm.lightgbmlibConstants;
import com.sun.management.ThreadMXBean;
import io.plumbline.data.CsvTable;
import io.plumbline.model.ModelPackage;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What serving costs beyond the engine. */
final class ServingFigures {
  private ServingFigures() {}

  private static double jmh(String method, int threads, boolean quick) throws Exception {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(LeaseBench.class.getName() + "." + method)
                    .threads(threads)
                    .forks(quick ? 1 : 3)
                    .warmupIterations(2)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(quick ? 2 : 5)
                    .measurementTime(TimeValue.seconds(1))
                    .jvmArgsAppend("-Dorg.slf4j.simpleLogger.defaultLogLevel=off")
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    return results.iterator().next().getPrimaryResult().getScore();
  }

  /** A lease and its return, by one thread and by two. */
  static final class Lease implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      double one = jmh("lease", 1, context.quick());
      double two = jmh("lease", 2, context.quick());
      context.result("serving.lease.p50", one, "ns", "(one thread; JMH average)");
      context.note(String.format("two threads: %.1f ns", two));
    }
  }

  /** A reference that was resolved before, by two threads. */
  static final class Resolve implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      double two = jmh("resolve", 2, context.quick());
      context.result("registry.resolve.warm", two, "ns", "(two threads; JMH average)");
    }
  }

  // ---- LightGBM

  /** The engine alone: LightGBM's fast single-row call, with everything prepared. */
  private static final class Bare {
    private final SWIGTYPE_p_p_void booster = lightgbmlib.new_voidpp();
    private final SWIGTYPE_p_p_void config = lightgbmlib.new_voidpp();
    private final SWIGTYPE_p_double row;
    private final SWIGTYPE_p_void data;
    private final SWIGTYPE_p_double result = lightgbmlib.new_doubleArray(1);
    private final SWIGTYPE_p_long_long length = lightgbmlib.new_int64_tp();
    private final SWIGTYPE_p_void fast;

    Bare(ModelPackage model, int features) {
      String text =
          new String(model.part("model.txt").orElseThrow().bytes(), StandardCharsets.UTF_8);
      SWIGTYPE_p_int iterations = lightgbmlib.new_intp();
      row = lightgbmlib.new_doubleArray(features);
      data = lightgbmlib.double_to_voidp_ptr(row);
      int failed = lightgbmlib.LGBM_BoosterLoadModelFromString(text, iterations, booster);
      failed |=
          lightgbmlib.LGBM_BoosterPredictForMatSingleRowFastInit(
              lightgbmlib.voidpp_value(booster),
              lightgbmlibConstants.C_API_PREDICT_NORMAL,
              0,
              -1,
              lightgbmlibConstants.C_API_DTYPE_FLOAT64,
              features,
              "num_threads=1",
              config);
      if (failed != 0) {
        throw new IllegalStateException(lightgbmlib.LGBM_GetLastError());
      }
      fast = lightgbmlib.voidpp_value(config);
    }

    double predict(double[] in) {
      for (int i = 0; i < in.length; i++) {
        lightgbmlib.doubleArray_setitem(row, i, in[i]);
      }
      if (lightgbmlib.LGBM_BoosterPredictForMatSingleRowFast(fast, data, length, result) != 0) {
        throw new IllegalStateException(lightgbmlib.LGBM_GetLastError());
      }
      return lightgbmlib.doubleArray_getitem(result, 0);
    }
  }

  /** A prediction of the row with that number. */
  interface Predict {
    double row(int number);
  }

  /** Nanoseconds for each of many predictions, at half of the full speed, sorted. */
  private static long[] paced(Predict predict, int calls, double period) {
    long[] nanos = new long[calls];
    double sum = 0;
    long step = Math.round(period);
    long due = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      while (System.nanoTime() - due < 0) {
        Thread.onSpinWait();
      }
      long start = System.nanoTime();
      sum += predict.row(i);
      nanos[i] = System.nanoTime() - start;
      due = Math.max(due + step, start);
    }
    if (Double.isNaN(sum)) {
      throw new IllegalStateException("a prediction was NaN");
    }
    Arrays.sort(nanos);
    return nanos;
  }

  private static double average(Predict predict, int calls) {
    double sum = 0;
    long start = System.nanoTime();
    for (int i = 0; i < calls; i++) {
      sum += predict.row(i);
    }
    double each = (System.nanoTime() - start) / (double) calls;
    return Double.isNaN(sum) ? Double.NaN : each;
  }

  /** A live model of the flights, ready to predict. */
  private static final class Flights implements AutoCloseable {
    private final Path folder = Stores.folder();
    private final ModelRegistry registry = FlightModel.registry(folder);
    private final double[][] rows;
    private final ModelPackage model;
    private final LiveModel live;

    Flights(int keepWarm) throws Exception {
      CsvTable flights = FlightModel.flights();
      rows = flights.matrix(FlightModel.FEATURES);
      model = FlightModel.lightgbm(flights, 31);
      FlightModel.register(registry, model, FlightModel.lightgbm(flights, 7));
      live = LiveModel.builder(registry, "models:/flights@champion").keepWarm(keepWarm).open();
    }

    Predict live() {
      double[] out = new double[1];
      return number -> {
        live.predict(rows[number % rows.length], out);
        return out[0];
      };
    }

    @Override
    public void close() throws Exception {
      live.close();
      registry.close();
      Stores.delete(folder);
    }
  }

  /** Compares two ways to predict at half of their full speed, in blocks that take turns. */
  static void overhead(Figures.Context context, String engine, Predict bare, Predict live) {
    double full = 0;
    for (int i = 0; i < 3; i++) {
      full = average(bare, 100_000);
      full = Math.max(full, average(live, 100_000));
    }
    int blocks = context.quick() ? 5 : 15;
    int calls = context.quick() ? 50_000 : 200_000;
    double[] p50 = new double[blocks];
    double[] p99 = new double[blocks];
    for (int i = 0; i < blocks; i++) {
      long[] without = paced(bare, calls, 2 * full);
      long[] with = paced(live, calls, 2 * full);
      p50[i] = with[calls / 2] / (double) without[calls / 2];
      p99[i] = with[calls * 99 / 100] / (double) without[calls * 99 / 100];
    }
    context.note(String.format("full speed: %.0f ns a prediction", full));
    String name = "serving.overhead." + engine;
    context.result(name + ".p50", new Spread(p50).median(), "x", "" + new Spread(p50));
    context.result(name + ".p99", new Spread(p99).median(), "x", "" + new Spread(p99));
  }

  /** The live model over the bare call, in blocks that take turns. */
  static final class Overhead implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (Flights flights = new Flights(1)) {
        Bare engine = new Bare(flights.model, FlightModel.FEATURES.size());
        Predict bare = number -> engine.predict(flights.rows[number % flights.rows.length]);
        Predict live = flights.live();
        overhead(context, "lightgbm", bare, live);
      }
    }
  }

  /** Predictions a second with two threads over one. */
  static final class Threads implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (Flights flights = new Flights(1)) {
        int rounds = context.quick() ? 3 : 9;
        double[] ratios = new double[rounds];
        rate(flights, 1, 1_000);
        rate(flights, 2, 1_000);
        double one = 0;
        for (int i = 0; i < rounds; i++) {
          one = rate(flights, 1, 1_000);
          ratios[i] = rate(flights, 2, 1_000) / one;
        }
        context.note(String.format("one thread: %.0f predictions/s", one));
        context.result(
            "serving.threads.lightgbm", new Spread(ratios).median(), "x", "" + new Spread(ratios));
      }
    }

    private static double rate(Flights flights, int threads, int millis) throws Exception {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong total = new AtomicLong();
      Thread[] callers = new Thread[threads];
      long start = System.nanoTime();
      for (int t = 0; t < threads; t++) {
        callers[t] =
            new Thread(
                () -> {
                  Predict live = flights.live();
                  long n = 0;
                  while (!stop.get()) {
                    live.row((int) (n++ & 0xFFFF));
                  }
                  total.addAndGet(n);
                });
        callers[t].start();
      }
      Thread.sleep(millis);
      stop.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
      return total.get() / ((System.nanoTime() - start) / 1e9);
    }
  }

  /** Bytes of a prediction beyond the engine's own, on its thread. */
  static final class Allocation implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      try (Flights flights = new Flights(1)) {
        Bare engine = new Bare(flights.model, FlightModel.FEATURES.size());
        Predict live = flights.live();
        Predict bare = number -> engine.predict(flights.rows[number % flights.rows.length]);
        average(live, 200_000);
        average(bare, 200_000);
        int calls = 1_000_000;
        long before = threads.getCurrentThreadAllocatedBytes();
        average(live, calls);
        long middle = threads.getCurrentThreadAllocatedBytes();
        average(bare, calls);
        long after = threads.getCurrentThreadAllocatedBytes();
        double bytes = ((middle - before) - (after - middle)) / (double) calls;
        context.result("serving.alloc", bytes, "bytes", "(" + calls + " predictions)");
      }
    }
  }

  /** The p99 of a paced thread while versions are swapped over the p99 while they are not. */
  static final class Swap implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (Flights flights = new Flights(0)) {
        Predict live = flights.live();
        double full = 0;
        for (int i = 0; i < 3; i++) {
          full = average(live, 100_000);
        }
        int rounds = context.quick() ? 3 : 9;
        int swaps = 100;
        double[] ratios = new double[rounds];
        int calls = (int) (5e9 / (2 * full));
        for (int i = 0; i < rounds; i++) {
          long[] still = paced(live, calls, 2 * full);
          AtomicLong done = new AtomicLong();
          Thread swapping = new Thread(() -> swap(flights, swaps, done));
          swapping.start();
          long[] busy = paced(live, calls, 2 * full);
          swapping.join();
          ratios[i] = busy[calls * 99 / 100] / (double) still[calls * 99 / 100];
          context.note(done + " swaps; p99 " + still[calls * 99 / 100] + " ns without");
        }
        context.result(
            "serving.swap.p99", new Spread(ratios).median(), "x", "" + new Spread(ratios));
      }
    }

    private static void swap(Flights flights, int swaps, AtomicLong done) {
      for (int i = 0; i < swaps; i++) {
        // Nothing is kept warm: each version is loaded, checked and warmed up anew.
        flights.registry.setAlias("flights", "champion", 1 + (i + 1) % 2, "figures");
        if (flights.live.refresh(Duration.ofMinutes(1))) {
          done.incrementAndGet();
        }
        java.util.concurrent.locks.LockSupport.parkNanos(40_000_000);
      }
    }
  }

  /** From the call to the first answer of the version before. */
  static final class Rollback implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      try (Flights flights = new Flights(1)) {
        flights.registry.setAlias("flights", "champion", 2, "figures");
        if (!flights.live.refresh(Duration.ofMinutes(1))) {
          throw new IllegalStateException("no second version: " + flights.live.status());
        }
        int times = context.quick() ? 200 : 1_000;
        double[] micros = new double[times];
        for (int i = 0; i < times; i++) {
          long start = System.nanoTime();
          flights.live.rollback("figures");
          flights.live.predict(flights.rows[0]);
          micros[i] = (System.nanoTime() - start) / 1e3;
          flights.live.unpin();
          if (!flights.live.refresh(Duration.ofMinutes(1))) {
            throw new IllegalStateException("not at the alias again: " + flights.live.status());
          }
        }
        context.result(
            "serving.rollback.us", new Spread(micros).median(), "us", "" + new Spread(micros));
      }
    }
  }
}
