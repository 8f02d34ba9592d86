package io.plumbline;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a setting cannot be used: it names the key, where its value came from and what is
 * accepted, so that the setting can be corrected there.
 */
public final class ConfigException extends PlumblineException {

  private final String key;
  private final String source;
  private final String accepted;

  /**
   * Makes an exception that nothing else caused.
   *
   * @param key the full name of the key, such as {@code plumbline.journal.fsync}
   * @param source where its value came from, such as {@code environment variable PLUMBLINE_STORE}
   * @param problem what is wrong with the value; never the content of a secret
   * @param accepted what would be accepted instead
   */
  public ConfigException(String key, String source, String problem, String accepted) {
    this(key, source, problem, accepted, null);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param key the full name of the key, such as {@code plumbline.journal.fsync}
   * @param source where its value came from, such as {@code environment variable PLUMBLINE_STORE}
   * @param problem what is wrong with the value; never the content of a secret
   * @param accepted what would be accepted instead
   * @param cause what caused it, or null
   */
  public ConfigException(
      String key, String source, String problem, String accepted, @Nullable Throwable cause) {
    super(key + " (from " + source + "): " + problem + "; accepted: " + accepted, cause);
    this.key = Objects.requireNonNull(key, "key");
    this.source = Objects.requireNonNull(source, "source");
    this.accepted = Objects.requireNonNull(accepted, "accepted");
  }

  /** Returns the full name of the key, such as {@code plumbline.journal.fsync}. */
  public String key() {
    return key;
  }

  /**
   * Returns where the value came from: code, a system property, a variable, a file and its line, or
   * the default.
   */
  public String source() {
    return source;
  }

  /** Returns what would be accepted instead. */
  public String accepted() {
    return accepted;
  }
}
