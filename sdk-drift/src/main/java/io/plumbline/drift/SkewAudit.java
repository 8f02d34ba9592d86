package io.plumbline.drift;

import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Replays raw input through the transform of training, and compares row by row with the features
 * that were served: what distributions hide, a wrong window or another value for what is missing,
 * shows in single rows. For one thread.
 *
 * <pre>{@code
 * SkewAudit<Departure> audit = SkewAudit.replaying(new DelayFeatures());
 * for (LogBatch rows = log.next(); rows != null; rows = log.next()) {
 *   audit.add(rows, rawById::get);     // the raw input that was kept of a sample of requests
 * }
 * SkewReport report = audit.report();
 * }</pre>
 *
 * @param <I> the raw input
 */
public final class SkewAudit<I> {
  // A log may keep 32-bit floats, whose own error is 6e-8.
  private static final double TOLERANCE = 1e-6;

  private final FeatureTransform<I> transform;
  private final List<String> features;
  private final List<SkewCounter> counters = new ArrayList<>();
  private final Set<String> absent = new LinkedHashSet<>();
  private long rows;
  private long unmatched;

  private SkewAudit(FeatureTransform<I> transform, double tolerance) {
    this.transform = transform;
    this.features = List.copyOf(transform.features());
    features.forEach(feature -> counters.add(new SkewCounter(feature, tolerance)));
  }

  /** Starts an audit in which values are equal up to a relative error of 1e-6. */
  public static <I> SkewAudit<I> replaying(FeatureTransform<I> training) {
    return replaying(training, TOLERANCE);
  }

  /**
   * Starts an audit.
   *
   * @param training the transform that made the training data
   * @param tolerance the relative error up to which values are equal, 0 or above and below 1
   */
  public static <I> SkewAudit<I> replaying(FeatureTransform<I> training, double tolerance) {
    if (!(tolerance >= 0 && tolerance < 1)) {
      throw new IllegalArgumentException(
          "tolerance is " + tolerance + "; it must be 0 or above and below 1, such as 1e-6");
    }
    return new SkewAudit<>(Objects.requireNonNull(training, "training"), tolerance);
  }

  /**
   * Adds one row.
   *
   * @param requestId names the row in the report
   * @param input the raw input that the request came with
   * @param served the features that the model was given, in the transform's order; NaN for missing
   * @throws IllegalArgumentException if there are not as many as the transform makes
   */
  public void add(String requestId, I input, double[] served) {
    if (served.length != features.size()) {
      throw new IllegalArgumentException(
          "request "
              + Printable.quote(requestId)
              + " was served "
              + served.length
              + " features, but the transform makes "
              + features.size()
              + ": "
              + Printable.line(features.toString()));
    }
    double[] training = transform.apply(input);
    for (int i = 0; i < served.length; i++) {
      counters.get(i).add(requestId, training[i], served[i]);
    }
    rows++;
  }

  /**
   * Adds the rows of a prediction log whose raw input is known. Features that the log does not have
   * as numbers are reported as absent.
   *
   * @param log rows with {@code _request_id} and the features
   * @param inputs gives the raw input of a request, null if it was not kept
   * @throws IllegalArgumentException if the log has no request ids
   */
  public void add(LogBatch log, Function<String, ? extends @Nullable I> inputs) {
    String key = SystemColumn.REQUEST_ID.columnName();
    if (!log.has(key)) {
      throw new IllegalArgumentException(
          "the log has no column " + key + ", by which raw input is found; read it, too");
    }
    @Nullable String[] ids = log.texts(key);
    double[] @Nullable [] columns = new double[features.size()][];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = numbers(log, features.get(i));
    }
    for (int row = 0; row < ids.length; row++) {
      String id = ids[row];
      I input = id == null ? null : inputs.apply(id);
      if (id == null || input == null) {
        unmatched++;
        continue;
      }
      double[] training = transform.apply(input);
      for (int i = 0; i < columns.length; i++) {
        double[] served = columns[i];
        if (served != null) {
          counters.get(i).add(id, training[i], served[row]);
        }
      }
      rows++;
    }
  }

  private double @Nullable [] numbers(LogBatch log, String feature) {
    if (log.has(feature)) {
      switch (log.kind(feature)) {
        case NUMBER, INTEGER, BOOLEAN, TIME -> {
          return log.doubles(feature);
        }
        default -> {
          // It cannot be compared with a number.
        }
      }
    }
    absent.add(feature);
    return null;
  }

  /** What was found so far. */
  public SkewReport report() {
    return new SkewReport(
        rows, unmatched, counters.stream().map(SkewCounter::skew).toList(), List.copyOf(absent));
  }
}
