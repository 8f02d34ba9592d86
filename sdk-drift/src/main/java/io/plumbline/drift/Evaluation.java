package io.plumbline.drift;

import io.plumbline.drift.internal.Bootstrap;
import io.plumbline.drift.internal.MetricKeys;
import io.plumbline.drift.internal.RocPoints;
import io.plumbline.drift.internal.SliceColumn;
import io.plumbline.drift.internal.Table;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How good a model's predictions were on rows whose truth is known: metrics, their intervals, the
 * same for slices of the rows, and the ROC curve.
 *
 * <pre>{@code
 * Evaluation evaluation = Evaluation.binary(scores, labels);
 * tracker.logMetrics(evaluation.metrics());
 * System.out.println(evaluation.value("auc") + " " + evaluation.interval("auc"));
 * }</pre>
 *
 * {@link BinaryEvaluator} and {@link RegressionEvaluator} list the metrics with their formulas and
 * take weights, slices and further options. The values are scikit-learn's to 12 digits.
 *
 * <p><b>Undefined metrics.</b> The AUC of rows of one class has no value. Such a metric is absent
 * from {@link #metrics}, so that nothing is logged that is no number; {@link #value} returns NaN
 * for it, and {@link #undefined} says why.
 *
 * <p><b>Slices.</b> The AUC of the rows whose origin is JFK has the key {@code auc_by_origin/JFK}:
 * MLflow puts all of a slice's values beside each other, and every server and file system takes the
 * key. Characters of the value other than letters, digits, space, {@code _ . -} become {@code _} in
 * it; {@link #slices} has the values as they were.
 *
 * <p><b>Intervals.</b> Without weights the AUC has DeLong's interval, and accuracy, precision and
 * recall have Wilson's. Every metric, with weights or not, has one after {@link
 * Evaluator#bootstrap}.
 *
 * <p>Immutable. An evaluation of a million rows takes some tenths of a second.
 */
public final class Evaluation {
  private final int rows;
  private final Map<String, Double> metrics = new LinkedHashMap<>();
  private final Map<String, String> undefined = new LinkedHashMap<>();
  private final Map<String, Interval> intervals = new LinkedHashMap<>();
  private final Map<String, String> withoutInterval = new LinkedHashMap<>();
  private final Map<String, Map<String, Evaluation>> slices = new LinkedHashMap<>();
  private final @Nullable RocCurve rocCurve;

  private Evaluation(Table table, double level, @Nullable Bootstrap bootstrap) {
    this.rows = table.rows();
    RocPoints points = table.roc();
    this.rocCurve = points == null ? null : new RocCurve(points);
    double[] values = table.values(null);
    @Nullable Interval[] drawn = bootstrap == null ? null : bootstrap.intervals(table, level);
    for (int metric = 0; metric < values.length; metric++) {
      String key = table.metrics().get(metric);
      if (Double.isNaN(values[metric])) {
        undefined.put(key, table.whyUndefined(metric));
        continue;
      }
      metrics.put(key, values[metric]);
      Interval interval =
          drawn == null ? table.interval(metric, values[metric], level) : drawn[metric];
      if (interval != null) {
        intervals.put(key, interval);
      } else {
        withoutInterval.put(
            key,
            drawn == null
                ? table.whyNoInterval(metric)
                : "it is undefined in more than one of 20 bootstrap resamples");
      }
    }
  }

  /** Evaluates a table and its slices. */
  static Evaluation of(
      Table table, List<SliceColumn> columns, double level, @Nullable Bootstrap bootstrap) {
    Evaluation evaluation = new Evaluation(table, level, bootstrap);
    for (SliceColumn column : columns) {
      Map<String, Evaluation> byValue = new LinkedHashMap<>();
      List<@Nullable Table> tables = table.split(column.codes(), column.values().size());
      for (int code = 0; code < tables.size(); code++) {
        Table rows = tables.get(code);
        if (rows != null) {
          byValue.put(column.values().get(code), new Evaluation(rows, level, bootstrap));
        }
      }
      evaluation.addSlice(column.name(), byValue, table.metrics());
    }
    return evaluation;
  }

  private void addSlice(String name, Map<String, Evaluation> byValue, List<String> keys) {
    slices.put(name, Collections.unmodifiableMap(byValue));
    for (String metric : keys) {
      byValue.forEach(
          (value, part) -> {
            String key = MetricKeys.ofSlice(metric, name, value);
            copy(part.metrics, metric, metrics, key);
            copy(part.undefined, metric, undefined, key);
            copy(part.intervals, metric, intervals, key);
            copy(part.withoutInterval, metric, withoutInterval, key);
          });
    }
  }

  private static <T> void copy(Map<String, T> from, String metric, Map<String, T> to, String key) {
    T value = from.get(metric);
    if (value != null) {
      to.put(key, value);
    }
  }

  /**
   * Evaluates scores against labels, with a threshold of 0.5; {@link #binary()} has options.
   *
   * @param scores finite; probabilities for all metrics, any other scores for the AUC and the lift
   * @param labels one for each score; true is the positive class
   * @throws IllegalArgumentException if there is no row, if lengths differ, or if a score is NaN or
   *     infinite
   */
  public static Evaluation binary(double[] scores, boolean[] labels) {
    return binary().evaluate(scores, labels);
  }

  /**
   * Evaluates scores against labels that are 0 or 1, with a threshold of 0.5.
   *
   * @throws IllegalArgumentException if there is no row, if lengths differ, if a score is NaN or
   *     infinite, or if a label is neither 0 nor 1
   */
  public static Evaluation binary(double[] scores, int[] labels) {
    return binary().evaluate(scores, labels);
  }

  /**
   * Evaluates scores against labels that are 0.0 or 1.0, with a threshold of 0.5.
   *
   * @throws IllegalArgumentException if there is no row, if lengths differ, if a score is NaN or
   *     infinite, or if a label is neither 0 nor 1
   */
  public static Evaluation binary(double[] scores, double[] labels) {
    return binary().evaluate(scores, labels);
  }

  /** Starts a binary evaluation with options. */
  public static BinaryEvaluator binary() {
    return new BinaryEvaluator();
  }

  /**
   * Evaluates predicted quantities; {@link #regression()} has options.
   *
   * @param predictions finite
   * @param actuals finite, one for each prediction, in the same unit
   * @throws IllegalArgumentException if there is no row, if lengths differ, or if a value is NaN or
   *     infinite
   */
  public static Evaluation regression(double[] predictions, double[] actuals) {
    return regression().evaluate(predictions, actuals);
  }

  /** Starts a regression evaluation with options. */
  public static RegressionEvaluator regression() {
    return new RegressionEvaluator();
  }

  /** Returns the number of rows, without those of weight zero; at least 1. */
  public int rows() {
    return rows;
  }

  /**
   * Returns the defined metrics by key: first those of all rows, then those of the slices. The
   * order is fixed, the map unmodifiable.
   */
  public Map<String, Double> metrics() {
    return Collections.unmodifiableMap(metrics);
  }

  /**
   * Returns one metric; NaN if it is undefined.
   *
   * @throws IllegalArgumentException if the evaluation has no metric of that key
   */
  public double value(String key) {
    return metrics.getOrDefault(known(key), Double.NaN);
  }

  /** Returns why metrics are undefined, by key; empty if all are defined. Unmodifiable. */
  public Map<String, String> undefined() {
    return Collections.unmodifiableMap(undefined);
  }

  /**
   * Returns the interval of one metric.
   *
   * @throws IllegalArgumentException if the evaluation has no metric of that key
   * @throws IllegalStateException if the metric has no interval, with the reason; bootstrap gives
   *     one to nearly all
   */
  public Interval interval(String key) {
    Interval interval = intervals.get(known(key));
    if (interval == null) {
      String reason = undefined.getOrDefault(key, withoutInterval.getOrDefault(key, ""));
      throw new IllegalStateException(key + " has no interval: " + reason);
    }
    return interval;
  }

  /** Returns the intervals of all metrics that have one, by key. Unmodifiable. */
  public Map<String, Interval> intervals() {
    return Collections.unmodifiableMap(intervals);
  }

  /**
   * Returns the evaluation of each slice, by the slice's name and then by its value. A value whose
   * rows all weigh zero is absent. Unmodifiable.
   */
  public Map<String, Map<String, Evaluation>> slices() {
    return Collections.unmodifiableMap(slices);
  }

  /**
   * Returns the evaluation of the rows that have one value in a slice, such as {@code
   * slice("origin", "JFK")}.
   *
   * @throws IllegalArgumentException if there is no slice of that name, or no row of that value
   */
  public Evaluation slice(String name, String value) {
    Map<String, Evaluation> byValue = slices.getOrDefault(name, Map.of());
    Evaluation part = byValue.get(value);
    if (part == null) {
      throw new IllegalArgumentException(
          slices.containsKey(name)
              ? "the slice \""
                  + name
                  + "\" has no value \""
                  + value
                  + "\"; it has "
                  + byValue.keySet()
              : "there is no slice \"" + name + "\"; there are " + slices.keySet());
    }
    return part;
  }

  /**
   * Returns the ROC curve of a binary evaluation, for all rows.
   *
   * @throws IllegalStateException if this is a regression, or all labels are the same
   */
  public RocCurve rocCurve() {
    if (rocCurve == null) {
      String reason = undefined.getOrDefault("auc", "it belongs to binary evaluations");
      throw new IllegalStateException("there is no ROC curve: " + reason);
    }
    return rocCurve;
  }

  private String known(String key) {
    Objects.requireNonNull(key, "key");
    if (!metrics.containsKey(key) && !undefined.containsKey(key)) {
      throw new IllegalArgumentException(
          "there is no metric \"" + key + "\"; there are " + metrics.keySet());
    }
    return key;
  }

  /** Returns the metrics of all rows, with their intervals, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Evaluation of ").append(rows).append(" rows:");
    metrics.forEach(
        (key, value) -> {
          if (!key.contains("/")) {
            text.append(' ').append(key).append('=').append(value);
            Interval interval = intervals.get(key);
            text.append(interval == null ? "" : " " + interval);
          }
        });
    return text.toString();
  }
}
