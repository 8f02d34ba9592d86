package io.plumbline.internal.courier;

/** A run can't be delivered until somebody changes something, here or there. */
final class GivenUpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GivenUpException(String why) {
    super(why, null, false, false);
  }
}
