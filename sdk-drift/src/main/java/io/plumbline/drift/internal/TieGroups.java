package io.plumbline.drift.internal;

import java.util.Arrays;

/**
 * The rows of a binary evaluation put together by equal score, ascending, with the weight of the
 * positive and of the negative rows of each group. Everything that depends on the order of scores
 * alone is computed from it, so ties are handled in one place.
 */
final class TieGroups {
  private final double[] score;
  private final double[] positive;
  private final double[] negative;
  private final double positives;
  private final double negatives;

  /** Takes one entry for each distinct score; the arrays are kept, not copied. */
  TieGroups(double[] score, double[] positive, double[] negative) {
    this.score = score;
    this.positive = positive;
    this.negative = negative;
    this.positives = total(positive);
    this.negatives = total(negative);
  }

  int size() {
    return positive.length;
  }

  double positive(int group) {
    return positive[group];
  }

  double negative(int group) {
    return negative[group];
  }

  double positives() {
    return positives;
  }

  double negatives() {
    return negatives;
  }

  /**
   * Returns the area under the ROC curve: the probability that a positive row has a higher score
   * than a negative one, ties counted half; NaN with one class only. For unweighted rows every sum
   * is a count, so the result is exact up to the last division for 90 million rows.
   *
   * <p>Source: J. A. Hanley and B. J. McNeil, The meaning and use of the area under a receiver
   * operating characteristic (ROC) curve, Radiology 143 (1982).
   */
  double auc() {
    if (positives == 0 || negatives == 0) {
      return Double.NaN;
    }
    Sum wins = new Sum();
    Sum below = new Sum();
    for (int group = 0; group < positive.length; group++) {
      wins.add(positive[group] * (below.value() + negative[group] / 2));
      below.add(negative[group]);
    }
    return Math.min(1, wins.value() / (positives * negatives));
  }

  /**
   * Returns how many times more positives the top {@code fraction} of the rows holds than the same
   * number of rows taken at random; NaN without a positive row. A group of ties that the cut goes
   * through counts in proportion, which is its expectation over all orders of the tied rows.
   */
  double lift(double fraction) {
    if (positives == 0) {
      return Double.NaN;
    }
    double total = positives + negatives;
    double wanted = fraction * total;
    Sum covered = new Sum();
    Sum hits = new Sum();
    for (int group = positive.length - 1; group >= 0; group--) {
      double weight = positive[group] + negative[group];
      double missing = wanted - covered.value();
      if (weight > 0 && weight >= missing) {
        hits.add(positive[group] * Math.max(0, missing / weight));
        break;
      }
      covered.add(weight);
      hits.add(positive[group]);
    }
    return hits.value() / wanted * (total / positives);
  }

  /**
   * Returns the corners of the ROC curve from (0, 0) to (1, 1): points on a straight line between
   * their neighbours are left out, but the first and the last threshold always stay.
   */
  RocPoints roc() {
    int n = positive.length;
    double[] falsePositives = new double[n + 1];
    double[] truePositives = new double[n + 1];
    double[] thresholds = new double[n + 1];
    thresholds[0] = Double.POSITIVE_INFINITY;
    int kept = 1;
    Sum falses = new Sum();
    Sum trues = new Sum();
    for (int group = n - 1; group >= 0; group--) {
      falses.add(negative[group]);
      trues.add(positive[group]);
      // A following group with the same weights continues the line, so this point says nothing.
      boolean straight =
          group < n - 1
              && group > 0
              && negative[group] == negative[group - 1]
              && positive[group] == positive[group - 1];
      if (!straight) {
        falsePositives[kept] = falses.value() / negatives;
        truePositives[kept] = trues.value() / positives;
        thresholds[kept++] = score[group];
      }
    }
    falsePositives[kept - 1] = 1; // whatever the rounding of fractional weights says
    truePositives[kept - 1] = 1;
    return new RocPoints(
        Arrays.copyOf(falsePositives, kept),
        Arrays.copyOf(truePositives, kept),
        Arrays.copyOf(thresholds, kept));
  }

  private static double total(double[] terms) {
    Sum sum = new Sum();
    for (double term : terms) {
      sum.add(term);
    }
    return sum.value();
  }
}
