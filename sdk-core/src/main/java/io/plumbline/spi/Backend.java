package io.plumbline.spi;

import java.time.Duration;
import java.util.Set;

/**
 * A place that keeps runs and registered models: the embedded store, or a server.
 *
 * <p>Implementations are safe for many threads. They do what they are asked, at once, and throw if
 * they cannot: no queue, no retry, no cache, no log, and no thread but for files that a call
 * transfers at the same time. Closing twice is fine.
 */
public interface Backend extends AutoCloseable {
  /** What a backend may lack; the kit skips the tests of what is not there, and says so. */
  enum Capability {
    /** Infinite metric values come back as infinities, not as the largest double. */
    INFINITIES,
    /** Two equal points of one metric are kept as two. */
    EQUAL_POINTS,
    /**
     * A run's metrics say their smallest and largest value and their count, without their points
     * being read.
     */
    METRIC_RANGES,
    /** A batch that was applied once is recognised when it comes again, after a restart too. */
    REPLAY,
    /** A deleted run can be erased for good. */
    ERASE,
    /** Keys and names may be any text that is not empty, not only MLflow's characters. */
    ANY_TEXT,
    /** It keeps registered models. */
    REGISTRY,
    /** An alias is changed only if it points to what was expected, whoever else changes it. */
    ALIAS_COMPARE_AND_SET,
    /** The changes of an alias are kept by the backend itself. */
    ALIAS_HISTORY
  }

  /** Returns what this backend can do. */
  Set<Capability> capabilities();

  /** Returns how much it takes at once. */
  default BatchLimits limits() {
    return BatchLimits.COMMON;
  }

  /** Returns the store of runs. */
  RunStore runs();

  /**
   * Returns the store of runs, whose calls give the place that long to answer: for a batch that it
   * could not take in the usual time.
   */
  default RunStore runs(Duration patience) {
    return runs();
  }

  /**
   * Returns the store of registered models.
   *
   * @throws IllegalStateException if there is none: the backend lacks {@link Capability#REGISTRY}
   */
  default ModelStore models() {
    throw new IllegalStateException("this backend keeps no registered models");
  }

  @Override
  void close();
}
