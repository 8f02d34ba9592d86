package io.plumbline.internal.store;

import io.plumbline.internal.Printable;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;

/** Checks the names that callers give; what is refused is told with the reason and the remedy. */
public final class Names {
  /** The longest key of a param, metric or tag, in characters; MLflow's limit. */
  public static final int MAX_KEY = 250;

  private static final int MAX_NAME = 500;
  private static final int MAX_PATH = 1_000;

  private Names() {}

  /** Checks the key of a param, metric or tag, and returns it. */
  public static String key(String what, String key) {
    text(what + " key", key, MAX_KEY);
    for (int i = 0; i < key.length(); i++) {
      if (Character.isISOControl(key.charAt(i))) {
        throw new IllegalArgumentException(
            what + " key " + Printable.quote(key) + " has a control character at " + i);
      }
    }
    return key;
  }

  /** Checks the name of an experiment, run or model, and returns it. */
  public static String name(String what, String name) {
    text(what + " name", name, MAX_NAME);
    if (name.isBlank()) {
      throw new IllegalArgumentException("the " + what + " name is blank; give it letters");
    }
    for (int i = 0; i < name.length(); i++) {
      if (Character.isISOControl(name.charAt(i))) {
        throw new IllegalArgumentException(
            what + " name " + Printable.quote(name) + " has a control character at " + i);
      }
    }
    return name;
  }

  /** Checks a text that is kept as it is, however long, and returns it. */
  public static String value(String what, String value) {
    if (value == null) {
      throw new NullPointerException(what + " is null");
    }
    wellFormed(what, value);
    return value;
  }

  private static void text(String what, String text, int max) {
    if (text == null) {
      throw new NullPointerException("the " + what + " is null");
    }
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the " + what + " is empty");
    }
    if (text.codePointCount(0, text.length()) > max) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " "
              + Printable.quote(text)
              + " has "
              + text.codePointCount(0, text.length())
              + " characters; at most "
              + max
              + " are kept");
    }
    wellFormed("the " + what, text);
  }

  private static void wellFormed(String what, String text) {
    CharsetEncoder encoder = null;
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        encoder = StandardCharsets.UTF_8.newEncoder();
        break;
      }
    }
    if (encoder != null && !encoder.canEncode(text)) {
      throw new IllegalArgumentException(
          what + " " + Printable.quote(text) + " has half a surrogate pair: it is no text");
    }
  }

  /** Checks a run id that a caller has chosen, and returns it. */
  public static String runId(String id) {
    boolean good =
        !id.isEmpty() && id.length() <= 256 && id.charAt(0) != '-' && id.charAt(0) != '_';
    for (int i = 0; good && i < id.length(); i++) {
      char c = id.charAt(i);
      good = c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '-');
    }
    if (!good) {
      throw new IllegalArgumentException(
          "the run id "
              + Printable.quote(id)
              + " must be 1 to 256 letters, digits, '_' or '-', and begin with a letter or digit");
    }
    return id;
  }

  /** Checks the path of an artifact, relative with {@code /} between its parts, and returns it. */
  public static String path(String path) {
    text("artifact path", path, MAX_PATH);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (Character.isISOControl(c) || c == '\\') {
        throw new IllegalArgumentException(
            "the artifact path "
                + Printable.quote(path)
                + " has a control character or a backslash; use '/' between its parts");
      }
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw new IllegalArgumentException(
            "the artifact path "
                + Printable.quote(path)
                + " must be relative, without empty parts, '.' and '..'");
      }
    }
    return path;
  }
}
