package io.plumbline.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the figures whose names it is given, or all: {@code benchmarks/run [--quick] NAME...}.
 */
public final class Figures {
  /** One or more figures that are measured together. */
  interface Figure {
    /** Measures, and reports through the context. */
    void measure(Context context) throws Exception;
  }

  /** How to measure, and where to report. */
  static final class Context {
    private final boolean quick;
    private final List<String> results = new ArrayList<>();

    Context(boolean quick) {
      this.quick = quick;
    }

    /** Returns whether one digit is enough. */
    boolean quick() {
      return quick;
    }

    /** Reports a figure's value, and how it spread. */
    void result(String name, double value, String unit, String spread) {
      String number = String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
      System.out.printf("  %-28s %12s %-10s %s%n", name, number, unit, spread);
      results.add("result " + name + " " + number + " " + unit);
    }

    /** Tells something about the measurement. */
    void note(String text) {
      System.out.println("  " + text);
    }
  }

  private static final Map<Figure, List<String>> ALL = new LinkedHashMap<>();

  static {
    ALL.put(new CallFigures.Paced(), List.of("tracking.call.p50", "tracking.call.p99"));
    ALL.put(new CallFigures.Threads(), List.of("tracking.call.threads"));
    ALL.put(new CallFigures.Allocation(), List.of("tracking.call.alloc"));
    ALL.put(
        new JournalFigures.Rate(),
        List.of("tracking.journal.rate", "tracking.journal.bytes", "store.read.rate"));
    ALL.put(new JournalFigures.AgainstWrite(), List.of("tracking.journal.vs_write"));
    ALL.put(new JournalFigures.Scale(), List.of("tracking.scale"));
    ALL.put(new ProcessFigures.Cold(), List.of("tracking.cold.ms"));
    ALL.put(new ProcessFigures.AgainstWandb(), List.of("tracking.vs_wandb_offline"));
    ALL.put(new ProcessFigures.Recover(), List.of("store.recover.rate"));
    ALL.put(new StoreFigures.Search(), List.of("store.search.ms"));
    ALL.put(new ServingFigures.Lease(), List.of("serving.lease.p50"));
    ALL.put(
        new OnnxFigures.Overhead(),
        List.of("serving.overhead.onnx.p50", "serving.overhead.onnx.p99"));
    ALL.put(
        new ServingFigures.Overhead(),
        List.of("serving.overhead.lightgbm.p50", "serving.overhead.lightgbm.p99"));
    ALL.put(new ServingFigures.Threads(), List.of("serving.threads.lightgbm"));
    ALL.put(new ServingFigures.Allocation(), List.of("serving.alloc"));
    ALL.put(new ServingFigures.Swap(), List.of("serving.swap.p99"));
    ALL.put(new ServingFigures.Rollback(), List.of("serving.rollback.us"));
    ALL.put(PeerServing.mlflow(), List.of("serving.vs_mlflow_server"));
    ALL.put(PeerServing.mlserver(), List.of("serving.vs_mlserver"));
    ALL.put(new ServingFigures.Resolve(), List.of("registry.resolve.warm"));
    ALL.put(new RegistryFigures.Verify(), List.of("registry.verify.vs_openssl"));
    ALL.put(new RegistryFigures.ColdStart(), List.of("registry.cold_start.ms"));
    ALL.put(
        new PredictionLogFigures.Call(),
        List.of("predictions.log.p50", "predictions.log.p99", "predictions.log.alloc"));
    ALL.put(
        new PredictionLogFigures.Whole(),
        List.of("predictions.file.rows", "predictions.file.vs_write"));
    ALL.put(new DriftFigures.Count(), List.of("drift.count.ns"));
    ALL.put(new DriftFigures.FalseAlarms(), List.of("drift.false_alarms"));
    ALL.put(new DriftFigures.Power(), List.of("drift.power"));
    ALL.put(new EvidentlyFigures.AgainstEvidently(), List.of("drift.profile.vs_evidently"));
    ALL.put(new EvidentlyFigures.Million(), List.of("drift.profile.1m", "drift.profile.1m.memory"));
    ALL.put(new ReportFigures.Page(), List.of("report.ms"));
    ALL.put(new PredictionFileFigures.AgainstArrow(), List.of("predictions.file.vs_arrow_vector"));
    ALL.put(new MlflowFigures.AgainstServer(), List.of("mlflow.delivered.vs_server"));
    ALL.put(new MlflowFigures.AgainstJavaClient(), List.of("mlflow.delivered.vs_java_client"));
    ALL.put(new MlflowFigures.AgainstPython(), List.of("mlflow.delivered.vs_python_async"));
    ALL.put(new MlflowRunFigures.Call(), List.of("mlflow.call.p99"));
    ALL.put(new MlflowRunFigures.Overhead(), List.of("mlflow.run.overhead"));
    ALL.put(new MlflowRunFigures.Memory(), List.of("mlflow.memory"));
    ALL.put(new MlflowArtifactFigures(), List.of("mlflow.artifact.up", "mlflow.artifact.down"));
    ALL.put(new FleetFigures.Peak(), List.of("courier.fleet.peak"));
  }

  private Figures() {}

  /** Measures. */
  public static void main(String[] args) throws Exception {
    List<String> wanted = new ArrayList<>(List.of(args));
    boolean quick = wanted.remove("--quick");
    List<String> known = ALL.values().stream().flatMap(List::stream).toList();
    for (String name : wanted) {
      if (!known.contains(name)) {
        System.err.println("no figure is called " + name + "; there are " + known);
        System.exit(2);
      }
    }
    Context context = new Context(quick);
    System.out.printf(
        "JDK %s, %s %s, %d cores%n",
        Runtime.version(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.getRuntime().availableProcessors());
    for (Map.Entry<Figure, List<String>> e : ALL.entrySet()) {
      if (wanted.isEmpty() || e.getValue().stream().anyMatch(wanted::contains)) {
        System.out.println(String.join(", ", e.getValue()));
        e.getKey().measure(context);
      }
    }
    System.out.println();
    context.results.forEach(System.out::println);
  }
}
