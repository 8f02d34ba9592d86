package io.plumbline;

import org.jspecify.annotations.Nullable;

/**
 * The parent of every exception that the SDK throws for something that is not a programmer's error.
 *
 * <p>It is abstract, so whoever catches it can always ask for the kind: a bad setting ({@link
 * ConfigException}), something that is not there ({@link NotFoundException}) or is there already in
 * another form ({@link ConflictException}), content that is not what it should be ({@link
 * IntegrityException}), a model that can't be loaded here ({@link IncompatibleModelException}), the
 * local disk ({@link StoreException}), the network ({@link TransportException}) or a server ({@link
 * ServerException}). Programmer's errors are {@link IllegalArgumentException}, {@link
 * NullPointerException} and {@link IllegalStateException}.
 */
public abstract class PlumblineException extends RuntimeException {

  /**
   * Makes an exception that nothing else caused.
   *
   * @param message what happened, to what, and what to do
   */
  protected PlumblineException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message what happened, to what, and what to do
   * @param cause what caused it, or null
   */
  protected PlumblineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
