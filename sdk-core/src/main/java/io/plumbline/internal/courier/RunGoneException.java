package io.plumbline.internal.courier;

/** The run cannot be delivered any more: somebody has deleted it, here or there. */
final class RunGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunGoneException(String why) {
    super(why, null, false, false);
  }
}
