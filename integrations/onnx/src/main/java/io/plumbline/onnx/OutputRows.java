package io.plumbline.onnx;

import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.plumbline.onnx.Outputs.Output;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The outputs of a call: tensors over memory of ours, and maps that the engine makes. */
final class OutputRows implements AutoCloseable {
  private final Output[] outputs;
  private final int width;
  private final Set<String> mapNames;
  private final Tensors tensors;
  private final ByteBuffer[] buffers;
  private int rows;

  OutputRows(Outputs outputs) {
    this.outputs = outputs.all().toArray(Output[]::new);
    this.width = outputs.width();
    this.mapNames = outputs.mapNames();
    this.tensors = new Tensors(outputs.tensors());
    this.buffers = new ByteBuffer[this.outputs.length];
  }

  /** The tensors that the engine fills. */
  Map<String, OnnxTensor> byName() {
    return tensors.byName();
  }

  /** The outputs that the engine makes. */
  Set<String> mapNames() {
    return mapNames;
  }

  /** Makes room for exactly that many rows. */
  void resize(int newRows) throws OrtException {
    if (newRows == rows) {
      return;
    }
    rows = 0;
    tensors.resize(newRows);
    int tensor = 0;
    for (int i = 0; i < outputs.length; i++) {
      buffers[i] =
          outputs[i].map() == null
              ? tensors.buffer(tensor++)
              : ByteBuffer.allocate(Math.toIntExact(newRows * outputs[i].port().rowBytes()));
    }
    rows = newRows;
  }

  /** Takes what the engine has made, before it is closed. */
  void take(OrtSession.Result result) throws OrtException {
    for (int i = 0; i < outputs.length; i++) {
      ClassMap map = outputs[i].map();
      if (map != null) {
        map.read((OnnxSequence) result.get(map.name()).orElseThrow(), rows, buffers[i]);
      }
    }
  }

  /** Gives the rows, the first of them as row {@code first}. */
  void read(double[] out, int first) {
    int position = 0;
    for (int i = 0; i < outputs.length; i++) {
      Port port = outputs[i].port();
      NumberType type = Objects.requireNonNull(port.type());
      int index = 0;
      for (int row = first; row < first + rows; row++) {
        int at = row * width + position;
        for (int c = 0; c < port.width(); c++) {
          out[at + c] = type.get(buffers[i], index++);
        }
      }
      position += port.width();
    }
  }

  /** Gives the rows, the first of them as row {@code first}. */
  void read(float[] out, int first) {
    int position = 0;
    for (int i = 0; i < outputs.length; i++) {
      Port port = outputs[i].port();
      NumberType type = Objects.requireNonNull(port.type());
      int index = 0;
      for (int row = first; row < first + rows; row++) {
        int at = row * width + position;
        for (int c = 0; c < port.width(); c++) {
          out[at + c] = (float) type.get(buffers[i], index++);
        }
      }
      position += port.width();
    }
  }

  @Override
  public void close() {
    rows = 0;
    tensors.close();
  }
}
