package io.plumbline.drift;

import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.SystemColumn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

  private static final String PRIMARY = SystemColumn.ROLES.get(0);
  private static final String OK = SystemColumn.STATUSES.get(0);
  private static final @Nullable String[] NONE = {};

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

  /**
   * Predictions from rows of a prediction log: with their version, their sample rate, and as score
   * {@code prediction_score}, or {@code prediction} where that is a number and there is no score.
   * Only rows of the role {@code primary} whose status is {@code ok}: answers that were only
   * compared (shadow), or came from what stands in (fallback), say nothing of the model that
   * served. {@link #ofRole} takes those, and the rows of batches.
   *
   * @param slices columns of text by which to look at them separately
   * @throws IllegalArgumentException if the rows have no such column; the message names it
   */
  public static List<PredictionRecord> of(LogBatch rows, String... slices) {
    return ofRole(PRIMARY, rows, slices);
  }

  /**
   * The same of one role alone, such as {@code shadow} for a challenger that is only compared.
   *
   * @param role {@code primary}, {@code shadow}, {@code fallback} or {@code batch}, as the log's
   *     {@code _role} has it
   */
  public static List<PredictionRecord> ofRole(String role, LogBatch rows, String... slices) {
    String said = rows.has(LogSchema.SCORE) ? LogSchema.SCORE : LogSchema.PREDICTION;
    double[] scores = rows.doubles(said);
    @Nullable String[] ids = rows.texts("_request_id");
    @Nullable String[] versions = rows.texts("_model_version");
    @Nullable String[] given = rows.has("_role") ? rows.texts("_role") : NONE;
    @Nullable String[] states = rows.has("_status") ? rows.texts("_status") : NONE;
    long[] micros = rows.longs("_ts");
    double[] rates = rows.doubles("_sample_rate");
    List<@Nullable String[]> texts = new ArrayList<>();
    for (String slice : slices) {
      texts.add(rows.texts(slice));
    }
    List<PredictionRecord> records = new ArrayList<>();
    for (int row = 0; row < rows.rows(); row++) {
      String id = ids[row];
      boolean wanted = is(role, given, row, PRIMARY) && is(OK, states, row, OK);
      if (id == null || !wanted || !Double.isFinite(scores[row])) {
        continue;
      }
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < slices.length; i++) {
        String value = texts.get(i)[row];
        if (value != null) {
          values.put(slices[i], value);
        }
      }
      Instant time = Instant.EPOCH.plus(micros[row], ChronoUnit.MICROS);
      String version = versions[row];
      records.add(
          new PredictionRecord(
              id, time, scores[row], version == null ? "" : version, rates[row], values));
    }
    return records;
  }

  /** Whether a column has one of some texts; one that is not there has the usual one. */
  private static boolean is(String wanted, @Nullable String[] column, int row, String usual) {
    String value = column.length == 0 ? null : column[row];
    return wanted.equals(value == null ? usual : value);
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
