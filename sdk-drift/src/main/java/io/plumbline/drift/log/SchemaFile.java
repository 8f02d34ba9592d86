package io.plumbline.drift.log;

import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.log.LogColumn.Kind;
import io.plumbline.drift.log.LogColumn.Role;
import io.plumbline.internal.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code _schema.json} beside the parts: the columns, and what Evidently and NannyML must
 * be told of them, ready to be passed on.
 */
final class SchemaFile {
  private SchemaFile() {}

  /** Writes the file, unless it says the same already. */
  static void write(Path folder, LogSchema schema) throws IOException {
    byte[] json = (Json.pretty(json(schema)) + "\n").getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve(LogPaths.SCHEMA_FILE);
    if (Files.exists(file)
        && Files.size(file) == json.length
        && Arrays.equals(Files.readAllBytes(file), json)) {
      return;
    }
    // Other writers may be writing it, too: each in one step.
    LogFolders.replace(file, json, true);
  }

  static Map<String, @Nullable Object> json(LogSchema schema) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", (long) LogSchema.FORMAT);
    json.put("model", schema.model());
    json.put("version", schema.version());
    List<Object> columns = new ArrayList<>();
    for (LogColumn column : schema.columns()) {
      columns.add(column(column));
    }
    json.put("columns", columns);
    List<Object> dropped = new ArrayList<>();
    schema
        .dropped()
        .forEach((name, role) -> dropped.add(Map.<String, Object>of("name", name, "role", role)));
    json.put("dropped", dropped);
    List<String> drift = new ArrayList<>(schema.named(Role.INPUT));
    drift.addAll(schema.named(Role.CONTEXT));
    drift.addAll(schema.named(Role.PREDICTION));
    drift.removeIf(name -> schema.columns().get(schema.position(name)).kind() == Kind.EMBEDDING);
    json.put("drift_columns", drift);
    json.put("evidently", evidently(schema, drift));
    json.put("evidently_task", task(schema));
    json.put("nannyml", nannyml(schema));
    json.put("metadata", schema.metadata());
    return json;
  }

  private static Map<String, @Nullable Object> column(LogColumn column) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", column.name());
    json.put("type", arrowType(column));
    json.put("role", column.role().label());
    json.put("nullable", column.nullable());
    if (!column.categories().isEmpty() && column.role() != Role.SYSTEM) {
      json.put("categories", column.categories());
    }
    if (!column.policy().isEmpty()) {
      json.put("privacy", column.policy());
    }
    return json;
  }

  private static String arrowType(LogColumn column) {
    return switch (column.kind()) {
      case DOUBLE -> "float64";
      case FLOAT -> "float32";
      case LONG -> "int64";
      case INT -> "int32";
      case BOOLEAN -> "bool";
      case TEXT -> "utf8";
      case CATEGORY -> "dictionary<int32, utf8>";
      case CHOICE -> "dictionary<int8, utf8>";
      case TIMESTAMP -> "timestamp[us, UTC]";
      case EMBEDDING -> "fixed_size_list<float32>[" + column.length() + "]";
    };
  }

  /** The keyword arguments of Evidently's {@code DataDefinition}. */
  private static Map<String, @Nullable Object> evidently(LogSchema schema, List<String> drift) {
    List<String> numerical = new ArrayList<>();
    List<String> categorical = new ArrayList<>();
    List<String> text = new ArrayList<>();
    List<String> dates = new ArrayList<>();
    List<String> asked = new ArrayList<>(drift);
    asked.addAll(schema.named(Role.TARGET));
    for (String name : asked) {
      switch (schema.columns().get(schema.position(name)).kind()) {
        case DOUBLE, FLOAT, LONG, INT -> numerical.add(name);
        case CATEGORY, CHOICE, BOOLEAN -> categorical.add(name);
        case TEXT -> text.add(name);
        case TIMESTAMP -> dates.add(name);
        case EMBEDDING -> {}
      }
    }
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    arguments.put("id_column", SystemColumn.REQUEST_ID.columnName());
    arguments.put("timestamp", SystemColumn.TS.columnName());
    arguments.put("numerical_columns", numerical);
    arguments.put("categorical_columns", categorical);
    arguments.put("text_columns", text);
    arguments.put("datetime_columns", dates);
    return arguments;
  }

  /** A line of Python: the task is an object of a class there. */
  private static @Nullable String task(LogSchema schema) {
    if (!schema.has(LogSchema.PREDICTION) || !schema.has(LogSchema.TARGET)) {
      return null;
    }
    LogColumn prediction = schema.columns().get(schema.position(LogSchema.PREDICTION));
    if (prediction.kind() == Kind.DOUBLE) {
      return "regression=[Regression(target='target', prediction='prediction')]";
    }
    return prediction.categories().size() > 2
        ? "classification=[MulticlassClassification(target='target',"
            + " prediction_labels='prediction')]"
        : "classification=[BinaryClassification(target='target', prediction_labels='prediction')]";
  }

  /** The keyword arguments that NannyML's estimators and calculators share. */
  private static Map<String, @Nullable Object> nannyml(LogSchema schema) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    arguments.put("timestamp_column_name", SystemColumn.TS.columnName());
    if (schema.has(LogSchema.PREDICTION)) {
      arguments.put("y_pred", LogSchema.PREDICTION);
    }
    Map<String, @Nullable Object> classes = new LinkedHashMap<>();
    for (String name : schema.named(Role.PREDICTION)) {
      if (name.startsWith(LogSchema.PROBABILITY)) {
        classes.put(name.substring(LogSchema.PROBABILITY.length()), name);
      }
    }
    if (schema.has(LogSchema.SCORE)) {
      arguments.put("y_pred_proba", LogSchema.SCORE);
    } else if (!classes.isEmpty()) {
      arguments.put("y_pred_proba", classes);
    }
    arguments.put("y_true", LogSchema.TARGET);
    return arguments;
  }
}
