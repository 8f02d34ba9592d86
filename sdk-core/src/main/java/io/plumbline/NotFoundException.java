package io.plumbline;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a named run, experiment, artifact, model, version or alias does not exist: check the
 * name, and that the store or the server is the one that you mean.
 */
public final class NotFoundException extends PlumblineException {

  /**
   * Makes an exception that nothing else caused.
   *
   * @param message what was looked for, and where
   */
  public NotFoundException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message what was looked for, and where
   * @param cause what caused it, or null
   */
  public NotFoundException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
