package io.plumbline.cli;

import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code predict REF --input FILE}: predictions for a few rows of JSON. */
@Command(
    name = "predict",
    description = {
      "Predicts rows of JSON: an object is a row by names, an array of objects several;"
          + " {\"columns\": [...], \"data\": [[...], ...]} is understood, too.",
      "For many rows, `plumbline score` reads CSV."
    })
final class PredictCommand extends RegistryCommand {
  private static final int MOST_BYTES = 64 << 20;

  @Parameters(
      paramLabel = "REF",
      description = "Such as NAME/3, NAME@champion, NAME/latest or runs:/RUN_ID/MODEL.")
  private String ref = "";

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      required = true,
      description = "A file with the rows; - for standard input.")
  private String input = "";

  @Override
  int work(ModelRegistry models) throws IOException {
    JsonRows rows = JsonRows.read(bytes(), place());
    ModelVersion version = resolve(ref);
    Optional<Signature> signature = models.fetch(version).model().signature();
    List<double[]> predictions = new ArrayList<>();
    try (LiveModel model = Serving.open(models, version, 1)) {
      for (int i = 0; i < rows.size(); i++) {
        predictions.add(predict(model, inputs(signature), rows, i));
      }
    }
    tellOfUnknown(rows, inputs(signature), version);
    List<String> names = Serving.outputs(signature, predictions.get(0).length);
    if (json()) {
      printJson(document(version, names, predictions));
    } else {
      print(names, predictions);
    }
    return Main.OK;
  }

  private String place() {
    return input.equals("-") ? "standard input" : Printable.quote(input);
  }

  private byte[] bytes() throws IOException {
    byte[] bytes;
    if (input.equals("-")) {
      bytes = System.in.readNBytes(MOST_BYTES + 1);
    } else {
      Path file = Path.of(input);
      if (!Files.exists(file) || Files.isDirectory(file)) {
        throw new IllegalArgumentException("there is no file " + place());
      }
      try (var in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MOST_BYTES + 1);
      }
    }
    if (bytes.length > MOST_BYTES) {
      throw new IllegalArgumentException(
          place() + " has more than 64 MiB; `plumbline score` reads CSV of any size");
    }
    return bytes;
  }

  // ---- predicting

  /** The inputs by name; none if the model takes its numbers by position. */
  private static List<ColumnSpec> inputs(Optional<Signature> signature) {
    List<ColumnSpec> columns = new ArrayList<>();
    for (FieldSpec field : signature.map(Signature::inputs).orElse(List.of())) {
      if (field instanceof ColumnSpec column && !column.name().isEmpty()) {
        columns.add(column);
      }
    }
    return columns;
  }

  private double[] predict(LiveModel model, List<ColumnSpec> inputs, JsonRows rows, int index) {
    try {
      if (rows.named().isEmpty()) {
        List<@Nullable Object> row = rows.positional().get(index);
        return inputs.isEmpty() ? model.predict(numbers(row)) : model.predict(named(row, inputs));
      }
      return model.predict(typed(rows.named().get(index), inputs));
    } catch (IllegalArgumentException e) {
      String row = rows.size() == 1 ? "" : "row " + (index + 1) + " of ";
      throw new IllegalArgumentException(row + place() + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, @Nullable Object> typed(
      Map<String, @Nullable Object> row, List<ColumnSpec> inputs) {
    Map<String, @Nullable Object> typed = new LinkedHashMap<>(row);
    for (ColumnSpec input : inputs) {
      if (row.containsKey(input.name())) {
        typed.put(input.name(), JsonValues.of(row.get(input.name()), input));
      }
    }
    return typed;
  }

  private static Map<String, @Nullable Object> named(
      List<@Nullable Object> row, List<ColumnSpec> inputs) {
    if (row.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "it has " + row.size() + " values, and the model has " + inputs.size() + " inputs");
    }
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      named.put(inputs.get(i).name(), JsonValues.of(row.get(i), inputs.get(i)));
    }
    return named;
  }

  private static double[] numbers(List<@Nullable Object> row) {
    double[] numbers = new double[row.size()];
    for (int i = 0; i < numbers.length; i++) {
      Object value = row.get(i);
      if (value != null && !(value instanceof Number)) {
        throw new IllegalArgumentException(
            "value " + (i + 1) + " is no number: " + Printable.line(value.toString()));
      }
      numbers[i] = value instanceof Number number ? number.doubleValue() : Double.NaN;
    }
    return numbers;
  }

  /** What is no input does no harm, but may be a misspelt one. */
  private void tellOfUnknown(JsonRows rows, List<ColumnSpec> inputs, ModelVersion version) {
    Set<String> unknown = new LinkedHashSet<>();
    rows.named().forEach(row -> unknown.addAll(row.keySet()));
    inputs.forEach(column -> unknown.remove(column.name()));
    if (!unknown.isEmpty()) {
      console()
          .error(
              "plumbline: no inputs of "
                  + Cells.show(version.uri())
                  + ", and left out: "
                  + Printable.line(String.join(", ", unknown)));
    }
  }

  // ---- telling

  private static Map<String, @Nullable Object> document(
      ModelVersion version, List<String> names, List<double[]> predictions) {
    List<@Nullable Object> rows = new ArrayList<>();
    for (double[] prediction : predictions) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      for (int i = 0; i < prediction.length; i++) {
        row.put(names.get(i), prediction[i]);
      }
      rows.add(row);
    }
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("uri", version.uri());
    document.put("digest", version.digest());
    document.put("predictions", rows);
    return document;
  }

  private void print(List<String> names, List<double[]> predictions) {
    Table table = new Table(console(), "");
    names.forEach(name -> table.column(name, Table.Kind.NUMBER));
    for (double[] prediction : predictions) {
      table.row();
      for (double value : prediction) {
        table.cell(number(value));
      }
    }
    table.print("output", "widen the terminal, or use --json");
  }

  /** All digits, in the shortest form that reads back as the same number. */
  private static String number(double value) {
    return Double.isFinite(value) ? Json.text(value) : Double.toString(value);
  }
}
