package io.plumbline.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.onnx.Outputs.Output;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out which outputs of a session count and how many numbers a row of them has; where the file
 * does not say it, from one run of the model.
 */
final class OutputReader {
  private static final String CHOOSE =
      " Choose the outputs that count: Onnx.pack(file, \"name\"), or \""
          + OutputChoice.KEY
          + "\" in the package's metadata";

  private final Map<String, NodeInfo> infos;
  private final Probe probe;
  private final boolean oneRow;

  OutputReader(Map<String, NodeInfo> infos, Probe probe, boolean oneRow) {
    this.infos = infos;
    this.probe = probe;
    this.oneRow = oneRow;
  }

  /**
   * Reads them.
   *
   * @param chosen the names of those that count, in order; if nothing, all that are not text
   * @param inputs the names of the inputs
   * @throws IncompatibleModelException if one is not made of rows of numbers
   */
  Outputs read(Optional<List<String>> chosen, Set<String> inputs) {
    List<String> names =
        chosen.orElseGet(() -> infos.keySet().stream().filter(name -> !isText(name)).toList());
    if (names.isEmpty()) {
      throw new IncompatibleModelException(
          "The model's outputs "
              + infos.keySet()
              + " are text; a loaded model gives numbers."
              + " Export it with its scores as an output");
    }
    Map<String, Output> known = new HashMap<>();
    Set<String> unknown = new HashSet<>();
    for (String name : names) {
      if (inputs.contains(name)) {
        throw refused(name, "is also an input, so it is no prediction." + CHOOSE);
      }
      declared(name).ifPresentOrElse(output -> known.put(name, output), () -> unknown.add(name));
    }
    if (!unknown.isEmpty()) {
      known.putAll(probed(unknown));
    }
    return new Outputs(names.stream().map(known::get).toList());
  }

  /** What the file says; nothing if it leaves a length open. */
  private Optional<Output> declared(String name) {
    if (!(info(name) instanceof TensorInfo tensor)) {
      checkMaps(name);
      return Optional.empty();
    }
    long[] shape = tensor.getShape();
    NumberType type = type(name, tensor);
    boolean rowsFirst = shape.length > 0 && shape[0] == (oneRow ? 1 : -1);
    return rowsFirst && Arrays.stream(shape).skip(1).allMatch(length -> length > 0)
        ? Optional.of(new Output(port(name, type, shape), null))
        : Optional.empty();
  }

  private Map<String, Output> probed(Set<String> names) {
    Map<String, Output> outputs = new HashMap<>();
    try {
      probe.run(
          names,
          result -> {
            for (String name : names) {
              outputs.put(name, probed(name, result));
            }
          });
    } catch (OrtException | IllegalArgumentException e) {
      throw new IncompatibleModelException(
          "The model does not say how many numbers its outputs "
              + names
              + " have, and it cannot be seen, because the model does not predict a first row: "
              + e.getMessage()
              + ". Pack it with an input example that it can predict, or export it with fixed"
              + " output shapes",
          e);
    }
    return outputs;
  }

  private Output probed(String name, OrtSession.Result result) throws OrtException {
    OnnxValue value = result.get(name).orElseThrow();
    if (value instanceof OnnxSequence sequence) {
      ClassMap map = ClassMap.of(name, sequence);
      int width = map.classes().size();
      return new Output(new Port(name, NumberType.DOUBLE, new long[] {-1, width}, width), map);
    }
    TensorInfo tensor = ((OnnxTensor) value).getInfo();
    long[] shape = tensor.getShape();
    boolean scalar = shape.length == 0 && oneRow;
    boolean rowsFirst = shape.length > 0 && shape[0] == probe.rows();
    if (!scalar && (!rowsFirst || Arrays.stream(shape).anyMatch(length -> length < 1))) {
      throw refused(
          name,
          "has the shape "
              + Arrays.toString(shape)
              + " for "
              + probe.rows()
              + " rows, so it has not one row for each."
              + CHOOSE);
    }
    return new Output(port(name, type(name, tensor), shape), null);
  }

  private Port port(String name, NumberType type, long[] shape) {
    long width = 1;
    for (int i = 1; i < shape.length; i++) {
      width = Math.min(width * shape[i], Inputs.MAX_WIDTH + 1);
    }
    if (width > Inputs.MAX_WIDTH) {
      throw refused(
          name,
          "has rows of more than " + Inputs.MAX_WIDTH + " numbers, which do not fit." + CHOOSE);
    }
    return new Port(name, type, shape, (int) width);
  }

  private NumberType type(String name, TensorInfo tensor) {
    return NumberType.of(tensor.onnxType)
        .orElseThrow(
            () ->
                refused(
                    name,
                    "has elements of "
                        + tensor.onnxType
                        + ", which are no numbers of a kind that is known here (float, double,"
                        + " int64, int32, bool). Export the model with a Cast to float."
                        + CHOOSE));
  }

  private void checkMaps(String name) {
    if (!(info(name) instanceof SequenceInfo sequence)
        || !sequence.sequenceOfMaps
        || sequence.mapInfo.valueType == OnnxJavaType.STRING) {
      throw refused(
          name,
          "is neither a tensor nor a sequence of maps with numbers. Export the model without it"
              + " (for scikit-learn: zipmap=False)."
              + CHOOSE);
    }
  }

  private ValueInfo info(String name) {
    return Objects.requireNonNull(infos.get(name)).getInfo();
  }

  private boolean isText(String name) {
    return info(name) instanceof TensorInfo tensor && tensor.type == OnnxJavaType.STRING;
  }

  private static IncompatibleModelException refused(String name, String what) {
    return new IncompatibleModelException(
        "The model's output " + Printable.quote(name) + " " + what);
  }
}
