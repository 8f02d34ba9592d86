package io.plumbline.model;

import java.util.Objects;

/**
 * What is known of a whole metric without reading its points.
 *
 * @param key the metric's name
 * @param last the value of the point with the highest (step, timestamp, value), as MLflow defines
 *     "latest"
 * @param lastStep the step of that point
 * @param lastTimestamp the epoch milliseconds of that point
 * @param min the smallest value that is not NaN, or NaN if there is none
 * @param max the largest value that is not NaN, or NaN if there is none
 * @param count the number of points; 0 only for the history of a metric that was never logged, and
 *     -1 where the server does not say it: then {@code min} and {@code max} are NaN, and the {@link
 *     MetricHistory#summary} knows all three
 */
public record MetricSummary(
    String key,
    double last,
    long lastStep,
    long lastTimestamp,
    double min,
    double max,
    long count) {
  /** Checks that the key is there. */
  public MetricSummary {
    Objects.requireNonNull(key, "key");
  }

  /** What is known of a metric of which a server shows only the last point. */
  public static MetricSummary ofLast(String key, double last, long step, long timestamp) {
    return new MetricSummary(key, last, step, timestamp, Double.NaN, Double.NaN, -1);
  }
}
