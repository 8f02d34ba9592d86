package io.plumbline.model;

import java.util.Objects;

/**
 * One point of a metric.
 *
 * @param key the metric's name
 * @param value any double; NaN and the infinities are values like any other
 * @param step the position on the metric's own axis, usually an iteration or epoch; may be negative
 * @param timestamp epoch milliseconds at the call that logged the point
 */
public record Metric(String key, double value, long step, long timestamp) {
  /** Checks that the key is there. */
  public Metric {
    Objects.requireNonNull(key, "key");
  }
}
