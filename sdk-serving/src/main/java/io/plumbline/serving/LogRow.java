package io.plumbline.serving;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of the prediction log while it is filled: what a model was given, what it said, and for
 * whom. Made by {@link PredictionLogger#row}, for one thread; {@link #commit} hands it over.
 *
 * <p>Arrays are copied at once, and may be used again. Nothing here throws because of what is
 * logged: what does not fit is counted, and told once a minute.
 */
public interface LogRow {
  /** What a row is about. */
  enum Role {
    /** The answer was given to who asked. */
    PRIMARY,
    /** The answer was only compared. */
    SHADOW,
    /** The answer came from what stands in when the model fails. */
    FALLBACK,
    /** Many rows were scored at once. */
    BATCH
  }

  /** How a prediction went. */
  enum Outcome {
    /** It was answered. */
    OK,
    /** It has failed. */
    ERROR,
    /** It took too long. */
    TIMEOUT,
    /** Its input was refused. */
    REJECTED
  }

  /**
   * What the model was given.
   *
   * @param features as many numbers as the model has inputs, in their order
   */
  LogRow features(double[] features);

  /** What the model was given, in 32 bits. */
  LogRow features(float[] features);

  /** What the model was given, by name. */
  LogRow features(Map<String, ? extends @Nullable Object> features);

  /**
   * Sets one column: an input, or a context column of the feature schema, which is watched but not
   * used by the model.
   */
  LogRow set(String column, double value);

  /** Sets one column to a whole number. */
  LogRow set(String column, long value);

  /** Sets one column to a truth value. */
  LogRow set(String column, boolean value);

  /** Sets one column to a text. A text for a column that the schema does not have is left out. */
  LogRow set(String column, String value);

  /**
   * Sets one column to an embedding, which {@link PredictionLogger.Builder#embedding} has named.
   */
  LogRow set(String column, float[] value);

  /** What the model said: as many numbers as it has outputs. */
  LogRow prediction(double[] outputs);

  /** What the model said, if that is one number. */
  LogRow prediction(double output);

  /** When the event was, if not now. */
  LogRow at(Instant time);

  /**
   * Whom the prediction is about; left out unless a {@link Privacy} is set for {@code _entity_id}.
   */
  LogRow entity(String id);

  /** What the row is about; {@link Role#PRIMARY} unless set. */
  LogRow role(Role role);

  /** How it went; {@link Outcome#OK} unless set. */
  LogRow outcome(Outcome outcome);

  /** How long the model took. */
  LogRow latency(Duration time);

  /** The id of the trace that the request belongs to (W3C trace context). */
  LogRow trace(String id);

  /** A segment of the user's, by which windows and figures can be split. */
  LogRow slice(String name);

  /**
   * Hands the row over. It takes tens of nanoseconds and never waits, unless the logger was opened
   * with {@link PredictionLogger.Builder#mustLog}.
   *
   * @return whether the row was accepted; if not, {@link PredictionLogger#status} counts why
   */
  boolean commit();
}
