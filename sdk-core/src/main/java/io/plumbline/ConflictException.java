package io.plumbline;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when something exists already with another content, such as a param with another value or
 * an alias that someone else has moved: read the present state and decide again.
 */
public final class ConflictException extends PlumblineException {

  /**
   * Makes an exception that nothing else caused.
   *
   * @param message what clashes, with both values where there are two
   */
  public ConflictException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message what clashes, with both values where there are two
   * @param cause what caused it, or null
   */
  public ConflictException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
