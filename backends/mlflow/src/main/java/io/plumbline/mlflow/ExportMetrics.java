package io.plumbline.mlflow;

import io.plumbline.internal.Printable;
import io.plumbline.internal.history.PointSet;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.DatasetInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the points of a run: a file for each metric, a line for each point. MLflow's database
 * keeps equal points once, and its migration fails on the second one, so there is none.
 */
final class ExportMetrics {
  private final ExportTree tree;
  private final StoreView view;
  private final String localId;
  private final String runId;
  private final String place;
  private final Map<String, Path> models;
  private final Path folder;
  private final Map<String, Metric> metrics = new HashMap<>();
  private final Map<Path, PointSet> ofModels = new HashMap<>();
  private final Map<Path, Boolean> modelFiles = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private long written;

  /** A metric's file, and whether all points so far came in their order. */
  private static final class Metric {
    private final @Nullable Path file;
    private long step;
    private long time;
    private long count;
    private boolean sorted = true;

    Metric(@Nullable Path file) {
      this.file = file;
    }

    void see(long nextStep, long nextTime) {
      sorted &= count == 0 || nextStep > step || nextStep == step && nextTime > time;
      step = nextStep;
      time = nextTime;
      count++;
    }
  }

  /**
   * Prepares to write.
   *
   * @param localId the run's id in the store
   * @param runId its id in the export
   * @param models the folders of the models that are exported, by their ids
   */
  ExportMetrics(
      ExportTree tree,
      StoreView view,
      String localId,
      String runId,
      Path folder,
      String place,
      Map<String, Path> models) {
    this.tree = tree;
    this.view = view;
    this.localId = localId;
    this.runId = runId;
    this.folder = folder;
    this.place = place;
    this.models = models;
  }

  /** Writes all points; returns how many. */
  long write() {
    try (ExportLines lines = new ExportLines()) {
      view.points(localId, (key, v, step, t, input, m) -> point(lines, key, v, step, t, input, m));
    }
    metrics.forEach(
        (key, metric) -> {
          if (!metric.sorted && metric.file != null) {
            rewrite(key, metric, metric.file);
          }
        });
    return written;
  }

  private void point(
      ExportLines lines,
      String key,
      double value,
      long step,
      long time,
      @Nullable DatasetInput input,
      @Nullable String model) {
    Metric metric =
        metrics.computeIfAbsent(key, k -> new Metric(tree.keyFile(folder, "metric", k, place)));
    if (metric.file == null) {
      return;
    }
    metric.see(step, time);
    lines.add(metric.file, line(value, step, time));
    written++;
    Path modelFolder = model == null ? null : models.get(model);
    if (modelFolder != null) {
      ofModel(lines, modelFolder, key, value, step, time, input);
    }
  }

  private static String line(double value, long step, long time) {
    return time + " " + number(value) + " " + step;
  }

  /** As Python spells it. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    return Double.isInfinite(value) ? value > 0 ? "inf" : "-inf" : Double.toString(value);
  }

  private void rewrite(String key, Metric metric, Path file) {
    try {
      Files.write(file, new byte[0]);
    } catch (IOException e) {
      throw ExportTree.failed(file, e);
    }
    PointSet seen = new PointSet();
    long[] kept = new long[1];
    try (ExportLines lines = new ExportLines()) {
      view.history(localId, key)
          .forEach(
              (value, step, time) -> {
                if (seen.add(inDatabase(value), step, time)) {
                  lines.add(file, line(value, step, time));
                  kept[0]++;
                }
              });
    }
    // What a running program has added meanwhile is no loss.
    long twice = Math.max(0, metric.count - kept[0]);
    written += kept[0] - metric.count;
    if (twice > 0) {
      tree.omit(
          place,
          "of the metric "
              + Printable.quote(key)
              + " "
              + twice
              + " points are equal to others in value, step and millisecond, and MLflow keeps one"
              + " of each");
    }
  }

  /** What MLflow's database makes of a value. */
  private static double inDatabase(double value) {
    if (Double.isInfinite(value)) {
      return Math.copySign(Double.MAX_VALUE, value);
    }
    return value == 0 ? 0.0 : value;
  }

  /** A model has one value for a step and a millisecond. */
  private void ofModel(
      ExportLines lines,
      Path model,
      String key,
      double value,
      long step,
      long time,
      @Nullable DatasetInput input) {
    Path file = model.resolve("metrics").resolve(key);
    boolean usable = modelFiles.computeIfAbsent(file, f -> isUsable(model, key, f));
    if (!usable) {
      return;
    }
    if (!ofModels.computeIfAbsent(file, f -> new PointSet()).add(0, step, time)) {
      once(
          "the metric "
              + Printable.quote(key)
              + " has several values for one step and millisecond; its model has the first of them");
      return;
    }
    String line = line(value, step, time) + " " + runId;
    boolean named = input != null && isWord(input.dataset().name());
    if (input != null && named && isWord(input.dataset().digest())) {
      line += " " + input.dataset().name() + " " + input.dataset().digest();
    } else if (input != null) {
      once(
          "the metric "
              + Printable.quote(key)
              + " of a model is not linked to the dataset "
              + Printable.quote(input.dataset().name())
              + ": MLflow's files take no blanks in its name and digest");
    }
    lines.add(file, line);
  }

  private void once(String reason) {
    if (told.add(reason)) {
      tree.omit(place, reason);
    }
  }

  private boolean isUsable(Path model, String key, Path file) {
    return Files.exists(file)
        || tree.keyFile(model.resolve("metrics"), "metric", key, place) != null;
  }

  private static boolean isWord(String text) {
    return !text.isEmpty()
        && text.codePoints().noneMatch(c -> c <= ' ' || Character.isSpaceChar(c));
  }
}
