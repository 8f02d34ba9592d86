package io.plumbline.drift;

import java.util.Locale;

/** What a column is to the model. */
public enum ColumnRole {
  /** The model computes with it. */
  INPUT,
  /** The model does not see it, but it is watched. */
  CONTEXT,
  /** What the model answers: a label or a value. */
  PREDICTION,
  /** The model's score, such as a probability. */
  SCORE,
  /** What was true. */
  TARGET;

  /** The name in a profile's JSON, such as {@code input}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
