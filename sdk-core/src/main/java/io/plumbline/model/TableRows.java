package io.plumbline.model;

import io.plumbline.internal.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A few rows of a table in pandas' split form: {@code {"columns":[...],"data":[[...]]}}. */
final class TableRows {
  static final int MAX_ROWS = 1_000;

  private TableRows() {}

  /**
   * Copies rows and brings their values to the types that JSON gives back: Boolean, Long, Double,
   * String, null. NaN becomes null, because the split form writes a missing number so.
   */
  static List<List<@Nullable Object>> checked(
      List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
    if (new HashSet<>(columns).size() < columns.size()) {
      throw new IllegalArgumentException("two columns have the same name: " + columns);
    }
    if (rows.size() > MAX_ROWS) {
      throw new IllegalArgumentException(
          "there are " + rows.size() + " rows; at most " + MAX_ROWS + " are kept");
    }
    List<List<@Nullable Object>> copy = new ArrayList<>(rows.size());
    for (List<? extends @Nullable Object> row : rows) {
      if (row.size() != columns.size()) {
        throw new IllegalArgumentException(
            "row "
                + copy.size()
                + " has "
                + row.size()
                + " values, but there are "
                + columns.size()
                + " columns");
      }
      List<@Nullable Object> values = new ArrayList<>(row.size());
      for (Object value : row) {
        values.add(normal(value));
      }
      copy.add(Collections.unmodifiableList(values));
    }
    return Collections.unmodifiableList(copy);
  }

  static List<List<Double>> of(double[][] rows) {
    return Arrays.stream(rows).map(row -> Arrays.stream(row).boxed().toList()).toList();
  }

  /** The rows as numbers; null becomes NaN, true 1 and false 0. */
  static double[][] doubles(
      List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
    double[][] doubles = new double[rows.size()][columns.size()];
    for (int row = 0; row < doubles.length; row++) {
      for (int i = 0; i < columns.size(); i++) {
        Object value = rows.get(row).get(i);
        if (value == null) {
          doubles[row][i] = Double.NaN;
        } else if (value instanceof Boolean bool) {
          doubles[row][i] = bool ? 1 : 0;
        } else {
          doubles[row][i] =
              JsonObject.toDouble(value, "column " + columns.get(i) + " of row " + row);
        }
      }
    }
    return doubles;
  }

  static Map<String, Object> toJson(
      List<String> columns, List<? extends List<? extends @Nullable Object>> rows) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("columns", columns);
    json.put("data", rows);
    return json;
  }

  /** The rows under {@code data}; MLflow's own {@code index} beside them is ignored. */
  static List<List<@Nullable Object>> rows(JsonObject json) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Object row : json.list("data")) {
      rows.add(JsonObject.toList(row, json.place() + ".data[" + rows.size() + "]"));
    }
    return rows;
  }

  private static @Nullable Object normal(@Nullable Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return Double.isNaN(number) ? null : number;
    }
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    throw new IllegalArgumentException(
        "a cell is a " + value.getClass().getName() + "; use numbers, strings, booleans or null");
  }
}
