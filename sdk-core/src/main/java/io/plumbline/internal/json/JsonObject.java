package io.plumbline.internal.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed JSON object that is read by key and type, with errors that name the place and the key.
 *
 * <p>The methods with {@code Or} in their name return their default when the key is absent or null;
 * the others refuse that.
 */
public final class JsonObject {
  private final Map<String, @Nullable Object> map;
  private final String place;

  private JsonObject(Map<String, @Nullable Object> map, String place) {
    this.map = map;
    this.place = place;
  }

  /**
   * Views a parsed value as an object.
   *
   * @param value what {@link Json#parse} returned, or a part of it
   * @param place what it is, for error texts, such as {@code run.json}
   * @throws JsonException when the value is not an object
   */
  @SuppressWarnings("unchecked") // Json makes maps with String keys only
  public static JsonObject of(@Nullable Object value, String place) {
    if (value instanceof Map<?, ?> map) {
      return new JsonObject((Map<String, @Nullable Object>) map, place);
    }
    throw new JsonException(place + " must be an object, not " + kind(value));
  }

  /** The place this object was read from. */
  public String place() {
    return place;
  }

  /** The object's entries in their order; not modifiable. */
  public Map<String, @Nullable Object> asMap() {
    return Collections.unmodifiableMap(map);
  }

  /** Whether the key is there with a value other than null. */
  public boolean has(String key) {
    return map.get(key) != null;
  }

  public String string(String key) {
    return string(key, required(key));
  }

  public @Nullable String stringOr(String key, @Nullable String otherwise) {
    Object value = map.get(key);
    return value == null ? otherwise : string(key, value);
  }

  public String stringOrEmpty(String key) {
    Object value = map.get(key);
    return value == null ? "" : string(key, value);
  }

  public long longValue(String key) {
    return longValue(key, required(key));
  }

  public long longOr(String key, long otherwise) {
    Object value = map.get(key);
    return value == null ? otherwise : longValue(key, value);
  }

  /** Any number, and the strings {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}. */
  public double doubleValue(String key) {
    return toDouble(required(key), path(key));
  }

  public double doubleOr(String key, double otherwise) {
    Object value = map.get(key);
    return value == null ? otherwise : toDouble(value, path(key));
  }

  public boolean bool(String key) {
    return bool(key, required(key));
  }

  public boolean boolOr(String key, boolean otherwise) {
    Object value = map.get(key);
    return value == null ? otherwise : bool(key, value);
  }

  public JsonObject object(String key) {
    return of(required(key), path(key));
  }

  public @Nullable JsonObject objectOrNull(String key) {
    Object value = map.get(key);
    return value == null ? null : of(value, path(key));
  }

  /** The list under the key; not modifiable. */
  public List<@Nullable Object> list(String key) {
    return toList(required(key), path(key));
  }

  /** The list under the key, empty when absent or null. */
  public List<@Nullable Object> listOrEmpty(String key) {
    Object value = map.get(key);
    return value == null ? List.of() : toList(value, path(key));
  }

  /** The list under the key, whose items must be objects; empty when absent or null. */
  public List<JsonObject> objects(String key) {
    List<JsonObject> objects = new ArrayList<>();
    for (Object item : listOrEmpty(key)) {
      objects.add(of(item, path(key) + "[" + objects.size() + "]"));
    }
    return objects;
  }

  /** The list under the key, whose items must be strings; empty when absent or null. */
  public List<String> strings(String key) {
    List<String> strings = new ArrayList<>();
    for (Object item : listOrEmpty(key)) {
      if (!(item instanceof String string)) {
        throw wrong(path(key) + "[" + strings.size() + "]", "a string", item);
      }
      strings.add(string);
    }
    return strings;
  }

  /**
   * A parsed number as a double; also the strings that stand for NaN and the infinities.
   *
   * @param value a part of a parsed document
   * @param place where it stands, for the error text
   */
  public static double toDouble(@Nullable Object value, String place) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if ("NaN".equals(value)) {
      return Double.NaN;
    }
    if ("Infinity".equals(value)) {
      return Double.POSITIVE_INFINITY;
    }
    if ("-Infinity".equals(value)) {
      return Double.NEGATIVE_INFINITY;
    }
    throw wrong(place, "a number", value);
  }

  /**
   * A parsed value as a list; not modifiable.
   *
   * @param value a part of a parsed document
   * @param place where it stands, for the error text
   */
  @SuppressWarnings("unchecked") // Json makes lists of Objects only
  public static List<@Nullable Object> toList(@Nullable Object value, String place) {
    if (value instanceof List<?> list) {
      return (List<@Nullable Object>) Collections.unmodifiableList(list);
    }
    throw wrong(place, "a list", value);
  }

  private Object required(String key) {
    Object value = map.get(key);
    if (value == null) {
      throw new JsonException(path(key) + " is missing");
    }
    return value;
  }

  private String string(String key, Object value) {
    if (value instanceof String string) {
      return string;
    }
    throw wrong(path(key), "a string", value);
  }

  private long longValue(String key, Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw wrong(path(key), "a 64-bit integer", value);
  }

  private boolean bool(String key, Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw wrong(path(key), "true or false", value);
  }

  private String path(String key) {
    return place + "." + key;
  }

  private static JsonException wrong(String path, String wanted, @Nullable Object value) {
    return new JsonException(path + " must be " + wanted + ", not " + kind(value));
  }

  private static String kind(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Map) {
      return "an object";
    }
    if (value instanceof List) {
      return "a list";
    }
    return value instanceof String text
        ? "the string " + JsonWriter.quotedForPeople(text)
        : value.toString();
  }
}
