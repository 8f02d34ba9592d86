package io.plumbline.drift;

import io.plumbline.drift.internal.Bootstrap;
import io.plumbline.drift.internal.SliceColumn;
import io.plumbline.drift.internal.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The options that every kind of evaluation has: weights, slices and intervals. Arrays are copied
 * when they are given. An evaluator may be used again for other rows of the same number; it is not
 * safe for use by several threads.
 *
 * @param <E> the evaluator's own type, returned by each option
 */
public abstract sealed class Evaluator<E extends Evaluator<E>>
    permits BinaryEvaluator, RegressionEvaluator {
  private static final int FEWEST_RESAMPLES = 100;
  private static final int MOST_RESAMPLES = 1_000_000;

  private double @Nullable [] weights;
  private final List<SliceColumn> slices = new ArrayList<>();
  private double level = 0.95;
  private @Nullable Bootstrap bootstrap;

  Evaluator() {}

  abstract E self();

  /**
   * Gives each row a weight, such as the inverse of its chance to be in the sample. A row of weight
   * 2 counts in every metric like two rows, a row of weight 0 like none.
   *
   * @param weights one for each row: finite, not negative, one of them above zero
   * @throws IllegalArgumentException if a weight is negative, NaN or infinite, or all are zero
   */
  public E weights(double[] weights) {
    this.weights = Checks.weights(weights);
    return self();
  }

  /**
   * Also evaluates each group of rows that has the same value in a column.
   *
   * @param name the column's name, which becomes part of metric keys: up to 100 ASCII letters,
   *     digits, spaces and _ . -
   * @param values one for each row, up to 1,000 different ones; null and blank values form the
   *     group {@code missing}
   * @throws IllegalArgumentException if the name does not fit a key or was given before, if there
   *     are more than 1,000 values, or if two values would have the same key
   */
  public E slice(String name, @Nullable String[] values) {
    return slice(name, Arrays.asList(values));
  }

  /** Does the same as {@link #slice(String, String[])}, with a list. */
  public E slice(String name, List<? extends @Nullable String> values) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(values, "values");
    if (slices.stream().anyMatch(slice -> slice.name().equals(name))) {
      throw new IllegalArgumentException("the slice \"" + name + "\" was given before");
    }
    slices.add(SliceColumn.of(name, values));
    return self();
  }

  /**
   * Sets the confidence level of all intervals; 0.95 unless set.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public E level(double level) {
    Interval.checkLevel(level);
    this.level = level;
    return self();
  }

  /**
   * Computes the interval of every metric from resamples of the rows, instead of closed forms,
   * which few metrics have. The same rows, options and seed give the same intervals. It costs as
   * much as {@code resamples} evaluations without their sorting.
   *
   * @param resamples how many times to draw as many rows as there are, with replacement; 100 to
   *     1,000,000, usually 1,000
   * @param seed fixes the draws
   * @throws IllegalArgumentException if {@code resamples} is out of its range
   */
  public E bootstrap(int resamples, long seed) {
    if (resamples < FEWEST_RESAMPLES || resamples > MOST_RESAMPLES) {
      throw new IllegalArgumentException(
          "resamples is "
              + resamples
              + "; it must lie between "
              + FEWEST_RESAMPLES
              + " and "
              + MOST_RESAMPLES
              + ", usually 1000");
    }
    this.bootstrap = new Bootstrap(resamples, seed);
    return self();
  }

  /** Returns the weights after checking that they and the slices have as many rows as there are. */
  double @Nullable [] weightsOf(int rows, String of) {
    if (weights != null) {
      Checks.sameLength("weights", weights.length, of, rows);
    }
    for (SliceColumn slice : slices) {
      Checks.sameLength("slice \"" + slice.name() + "\"", slice.codes().length, of, rows);
    }
    return weights;
  }

  Evaluation evaluate(Table table) {
    return Evaluation.of(table, slices, level, bootstrap);
  }
}
