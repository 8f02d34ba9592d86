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

  private static final long TREE_NODE_BYTES = 370;

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
    return new OnnxPredictor(this, inputs.ports(), rowsAtOnce(), new CallPool(this::call));
  }

  /** Makes what a call needs. */
  Call call() {
    return new Call(session, inputs.ports(), outputs);
  }

  private int rowsAtOnce() {
    long rowBytes = Long.BYTES * ((long) inputs() + outputs());
    return inputs.oneRow() ? 1 : (int) Math.max(1, CALL_BYTES / rowBytes);
  }

  @Override
  public long memoryBytes() {
    return memoryBytes;
  }

  /**
   * Estimates the memory that a model takes. Measured with ONNX Runtime 1.29.0 on Linux, as growth
   * of the resident set: 100 MB of matrices take 96 to 104 MiB, in the file or outside it, and
   * twice that while they are loaded; 600 trees of 1,023 nodes, 20 MB in the file, take 236 MiB.
   * Tensors outside the file that no operator rearranges stay on disk; they are counted all the
   * same.
   *
   * @param fileBytes the size of the model's file and of those of its tensors
   * @param treeNodes how many nodes its trees have
   */
  static long memory(long fileBytes, long treeNodes) {
    return BASE_BYTES + fileBytes + fileBytes / 10 + TREE_NODE_BYTES * treeNodes;
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
