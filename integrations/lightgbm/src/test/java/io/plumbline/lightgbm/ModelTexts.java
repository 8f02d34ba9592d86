package io.plumbline.lightgbm;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Changes texts of models. */
final class ModelTexts {
  private ModelTexts() {}

  /** The text with the sizes that its trees have, as if LightGBM had written the change. */
  static String withSizes(String text) {
    List<Integer> starts = new ArrayList<>();
    for (int at = text.indexOf("\nTree="); at >= 0; at = text.indexOf("\nTree=", at + 1)) {
      starts.add(at + 1);
    }
    int end = text.indexOf("end of trees\n");
    if (starts.isEmpty() || end < starts.get(starts.size() - 1)) {
      return text;
    }
    starts.add(end);
    List<Integer> sizes = new ArrayList<>();
    for (int i = 1; i < starts.size(); i++) {
      sizes.add(starts.get(i) - starts.get(i - 1));
    }
    String line = sizes.stream().map(String::valueOf).collect(Collectors.joining(" "));
    return text.replaceFirst("tree_sizes=.*", "tree_sizes=" + line);
  }
}
