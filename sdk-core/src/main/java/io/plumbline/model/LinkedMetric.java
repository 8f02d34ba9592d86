package io.plumbline.model;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The points of a metric that were measured on one dataset input, or that belong to one model.
 *
 * @param metric what is known of these points alone; the run's own summary of the key covers them
 *     too
 * @param datasetInput the dataset input, or null
 * @param model the id of the model, or null
 */
public record LinkedMetric(
    MetricSummary metric, @Nullable DatasetInput datasetInput, @Nullable String model) {
  /** Checks that the metric is there. */
  public LinkedMetric {
    Objects.requireNonNull(metric, "metric");
  }

  /** Returns the dataset input that the points were measured on. */
  public Optional<DatasetInput> input() {
    return Optional.ofNullable(datasetInput);
  }

  /** Returns the id of the model that the points belong to. */
  public Optional<String> modelId() {
    return Optional.ofNullable(model);
  }
}
