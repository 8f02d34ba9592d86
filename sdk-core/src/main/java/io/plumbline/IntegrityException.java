package io.plumbline;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when content is not what its digest, signature, checksum or format says: do not use it,
 * and fetch or restore it from a place that you trust.
 */
public final class IntegrityException extends PlumblineException {

  /**
   * Makes an exception that nothing else caused.
   *
   * @param message what was checked, what was expected and what was found
   */
  public IntegrityException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message what was checked, what was expected and what was found
   * @param cause what caused it, or null
   */
  public IntegrityException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
