package io.plumbline.mlflow;

import java.util.Map;

/** Reads a quoted text, which may go on over several lines. */
final class YamlQuoted {
  private static final Map<Character, String> ESCAPES =
      Map.ofEntries(
          Map.entry('0', "\0"),
          Map.entry('a', "\u0007"),
          Map.entry('b', "\b"),
          Map.entry('t', "\t"),
          Map.entry('n', "\n"),
          Map.entry('v', "\u000b"),
          Map.entry('f', "\f"),
          Map.entry('r', "\r"),
          Map.entry('e', "\u001b"),
          Map.entry(' ', " "),
          Map.entry('"', "\""),
          Map.entry('/', "/"),
          Map.entry('\\', "\\"),
          Map.entry('N', "\u0085"),
          Map.entry('_', "\u00a0"),
          Map.entry('L', "\u2028"),
          Map.entry('P', "\u2029"));

  private final YamlLines lines;
  private final StringBuilder out = new StringBuilder();

  /** What is before this cannot be dropped as the white space at a line's end. */
  private int kept;

  YamlQuoted(YamlLines lines) {
    this.lines = lines;
  }

  /** Reads from the opening quote on, and leaves the lines behind the closing one. */
  String read(String first) {
    char quote = first.charAt(0);
    String line = first;
    int at = 1;
    while (true) {
      int end = quote == '\'' ? single(line, at) : escaped(line, at);
      if (end >= 0) {
        if (!line.substring(end).isBlank()) {
          throw lines.refused("goes on behind a quoted text");
        }
        lines.next();
        return out.toString();
      }
      line = fold(end == JOINED);
      at = 0;
    }
  }

  private static final int OPEN = -1;
  private static final int JOINED = -2;

  private int single(String line, int from) {
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'') {
        if (i + 1 < line.length() && line.charAt(i + 1) == '\'') {
          i++;
        } else {
          return i + 1;
        }
      }
      out.append(c);
    }
    return OPEN;
  }

  private int escaped(String line, int from) {
    for (int i = from; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c != '\\') {
        out.append(c);
        continue;
      }
      if (i + 1 == line.length()) {
        return JOINED;
      }
      i = escape(line, i + 1);
      kept = out.length();
    }
    return OPEN;
  }

  /** Reads an escape, and returns where its last character stands. */
  private int escape(String line, int at) {
    char c = line.charAt(at);
    String simple = ESCAPES.get(c);
    if (simple != null) {
      out.append(simple);
      return at;
    }
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    int end = at + 1 + digits;
    if (digits == 0
        || end > line.length()
        || !line.substring(at + 1, end).matches("[0-9A-Fa-f]+")) {
      throw lines.refused("has an escape that YAML does not know");
    }
    long code = Long.parseLong(line.substring(at + 1, end), 16);
    if (code > Character.MAX_CODE_POINT) {
      throw lines.refused("has an escape that is no character");
    }
    out.appendCodePoint((int) code);
    return end - 1;
  }

  /** Passes over a line end: it is a blank, and each empty line behind it a line end. */
  private String fold(boolean joined) {
    if (!joined) {
      int end = out.length();
      while (end > kept && (out.charAt(end - 1) == ' ' || out.charAt(end - 1) == '\t')) {
        end--;
      }
      out.setLength(end);
    }
    int empty = 0;
    String line = lines.raw();
    while (line.isBlank()) {
      empty++;
      line = lines.raw();
    }
    out.append(empty > 0 ? "\n".repeat(empty) : joined ? "" : " ");
    kept = out.length();
    return line.strip().isEmpty() ? line : line.stripLeading();
  }
}
