package io.plumbline.lightgbm;

import io.plumbline.internal.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The head of a model in LightGBM's text format: lines of {@code key=value} before the first empty
 * line, after which the trees follow.
 */
final class ModelText {
  private final Map<String, String> head = new LinkedHashMap<>();
  private final int end;

  /**
   * Reads the head.
   *
   * @throws IllegalArgumentException if the text does not start like a model
   */
  ModelText(String text) {
    if (text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "it has a carriage return or a NUL, which LightGBM does not write; was it changed on its"
              + " way, as git does with line ends?");
    }
    int at = 0;
    String line;
    do {
      int newline = text.indexOf('\n', at);
      if (newline < 0) {
        throw new IllegalArgumentException("the text ends before its first tree");
      }
      line = text.substring(at, newline);
      if (at == 0 && !line.equals("tree")) {
        throw new IllegalArgumentException(
            "the first line must be 'tree', not " + Printable.quote(line));
      }
      if (!line.isEmpty()) {
        put(line);
      }
      at = newline + 1;
    } while (!line.isEmpty());
    end = at;
    for (String key : List.of("version", "feature_names")) {
      if (!head.containsKey(key)) {
        throw new IllegalArgumentException("there is no line " + key + "=... before the trees");
      }
    }
  }

  private void put(String line) {
    int equals = line.indexOf('=');
    String key = equals < 0 ? line : line.substring(0, equals);
    String value = equals < 0 ? "" : line.substring(equals + 1);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("the line " + Printable.quote(line) + " has no key");
    }
    if (head.put(key, value) != null) {
      throw new IllegalArgumentException(
          "the line " + Printable.quote(key) + " is there twice before the trees");
    }
  }

  /** The head's lines by key; the value is empty where there is no {@code =}. */
  Map<String, String> lines() {
    return head;
  }

  /** Where the text goes on after the head. */
  int end() {
    return end;
  }

  /** The version of the text format, such as {@code v4}. */
  String format() {
    return get("version");
  }

  /** The objective without its settings, such as {@code binary}; {@code custom} if it has none. */
  String objective() {
    List<String> words = words("objective");
    return words.isEmpty() ? "custom" : words.get(0);
  }

  int trees() {
    return words("tree_sizes").size();
  }

  int classes() {
    return number("num_class");
  }

  List<String> featureNames() {
    return words("feature_names");
  }

  /** The number of a line. */
  int number(String key) {
    String value = get(key);
    try {
      return NumberWords.integer(value, 0, value.length());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the line " + key + "=...: " + e.getMessage(), e);
    }
  }

  /** What stands between the blanks of a line. */
  List<String> words(String key) {
    List<String> words = new ArrayList<>(List.of(get(key).split(" ")));
    words.removeIf(String::isEmpty);
    return words;
  }

  private String get(String key) {
    return head.getOrDefault(key, "");
  }
}
