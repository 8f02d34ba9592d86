package io.plumbline.internal.config;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tags as a JSON object: names with a text, a number or a truth value each. */
final class TagsType implements ValueType<Map<String, String>> {

  @Override
  public String accepted() {
    return "a JSON object of tags, such as {\"team\": \"ops\"}";
  }

  @Override
  public Map<String, String> parse(String text) throws BadValueException {
    Map<String, @Nullable Object> map;
    try {
      map = Json.object(text, "it").asMap();
    } catch (JsonException e) {
      // What stands there is not quoted: nobody knows what was put into it.
      throw new BadValueException("it is not a JSON object");
    }
    Map<String, String> tags = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object> entry : map.entrySet()) {
      Object value = entry.getValue();
      if (entry.getKey().isBlank()) {
        throw new BadValueException("it has a tag without a name");
      }
      if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
        throw new BadValueException("it has a tag that is neither a text nor a number");
      }
      tags.put(entry.getKey(), value.toString());
    }
    return Collections.unmodifiableMap(tags);
  }

  @Override
  public String format(Map<String, String> value) {
    return Json.text(value);
  }
}
