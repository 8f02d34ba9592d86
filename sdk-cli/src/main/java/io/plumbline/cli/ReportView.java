package io.plumbline.cli;

import io.plumbline.drift.internal.page.Curve;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.RegisteredModel;
import io.plumbline.model.Run;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a report tells of a store, in whatever form.
 *
 * @param store the store's folder
 * @param made when the report was made
 * @param runs all of them, in the order of the report
 * @param goals which value of a metric is the better one
 * @param metrics the metrics that are shown of each run
 * @param params the params by which the runs differ
 * @param curves the curves, by metric and the run's place in the list
 * @param chosen the runs, by their places, that are shown side by side at first
 * @param pictures the pictures that runs have kept; their content is read when it is shown
 * @param models the registered models
 * @param drift drift pages
 * @param notes what a reader should know before trusting the rest
 */
record ReportView(
    Path store,
    Instant made,
    List<Run> runs,
    Goals goals,
    List<String> metrics,
    List<String> params,
    Map<String, Map<Integer, List<Curve.Point>>> curves,
    List<Integer> chosen,
    List<Picture> pictures,
    List<Model> models,
    List<Path> drift,
    List<String> notes) {
  /**
   * A registered model with all that is below it.
   *
   * @param model the model
   * @param versions the newest first
   * @param history the changes of all its aliases, the newest first
   */
  record Model(RegisteredModel model, List<ModelVersion> versions, List<AliasChange> history) {}

  /**
   * A picture among the artifacts of a run.
   *
   * @param run the run's place in the list
   * @param path its path in the run
   * @param size bytes
   * @param content reads it
   */
  record Picture(int run, String path, long size, Content content) {}

  /** Reads a content that is too large to be held. */
  @FunctionalInterface
  interface Content {
    /** Returns all bytes. */
    byte[] read();
  }

  /** Returns the points of all metrics, those that are not shown included. */
  long points() {
    return runs.stream()
        .flatMap(run -> run.metrics().values().stream())
        .mapToLong(summary -> summary.count())
        .sum();
  }

  /** Returns the versions that must not be used. */
  List<ModelVersion> quarantined() {
    return models.stream()
        .flatMap(model -> model.versions().stream())
        .filter(version -> version.quarantine().isPresent())
        .toList();
  }
}
