package io.plumbline.mlflow;

import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the YAML that MLflow's Python client writes: nested maps and lists in block form, plain and
 * quoted scalars, and what is JSON. Anything else is refused: anchors, tags, block scalars, flow
 * collections, several documents. Values are those of {@link Json}.
 */
final class Yaml {
  private static final int MAX_CHARS = 8 << 20;
  private static final int MAX_DEPTH = 20;

  private final YamlLines lines;
  private int depth;

  private Yaml(YamlLines lines) {
    this.lines = lines;
  }

  /**
   * Reads a document that is a map.
   *
   * @param place what it is, for error texts
   * @throws JsonException if it is not what MLflow writes; the message says where
   */
  static JsonObject map(String text, String place) {
    if (text.length() > MAX_CHARS) {
      throw new JsonException(place + " has more than " + MAX_CHARS + " characters");
    }
    if (text.stripLeading().startsWith("{")) {
      return Json.object(text, place);
    }
    YamlLines lines = new YamlLines(text, place);
    Object value = lines.ended() ? Map.of() : new Yaml(lines).block(0);
    if (!lines.ended()) {
      throw lines.refused("is indented less, or more, than what it belongs to");
    }
    return JsonObject.of(value, place);
  }

  /** Reads the map or list whose lines are indented so far. */
  private @Nullable Object block(int indent) {
    if (lines.indent() != indent) {
      throw lines.refused("is indented less, or more, than what it belongs to");
    }
    if (++depth > MAX_DEPTH) {
      throw lines.refused("is more than " + MAX_DEPTH + " levels deep");
    }
    Object value = isItem(lines.text()) ? list(indent) : map(indent);
    depth--;
    return value;
  }

  private static boolean isItem(String text) {
    return text.equals("-") || text.startsWith("- ");
  }

  private List<@Nullable Object> list(int indent) {
    List<@Nullable Object> list = new ArrayList<>();
    while (!lines.ended() && lines.indent() == indent && isItem(lines.text())) {
      String item = lines.text().substring(1).stripLeading();
      if (keyEnd(item) >= 0 || isItem(item)) {
        // The item is a block whose first line begins behind the dash.
        int inner = indent + lines.text().length() - item.length();
        lines.replace(inner, item);
        list.add(block(inner));
      } else {
        list.add(value(item, indent, false));
      }
    }
    return list;
  }

  private Map<String, @Nullable Object> map(int indent) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (!lines.ended() && lines.indent() == indent && !isItem(lines.text())) {
      String text = lines.text();
      int end = keyEnd(text);
      if (end < 0) {
        throw lines.refused("is no \"key: value\"");
      }
      String key = key(text.substring(0, end));
      if (map.containsKey(key)) {
        throw lines.refused("has the key " + Printable.quote(key) + " a second time");
      }
      map.put(key, value(text.substring(end + 1).stripLeading(), indent, true));
    }
    return map;
  }

  /** Returns where the colon behind a key stands, or -1 if the text begins with no key. */
  private static int keyEnd(String text) {
    int from = 0;
    if (text.startsWith("'") || text.startsWith("\"")) {
      from = quoteEnd(text) + 1;
      if (from == 0 || from >= text.length() || text.charAt(from) != ':') {
        return -1;
      }
    }
    for (int colon = text.indexOf(':', from); colon >= 0; colon = text.indexOf(':', colon + 1)) {
      if (colon + 1 == text.length() || text.charAt(colon + 1) == ' ') {
        return colon;
      }
    }
    return -1;
  }

  /** Returns where the closing quote stands, or -1 if it is on another line. */
  private static int quoteEnd(String text) {
    char quote = text.charAt(0);
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean doubled = c == '\'' && i + 1 < text.length() && text.charAt(i + 1) == '\'';
      if (quote == '"' ? c == '\\' : doubled) {
        i++;
      } else if (c == quote) {
        return i;
      }
    }
    return -1;
  }

  private String key(String text) {
    if (text.startsWith("'") || text.startsWith("\"")) {
      String inner = text.substring(1, text.length() - 1);
      if (inner.indexOf('\\') >= 0 || inner.indexOf('\'') >= 0 || inner.indexOf('"') >= 0) {
        throw lines.refused("has a key with escapes");
      }
      return inner;
    }
    if (text.isEmpty() || "?&*!|>%@`{}[],#".indexOf(text.charAt(0)) >= 0) {
      throw lines.refused("has a key of a kind that MLflow does not write");
    }
    return text;
  }

  /** Reads what stands behind a key or a dash, on this line and on those that belong to it. */
  private @Nullable Object value(String text, int indent, boolean ofKey) {
    if (text.startsWith("'") || text.startsWith("\"")) {
      return new YamlQuoted(lines).read(text);
    }
    if (text.equals("{}") || text.equals("[]")) {
      lines.next();
      return text.equals("{}") ? Map.of() : List.of();
    }
    if (!text.isEmpty() && "&*!|>%@`{}[],#?".indexOf(text.charAt(0)) >= 0) {
      throw lines.refused(
          "has a value of a kind that is not read here: anchors, tags, block"
              + " scalars and flow collections");
    }
    lines.next();
    if (text.isEmpty()) {
      return nested(indent, ofKey);
    }
    return plain(text, indent);
  }

  private @Nullable Object nested(int indent, boolean ofKey) {
    if (lines.ended()) {
      return null;
    }
    if (lines.indent() > indent) {
      return block(lines.indent());
    }
    // A list may stand as far left as the key that it belongs to.
    return ofKey && lines.indent() == indent && isItem(lines.text()) ? block(indent) : null;
  }

  private @Nullable Object plain(String first, int indent) {
    StringBuilder text = new StringBuilder(first);
    while (!lines.ended() && lines.indent() > indent) {
      text.append(' ').append(lines.text());
      lines.next();
    }
    String whole = text.toString();
    if (whole.contains(" #") || whole.contains(": ") || whole.endsWith(":")) {
      throw lines.refused("follows a plain text with a comment or a colon in it");
    }
    return YamlScalar.of(whole);
  }
}
