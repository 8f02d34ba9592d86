package io.plumbline.spi;

/**
 * Predicts: the hot path of a loaded model. None of the calls with arrays of numbers allocates more
 * than its engine does, and none keeps an array.
 *
 * <p>Numbers are in the order of the model's inputs, row after row; NaN is a missing value. A
 * failure is the engine's own unchecked exception; the predictor can be used after it.
 */
public interface Predictor extends AutoCloseable {
  /**
   * Predicts some rows.
   *
   * @param in {@code rows * inputs()} numbers at least
   * @param rows at least 1
   * @param out gets {@code rows * outputs()} numbers, from the start
   */
  void predict(double[] in, int rows, double[] out);

  /** Predicts some rows in 32 bits; where the engine has 64, it widens and narrows. */
  void predict(float[] in, int rows, float[] out);

  /**
   * Predicts rows that are given by columns, text included.
   *
   * @param columns exactly {@code inputs()} of them: for each input in order an array of at least
   *     that many values: {@code double[]}, {@code float[]}, {@code long[]}, {@code int[]}, {@code
   *     boolean[]} or {@code String[]}
   * @param out gets {@code rows * outputs()} numbers, row after row
   * @throws IllegalArgumentException if a column has text and the engine takes numbers only
   */
  default void predictColumns(Object[] columns, int rows, double[] out) {
    double[] in = new double[Math.multiplyExact(rows, columns.length)];
    for (int i = 0; i < columns.length; i++) {
      ColumnCopy.toRows(columns[i], i, columns.length, rows, in);
    }
    predict(in, rows, out);
  }

  @Override
  void close();
}
