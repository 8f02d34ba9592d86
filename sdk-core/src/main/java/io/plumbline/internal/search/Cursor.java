package io.plumbline.internal.search;

import io.plumbline.internal.Printable;

/** A place in a filter or an order that is being read, and what stands there. */
final class Cursor {
  /** How much of a long text a message shows on each side of the place. */
  private static final int SHOWN = 70;

  private static final char END = '\0';

  private final String what;
  private final String text;
  private int at;

  /**
   * Starts at the beginning.
   *
   * @param what what the text is, for messages
   */
  Cursor(String what, String text) {
    this.what = what;
    this.text = text;
  }

  int at() {
    return at;
  }

  boolean atEnd() {
    return at == text.length();
  }

  /** The character here, or NUL at the end; a real NUL is never part of the grammar either. */
  char peek() {
    return atEnd() ? END : text.charAt(at);
  }

  /** Goes past the character if it is here. */
  boolean take(char c) {
    if (!atEnd() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  void skipSpace() {
    while (!atEnd() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  boolean atQuote() {
    char c = peek();
    return c == '\'' || c == '"' || c == '`';
  }

  /**
   * Reads letters, digits and underscores of any script; empty if there are none.
   *
   * @param dots whether dots belong to it
   */
  String word(boolean dots) {
    int from = at;
    while (!atEnd()) {
      int c = text.codePointAt(at);
      if (!Character.isLetterOrDigit(c) && c != '_' && !(dots && c == '.')) {
        break;
      }
      at += Character.charCount(c);
    }
    return text.substring(from, at);
  }

  /** Reads characters that operators are made of; empty if there are none. */
  String symbol() {
    return run("<>=!~");
  }

  /** Reads characters that numbers are made of; empty if there are none. */
  String run(String characters) {
    int from = at;
    while (!atEnd() && characters.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return text.substring(from, at);
  }

  /**
   * Reads a text in quotes, which {@link #atQuote} has seen. The quote itself is written twice;
   * everything else, the backslash too, stands for itself.
   */
  String quoted() {
    int opening = at;
    char quote = text.charAt(at++);
    StringBuilder value = new StringBuilder();
    while (true) {
      int next = text.indexOf(quote, at);
      if (next < 0) {
        at = opening;
        throw mistake("this quote is never closed");
      }
      value.append(text, at, next);
      at = next + 1;
      if (!take(quote)) {
        return value.toString();
      }
      value.append(quote);
    }
  }

  void goTo(int position) {
    at = position;
  }

  /** The word or character here, for messages. */
  String here() {
    if (atEnd()) {
      return "the end";
    }
    int from = at;
    String word = word(true);
    if (word.isEmpty()) {
      word = Character.toString(text.codePointAt(at));
    }
    at = from;
    return Printable.quote(word);
  }

  /** An error that shows the text and points to the place. */
  IllegalArgumentException mistake(String problem) {
    int from = boundary(Math.max(0, at - SHOWN));
    int to = boundary(Math.min(text.length(), at + SHOWN));
    String before = (from > 0 ? "..." : "") + Printable.escape(text.substring(from, at));
    String after = Printable.escape(text.substring(at, to)) + (to < text.length() ? "..." : "");
    return new IllegalArgumentException(
        "wrong "
            + what
            + ", at character "
            + (text.codePointCount(0, at) + 1)
            + ": "
            + problem
            + "\n  "
            + before
            + after
            + "\n  "
            + " ".repeat(before.codePointCount(0, before.length()))
            + "^");
  }

  /** The same position, or the one before it if it lies inside a surrogate pair. */
  private int boundary(int position) {
    boolean inside =
        position > 0
            && position < text.length()
            && Character.isSurrogatePair(text.charAt(position - 1), text.charAt(position));
    return inside ? position - 1 : position;
  }
}
