package io.plumbline.drift;

import io.plumbline.drift.internal.performance.Delays;
import io.plumbline.drift.internal.performance.Reliability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The predictions of a stretch of time, joined with the labels that have come for them. Immutable.
 *
 * <pre>{@code
 * PerformanceWindow window = PerformanceWindow.of(predictions, labels, Instant.now());
 * if (window.isMature()) {
 *   Evaluation live = window.evaluation().orElseThrow();
 *   tracker.logMetrics(live.metrics());
 * }
 * }</pre>
 *
 * <p><b>Weights.</b> A row that the log kept with probability r counts as 1 / r rows (D. G. Horvitz
 * and D. J. Thompson, JASA 47, 1952), so that a log which keeps every error and a tenth of the rest
 * gives the figures of all.
 *
 * <p><b>Maturity.</b> Labels that come early are not like those that come late: a fraud is reported
 * sooner than its absence. A window is mature when its last prediction is at least as old as 19 of
 * 20 labels take; figures of a younger one are biased towards what is known fast.
 */
public final class PerformanceWindow {
  private static final int RESAMPLES = 400;
  private static final long SEED = 1;

  private final List<PredictionRecord> predictions;
  private final List<Joined> joined;
  private final Instant now;
  private final double threshold;
  private final Delays delays;

  /** What a version has said to a request. */
  private record Answer(String requestId, String version) {}

  /** A prediction and its label. */
  record Joined(PredictionRecord prediction, GroundTruths.GroundTruth label) {}

  private PerformanceWindow(
      List<PredictionRecord> predictions,
      List<Joined> joined,
      Instant now,
      double threshold,
      Delays delays) {
    this.predictions = predictions;
    this.joined = joined;
    this.now = now;
    this.threshold = threshold;
    this.delays = delays;
  }

  /**
   * Joins predictions with labels, decisions taken at a score of 0.5.
   *
   * @param predictions those of the window; of several of one version with one request id the last
   *     one counts
   * @param now when this is: labels that became known later are not used
   */
  public static PerformanceWindow of(
      Collection<PredictionRecord> predictions, GroundTruths labels, Instant now) {
    return of(predictions, labels, now, 0.5);
  }

  /**
   * Joins predictions with labels.
   *
   * @param threshold the score from which on a row is predicted positive
   */
  public static PerformanceWindow of(
      Collection<PredictionRecord> predictions,
      GroundTruths labels,
      Instant now,
      double threshold) {
    Objects.requireNonNull(now, "now");
    Map<Answer, PredictionRecord> byRequest = new LinkedHashMap<>();
    predictions.forEach(row -> byRequest.put(new Answer(row.requestId(), row.version()), row));
    List<Joined> joined = new ArrayList<>();
    List<Duration> delays = new ArrayList<>();
    for (PredictionRecord prediction : byRequest.values()) {
      GroundTruths.@Nullable GroundTruth label = labels.of(prediction.requestId());
      if (label != null && !label.time().isAfter(now)) {
        joined.add(new Joined(prediction, label));
        delays.add(Duration.between(prediction.time(), label.time()));
      }
    }
    return new PerformanceWindow(
        List.copyOf(byRequest.values()), joined, now, threshold, Delays.of(delays));
  }

  /** The number of predictions. */
  public int rows() {
    return predictions.size();
  }

  /** The number of predictions with a label. */
  public int labelled() {
    return joined.size();
  }

  /** The share of predictions, by their weights, that have a label; 0 without predictions. */
  public double coverage() {
    double with = joined.stream().mapToDouble(row -> row.prediction().weight()).sum();
    double all = predictions.stream().mapToDouble(PredictionRecord::weight).sum();
    return all == 0 ? 0 : Math.min(1, with / all);
  }

  /**
   * The delay that a share of the labels so far did not exceed, such as the median for 0.5; empty
   * without labels. It is too short while labels are still to come: for {@link #isMature(Duration)}
   * take that of an old window.
   *
   * @param share above 0, at most 1
   */
  public Optional<Duration> labelDelay(double share) {
    return delays.quantile(share);
  }

  /** Whether the window is mature by the delays of its own labels; see {@link #labelDelay}. */
  public boolean isMature() {
    return labelDelay(0.95).map(this::isMature).orElse(false);
  }

