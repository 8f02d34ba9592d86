package io.plumbline;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a server could not be reached or did not answer in time, after all retries: check the
 * network and the address; the call may be repeated.
 */
public final class TransportException extends PlumblineException {

  /**
   * Makes an exception that nothing else caused.
   *
   * @param message the address without credentials, and what failed
   */
  public TransportException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message the address without credentials, and what failed
   * @param cause what caused it, or null
   */
  public TransportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
