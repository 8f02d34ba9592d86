package io.plumbline.drift;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Business figures by request id, such as the revenue or the complaint that followed a prediction.
 * A request's last value of a name wins, so that a repeated delivery counts once. Not safe for use
 * by several threads.
 *
 * <pre>{@code
 * Outcomes outcomes = new Outcomes();
 * outcomes.recordOutcome(requestId, "refund_usd", 40);
 * List<Outcomes.Summary> byOrigin = outcomes.summarize(predictions, "origin");
 * }</pre>
 */
public final class Outcomes {
  private final Map<String, Map<String, Double>> byName = new TreeMap<>();

  /** Starts without an outcome. */
  public Outcomes() {}

  /**
   * The values of one name, for the predictions of one version and slice. Sums and means are
   * weighted by 1 over the sample rate, so they speak of all predictions, not of the logged ones.
   *
   * @param name the outcome's name
   * @param version the model's version; empty if unknown
   * @param value the slice's value; {@code all} without a slice, {@code missing} for rows without a
   *     value
   * @param predictions how many predictions there are, by weight
   * @param count how many of them have the outcome, by weight
   * @param sum the sum of the outcomes
   * @param mean the sum over the count; NaN without an outcome
   * @param perPrediction the sum over all predictions: requests without the outcome count as 0
   */
  public record Summary(
      String name,
      String version,
      String value,
      double predictions,
      double count,
      double sum,
      double mean,
      double perPrediction) {}

  /**
   * Takes an outcome.
   *
   * @param value in the name's own unit
   * @throws IllegalArgumentException if the name is blank or the value is not finite
   */
  public void recordOutcome(String requestId, String name, double value) {
    Objects.requireNonNull(requestId, "requestId");
    if (name.isBlank() || !Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "the outcome \""
              + name
              + "\" of request \""
              + requestId
              + "\" is "
              + value
              + "; it needs a name and a finite value");
    }
    byName.computeIfAbsent(name, n -> new HashMap<>()).put(requestId, value);
  }

  /** Sums by name and version. */
  public List<Summary> summarize(Collection<PredictionRecord> predictions) {
    return summarize(predictions, "");
  }

  /**
   * Sums by name, version and value of a slice.
   *
   * @param slice the name of a column in {@link PredictionRecord#slices}
   */
  public List<Summary> summarize(Collection<PredictionRecord> predictions, String slice) {
    Map<String, PredictionRecord> byRequest = new LinkedHashMap<>();
    predictions.forEach(prediction -> byRequest.put(prediction.requestId(), prediction));
    List<Summary> summaries = new ArrayList<>();
    byName.forEach(
        (name, values) -> {
          Map<List<String>, double[]> groups = new HashMap<>();
          for (PredictionRecord row : byRequest.values()) {
            double[] sums = groups.computeIfAbsent(key(row, slice), key -> new double[3]);
            Double value = values.get(row.requestId());
            sums[0] += row.weight();
            sums[1] += value == null ? 0 : row.weight();
            sums[2] += value == null ? 0 : row.weight() * value;
          }
          groups.forEach((key, sums) -> summaries.add(summary(name, key, sums)));
        });
    summaries.sort(
        Comparator.comparing(Summary::name)
            .thenComparing(Summary::version)
            .thenComparing(Summary::value));
    return List.copyOf(summaries);
  }

  private static List<String> key(PredictionRecord row, String slice) {
    String value = slice.isEmpty() ? "all" : row.slices().getOrDefault(slice, "missing");
    return List.of(row.version(), value);
  }

  private static Summary summary(String name, List<String> key, double[] sums) {
    double mean = sums[1] == 0 ? Double.NaN : sums[2] / sums[1];
    return new Summary(
        name, key.get(0), key.get(1), sums[0], sums[1], sums[2], mean, sums[2] / sums[0]);
  }
}
