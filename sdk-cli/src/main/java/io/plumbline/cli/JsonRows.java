package io.plumbline.cli;

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
 * Rows that were given as JSON: an object is a row of named values, an array of numbers a row by
 * position, an array of either several rows; {@code columns} with {@code data} is MLflow's split
 * form, and its names for both forms ({@code dataframe_split}, {@code dataframe_records}) are
 * understood.
 *
 * @param named rows of named values; empty if the rows are by position
 * @param positional rows by position; empty if the rows are named
 */
record JsonRows(
    List<Map<String, @Nullable Object>> named, List<List<@Nullable Object>> positional) {
  private static final String COLUMNS = "columns";
  private static final String DATA = "data";

  /**
   * Reads rows.
   *
   * @param place what the document is, for error texts
   * @throws IllegalArgumentException if they are none
   */
  static JsonRows read(byte[] utf8, String place) {
    Object document;
    try {
      document = Json.parse(utf8);
    } catch (JsonException e) {
      throw new IllegalArgumentException(place + " is no JSON: " + e.getMessage(), e);
    }
    JsonRows rows = new JsonRows(new ArrayList<>(), new ArrayList<>());
    rows.addAll(unwrapped(document), place);
    if (rows.size() == 0) {
      throw new IllegalArgumentException(
          place + " has no rows: give an object, or an array of objects");
    }
    return rows;
  }

  int size() {
    return named.size() + positional.size();
  }

  private static @Nullable Object unwrapped(@Nullable Object document) {
    if (document instanceof Map<?, ?> map && map.size() == 1) {
      for (String key : List.of("dataframe_split", "dataframe_records")) {
        if (map.get(key) instanceof Map<?, ?> || map.get(key) instanceof List<?>) {
          return map.get(key);
        }
      }
    }
    return document;
  }

  private void addAll(@Nullable Object document, String place) {
    if (document instanceof Map<?, ?>) {
      JsonObject object = JsonObject.of(document, place);
      if (object.asMap().get(DATA) instanceof List<?>) {
        addSplit(object, place);
      } else {
        named.add(object.asMap());
      }
      return;
    }
    List<@Nullable Object> list = JsonObject.toList(document, place);
    if (!list.isEmpty() && !(list.get(0) instanceof Map<?, ?>)) {
      addPositional(list, place);
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      named.add(JsonObject.of(list.get(i), place + "[" + i + "]").asMap());
    }
  }

  private void addPositional(List<@Nullable Object> list, String place) {
    if (!(list.get(0) instanceof List<?>)) {
      positional.add(list);
      return;
    }
    for (int i = 0; i < list.size(); i++) {
      positional.add(JsonObject.toList(list.get(i), place + "[" + i + "]"));
    }
  }

  private void addSplit(JsonObject split, String place) {
    List<@Nullable Object> data = split.list(DATA);
    if (!split.has(COLUMNS)) {
      if (!data.isEmpty()) {
        addPositional(data, place + "." + DATA);
      }
      return;
    }
    List<String> columns = split.strings(COLUMNS);
    for (int i = 0; i < data.size(); i++) {
      String where = place + "." + DATA + "[" + i + "]";
      List<@Nullable Object> values = JsonObject.toList(data.get(i), where);
      if (values.size() != columns.size()) {
        throw new IllegalArgumentException(
            where + " has " + values.size() + " values; there are " + columns.size() + " columns");
      }
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      for (int c = 0; c < values.size(); c++) {
        if (row.containsKey(columns.get(c))) {
          throw new IllegalArgumentException(
              place + " has two columns " + Printable.quote(columns.get(c)));
        }
        row.put(columns.get(c), values.get(c));
      }
      named.add(row);
    }
  }
}
