package io.plumbline.mlflow;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a value of another type in the place of one of a JSON document. */
final class OtherTypes {
  private final int wanted;
  private int met;

  private OtherTypes(int wanted) {
    this.wanted = wanted;
  }

  /**
   * Returns the document with one other value; what is no JSON, or has no value, stays.
   *
   * @param share which of its values, from 0 to 1
   */
  static byte[] of(byte[] json, double share) {
    Object document;
    try {
      document = Json.parse(json);
    } catch (JsonException e) {
      return json;
    }
    OtherTypes counting = new OtherTypes(-1);
    counting.copy(document);
    return Json.bytes(new OtherTypes((int) (share * counting.met)).copy(document));
  }

  /** The same of a text. */
  static String of(String json, double share) {
    byte[] odd = of(json.getBytes(StandardCharsets.UTF_8), share);
    return new String(odd, StandardCharsets.UTF_8);
  }

  private @Nullable Object copy(@Nullable Object value) {
    if (met++ == wanted) {
      return other(value);
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> copy = new LinkedHashMap<>();
      map.forEach((key, each) -> copy.put(String.valueOf(key), copy(each)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(each -> copy.add(copy(each)));
      return copy;
    }
    return value;
  }

  private static Object other(@Nullable Object value) {
    if (value instanceof String) {
      return List.of(7);
    }
    return value instanceof Map || value instanceof List ? "no" : Map.of("a", 1);
  }
}
