package io.plumbline.model;

import java.util.List;
import java.util.stream.Stream;

/**
 * All points of one metric, read when they are asked for: a history may be larger than memory.
 *
 * <p>Points come in the order in which they were logged; where several processes wrote one run, one
 * process after the other.
 */
public interface MetricHistory {
  /** Takes one point; a primitive signature, so that a billion points cost no garbage. */
  @FunctionalInterface
  interface PointConsumer {
    /** Takes the next point. */
    void accept(double value, long step, long timestamp);
  }

  /** Returns the metric's name. */
  String key();

  /** Reads all points, each once. */
  void forEach(PointConsumer consumer);

  /** Returns the last, smallest and largest value and the count, over all points. */
  MetricSummary summary();

  /**
   * Returns all points as a stream, read as it is consumed.
   *
   * @see #forEach for the faster way
   */
  Stream<Metric> stream();

  /**
   * Returns at most {@code points} points that keep the curve's look: the history is cut into equal
   * stretches of steps, and each gives its smallest and its largest point. First and last are kept.
   *
   * @param points at least 2
   */
  List<Metric> sample(int points);
}
