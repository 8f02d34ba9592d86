package io.plumbline.lightgbm;

import io.plumbline.spi.Predictor;
import java.lang.reflect.Array;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Predicts with a booster of its own, row by row: LightGBM's call for a whole matrix reads its
 * parameters and makes threads' buffers each time, and is not faster a row. Whatever the caller
 * gives is checked here, because LightGBM believes it.
 */
final class LightGbmPredictor implements Predictor {
  private final NativeBooster booster;
  private final int inputs;
  private final int outputs;
  private final AtomicInteger boosters;
  private boolean closed;

  /**
   * Takes the booster over.
   *
   * @param boosters is decremented when it is closed
   */
  LightGbmPredictor(NativeBooster booster, int inputs, int outputs, AtomicInteger boosters) {
    this.booster = booster;
    this.inputs = inputs;
    this.outputs = outputs;
    this.boosters = boosters;
  }

  @Override
  public void predict(double[] in, int rows, double[] out) {
    check(in == null ? -1 : in.length, rows, out == null ? -1 : out.length);
    int from = 0;
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < inputs; i++) {
        booster.set(i, in[from++]);
      }
      booster.predict();
      for (int i = 0; i < outputs; i++) {
        out[to++] = booster.get(i);
      }
    }
  }

  /** {@inheritDoc} LightGBM widens too, so nothing would be gained by giving it 32 bits. */
  @Override
  public void predict(float[] in, int rows, float[] out) {
    check(in == null ? -1 : in.length, rows, out == null ? -1 : out.length);
    int from = 0;
    int to = 0;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < inputs; i++) {
        booster.set(i, in[from++]);
      }
      booster.predict();
      for (int i = 0; i < outputs; i++) {
        out[to++] = (float) booster.get(i);
      }
    }
  }

  @Override
  public void predictColumns(Object[] columns, int rows, double[] out) {
    booster.checkOpen();
    if (columns == null || columns.length != inputs) {
      throw new IllegalArgumentException(
          "there are "
              + (columns == null ? "no" : columns.length)
              + " columns; the model has "
              + inputs
              + " features");
    }
    for (int i = 0; i < inputs; i++) {
      Object column = columns[i];
      if (column == null || column.getClass().isArray() && Array.getLength(column) < rows) {
        throw new IllegalArgumentException(
            "column "
                + i
                + " has "
                + (column == null ? "no" : Array.getLength(column))
                + " values for "
                + rows
                + " rows");
      }
    }
    check(Integer.MAX_VALUE, rows, out == null ? -1 : out.length);
    Predictor.super.predictColumns(columns, rows, out);
  }

  /**
   * Checks a call.
   *
   * @param in how long the array of inputs is; -1 if there is none
   * @param out how long the array of outputs is; -1 if there is none
   */
  private void check(int in, int rows, int out) {
    booster.checkOpen();
    if (rows < 1) {
      throw new IllegalArgumentException("rows is " + rows + "; it must be at least 1");
    }
    checkRoom("in", in, rows, inputs, "features");
    checkRoom("out", out, rows, outputs, "outputs");
  }

  private static void checkRoom(String name, int length, int rows, int width, String what) {
    if (length < 0) {
      throw new IllegalArgumentException(name + " is null");
    }
    if (length < (long) rows * width) {
      throw new IllegalArgumentException(
          name
              + " has "
              + length
              + " numbers; "
              + rows
              + " rows of "
              + width
              + " "
              + what
              + " are "
              + (long) rows * width);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      booster.close();
      boosters.decrementAndGet();
    }
  }
}
