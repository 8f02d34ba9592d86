package io.plumbline.benchmarks;

import io.plumbline.MetricHandle;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Figures that need processes of their own. */
final class ProcessFigures {
  private ProcessFigures() {}

  static ProcessBuilder java(Class<?> main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  /**
   * Runs one of the peers' programs.
   *
   * @param unit what stands before the number in the line that it prints
   * @return the number
   */
  static double python(String python, String script, String unit, String argument)
      throws Exception {
    Path root = Path.of(System.getProperty("bench.root", "."));
    Process process =
        new ProcessBuilder(
                python, root.resolve("benchmarks/peers").resolve(script).toString(), argument)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String last = "";
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith(unit)) {
          last = line.substring(unit.length());
        }
      }
    }
    if (process.waitFor() != 0 || last.isEmpty()) {
      throw new IllegalStateException(script + " failed with " + process.exitValue());
    }
    return Double.parseDouble(last);
  }

  /** A program that logs one metric, less the same program without the SDK. */
  static final class Cold implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      int rounds = context.quick() ? 7 : 21;
      double[] differences = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        double without = millis(java(Without.class));
        Path folder = Stores.folder();
        differences[i] = millis(java(With.class, folder.toString())) - without;
        Stores.delete(folder);
      }
      Spread spread = new Spread(differences);
      context.result("tracking.cold.ms", spread.median(), "ms", "" + spread);
    }
  }

  static double millis(ProcessBuilder program) throws Exception {
    long start = System.nanoTime();
    Process process = program.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the program failed: " + program.command());
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** The program without the SDK. */
  static final class Without {
    private Without() {}

    public static void main(String[] args) {
      System.out.println(0.5);
    }
  }

  /** The program that logs one metric. */
  static final class With {
    private With() {}

    public static void main(String[] args) {
      try (TrackingClient tracking = Stores.open(Path.of(args[0]))) {
        tracking.run("cold", tracker -> tracker.logMetric("loss", 0.5, 0));
      }
    }
  }

  /** Scalars logged a second, over W&B's Python client in its offline mode, in turn. */
  static final class AgainstWandb implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      String python = System.getenv("BENCH_WANDB_PYTHON");
      if (python == null) {
        context.note("skipped: benchmarks/run sets BENCH_WANDB_PYTHON where Python is to be had");
        return;
      }
      int rounds = context.quick() ? 3 : 7;
      double[] ratios = new double[rounds];
      double[] ours = new double[rounds];
      double[] theirs = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        theirs[i] = wandb(python);
        ours[i] = plumbline();
        ratios[i] = ours[i] / theirs[i];
      }
      context.note("calls/s, wandb: " + new Spread(theirs).median() + " " + new Spread(theirs));
      context.note("calls/s, ours: " + new Spread(ours).median() + " " + new Spread(ours));
      Spread spread = new Spread(ratios);
      context.result("tracking.vs_wandb_offline", spread.median(), "x", "" + spread);
    }

    private static double wandb(String python) throws Exception {
      Path folder = Stores.folder();
      double rate = python(python, "wandb_offline.py", "calls/s ", folder.toString());
      Stores.delete(folder);
      return rate;
    }

    private static double plumbline() throws Exception {
      Path folder = Stores.folder();
      int calls = 5_000_000;
      double rate;
      try (TrackingClient tracking = Stores.open(folder);
          Tracker tracker = tracking.start("figures")) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
          tracker.logMetric("loss", i * 0.5, i);
        }
        rate = calls / ((System.nanoTime() - start) / 1e9);
        if (tracking.delivery().droppedTotal() > 0) {
          throw new IllegalStateException("dropped: " + tracking.delivery());
        }
        tracker.finish();
      }
      Stores.delete(folder);
      return rate;
    }
  }

  /** Opening a store after a crash that left everything to be scanned. */
  static final class Recover implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      int rounds = context.quick() ? 3 : 7;
      String metrics = context.quick() ? "20000000" : "60000000";
      double[] rates = new double[rounds];
      for (int i = 0; i < rounds; i++) {
        Path folder = Stores.folder();
        Process process = java(Crash.class, folder.toString(), metrics).start();
        try (BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
          if (!"logged".equals(out.readLine())) {
            throw new IllegalStateException("the program that was to be killed did not get there");
          }
          process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        long bytes = Stores.bytes(folder.resolve("runs"));
        try (Stream<Path> files = Files.walk(folder.resolve("runs"))) {
          for (Path file : files.filter(f -> f.toString().endsWith(".run.json")).toList()) {
            Files.delete(file); // so that not only the last second has to be scanned
          }
        }
        long start = System.nanoTime();
        Stores.open(folder).close();
        rates[i] = bytes / 1e6 / ((System.nanoTime() - start) / 1e9);
        Stores.delete(folder);
      }
      Spread spread = new Spread(rates);
      context.result("store.recover.rate", spread.median(), "MB/s", "" + spread);
    }
  }

  /** The program that is killed. */
  static final class Crash {
    private Crash() {}

    public static void main(String[] args) throws Exception {
      TrackingClient tracking = Stores.open(Path.of(args[0]));
      Tracker tracker = tracking.start("crash");
      MetricHandle loss = tracker.metric("loss");
      SplittableRandom random = new SplittableRandom(1);
      for (long i = 0, n = Long.parseLong(args[1]); i < n; i++) {
        loss.log(random.nextDouble(), i);
      }
      System.out.println("logged");
      System.out.flush();
      Thread.currentThread().join(); // until it is killed
    }
  }
}
