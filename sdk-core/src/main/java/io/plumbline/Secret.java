package io.plumbline;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text that must not be shown, such as a password or a token: it prints {@code [hidden]}, and
 * only {@link #reveal()} gives the content.
 *
 * <p>It is neither serializable nor a bean with a property, so it does not slip into a log, a JSON
 * document or a shipped closure. Two secrets are compared in a time that does not depend on where
 * they differ.
 */
public final class Secret {

  private static final String HIDDEN = "[hidden]";

  private final String content;

  private Secret(String content) {
    this.content = content;
  }

  /**
   * Hides a text.
   *
   * @param content the text to hide; an empty one is allowed
   */
  public static Secret of(String content) {
    return new Secret(Objects.requireNonNull(content, "content"));
  }

  /** Returns the content: for the request that needs it, and for nothing else. */
  public String reveal() {
    return content;
  }

  /** Returns whether the other object is a secret with the same content. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Secret secret)) {
      return false;
    }
    String theirs = secret.content;
    // All of the other text is looked at, whatever is found on the way.
    int difference = content.length() ^ theirs.length();
    for (int i = 0; i < theirs.length(); i++) {
      char mine = content.isEmpty() ? 0 : content.charAt(i % content.length());
      difference |= mine ^ theirs.charAt(i);
    }
    return difference == 0;
  }

  /**
   * Returns the same number for every secret, because a hash of the content would tell about it.
   */
  @Override
  public int hashCode() {
    return Secret.class.getName().hashCode();
  }

  /** Returns {@code [hidden]}. */
  @Override
  public String toString() {
    return HIDDEN;
  }
}
