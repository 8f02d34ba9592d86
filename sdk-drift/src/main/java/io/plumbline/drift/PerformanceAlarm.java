package io.plumbline.drift;

import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Says when a live metric has crossed the threshold that a version was registered with. Immutable.
 *
 * <pre>{@code
 * PerformanceAlarm alarm = PerformanceAlarm.registered(profile, "precision"); // or below("precision", 0.90)
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

  /** So much worse than on the test data, by share, a registered metric may be. */
  private static final double ALLOWANCE = 0.05;

  private static final Set<String> BETTER_HIGHER =
      Set.of("auc", "accuracy", "precision", "recall", "f1", "r2");
  private static final Set<String> BETTER_LOWER = Set.of("log_loss", "brier", "rmse", "mae");

  private final String metric;
  private final double threshold;
  private final boolean below;
  private final int fewestRows;
  private final Optional<Duration> labelDelay;
  private final String origin;

  private PerformanceAlarm(
      String metric,
      double threshold,
      boolean below,
      int fewestRows,
      Optional<Duration> labelDelay,
      String origin) {
    this.origin = origin;
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

  /**
   * An alarm by what a version was registered with, as its profile says: the threshold of the
   * metric's name ({@link ProfileBuilder#threshold}), or else what the model achieved on its test
   * data ({@link ProfileBuilder#performance}), less a twentieth of it.
   *
   * @param profile the one that the version came with
   * @param metric {@code auc}, {@code accuracy}, {@code precision}, {@code recall}, {@code f1},
   *     {@code r2}, or of those that are better when they are lower {@code log_loss}, {@code
   *     brier}, {@code rmse}, {@code mae}
   * @throws IllegalArgumentException if the profile knows nothing of the metric, or it is another
   *     one; the message says what there is
   */
  public static PerformanceAlarm registered(Profile profile, String metric) {
    Double threshold = profile.thresholds().get(metric);
    if (threshold != null) {
      return isBetterLower(metric) ? above(metric, threshold) : below(metric, threshold);
    }
    return registered(profile.performance(), metric);
  }

  /**
   * An alarm by what a model achieved on its test data, less a twentieth of it.
   *
   * @param performance by metric, such as those of the run that made the version
   * @param metric as in {@link #registered(Profile, String)}
   * @throws IllegalArgumentException if there is no such metric, or it is another one
   */
  public static PerformanceAlarm registered(Map<String, Double> performance, String metric) {
    boolean lower = isBetterLower(metric);
    Double achieved = performance.get(metric);
    if (achieved == null) {
      throw new IllegalArgumentException(
          "the version was registered without "
              + Words.quoted(metric)
              + ", and with "
              + new TreeSet<>(performance.keySet())
              + "; add it to the profile with ProfileBuilder.performance, or name a threshold with"
              + " below or above");
    }
    double allowed = ALLOWANCE * Math.abs(achieved);
    PerformanceAlarm alarm =
        lower ? above(metric, achieved + allowed) : below(metric, achieved - allowed);
    return new PerformanceAlarm(
        metric,
        alarm.threshold,
        alarm.below,
        alarm.fewestRows,
        alarm.labelDelay,
        ", which allows for a twentieth of the " + number(achieved) + " of its test data");
  }

  /**
   * The alarms of all metrics that a version was registered with, by metric.
   *
   * @param profile the one that the version came with
   * @return none if it knows of no metric that {@link #registered(Profile, String)} takes
   */
  public static Map<String, PerformanceAlarm> registered(Profile profile) {
    Map<String, PerformanceAlarm> alarms = new TreeMap<>();
    Set<String> known = new TreeSet<>(profile.performance().keySet());
    known.addAll(profile.thresholds().keySet());
    for (String metric : known) {
      if (BETTER_HIGHER.contains(metric) || BETTER_LOWER.contains(metric)) {
        alarms.put(metric, registered(profile, metric));
      }
    }
    return Collections.unmodifiableMap(alarms);
  }

  private static boolean isBetterLower(String metric) {
    if (BETTER_LOWER.contains(metric)) {
      return true;
    }
    if (!BETTER_HIGHER.contains(metric)) {
      throw new IllegalArgumentException(
          "whether "
              + Words.quoted(metric)
              + " is better when it is higher is not known: name its threshold with below or above");
    }
    return false;
  }

  private static PerformanceAlarm make(String metric, double threshold, boolean below) {
    Objects.requireNonNull(metric, "metric");
    if (!Double.isFinite(threshold)) {
      throw new IllegalArgumentException(
          "the threshold of " + metric + " is " + threshold + "; it must be finite");
    }
    return new PerformanceAlarm(metric, threshold, below, FEWEST_ROWS, Optional.empty(), "");
  }

  /** The metric. */
  public String metric() {
    return metric;
  }

  /** The worst acceptable value. */
  public double threshold() {
    return threshold;
  }

  /** The same with another number of labelled rows below which nothing is said; 50 unless set. */
  public PerformanceAlarm fewestRows(int rows) {
    return new PerformanceAlarm(metric, threshold, below, rows, labelDelay, origin);
  }

  /** The same with the delay after which a window is mature; else its own labels say it. */
  public PerformanceAlarm labelDelay(Duration delay) {
    return new PerformanceAlarm(metric, threshold, below, fewestRows, Optional.of(delay), origin);
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
            + origin
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
