package io.plumbline.spi;

import io.plumbline.Secret;
import java.util.Objects;

/** What proves to a server who is calling. */
public sealed interface Credentials {
  /**
   * A name and a password.
   *
   * @param username the name; without a colon
   * @param password the password
   */
  record Basic(String username, Secret password) implements Credentials {
    /** Checks the name. */
    public Basic {
      Objects.requireNonNull(username, "username");
      Objects.requireNonNull(password, "password");
      if (username.indexOf(':') >= 0) {
        throw new IllegalArgumentException("a user name for HTTP Basic has no colon");
      }
    }
  }

  /**
   * A token.
   *
   * @param token the token, in the form in which it is sent behind {@code Bearer}
   */
  record Bearer(Secret token) implements Credentials {
    /** Checks that it is there. */
    public Bearer {
      Objects.requireNonNull(token, "token");
    }
  }

  /** None: the server asks for none, or something on the way adds them. */
  record None() implements Credentials {}
}