  /**
   * Whether the last prediction is at least this old.
   *
   * @param delay what 19 of 20 labels take at most, known from an older window
   */
  public boolean isMature(Duration delay) {
    return predictions.stream()
        .map(PredictionRecord::time)
        .max(Instant::compareTo)
        .filter(last -> Duration.between(last, now).compareTo(delay) >= 0)
        .isPresent();
  }

  /**
   * The evaluation of the labelled rows, with the slices {@code version} and those of the
   * predictions; empty without a labelled row. Intervals are closed forms where all rows were kept,
   * and from 400 resamples where the log was sampled.
   *
   * @throws IllegalArgumentException if a label is neither 0 nor 1
   */
  public Optional<Evaluation> evaluation() {
    if (joined.isEmpty()) {
      return Optional.empty();
    }
    BinaryEvaluator evaluator = Evaluation.binary().threshold(threshold);
    if (isSampled()) {
      double[] weights = joined.stream().mapToDouble(row -> row.prediction().weight()).toArray();
      evaluator.weights(weights).bootstrap(RESAMPLES, SEED);
    }
    for (String slice : sliceNames()) {
      evaluator.slice(slice, joined.stream().map(row -> value(row.prediction(), slice)).toList());
    }
    return Optional.of(evaluator.evaluate(scores(), labels()));
  }

  /**
   * The evaluation of the labelled rows of a model that predicts a quantity; empty without a
   * labelled row.
   */
  public Optional<Evaluation> regression() {
    if (joined.isEmpty()) {
      return Optional.empty();
    }
    RegressionEvaluator evaluator = Evaluation.regression();
    if (isSampled()) {
      evaluator.weights(joined.stream().mapToDouble(row -> row.prediction().weight()).toArray());
    }
    for (String slice : sliceNames()) {
      evaluator.slice(slice, joined.stream().map(row -> value(row.prediction(), slice)).toList());
    }
    return Optional.of(evaluator.evaluate(scores(), labels()));
  }

  /** The share of positive rows among the labelled ones, by weight; NaN without one. */
  public double positiveRate() {
    return Reliability.mean(labels(), joinedWeights());
  }

  /** The share of all rows that are predicted positive, by weight; NaN without a row. */
  public double decisionRate() {
    double[] decisions =
        predictions.stream().mapToDouble(row -> row.score() >= threshold ? 1 : 0).toArray();
    double[] weights = predictions.stream().mapToDouble(PredictionRecord::weight).toArray();
    return Reliability.mean(decisions, weights);
  }

  /**
   * The expected calibration error of the labelled rows: over ten bins of the score of equal width,
   * the mean distance between the mean score and the share of positives, by weight; NaN without a
   * labelled row. Source: C. Guo and others, On calibration of modern neural networks, ICML 2017.
   *
   * @throws IllegalStateException if a score is no probability
   */
  public double calibrationError() {
    return Reliability.error(scores(), labels(), joinedWeights());
  }

  /** The error and selection ratios of each value of a slice; see {@link SliceRatio}. */
  public List<SliceRatio> ratios(String slice) {
    return SliceRatio.of(slice, predictions, joined, threshold);
  }

  private boolean isSampled() {
    return joined.stream().anyMatch(row -> row.prediction().sampleRate() < 1);
  }

  private List<String> sliceNames() {
    List<String> names = new ArrayList<>();
    if (joined.stream().anyMatch(row -> !row.prediction().version().isEmpty())) {
      names.add("version");
    }
    joined.stream()
        .flatMap(row -> row.prediction().slices().keySet().stream())
        .filter(name -> !name.equals("version"))
        .distinct()
        .sorted()
        .forEach(names::add);
    return names;
  }

  static @Nullable String value(PredictionRecord prediction, String slice) {
    return slice.equals("version") ? prediction.version() : prediction.slices().get(slice);
  }

  private double[] scores() {
    return joined.stream().mapToDouble(row -> row.prediction().score()).toArray();
  }

  private double[] labels() {
    return joined.stream().mapToDouble(row -> row.label().value()).toArray();
  }

  private double[] joinedWeights() {
    return joined.stream().mapToDouble(row -> row.prediction().weight()).toArray();
  }
}
