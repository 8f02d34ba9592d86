package io.plumbline.model;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few rows that show what a tabular model takes. Immutable.
 *
 * @param columns the names of the columns, all different
 * @param rows at most 1,000 rows with one value for each column: Boolean, Long, Double, String or
 *     null. NaN is kept as null, which is how the JSON form writes a missing number
 */
public record InputExample(List<String> columns, List<List<@Nullable Object>> rows)
    implements ModelDocument {
  /** The file in a model package; MLflow's name. */
  public static final String FILE = "input_example.json";

  /** Copies the rows and checks them. */
  public InputExample {
    columns = List.copyOf(columns);
    rows = TableRows.checked(columns, rows);
  }

  /** Rows of numbers; NaN is a missing one. */
  public static InputExample of(List<String> columns, double[][] rows) {
    return new InputExample(columns, TableRows.checked(columns, TableRows.of(rows)));
  }

  /**
   * The rows as numbers; null becomes NaN, true 1 and false 0.
   *
   * @throws IllegalArgumentException if a value is a string
   */
  public double[][] doubles() {
    return TableRows.doubles(columns, rows);
  }

  /** The rows in MLflow's split form: {@code {"columns":[...],"data":[[...]]}}. */
  public byte[] toJson() {
    return Json.bytes(TableRows.toJson(columns, rows));
  }

  /**
   * Reads the split form.
   *
   * @throws IllegalArgumentException if it is something else; the message says where
   */
  public static InputExample fromJson(byte[] utf8) {
    JsonObject json = Json.object(utf8, FILE);
    return new InputExample(json.strings("columns"), TableRows.rows(json));
  }

  @Override
  public ModelPart toPart() {
    return ModelPart.json(FILE, toJson());
  }
}
