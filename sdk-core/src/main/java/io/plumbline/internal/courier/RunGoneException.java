package io.plumbline.internal.courier;

/** The run cannot be delivered any more: over there it is deleted, or was never known. */
final class RunGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunGoneException(String why) {
    super(why, null, false, false);
  }
}
