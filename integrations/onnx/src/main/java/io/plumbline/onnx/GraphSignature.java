package io.plumbline.onnx;

import io.plumbline.internal.Printable;
import io.plumbline.model.DataType;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;

/** Makes a signature of what a graph declares. */
final class GraphSignature {
  private static final int TEXT = 8;

  /** Numpy's names of ONNX's element types. */
  private static final Map<Integer, String> DTYPES =
      Map.ofEntries(
          Map.entry(1, "float32"),
          Map.entry(2, "uint8"),
          Map.entry(3, "int8"),
          Map.entry(4, "uint16"),
          Map.entry(5, "int16"),
          Map.entry(6, "int32"),
          Map.entry(7, "int64"),
          Map.entry(TEXT, "object"),
          Map.entry(9, "bool"),
          Map.entry(10, "float16"),
          Map.entry(11, "float64"),
          Map.entry(12, "uint32"),
          Map.entry(13, "uint64"));

  /** The element types that columns can have. */
  private static final Map<Integer, DataType> COLUMNS =
      Map.of(
          1,
          DataType.FLOAT,
          6,
          DataType.INTEGER,
          7,
          DataType.LONG,
          TEXT,
          DataType.STRING,
          9,
          DataType.BOOLEAN,
          11,
          DataType.DOUBLE);

  private GraphSignature() {}

  /**
   * Makes it.
   *
   * @param model may say which outputs count
   * @throws IllegalArgumentException if an input or output is no tensor
   */
  static Signature of(ModelFile file, ModelPackage model) {
    Signature.Builder signature = Signature.builder();
    addInputs(signature, file.inputs());
    Map<String, GraphValue> outputs = new LinkedHashMap<>();
    file.outputs().forEach(output -> outputs.put(output.name(), output));
    List<String> names =
        OutputChoice.of(model, outputs.keySet()).orElseGet(() -> List.copyOf(outputs.keySet()));
    for (String name : names) {
      GraphValue output = Objects.requireNonNull(outputs.get(name));
      if (output.elementType() != TEXT) {
        signature.outputTensor(name, dtype("output", output), shape(output));
      }
    }
    return signature.build();
  }

  private static void addInputs(Signature.Builder signature, List<GraphValue> inputs) {
    if (inputs.size() > 1 && inputs.stream().allMatch(GraphSignature::isColumn)) {
      for (GraphValue input : inputs) {
        signature.input(input.name(), Objects.requireNonNull(COLUMNS.get(input.elementType())));
      }
    } else {
      for (GraphValue input : inputs) {
        signature.inputTensor(input.name(), dtype("input", input), shape(input));
      }
    }
  }

  /** Whether it is one value for a row. */
  private static boolean isColumn(GraphValue input) {
    List<Long> shape = input.shape();
    return COLUMNS.containsKey(input.elementType())
        && shape != null
        && !shape.isEmpty()
        && shape.stream().skip(1).allMatch(length -> length == 1);
  }

  private static String dtype(String what, GraphValue value) {
    String dtype = DTYPES.get(value.elementType());
    if (dtype == null) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " "
              + Printable.quote(value.name())
              + " of the model is no tensor of a type that a signature knows. Export the model without"
              + " it (for scikit-learn: zipmap=False), or pack it with the outputs that count");
    }
    return dtype;
  }

  private static long[] shape(GraphValue value) {
    return value.shape() == null
        ? new long[] {-1}
        : value.shape().stream().flatMapToLong(LongStream::of).toArray();
  }
}
