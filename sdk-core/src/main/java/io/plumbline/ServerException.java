package io.plumbline;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a server was reached and answered with an error that has no exception of its own:
 * look at {@link #status()} and at the server's log; the nested kinds say what can be done on this
 * side.
 */
public class ServerException extends PlumblineException {

  private final int status;

  /**
   * Makes an exception that nothing else caused.
   *
   * @param status the HTTP status, or 0 where the protocol has none
   * @param message which request failed and what the server said, without credentials
   */
  public ServerException(int status, String message) {
    this(status, message, null);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param status the HTTP status, or 0 where the protocol has none
   * @param message which request failed and what the server said, without credentials
   * @param cause what caused it, or null
   */
  public ServerException(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** Returns the HTTP status of the answer, or 0 where the protocol has none. */
  public final int status() {
    return status;
  }

  /**
   * Thrown when a server does not accept the credentials, or does not allow this user the request:
   * check the configured credentials and their rights.
   */
  public static final class Unauthorized extends ServerException {

    /**
     * Makes an exception.
     *
     * @param status the HTTP status, usually 401 or 403, or 0 where the protocol has none
     * @param message which request was refused, without credentials
     */
    public Unauthorized(int status, String message) {
      super(status, message);
    }
  }

  /**
   * Thrown when a server still asks for fewer requests after all retries: repeat the call later,
   * not before {@link #retryAfter()} where the server named a time.
   */
  public static final class RateLimited extends ServerException {

    private final @Nullable Duration retryAfter;

    /**
     * Makes an exception.
     *
     * @param status the HTTP status, usually 429 or 503, or 0 where the protocol has none
     * @param message which request was refused
     * @param retryAfter how long the server asks to wait, or null where it did not say
     */
    public RateLimited(int status, String message, @Nullable Duration retryAfter) {
      super(status, message);
      this.retryAfter = retryAfter;
    }

    /** Returns how long the server asks to wait, or nothing where it did not say. */
    public Optional<Duration> retryAfter() {
      return Optional.ofNullable(retryAfter);
    }
  }

  /**
   * Thrown when a server refuses the content of a request, such as a name that is too long: correct
   * the input that the message names; repeating the same call fails again.
   */
  public static final class InvalidRequest extends ServerException {

    /**
     * Makes an exception.
     *
     * @param status the HTTP status, usually 400 or 413, or 0 where the protocol has none
     * @param message which input was refused, and why
     */
    public InvalidRequest(int status, String message) {
      super(status, message);
    }
  }
}
