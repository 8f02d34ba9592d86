package io.plumbline.serving;

/** A model that is code: what a package of flavor {@code function} names. */
@FunctionalInterface
public interface ModelFunction {
  /**
   * Predicts one row; called by many threads at once.
   *
   * @param in the inputs, in the signature's order; not to be changed or kept
   * @param out gets the outputs, in the signature's order
   */
  void predict(double[] in, double[] out);
}
