package io.plumbline.internal.config;

/**
 * Thrown by a value's type when a text is not one of its values; the key and the source are added
 * later.
 */
final class BadValueException extends Exception {

  private final String problem;

  /**
   * Makes an exception.
   *
   * @param problem what is wrong with the text; never the content of a secret
   */
  BadValueException(String problem) {
    super(problem);
    this.problem = problem;
  }

  /** Returns what is wrong with the text. */
  String problem() {
    return problem;
  }
}
