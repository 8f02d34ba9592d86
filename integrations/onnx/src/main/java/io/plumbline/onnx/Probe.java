package io.plumbline.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a model once, to see what its outputs look like where the file does not say it: on a row
 * that travels with the model, or on zeros and empty texts.
 */
final class Probe {
  private final OrtSession session;
  private final Inputs inputs;
  private final int rows;
  private final List<@Nullable Object> example;

  Probe(OrtSession session, Inputs inputs, ModelPackage model) {
    this.session = session;
    this.inputs = inputs;
    // With two, an output that has one entry for each row differs from one that has always one.
    this.rows = inputs.oneRow() ? 1 : 2;
    this.example = example(model, inputs.width());
  }

  /** How many rows are run. */
  int rows() {
    return rows;
  }

  /** What is done with the result, before it is closed. */
  interface Look {
    void at(OrtSession.Result result) throws OrtException;
  }

  /** Runs the model, for some of its outputs. */
  void run(Set<String> outputs, Look look) throws OrtException {
    try (InputRows in = new InputRows(inputs.ports())) {
      in.resize(rows);
      in.write(columns(), 0);
      try (OrtSession.Result result = session.run(in.byName(), outputs, Map.of())) {
        look.at(result);
      }
    }
  }

  private Object[] columns() {
    Object[] columns = new Object[inputs.width()];
    int position = 0;
    for (Port port : inputs.ports()) {
      for (int c = 0; c < port.width(); c++, position++) {
        Object cell = example.get(position);
        if (port.type() == null) {
          String text = cell instanceof String given ? given : "";
          columns[position] = Collections.nCopies(rows, text).toArray(String[]::new);
        } else {
          double[] numbers = new double[rows];
          Arrays.fill(numbers, number(port, cell));
          columns[position] = numbers;
        }
      }
    }
    return columns;
  }

  private static double number(Port port, @Nullable Object cell) {
    double number =
        cell instanceof Number given ? given.doubleValue() : Boolean.TRUE.equals(cell) ? 1 : 0;
    return switch (Objects.requireNonNull(port.type())) {
      case FLOAT, DOUBLE -> number;
      case INT64, INT32 -> (int) number;
      case BOOL -> number == 0 ? 0 : 1;
    };
  }

  private static List<@Nullable Object> example(ModelPackage model, int width) {
    List<List<@Nullable Object>> rows =
        model
            .inputExample()
            .map(InputExample::rows)
            .or(() -> model.goldenRecords().map(GoldenRecords::inputs))
            .orElse(List.of());
    return rows.isEmpty() || rows.get(0).size() != width
        ? Collections.nCopies(width, null)
        : rows.get(0);
  }
}
