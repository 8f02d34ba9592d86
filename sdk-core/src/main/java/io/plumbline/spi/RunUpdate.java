package io.plumbline.spi;

import io.plumbline.model.DatasetInput;
import io.plumbline.model.RunStatus;
import org.jspecify.annotations.Nullable;

/** One change of a run. */
public sealed interface RunUpdate {
  /**
   * A point of a metric.
   *
   * @param value any double; NaN and the infinities included
   * @param timestamp epoch milliseconds
   * @param input the dataset input on which it was measured, or null
   * @param modelId the model to which it belongs, or null
   */
  record LogMetric(
      String key,
      double value,
      long step,
      long timestamp,
      @Nullable DatasetInput input,
      @Nullable String modelId)
      implements RunUpdate {
    /** A point that is linked to nothing. */
    public LogMetric(String key, double value, long step, long timestamp) {
      this(key, value, step, timestamp, null, null);
    }
  }

  /** A param. The same value again is fine; another value is a conflict. */
  record LogParam(String key, String value) implements RunUpdate {}

  /** A tag; the last value wins. */
  record SetTag(String key, String value) implements RunUpdate {}

  /** The end of a tag; one that is not there is no error. */
  record DeleteTag(String key) implements RunUpdate {}

  /** A dataset that the run reads; the same again is fine. */
  record LogInput(DatasetInput input) implements RunUpdate {}

  /**
   * A new status.
   *
   * @param time epoch milliseconds: the end, or for RUNNING the moment of the resumption
   */
  record SetStatus(RunStatus status, long time) implements RunUpdate {}

  /** A new name. */
  record Rename(String name) implements RunUpdate {}
}
