package io.plumbline.lightgbm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The head of a model in LightGBM's text format: lines of {@code key=value} before the trees. */
final class ModelText {
  private final Map<String, String> head = new LinkedHashMap<>();

  ModelText(String text) {
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.startsWith("Tree=") || line.equals("end of trees")) {
        break;
      }
      int equals = line.indexOf('=');
      if (equals > 0) {
        head.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    if (!head.containsKey("version") || !head.containsKey("feature_names")) {
      throw new IllegalArgumentException("LightGBM gave a text that is no model");
    }
  }

  /** The version of the text format, such as {@code v4}. */
  String format() {
    return get("version");
  }

  /** The objective without its settings, such as {@code binary}; {@code custom} if it has none. */
  String objective() {
    String objective = words("objective").isEmpty() ? "" : words("objective").get(0);
    return objective.isEmpty() ? "custom" : objective;
  }

  int trees() {
    return words("tree_sizes").size();
  }

  int classes() {
    return Integer.parseInt(get("num_class"));
  }

  List<String> featureNames() {
    return words("feature_names");
  }

  private String get(String key) {
    return head.getOrDefault(key, "");
  }

  private List<String> words(String key) {
    List<String> words = new ArrayList<>(List.of(get(key).split(" ")));
    words.removeIf(String::isEmpty);
    return words;
  }
}
