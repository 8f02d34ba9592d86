package io.plumbline.drift.internal.ship;

/** Says why one part can't be shipped; others can. */
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  Refused(String message) {
    super(message);
  }
}
