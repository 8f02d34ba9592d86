package io.plumbline.spi;

import org.jspecify.annotations.Nullable;

/**
 * Gives the credentials for a server, before each request; safe for many threads.
 *
 * <p>A provider that has to fetch them keeps them until they expire. It may block, and throw: the
 * request then fails with what it has thrown, or, if that is no {@link
 * io.plumbline.PlumblineException}, with a {@link io.plumbline.TransportException} whose cause it
 * is. Either way nothing was sent, and a delivery tries again later.
 */
@FunctionalInterface
public interface CredentialProvider {
  /**
   * Returns the credentials to send.
   *
   * @param refused what the server has just refused with a 401, so that the same again is of no
   *     use; null at other times. If the answer equals it, the request is not repeated
   */
  Credentials credentials(@Nullable Credentials refused);

  /** Gives the same credentials always. */
  static CredentialProvider of(Credentials credentials) {
    return refused -> credentials;
  }
}
