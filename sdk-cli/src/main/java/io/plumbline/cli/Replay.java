package io.plumbline.cli;

import io.plumbline.drift.log.LogSchema;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.DataType;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A logged row that was scored once more.
 *
 * @param outputs each number that was logged, beside the new one
 * @param problem why nothing can be said; empty if something can
 */
record Replay(List<Output> outputs, String problem) {
  /** From this relative difference on two numbers are not the same. */
  static final double TOLERANCE = 1e-6;

  /** One output as it was logged, and as it is now. */
  record Output(String column, double logged, double now) {
    /** The difference over the larger of the two; 0 for NaN twice. */
    double difference() {
      if (Double.compare(logged, now) == 0 || logged == now) {
        return 0;
      }
      double scale = Math.max(Math.abs(logged), Math.abs(now));
      double difference = Math.abs(logged - now) / scale;
      return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }
  }

  /** Whether everything that was logged came out again. */
  boolean same() {
    return problem.isEmpty()
        && outputs.stream().allMatch(output -> output.difference() <= TOLERANCE);
  }

  /** Loads a version and scores the row with it. */
  static Replay of(ModelRegistry models, ModelVersion version, LoggedPrediction row) {
    Optional<Signature> signature = models.fetch(version).model().signature();
    List<String> problems = new ArrayList<>();
    List<ColumnSpec> inputs = inputs(signature);
    Map<String, @Nullable Object> named = named(inputs, row, problems);
    double[] positional = inputs.isEmpty() ? positional(row, problems) : new double[0];
    if (!problems.isEmpty()) {
      return new Replay(
          List.of(),
          "the log does not have what the model was given: " + String.join("; ", problems));
    }
    double[] outputs;
    try (LiveModel model = Serving.open(models, version, 1)) {
      outputs = inputs.isEmpty() ? model.predict(positional) : model.predict(named);
    } catch (IllegalArgumentException e) {
      return new Replay(List.of(), "the model refuses the row: " + e.getMessage());
    }
    return compare(row, outputs);
  }

  private static List<ColumnSpec> inputs(Optional<Signature> signature) {
    List<ColumnSpec> columns = new ArrayList<>();
    for (FieldSpec field : signature.map(Signature::inputs).orElse(List.of())) {
      if (field instanceof ColumnSpec column && !column.name().isEmpty()) {
        columns.add(column);
      }
    }
    return columns;
  }

  private static Map<String, @Nullable Object> named(
      List<ColumnSpec> inputs, LoggedPrediction row, List<String> problems) {
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (ColumnSpec input : inputs) {
      String column = row.renamed().getOrDefault(input.name(), input.name());
      String policy = row.privacy().get(column);
      if (policy != null) {
        problems.add("of '" + column + "' it keeps what '" + policy + "' has left");
      } else if (row.dropped().containsKey(input.name())) {
        problems.add("'" + input.name() + "' was left out of the log by the privacy policy");
      } else if (!row.values().containsKey(column)) {
        problems.add("it has no column '" + column + "'");
      } else if (row.times().containsKey(column) && input.type() == DataType.DATETIME) {
        problems.add("it has a time in '" + column + "', and not the text that was given");
      } else {
        try {
          named.put(input.name(), JsonValues.of(row.values().get(column), input));
        } catch (IllegalArgumentException e) {
          problems.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return named;
  }

  private static double[] positional(LoggedPrediction row, List<String> problems) {
    row.dropped()
        .forEach(
            (feature, role) -> {
              if (role.equals("input")) { // the positions behind it would be others
                problems.add("'" + feature + "' was left out of the log by the privacy policy");
              }
            });
    List<String> columns = row.named("input");
    double[] numbers = new double[columns.size()];
    for (int i = 0; i < numbers.length; i++) {
      String column = columns.get(i);
      Object value = row.values().get(column);
      String policy = row.privacy().get(column);
      if (policy != null) {
        problems.add("of '" + column + "' it keeps what '" + policy + "' has left");
      } else if (value instanceof Boolean flag) {
        numbers[i] = flag ? 1 : 0;
      } else if (value == null || value instanceof Number) {
        numbers[i] = value == null ? Double.NaN : ((Number) value).doubleValue();
      } else {
        problems.add("'" + column + "' is no number");
      }
    }
    return numbers;
  }

  /** Compares the numbers: the score, else the classes' probabilities, else the prediction. */
  private static Replay compare(LoggedPrediction row, double[] now) {
    List<String> columns = new ArrayList<>();
    if (row.values().get(LogSchema.SCORE) != null) {
      columns.add(LogSchema.SCORE);
    } else {
      row.named("prediction").stream()
          .filter(name -> name.startsWith(LogSchema.PROBABILITY))
          .filter(name -> row.values().get(name) != null)
          .forEach(columns::add);
      if (columns.isEmpty() && row.values().get(LogSchema.PREDICTION) instanceof Number) {
        columns.add(LogSchema.PREDICTION);
      }
    }
    if (columns.isEmpty()) {
      return new Replay(List.of(), "no number was logged that the model has said");
    }
    if (columns.size() > 1 ? columns.size() != now.length : now.length < 1) {
      return new Replay(
          List.of(), columns.size() + " numbers were logged, and the model says " + now.length);
    }
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Object logged = row.values().get(columns.get(i));
      double number = logged instanceof Number value ? value.doubleValue() : Double.NaN;
      outputs.add(new Output(columns.get(i), number, now[i]));
    }
    return new Replay(outputs, "");
  }

  /** The replay as JSON. */
  Map<String, @Nullable Object> document() {
    List<@Nullable Object> rows = new ArrayList<>();
    for (Output output : outputs) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("column", output.column());
      json.put("logged", output.logged());
      json.put("replayed", output.now());
      json.put("difference", output.difference());
      rows.add(json);
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("same", same());
    json.put("problem", problem.isEmpty() ? null : problem);
    json.put("outputs", rows);
    return json;
  }
}
