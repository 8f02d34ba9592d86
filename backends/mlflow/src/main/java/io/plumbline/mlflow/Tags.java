package io.plumbline.mlflow;

import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** MLflow's lists of keys and values. */
final class Tags {
  private Tags() {}

  /** Reads such a list. */
  static Map<String, String> of(JsonObject holder, String field) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (JsonObject tag : holder.objects(field)) {
      tags.put(tag.string("key"), tag.stringOrEmpty("value"));
    }
    return tags;
  }

  /** Reads such a list of a run, which has no data while it has nothing. */
  static Map<String, String> ofRun(JsonObject run, String field) {
    JsonObject data = run.objectOrNull("data");
    return data == null ? Map.of() : of(data, field);
  }

  /** Writes such a list. */
  static List<Map<String, String>> list(Map<String, String> tags) {
    List<Map<String, String>> list = new ArrayList<>();
    tags.forEach((key, value) -> list.add(Map.of("key", key, "value", value)));
    return list;
  }
}
