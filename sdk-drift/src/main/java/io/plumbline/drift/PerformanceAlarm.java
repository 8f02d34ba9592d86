package io.plumbline.drift;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Says when a live metric has crossed the threshold that a version was registered with. Immutable.
 *
 * <pre>{@code
 * PerformanceAlarm alarm = PerformanceAlarm.below("precision", 0.90).labelDelay(Duration.ofDays(7));
 * PerformanceAlarm.Finding finding = alarm.judge(window);
 * if (finding.state() == PerformanceAlarm.State.ALARM) ...
 * }</pre>
 *
 * <p>It rings when the whole interval of the metric, at 95 % unless the evaluation says otherwise,
 * lies beyond the threshold. A value beyond it whose interval still reaches across is {@code
 * SUSPECT}: chance explains it, but not for long. Where nothing can be said, for want of labels or
 * because they are too young, the finding says so; it never is {@code OK}.
 */
public final class PerformanceAlarm {
  private static final int FEWEST_ROWS = 50;

  private final String metric;
  private final double threshold;
  private final boolean below;
  private final int fewestRows;
  private final Optional<Duration> labelDelay;

  private PerformanceAlarm(
      String metric,
      double threshold,
      boolean below,
      int fewestRows,
      Optional<Duration> labelDelay) {
    this.metric = metric;
    this.threshold = threshold;
    this.below = below;
    this.fewestRows = fewestRows;
    this.labelDelay = labelDelay;
  }

  /** What is found. */
  public enum State {
    /** The metric is on the right side of the threshold. */
    OK,
    /** It is on the wrong side, but within its interval of the threshold. */
    SUSPECT,
    /** It is on the wrong side with its whole interval. */
    ALARM,
    /** The window's labels are too young to be like those to come. */
    IMMATURE,
    /** There are too few labelled rows, or the metric is undefined on them. */
    INSUFFICIENT
  }

  /**
   * What an alarm found, and why.
   *
   * @param value the live metric; NaN if there is none
   * @param rows the labelled rows that it was computed from
   * @param reason a sentence for people
   */
  public record Finding(State state, double value, int rows, String reason) {}

  /**
   * An alarm for a metric that is better when it is higher.
   *
   * @param metric a key of {@link Evaluation}, of all rows or of a slice
   * @param threshold the lowest acceptable value
   */
  public static PerformanceAlarm below(String metric, double threshold) {
    return make(metric, threshold, true);
  }

  /** An alarm for a metric that is better when it is lower, such as {@code rmse}. */
  public static PerformanceAlarm above(String metric, double threshold) {
    return make(metric, threshold, false);
  }

  private static PerformanceAlarm make(String metric, double threshold, boolean below) {
    Objects.requireNonNull(metric, "metric");
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException(
          "the threshold of " + metric + " is " + threshold + "; it must be finite");
    }
    return new PerformanceAlarm(metric, threshold, below, FEWEST_ROWS, Optional.empty());
  }

  /** The same with another number of labelled rows below which nothing is said; 50 unless set. */
  public PerformanceAlarm fewestRows(int rows) {
    return new PerformanceAlarm(metric, threshold, below, rows, labelDelay);
  }

  /** The same with the delay after which a window is mature; else its own labels say it. */
  public PerformanceAlarm labelDelay(Duration delay) {
    return new PerformanceAlarm(metric, threshold, below, fewestRows, Optional.of(delay));
  }

  /** Judges a window of a model that tells two classes apart. */
  public Finding judge(PerformanceWindow window) {
    int labelled = window.labelled();
    if (labelled == 0) {
      return finding(
          State.INSUFFICIENT,
          Double.NaN,
          0,
          "none of " + window.rows() + " predictions has a label yet");
    }
    boolean mature = labelDelay.map(window::isMature).orElseGet(window::isMature);
    if (!mature) {
      return finding(
          State.IMMATURE, Double.NaN, labelled, "more labels are to come, unlike those of today");
    }
    return window
        .evaluation()
        .map(this::judge)
        .orElseThrow(() -> new IllegalStateException("labelled rows without an evaluation"));
  }

  /**
   * Judges an evaluation of mature rows.
   *
   * @throws IllegalArgumentException if it has no metric of the alarm's key
   */
  public Finding judge(Evaluation evaluation) {
    double value = evaluation.value(metric);
    int rows = evaluation.rows();
    if (rows < fewestRows || Double.isNaN(value)) {
      String why =
          Double.isNaN(value)
              ? metric + " is undefined: " + evaluation.undefined().get(metric)
              : "there are " + rows + " labelled rows, fewer than " + fewestRows;
      return finding(State.INSUFFICIENT, value, rows, why);
    }
    if (!beyond(value)) {
      return finding(State.OK, value, rows, number(value) + " against " + number(threshold));
    }
    Interval interval = evaluation.intervals().get(metric);
    String found =
        metric
            + " is "
            + number(value)
            + (below ? ", below " : ", above ")
            + number(threshold)
            + (interval == null ? "" : "; its interval is " + interval);
    boolean sure = interval != null && beyond(below ? interval.high() : interval.low());
    // Without an interval nothing excuses the value, and silence would be worse than a false alarm.
    return finding(sure || interval == null ? State.ALARM : State.SUSPECT, value, rows, found);
  }

  /**
   * Judges an estimate of the performance: without labels there is no alarm, but no silence either.
   *
   * @return {@code OK}, or {@code SUSPECT} when the estimate is beyond the threshold
   */
  public Finding judge(Cbpe estimate) {
    double value = estimate.value(metric);
    int rows = (int) Math.min(Integer.MAX_VALUE, estimate.rows());
    String text = "estimated without labels: " + number(value) + " against " + number(threshold);
    State state =
        Double.isNaN(value) ? State.INSUFFICIENT : beyond(value) ? State.SUSPECT : State.OK;
    return finding(state, value, rows, text);
  }

  private boolean beyond(double value) {
    return below ? value < threshold : value > threshold;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  private static Finding finding(State state, double value, int rows, String reason) {
    return new Finding(state, value, rows, reason);
  }
}
