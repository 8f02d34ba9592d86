package io.plumbline.internal.courier;

/** Something else has to be delivered first. */
final class NotYetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotYetException(String what) {
    super(what, null, false, false);
  }
}
