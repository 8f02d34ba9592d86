package io.plumbline.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What we tell a server who we are: {@code plumbline-java/0.1.0 (java/17.0.9; Linux)}. */
public final class UserAgent {
  private UserAgent() {}

  /** Returns the header's value, in printable ASCII. */
  public static String text() {
    return clean(
        "plumbline-java/"
            + version()
            + " (java/"
            + System.getProperty("java.version", "unknown")
            + "; "
            + System.getProperty("os.name", "unknown")
            + ")");
  }

  /** Returns the version of this SDK. */
  public static String version() {
    // A file, because the manifest is that of another jar where the SDK is packed into one.
    try (InputStream in = UserAgent.class.getResourceAsStream("version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String clean(String text) {
    StringBuilder out = new StringBuilder();
    text.chars().forEach(c -> out.append(c >= ' ' && c < 127 ? (char) c : '?'));
    return out.toString();
  }
}
