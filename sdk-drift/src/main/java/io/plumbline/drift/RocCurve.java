package io.plumbline.drift;

import io.plumbline.drift.internal.RocPoints;
import java.util.Objects;

/**
 * The ROC curve of a binary evaluation: for each threshold, the share of positive rows at or above
 * it over the share of negative rows at or above it.
 *
 * <p>Points go from (0, 0), whose threshold is infinite, to (1, 1), by falling threshold; they are
 * those of scikit-learn's {@code roc_curve}, which leaves out points on a straight line. Immutable.
 */
public final class RocCurve {
  private final RocPoints points;

  RocCurve(RocPoints points) {
    this.points = points;
  }

  /** Returns the number of points, at least 2. */
  public int size() {
    return points.threshold().length;
  }

  /**
   * Returns the x of a point, 0 to 1: the share of the negative rows' weight at or above its
   * threshold.
   *
   * @throws IndexOutOfBoundsException unless 0 &lt;= {@code point} &lt; {@link #size}
   */
  public double falsePositiveRate(int point) {
    return points.falsePositiveRate()[checked(point)];
  }

  /**
   * Returns the y of a point, 0 to 1: the share of the positive rows' weight at or above its
   * threshold.
   *
   * @throws IndexOutOfBoundsException unless 0 &lt;= {@code point} &lt; {@link #size}
   */
  public double truePositiveRate(int point) {
    return points.truePositiveRate()[checked(point)];
  }

  /**
   * Returns the score from which on rows count as predicted positive at a point; infinite for point
   * 0.
   *
   * @throws IndexOutOfBoundsException unless 0 &lt;= {@code point} &lt; {@link #size}
   */
  public double threshold(int point) {
    return points.threshold()[checked(point)];
  }

  RocPoints points() {
    return points;
  }

  private int checked(int point) {
    return Objects.checkIndex(point, size());
  }
}
