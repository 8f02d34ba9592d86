package io.plumbline.cli;

import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogSchema;
import io.plumbline.drift.log.SystemColumn;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of a prediction log, with what its file says of the columns.
 *
 * @param file where it was found
 * @param values by column, as JSON has them
 * @param roles what the columns are: {@code input}, {@code context}, {@code prediction}, ...
 * @param privacy what was done to a column's values before they were logged
 * @param renamed the columns of features that are logged under another name
 * @param dropped the features that were left out of the log, each with its role
 * @param times the columns of times, in microseconds since 1970
 * @param notes what whoever reads it should know
 */
record LoggedPrediction(
    Path file,
    Map<String, @Nullable Object> values,
    Map<String, String> roles,
    Map<String, String> privacy,
    Map<String, String> renamed,
    Map<String, String> dropped,
    Map<String, Long> times,
    List<String> notes) {

  /** Copies a batch of one row. */
  static LoggedPrediction of(
      Path file, LogBatch row, Map<String, String> metadata, List<String> notes) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Map<String, Long> times = new LinkedHashMap<>();
    for (String name : row.columns()) {
      values.put(name, LogValues.first(row, name, 1).get(0));
      if (row.kind(name) == LogBatch.Kind.TIME && !row.isNull(name, 0)) {
        times.put(name, row.longs(name)[0]);
      }
    }
    Map<String, String> roles = texts(metadata, "plumbline.roles");
    for (String name : values.keySet()) {
      roles.computeIfAbsent(name, LoggedPrediction::guess);
    }
    return new LoggedPrediction(
        file,
        values,
        roles,
        texts(metadata, "plumbline.privacy"),
        texts(metadata, "plumbline.renamed"),
        texts(metadata, "plumbline.dropped"),
        times,
        notes);
  }

  /** A JSON object of texts; of what is malformed nothing is taken. */
  private static Map<String, String> texts(Map<String, String> metadata, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    String json = metadata.get(key);
    if (json != null) {
      try {
        Json.object(json, key).asMap().forEach((name, value) -> texts.put(name, "" + value));
      } catch (JsonException e) {
        return new LinkedHashMap<>();
      }
    }
    return texts;
  }

  private static String guess(String name) {
    if (name.startsWith("_")) {
      return "system";
    }
    boolean said = name.startsWith(LogSchema.PREDICTION) || name.startsWith(LogSchema.PROBABILITY);
    return said ? "prediction" : name.equals("target") ? "target" : "input";
  }

  /** The columns of these roles, in the log's order. */
  List<String> named(String... wanted) {
    List<String> names = new ArrayList<>();
    for (String name : values.keySet()) {
      if (List.of(wanted).contains(roles.getOrDefault(name, ""))) {
        names.add(name);
      }
    }
    return names;
  }

  /** The value of a column of the log itself; null if there is none. */
  @Nullable Object system(SystemColumn column) {
    return values.get(column.columnName());
  }

  /** The same as a text; empty if there is none. */
  String text(SystemColumn column) {
    return LogValues.text(system(column));
  }
}
