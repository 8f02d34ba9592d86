package io.plumbline.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import io.plumbline.model.ColumnSpec;
import io.plumbline.model.FieldSpec;
import io.plumbline.model.Signature;
import io.plumbline.model.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a model, in the graph's order: what belongs to a row lies one after the other.
 *
 * @param ports at least one
 * @param oneRow whether the model takes one row at a time
 */
record Inputs(List<Port> ports, boolean oneRow) {
  /** More values in a row do not fit into the buffers of a call. */
  static final long MAX_WIDTH = 1 << 26;

  /**
   * Reads the inputs of a session.
   *
   * @param signature says how wide an input is that does not say it itself
   * @throws IncompatibleModelException if an input is not made of rows of numbers or text
   */
  static Inputs of(Collection<NodeInfo> infos, Optional<Signature> signature) {
    if (infos.isEmpty()) {
      throw new IncompatibleModelException("The model has no input, so it does not predict rows");
    }
    List<Port> ports = new ArrayList<>();
    boolean oneRow = false;
    for (NodeInfo info : infos) {
      if (!(info.getInfo() instanceof TensorInfo tensor)) {
        throw refused(info, "is no tensor. Export the model with inputs that are tensors");
      }
      long[] shape = tensor.getShape().clone();
      if (shape.length == 0) {
        throw refused(info, "has no dimension for the rows. Export the model with one");
      }
      if (shape[0] != -1 && shape[0] != 1) {
        throw refused(
            info,
            "takes exactly "
                + shape[0]
                + " rows. Export the model with a dynamic first dimension (dynamic_axes)");
      }
      oneRow |= shape[0] == 1;
      if (shape.length == 2 && shape[1] == -1 && infos.size() == 1) {
        shape[1] = signature.map(Inputs::columns).orElse(-1L);
      }
      ports.add(new Port(info.getName(), type(info, tensor), shape, width(info, shape)));
    }
    long width = ports.stream().mapToLong(Port::width).sum();
    if (width > MAX_WIDTH) {
      throw new IncompatibleModelException(
          "A row of the model's inputs has " + width + " values; at most " + MAX_WIDTH + " fit");
    }
    return new Inputs(List.copyOf(ports), oneRow);
  }

  /** How many values a row has. */
  int width() {
    return ports.stream().mapToInt(Port::width).sum();
  }

  private static @Nullable NumberType type(NodeInfo info, TensorInfo tensor) {
    if (tensor.type == OnnxJavaType.STRING) {
      return null;
    }
    return NumberType.of(tensor.onnxType)
        .orElseThrow(
            () ->
                refused(
                    info,
                    "has elements of "
                        + tensor.onnxType
                        + "; float, double, int64, int32, bool and string are known here. Export"
                        + " the model with a Cast behind an input of float"));
  }

  private static int width(NodeInfo info, long[] shape) {
    long width = 1;
    for (int i = 1; i < shape.length; i++) {
      if (shape[i] < 1) {
        throw refused(
            info,
            "has the shape "
                + Arrays.toString(shape)
                + ", so the number of values in a row is not known. Export the model with a fixed"
                + " one, or pack it with a signature that names its columns");
      }
      width = Math.min(width * shape[i], MAX_WIDTH + 1);
    }
    return (int) width;
  }

  private static long columns(Signature signature) {
    List<FieldSpec> fields = signature.inputs();
    if (fields.stream().allMatch(ColumnSpec.class::isInstance)) {
      return fields.isEmpty() ? -1 : fields.size();
    }
    return fields.get(0) instanceof TensorSpec tensor && tensor.shape().size() == 2
        ? tensor.shape().get(1)
        : -1;
  }

  private static IncompatibleModelException refused(NodeInfo info, String what) {
    return new IncompatibleModelException(
        "The model's input " + Printable.quote(info.getName()) + " " + what);
  }
}
