package io.plumbline.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;

/** What one call needs at a time: its inputs, its outputs, and the session. For one thread. */
final class Call implements AutoCloseable {
  private final OrtSession session;
  private final InputRows inputs;
  private final OutputRows outputs;

  Call(OrtSession session, List<Port> inputs, Outputs outputs) {
    this.session = session;
    this.inputs = new InputRows(inputs);
    this.outputs = new OutputRows(outputs);
  }

  InputRows inputs() {
    return inputs;
  }

  OutputRows outputs() {
    return outputs;
  }

  /** Makes room for exactly that many rows. */
  void resize(int rows) throws OrtException {
    inputs.resize(rows);
    outputs.resize(rows);
  }

  /** Runs the model on what the inputs have been given. */
  void run() throws OrtException {
    try (OrtSession.Result result =
        session.run(inputs.byName(), outputs.mapNames(), outputs.byName())) {
      outputs.take(result);
    }
  }

  @Override
  public void close() {
    inputs.close();
    outputs.close();
  }
}
