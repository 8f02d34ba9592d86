package io.plumbline;

/**
 * One metric of one run, looked up once: what a hot loop calls.
 *
 * <p>A call takes tens of nanoseconds and allocates nothing. Points logged through a handle and
 * points logged by key are one metric.
 */
public interface MetricHandle {
  /** Returns the metric's name. */
  String key();

  /** Logs one point, at the current time; value first, as in {@link MetricLogger#logMetric}. */
  void log(double value, long step);

  /** Logs one point at the key's next step: 0 for the first, then one more each time. */
  void log(double value);
}
