package io.plumbline.drift.internal;

import io.plumbline.drift.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checked rows of one evaluation and the metrics that can be computed from them. A slice is a
 * smaller table, a bootstrap resample is the same table with a count for each row.
 */
public interface Table {
  /** Returns the number of rows, without those of weight zero; at least 1. */
  int rows();

  /** Returns the names of the metrics, in the order of {@link #values}. */
  List<String> metrics();

  /**
   * Returns one value for each metric, NaN where it is undefined.
   *
   * @param counts how many times each row occurs, by position in this table; null = once each
   */
  double[] values(int @Nullable [] counts);

  /** Returns why a metric whose value is NaN is undefined. */
  String whyUndefined(int metric);

  /** Returns the closed-form interval of a defined metric, or null where there is none. */
  @Nullable Interval interval(int metric, double value, double level);

  /** Returns why a defined metric has no closed-form interval. */
  String whyNoInterval(int metric);

  /** Returns the ROC curve; null for regressions and for rows of one class. */
  @Nullable RocPoints roc();

  /**
   * Splits the rows by slice value.
   *
   * @param codes the code of each row of the arrays that the table was made from, 0 to size - 1
   * @return for each code its rows as a table, null where it has none
   */
  List<@Nullable Table> split(int[] codes, int size);
}
