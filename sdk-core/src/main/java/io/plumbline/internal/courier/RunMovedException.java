package io.plumbline.internal.courier;

/** What is known of a run's delivery is of another run over there: it has to be read again. */
final class RunMovedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunMovedException() {
    super("the run is another one over there", null, false, false);
  }
}
