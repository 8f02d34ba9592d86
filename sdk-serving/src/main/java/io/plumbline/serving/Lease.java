package io.plumbline.serving;

import io.plumbline.model.ModelVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of a live model, held from here on: it is not closed, and no other takes its place in
 * this lease, until the lease is returned. Cheap; take one for each request, and return it with
 * try-with-resources.
 *
 * <p>Safe for many threads, but meant for one. After {@link #close} every other call throws.
 */
public interface Lease extends AutoCloseable {
  /** Returns the version. */
  ModelVersion version();

  /**
   * Predicts one row.
   *
   * @param features as many numbers as the model has inputs, in their order; NaN is a missing value
   * @param out gets as many numbers as the model has outputs
   * @throws IllegalArgumentException if an array has another length
   */
  void predict(double[] features, double[] out);

  /** Predicts one row in 32 bits. */
  void predict(float[] features, float[] out);

  /**
   * Predicts several rows.
   *
   * @param rows the rows one after the other, at least {@code count} of them
   * @param count how many
   * @param out gets the outputs of each row, one after the other
   */
  void predictBatch(double[] rows, int count, double[] out);

  /** Predicts one row of named values, as {@link LiveModel#predict(Map)}. */
  double[] predict(Map<String, ? extends @Nullable Object> row);

  /** Predicts rows of named columns, as {@link LiveModel#predictColumns}. */
  double[][] predictColumns(Map<String, ?> columns);

  /** Returns the lease. Idempotent. */
  @Override
  void close();
}
