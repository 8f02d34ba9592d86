package io.plumbline.mlflow;

import io.plumbline.model.Dataset;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a run has logged at random, as MLflow is to have it. */
final class LoggedRun {
  private static final int KINDS = 6;

  final @Nullable String parent;
  final Map<String, String> params = new HashMap<>();
  final Map<String, List<Double>> metrics = new HashMap<>();
  final Map<String, String> tags = new HashMap<>();
  final Map<String, String> artifacts = new HashMap<>();
  final List<String> models = new ArrayList<>();
  final List<String> inputs = new ArrayList<>();
  RunStatus status = RunStatus.FINISHED;

  private LoggedRun(@Nullable String parent) {
    this.parent = parent;
  }

  /** Logs into a new run, and now and then into a child of it. */
  static void log(
      Random random, TrackingClient tracking, String experiment, Map<String, LoggedRun> runs) {
    Tracker tracker = tracking.start(experiment);
    LoggedRun logged = new LoggedRun(null);
    runs.put(tracker.id(), logged);
    logged.steps(random, tracker);
    if (random.nextInt(4) == 0) {
      Tracker child = tracker.startChild(RunOptions.named("child"));
      LoggedRun its = new LoggedRun(tracker.id());
      runs.put(child.id(), its);
      its.steps(random, child);
      its.end(random, child);
    }
    logged.end(random, tracker);
  }

  /** Logs something of every kind into a new run. */
  static void every(TrackingClient tracking, String experiment, Map<String, LoggedRun> runs) {
    Random random = new Random(0);
    Tracker tracker = tracking.start(experiment);
    LoggedRun logged = new LoggedRun(null);
    runs.put(tracker.id(), logged);
    for (int kind = 0; kind < KINDS; kind++) {
      logged.step(kind, random, tracker);
    }
    logged.model(random, tracker);
    logged.end(random, tracker);
  }

  private void end(Random random, Tracker tracker) {
    status = random.nextInt(3) == 0 ? RunStatus.FAILED : RunStatus.FINISHED;
    tracker.end(status);
  }

  private void steps(Random random, Tracker tracker) {
    for (int i = random.nextInt(12); i >= 0; i--) {
      step(random.nextInt(KINDS), random, tracker);
    }
    if (random.nextInt(6) == 0) {
      model(random, tracker);
    }
  }

  private void model(Random random, Tracker tracker) {
    String text = "rules " + random.nextInt(1_000);
    ModelPart part = ModelPart.of("r.txt", "text/plain", text.getBytes(StandardCharsets.UTF_8));
    LoggedModel model = tracker.logModel("model", ModelPackage.of("rules", Map.of()).with(part));
    models.add("model " + model.digest());
  }

  private void step(int kind, Random random, Tracker tracker) {
    int n = random.nextInt(1_000);
    switch (kind) {
      case 0 -> {
        tracker.logParam("p" + n, "v" + n);
        params.put("p" + n, "v" + n);
      }
      case 1 -> {
        tracker.setTag("t" + n % 5, "v" + n);
        tags.put("t" + n % 5, "v" + n);
      }
      case 2 -> {
        // Of the same length, or not, as what may be there.
        String text = "text " + (n < 500 ? 100 + n : n % 10);
        tracker.logText(text, "a" + n % 2 + ".txt");
        artifacts.put("a" + n % 2 + ".txt", text);
      }
      case 3 -> {
        if (inputs.size() < 2) {
          Dataset rows = Dataset.of("rows", new double[][] {{n, inputs.size()}}, List.of("a", "b"));
          inputs.add(tracker.logInput(rows, "training").dataset().digest());
        }
      }
      default -> points(random, tracker, "k" + n % 3);
    }
  }

  private void points(Random random, Tracker tracker, String key) {
    List<Double> points = metrics.computeIfAbsent(key, k -> new ArrayList<>());
    for (int i = random.nextInt(200); i >= 0; i--) {
      double value =
          switch (random.nextInt(40)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NEGATIVE_INFINITY;
            default -> random.nextGaussian();
          };
      tracker.logMetric(key, value, points.size());
      // MLflow's database has no infinities.
      points.add(
          Double.isInfinite(value) ? Math.copySign(Double.MAX_VALUE, value) : (Double) value);
    }
  }
}
