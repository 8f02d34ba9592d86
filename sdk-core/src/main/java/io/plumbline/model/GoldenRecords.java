package io.plumbline.model;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inputs with the outputs that the trained model gave: whoever loads the model later runs them, and
 * sees a wrong version, feature order or output at once. Immutable.
 *
 * @param inputColumns the names of the inputs, in the order of positions
 * @param inputs at most 1,000 rows: Boolean, Long, Double, String or null; NaN is kept as null
 * @param outputColumns the names of the outputs
 * @param outputs the expected outputs of each row; NaN and the infinities are kept
 * @param relativeTolerance how far an output may be from the expected one, as a share of that
 * @param absoluteTolerance how far it may be besides
 */
public record GoldenRecords(
    List<String> inputColumns,
    List<List<@Nullable Object>> inputs,
    List<String> outputColumns,
    List<List<Double>> outputs,
    double relativeTolerance,
    double absoluteTolerance)
    implements ModelDocument {
  /** The file in a model package. */
  public static final String FILE = "golden_records.json";

  /** What the noise of 32-bit arithmetic needs. */
  public static final double RELATIVE_TOLERANCE = 1e-4;

  /** What the noise of 32-bit arithmetic needs near zero. */
  public static final double ABSOLUTE_TOLERANCE = 1e-6;

  /** Copies the rows and checks them. */
  public GoldenRecords {
    inputColumns = List.copyOf(inputColumns);
    inputs = TableRows.checked(inputColumns, inputs);
    outputColumns = List.copyOf(outputColumns);
    outputs = outputs.stream().map(List::copyOf).toList();
    if (inputs.size() != outputs.size()) {
      throw new IllegalArgumentException(
          "there are " + inputs.size() + " inputs, but " + outputs.size() + " outputs");
    }
    for (List<Double> row : outputs) {
      if (row.size() != outputColumns.size()) {
        throw new IllegalArgumentException(
            "an output has "
                + row.size()
                + " values, but there are "
                + outputColumns.size()
                + " output columns");
      }
    }
    checkTolerance("relative", relativeTolerance);
    checkTolerance("absolute", absoluteTolerance);
  }

  /**
   * Records of a model that takes and gives numbers, with tolerances for 32-bit noise: 1e-4
   * relative, 1e-6 absolute.
   *
   * @param inputColumns the names of the inputs
   * @param inputs one array for each record; NaN is a missing value
   * @param outputColumns the names of the outputs
   * @param outputs one array for each record
   */
  public static GoldenRecords of(
      List<String> inputColumns,
      double[][] inputs,
      List<String> outputColumns,
      double[][] outputs) {
    return new GoldenRecords(
        inputColumns,
        TableRows.checked(inputColumns, TableRows.of(inputs)),
        outputColumns,
        TableRows.of(outputs),
        RELATIVE_TOLERANCE,
        ABSOLUTE_TOLERANCE);
  }

  /** The same records with other tolerances. */
  public GoldenRecords withTolerance(double relative, double absolute) {
    return new GoldenRecords(inputColumns, inputs, outputColumns, outputs, relative, absolute);
  }

  /** The number of records. */
  public int size() {
    return inputs.size();
  }

  /**
   * The inputs as numbers; null becomes NaN, true 1 and false 0.
   *
   * @throws IllegalArgumentException if a value is a string
   */
  public double[][] inputDoubles() {
    return TableRows.doubles(inputColumns, inputs);
  }

  /**
   * Whether a model's outputs are those of a record: each is within {@code absolute + relative *
   * |expected|} of the expected one. NaN equals only NaN, and an infinity only itself.
   *
   * @param record the record's position, from 0
   * @param actual what the model gives
   */
  public boolean matches(int record, double[] actual) {
    List<Double> expected = outputs.get(record);
    if (actual.length != expected.size()) {
      return false;
    }
    for (int i = 0; i < actual.length; i++) {
      if (!near(expected.get(i), actual[i])) {
        return false;
      }
    }
    return true;
  }

  /** The records as JSON; NaN and infinities among the outputs are strings. */
  public byte[] toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("inputs", TableRows.toJson(inputColumns, inputs));
    json.put("outputs", TableRows.toJson(outputColumns, outputs));
    json.put("relative_tolerance", relativeTolerance);
    json.put("absolute_tolerance", absoluteTolerance);
    return Json.bytes(json);
  }

  /**
   * Reads what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if it is something else; the message says where
   */
  public static GoldenRecords fromJson(byte[] utf8) {
    JsonObject json = Json.object(utf8, FILE);
    JsonObject inputs = json.object("inputs");
    JsonObject outputs = json.object("outputs");
    List<List<Double>> expected =
        TableRows.rows(outputs).stream()
            .map(
                row ->
                    row.stream()
                        .map(cell -> JsonObject.toDouble(cell, outputs.place() + ".data"))
                        .toList())
            .toList();
    return new GoldenRecords(
        inputs.strings("columns"),
        TableRows.rows(inputs),
        outputs.strings("columns"),
        expected,
        json.doubleOr("relative_tolerance", RELATIVE_TOLERANCE),
        json.doubleOr("absolute_tolerance", ABSOLUTE_TOLERANCE));
  }

  @Override
  public ModelPart toPart() {
    return ModelPart.json(FILE, toJson());
  }

  private boolean near(double expected, double actual) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    return Math.abs(actual - expected)
        <= absoluteTolerance + relativeTolerance * Math.abs(expected);
  }

  private static void checkTolerance(String which, double tolerance) {
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException(
          "the " + which + " tolerance must be a number from 0 on, not " + tolerance);
    }
  }
}
