package io.plumbline.drift.internal;

import io.plumbline.drift.Interval;
import io.plumbline.drift.Interval.Method;

/** Closed-form intervals: Wilson's for rates and DeLong's for the AUC. */
public final class Intervals {
  private Intervals() {}

  /**
   * Returns Wilson's interval for {@code successes} of {@code trials}, trials &gt; 0.
   *
   * <p>With p = k / n and z the two-sided normal quantile: (2np + z² ± z √(4npq + z²)) / (2 (n +
   * z²)). The low end is exactly 0 without a success, the high end exactly 1 without a failure.
   */
  public static Interval wilson(long successes, long trials, double level) {
    double n = trials;
    double z = Normal.twoSided(level);
    double p = successes / n;
    double q = 1 - p;
    double below = 2 * (n + z * z);
    double centre = (2 * n * p + z * z) / below;
    double half = z / below * Math.sqrt(4 * n * p * q + z * z);
    double low = successes == 0 ? 0 : Math.max(0, centre - half);
    double high = successes == trials ? 1 : Math.min(1, centre + half);
    return new Interval(low, high, level, Method.WILSON);
  }

  /**
   * Returns DeLong's interval for the AUC of unweighted rows, at least two of each class.
   *
   * <p>The placement of a positive row is the share of negative rows that it beats, ties counted
   * half, and the other way round. The AUC's variance is the sample variance of the positive rows'
   * placements over their number, plus the same for the negative rows. All rows of one score have
   * one placement, so sorted rows need one pass, as Sun and Xu found.
   */
  static Interval deLong(TieGroups groups, double auc, double level) {
    double positives = groups.positives();
    double negatives = groups.negatives();
    Sum ofPositives = new Sum();
    Sum ofNegatives = new Sum();
    double positivesBelow = 0;
    double negativesBelow = 0;
    for (int group = 0; group < groups.size(); group++) {
      double positive = groups.positive(group);
      double negative = groups.negative(group);
      double beaten = (negativesBelow + negative / 2) / negatives - auc;
      double beating = (positives - positivesBelow - positive / 2) / positives - auc;
      ofPositives.add(positive * beaten * beaten);
      ofNegatives.add(negative * beating * beating);
      positivesBelow += positive;
      negativesBelow += negative;
    }
    double variance =
        ofPositives.value() / (positives - 1) / positives
            + ofNegatives.value() / (negatives - 1) / negatives;
    double half = Normal.twoSided(level) * Math.sqrt(variance);
    return new Interval(Math.max(0, auc - half), Math.min(1, auc + half), level, Method.DELONG);
  }
}
