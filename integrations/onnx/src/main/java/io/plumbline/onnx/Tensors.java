package io.plumbline.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The tensors of numbers of some ports, over memory of ours outside the heap. They are made again
 * only when the number of rows changes, so that a call in the steady state makes none.
 */
final class Tensors implements AutoCloseable {
  private final List<Port> ports;
  private final ByteBuffer[] memory;
  private final ByteBuffer[] buffers;
  private final Map<String, OnnxTensor> byName = new LinkedHashMap<>();
  private int rows;

  /**
   * Makes room for no rows yet.
   *
   * @param ports those of text get no tensor
   */
  Tensors(List<Port> ports) {
    this.ports = ports;
    this.memory = new ByteBuffer[ports.size()];
    this.buffers = new ByteBuffer[ports.size()];
    ByteBuffer none = ByteBuffer.allocate(0);
    for (int i = 0; i < memory.length; i++) {
      memory[i] = none;
      buffers[i] = none;
    }
  }

  /** The tensors by name; the caller may add those of text, and must remove them again. */
  Map<String, OnnxTensor> byName() {
    return byName;
  }

  /** The memory of the port at that position. */
  ByteBuffer buffer(int port) {
    return buffers[port];
  }

  /** Makes the tensors fit a number of rows. */
  void resize(int newRows) throws OrtException {
    if (newRows == rows) {
      return;
    }
    close();
    for (int i = 0; i < buffers.length; i++) {
      Port port = ports.get(i);
      if (port.type() != null) {
        make(i, port, newRows);
      }
    }
    rows = newRows;
  }

  private void make(int i, Port port, int newRows) throws OrtException {
    int bytes = Math.toIntExact(newRows * port.rowBytes());
    if (memory[i].capacity() < bytes) {
      memory[i] = ByteBuffer.allocateDirect(bytes);
    }
    buffers[i] = memory[i].slice(0, bytes).order(ByteOrder.nativeOrder());
    byName.put(
        port.name(),
        OnnxTensor.createTensor(
            Engine.environment(),
            buffers[i],
            port.shape(newRows),
            Objects.requireNonNull(port.type()).java()));
  }

  /** Gives the tensors back; the memory stays for the next ones. */
  @Override
  public void close() {
    rows = 0;
    byName.values().forEach(OnnxTensor::close);
    byName.clear();
  }
}
