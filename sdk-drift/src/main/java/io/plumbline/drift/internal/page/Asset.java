package io.plumbline.drift.internal.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/**
 * A script or style sheet of Plumbline's own. It comes from the class path and from nowhere else,
 * so what was logged cannot be one.
 */
public final class Asset {
  private final String text;

  private Asset(String text) {
    this.text = text;
  }

  /**
   * Reads a resource beside a class.
   *
   * @throws IllegalStateException if it is not in the jar, or would end the element that holds it
   */
  public static Asset of(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from this build");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (text.toLowerCase(Locale.ROOT).matches("(?s).*(</script|</style|<!--).*")) {
        throw new IllegalStateException("the resource " + name + " would end its element");
      }
      return new Asset(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text() {
    return text;
  }

  /** Returns the source expression by which a Content-Security-Policy lets it run. */
  String source() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
