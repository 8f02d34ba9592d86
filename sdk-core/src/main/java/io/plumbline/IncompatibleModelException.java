package io.plumbline;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a model can't be loaded here although it is whole: its format is newer than the
 * engine, no loader reads its flavor, or it does not predict what it predicted when it was trained.
 */
public final class IncompatibleModelException extends PlumblineException {

  /**
   * Makes an exception that nothing else caused.
   *
   * @param message what was expected, what was found, and what to do
   */
  public IncompatibleModelException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message what was expected, what was found, and what to do
   * @param cause what caused it, or null
   */
  public IncompatibleModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
