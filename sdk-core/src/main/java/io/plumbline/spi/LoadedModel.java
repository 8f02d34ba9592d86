package io.plumbline.spi;

/**
 * A model that can predict: what a {@link ModelLoader} has made of a package.
 *
 * <p>Its caller opens predictors as {@link #concurrency} asks for, and closes the model only when
 * no predictor is in use and all are closed: nothing here needs a guard against that.
 */
public interface LoadedModel extends AutoCloseable {
  /** Who may use a predictor. */
  enum Concurrency {
    /** One predictor serves all threads at once. */
    SHARED,
    /** Each predictor serves one thread at a time; there may be several. */
    PER_THREAD,
    /** There is one predictor, and it serves one thread at a time. */
    SERIAL
  }

  /** Returns who may use a predictor. */
  Concurrency concurrency();

  /** Returns how many numbers a row of input has. */
  int inputs();

  /** Returns how many numbers a row of output has. */
  int outputs();

  /** Opens a predictor; called once for a model that is SHARED or SERIAL. */
  Predictor open();

  /** Returns an estimate of the memory that the model takes, in bytes, native memory included. */
  long memoryBytes();

  /** Gives everything back. Called once, after all predictors are closed. */
  @Override
  void close();
}
