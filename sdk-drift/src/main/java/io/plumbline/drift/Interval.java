package io.plumbline.drift;

import io.plumbline.drift.internal.Intervals;
import java.util.Locale;
import java.util.Objects;

/**
 * A confidence interval of a metric: the range that a method gives for the metric's true value.
 *
 * @param low the lower end, in the metric's unit
 * @param high the upper end, not below {@code low}
 * @param level the confidence level, between 0 and 1: 0.95 means that 95 of 100 intervals made this
 *     way contain the true value
 * @param method how it was computed
 */
public record Interval(double low, double high, double level, Method method) {

  /** How an interval is computed. */
  public enum Method {
    /**
     * The score interval of a rate. Source: E. B. Wilson, Probable inference, the law of
     * succession, and statistical inference, JASA 22 (1927).
     */
    WILSON,

    /**
     * The AUC plus and minus its standard error times the normal quantile, cut to [0, 1]. When
     * every positive row has a higher score than every negative one, the estimated error is zero
     * and so is the interval's width. Sources: E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson,
     * Comparing the areas under two or more correlated receiver operating characteristic curves,
     * Biometrics 44 (1988); computed in O(n log n) after X. Sun and W. Xu, Fast implementation of
     * DeLong's algorithm, IEEE Signal Processing Letters 21 (2014).
     */
    DELONG,

    /**
     * The percentiles of the metric over resamples of the rows. Source: B. Efron and R. J.
     * Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
     */
    BOOTSTRAP
  }

  /**
   * Makes an interval.
   *
   * @throws IllegalArgumentException if an end is NaN, the ends are in the wrong order, or the
   *     level is not between 0 and 1
   */
  public Interval {
    Objects.requireNonNull(method, "method");
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "low is " + low + " and high is " + high + "; low must not be above high, neither NaN");
    }
    checkLevel(level);
  }

  /**
   * Returns Wilson's interval for a rate, such as the share of late flights. It stays within [0, 1]
   * and is sound for few trials and for rates near 0 and 1.
   *
   * <p>With p = successes / trials, q = 1 - p, n = trials and z the normal quantile of the level:
   * (2np + z² ± z √(4npq + z²)) / (2 (n + z²)).
   *
   * @param successes how many trials succeeded, 0 to {@code trials}
   * @param trials how many trials there were, at least 1
   * @param level the confidence level, between 0 and 1; usually 0.95
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static Interval wilson(long successes, long trials, double level) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          successes
              + " successes of "
              + trials
              + " trials: there must be at least one trial and 0 to that many successes");
    }
    checkLevel(level);
    return Intervals.wilson(successes, trials, level);
  }

  /** Returns whether a value lies in the interval, ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Returns the interval as text, such as {@code [0.7012, 0.7198]}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "[%.4g, %.4g]", low, high);
  }

  static void checkLevel(double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level is " + level + "; it must lie between 0 and 1, such as 0.95");
    }
  }
}
