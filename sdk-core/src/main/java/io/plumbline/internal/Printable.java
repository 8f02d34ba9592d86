package io.plumbline.internal;

import java.util.Locale;

/** Makes text that came from outside safe to show in a message, a log line or a table. */
public final class Printable {

  private static final int LIMIT = 120;

  private Printable() {}

  /**
   * Returns the text in single quotes, on one line and of bounded length.
   *
   * @param text any text; control characters become escapes, and what is over 120 characters is
   *     replaced by dots
   */
  public static String quote(String text) {
    return "'" + line(text) + "'";
  }

  /**
   * Returns the text on one line and of bounded length, so that it can forge neither a log line nor
   * a terminal sequence.
   *
   * @param text any text; it is escaped as by {@link #escape}, and what is over 120 characters is
   *     replaced by dots
   */
  public static String line(String text) {
    return escape(text, LIMIT);
  }

  /**
   * Returns the text on one line, whatever its length.
   *
   * @param text any text; control, formatting and unpaired surrogate characters become escapes
   */
  public static String escape(String text) {
    return escape(text, Integer.MAX_VALUE);
  }

  /**
   * Returns the beginning of a text; a pair of surrogates is not cut in two.
   *
   * @param length how many UTF-16 units at most, 0 or more
   */
  public static String start(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    boolean splits = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, splits ? length - 1 : length);
  }

  private static String escape(String text, int limit) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), limit));
    for (int i = 0; i < text.length(); ) {
      if (out.length() >= limit) {
        return out.append("...").toString();
      }
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isPlain(c)) {
        out.appendCodePoint(c);
      } else {
        out.append("\\u").append(String.format(Locale.ROOT, "%04x", c));
      }
    }
    return out.toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
