package io.plumbline.mlflow;

import io.plumbline.internal.json.JsonException;
import java.util.List;

/** The lines of a YAML text, one after the other; empty ones and comments are passed over. */
final class YamlLines {
  private final List<String> lines;
  private final String place;
  private int at;
  private int indent;
  private String text = "";

  YamlLines(String all, String place) {
    this.lines = all.lines().toList();
    this.place = place;
    if (all.chars().anyMatch(c -> c == 0x85 || c == 0x2028 || c == 0x2029 || c == 0xfeff)) {
      throw new JsonException(
          place + " has a character that is a line end to some, and that MLflow would escape");
    }
    settle();
  }

  private void settle() {
    while (at < lines.size()) {
      String line = lines.get(at);
      String stripped = line.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        indent = line.length() - line.stripLeading().length();
        text = stripped;
        if (line.lastIndexOf('\t', indent) >= 0) {
          throw refused("is indented with a tab");
        }
        if (indent == 0 && (text.startsWith("---") || text.startsWith("..."))) {
          throw refused("begins another document");
        }
        return;
      }
      at++;
    }
  }

  boolean ended() {
    return at >= lines.size();
  }

  /** Returns how far the line is indented. */
  int indent() {
    return indent;
  }

  /** Returns the line without its indentation. */
  String text() {
    return text;
  }

  /** Goes on to the next line that is not empty. */
  void next() {
    at++;
    settle();
  }

  /** Takes the rest of the line for a line of its own. */
  void replace(int newIndent, String newText) {
    indent = newIndent;
    text = newText;
  }

  /** Goes on to the very next line, as a quoted text does, and returns it. */
  String raw() {
    at++;
    if (ended()) {
      throw new JsonException(place + " ends within a quoted text");
    }
    return lines.get(at);
  }

  JsonException refused(String why) {
    return new JsonException(place + ", line " + Math.min(at + 1, lines.size()) + ", " + why);
  }
}
