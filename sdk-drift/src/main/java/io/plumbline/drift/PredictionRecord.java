package io.plumbline.drift;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One logged prediction, as far as its performance is concerned. Immutable.
 *
 * <pre>{@code
 * PredictionRecord record =
 *     PredictionRecord.of(requestId, time, 0.83).version("7").sampleRate(0.1).slice("origin", "JFK");
 * }</pre>
 *
 * @param requestId what a label or an outcome names it by
 * @param time when it was made
 * @param score the score, or the predicted quantity
 * @param version the version of the model that made it; empty if unknown
 * @param sampleRate the probability with which the log kept it, above 0 and at most 1: the log's
 *     {@code _sample_rate}
 * @param slices the values of the columns to look at separately, by their names
 */
public record PredictionRecord(
    String requestId,
    Instant time,
    double score,
    String version,
    double sampleRate,
    Map<String, String> slices) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the score is not finite, or the sample rate out of range
   */
  public PredictionRecord {
    Objects.requireNonNull(requestId, "requestId");
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(version, "version");
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException(
          "the score of request \"" + requestId + "\" is " + score + "; it must be finite");
    }
    if (!(sampleRate > 0 && sampleRate <= 1)) {
      throw new IllegalArgumentException(
          "the sample rate of request \""
              + requestId
              + "\" is "
              + sampleRate
              + "; it must be above 0 and at most 1");
    }
    slices = Map.copyOf(slices);
  }

  /** A prediction that was logged for certain, of no version and slice. */
  public static PredictionRecord of(String requestId, Instant time, double score) {
    return new PredictionRecord(requestId, time, score, "", 1, Map.of());
  }

  /** The same made by a version of the model. */
  public PredictionRecord version(String version) {
    return new PredictionRecord(requestId, time, score, version, sampleRate, slices);
  }

  /** The same kept by the log with a probability. */
  public PredictionRecord sampleRate(double sampleRate) {
    return new PredictionRecord(requestId, time, score, version, sampleRate, slices);
  }

  /** The same with the value of a column to look at separately. */
  public PredictionRecord slice(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(slices);
    more.put(name, value);
    return new PredictionRecord(requestId, time, score, version, sampleRate, more);
  }

  /** How many predictions it stands for: 1 over its sample rate. */
  public double weight() {
    return 1 / sampleRate;
  }
}
