package io.plumbline.drift.internal.performance;

import io.plumbline.drift.internal.ScoreOrder;
import java.util.Arrays;

/**
 * The non-decreasing step function that is nearest to weighted points, drawn through as straight
 * lines; outside the points it stays at its ends.
 *
 * <p>Source: R. E. Barlow and others, Statistical Inference under Order Restrictions (1972), the
 * pool-adjacent-violators algorithm; which points are kept, and what counts as the same score, as
 * in scikit-learn's {@code IsotonicRegression}.
 */
public final class Isotonic {
  private static final double SAME = 1e-15;

  private final double[] x;
  private final double[] y;

  private Isotonic(double[] x, double[] y) {
    this.x = x;
    this.y = y;
  }

  /**
   * Fits the function.
   *
   * @param scores in any order
   * @param targets one for each score
   * @param weights one for each score, above 0
   */
  public static Isotonic fit(double[] scores, double[] targets, double[] weights) {
    int[] order = ScoreOrder.ascending(scores);
    double[] x = new double[scores.length];
    double[] y = new double[scores.length];
    double[] w = new double[scores.length];
    int size = 0;
    for (int row : order) {
      if (size == 0 || scores[row] - x[size - 1] >= SAME) {
        x[size++] = scores[row];
      }
      y[size - 1] += targets[row] * weights[row];
      w[size - 1] += weights[row];
    }
    for (int i = 0; i < size; i++) {
      y[i] /= w[i];
    }
    pool(y, w, size);
    return bends(x, y, size);
  }

  /** Replaces neighbours in the wrong order by their mean, until none are. */
  private static void pool(double[] y, double[] w, int size) {
    double[] sum = new double[size];
    double[] weight = new double[size];
    int[] length = new int[size];
    int blocks = 0;
    for (int i = 0; i < size; i++) {
      sum[blocks] = y[i] * w[i];
      weight[blocks] = w[i];
      length[blocks++] = 1;
      while (blocks > 1
          && sum[blocks - 2] / weight[blocks - 2] >= sum[blocks - 1] / weight[blocks - 1]) {
        blocks--;
        sum[blocks - 1] += sum[blocks];
        weight[blocks - 1] += weight[blocks];
        length[blocks - 1] += length[blocks];
      }
    }
    for (int block = 0, i = 0; block < blocks; block++) {
      Arrays.fill(y, i, i + length[block], sum[block] / weight[block]);
      i += length[block];
    }
  }

  /** Leaves out the points between two neighbours of the same height. */
  private static Isotonic bends(double[] x, double[] y, int size) {
    double[] keptX = new double[size];
    double[] keptY = new double[size];
    int kept = 0;
    for (int i = 0; i < size; i++) {
      boolean flat = i > 0 && i < size - 1 && y[i] == y[i - 1] && y[i] == y[i + 1];
      if (!flat) {
        keptX[kept] = x[i];
        keptY[kept++] = y[i];
      }
    }
    return new Isotonic(Arrays.copyOf(keptX, kept), Arrays.copyOf(keptY, kept));
  }

  /** The function's value at a score. */
  public double at(double score) {
    if (score <= x[0]) {
      return y[0];
    }
    int last = x.length - 1;
    if (score >= x[last]) {
      return y[last];
    }
    int found = Arrays.binarySearch(x, score);
    if (found >= 0) {
      return y[found];
    }
    int above = -found - 1;
    double slope = (y[above] - y[above - 1]) / (x[above] - x[above - 1]);
    return slope * (score - x[above - 1]) + y[above - 1];
  }
}
