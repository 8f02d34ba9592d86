package io.plumbline.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.plumbline.internal.Printable;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.util.ArrayList;
import java.util.List;

/** A session with what was learned about its inputs and outputs. */
final class OnnxModel implements LoadedModel {
  /**
   * How much memory a call may hold for its numbers: larger batches are run in steps of so many
   * rows, which costs nothing on a CPU.
   */
  private static final int CALL_BYTES = 1 << 20;

  /** What a session takes besides its tensors. */
  private static final long BASE_BYTES = 1 << 20;

  private final String file;
  private final OrtSession session;
  private final Inputs inputs;
  private final Outputs outputs;
  private final long memoryBytes;

  OnnxModel(String file, OrtSession session, Inputs inputs, Outputs outputs, long memoryBytes) {
    this.file = file;
    this.session = session;
    this.inputs = inputs;
    this.outputs = outputs;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public Concurrency concurrency() {
    return Concurrency.SHARED;
  }

  @Override
  public int inputs() {
    return inputs.width();
  }

  @Override
  public int outputs() {
    return outputs.width();
  }

  /** The names of the numbers in a row: the output's, with a position where it has several. */
  List<String> outputNames() {
    List<String> names = new ArrayList<>();
    for (Outputs.Output output : outputs.all()) {
      Port port = output.port();
      for (int i = 0; i < port.width(); i++) {
        names.add(port.width() == 1 ? port.name() : port.name() + "." + i);
      }
    }
    return names;
  }

  @Override
  public Predictor open() {
    List<Port> ports = inputs.ports();
    return new OnnxPredictor(
        this, ports, rowsAtOnce(), new CallPool(() -> new Call(session, ports, outputs)));
  }

  private int rowsAtOnce() {
    long rowBytes = Long.BYTES * ((long) inputs() + outputs());
    return inputs.oneRow() ? 1 : (int) Math.max(1, CALL_BYTES / rowBytes);
  }

  @Override
  public long memoryBytes() {
    return memoryBytes;
  }

  /** Estimates the memory that a model of that size on disk takes. */
  static long memory(long fileBytes) {
    return BASE_BYTES + 2 * fileBytes;
  }

  /** What is thrown when a call fails. */
  OnnxException failed(OrtException e) {
    return new OnnxException(
        "The model " + Printable.quote(file) + " does not predict these rows: " + e.getMessage(),
        e);
  }

  @Override
  public void close() {
    close(file, session);
  }

  /** Closes the session of a model file. */
  static void close(String file, OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new OnnxException(
          "The model " + Printable.quote(file) + " cannot be closed: " + e.getMessage(), e);
    }
  }
}
