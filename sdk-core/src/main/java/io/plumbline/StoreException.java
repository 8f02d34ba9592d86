package io.plumbline;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the local disk refuses: not writable, full, damaged or locked by another process:
 * make the named folder writable, free some space, or name another store.
 */
public final class StoreException extends PlumblineException {

  /**
   * Makes an exception that nothing else caused.
   *
   * @param message the file or folder, and what the disk said
   */
  public StoreException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message the file or folder, and what the disk said
   * @param cause what caused it, or null
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
