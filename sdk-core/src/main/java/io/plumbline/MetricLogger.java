package io.plumbline;

/**
 * Where training code sends metrics: all that a callback of a training library needs to know of a
 * run.
 *
 * <p>Implementations are safe for many threads, never wait for a server, and throw only for a
 * programmer's error.
 */
public interface MetricLogger {
  /**
   * Logs one point of a metric, at the current time.
   *
   * @param key the metric's name
   * @param value any double, NaN and the infinities included
   * @param step the position on the metric's axis, usually an iteration or epoch
   */
  void logMetric(String key, double value, long step);

  /**
   * Logs one point of a metric at the key's next step: 0 for the first, then one more each time.
   */
  void logMetric(String key, double value);

  /** Returns the handle of a metric: for hot loops. The same key gives the same handle. */
  MetricHandle metric(String key);
}
