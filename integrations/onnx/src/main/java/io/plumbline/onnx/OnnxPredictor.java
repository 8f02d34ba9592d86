package io.plumbline.onnx;

import ai.onnxruntime.OrtException;
import io.plumbline.internal.Printable;
import io.plumbline.spi.Predictor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Predicts with a session, for any number of threads at once: each call has its own buffers. */
final class OnnxPredictor implements Predictor {
  private final OnnxModel model;
  private final List<Port> ports;
  private final int inputs;
  private final int outputs;
  private final int step;
  private final @Nullable String textInput;
  private final CallPool calls;

  OnnxPredictor(OnnxModel model, List<Port> ports, int rowsAtOnce, CallPool calls) {
    this.model = model;
    this.ports = ports;
    this.inputs = model.inputs();
    this.outputs = model.outputs();
    this.step = rowsAtOnce;
    this.textInput = textInput(ports).map(Port::name).orElse(null);
    this.calls = calls;
  }

  @Override
  public void predict(double[] in, int rows, double[] out) {
    check(in == null ? -1 : in.length, rows, out == null ? -1 : out.length);
    Call call = calls.take();
    try {
      for (int first = 0, some; first < rows; first += some) {
        some = Math.min(step, rows - first);
        call.resize(some);
        call.inputs().write(in, first);
        call.run();
        call.outputs().read(out, first);
      }
    } catch (OrtException e) {
      throw model.failed(e);
    } finally {
      calls.give(call);
    }
  }

  @Override
  public void predict(float[] in, int rows, float[] out) {
    check(in == null ? -1 : in.length, rows, out == null ? -1 : out.length);
    Call call = calls.take();
    try {
      for (int first = 0, some; first < rows; first += some) {
        some = Math.min(step, rows - first);
        call.resize(some);
        call.inputs().write(in, first);
        call.run();
        call.outputs().read(out, first);
      }
    } catch (OrtException e) {
      throw model.failed(e);
    } finally {
      calls.give(call);
    }
  }

  @Override
  public void predictColumns(Object[] columns, int rows, double[] out) {
    checkRows(rows);
    Columns.check(ports, inputs, columns, rows);
    checkOut(out == null ? -1 : out.length, rows);
    Call call = calls.take();
    try {
      for (int first = 0, some; first < rows; first += some) {
        some = Math.min(step, rows - first);
        call.resize(some);
        try {
          call.inputs().write(columns, first);
          call.run();
        } finally {
          call.inputs().clearText();
        }
        call.outputs().read(out, first);
      }
    } catch (OrtException e) {
      throw model.failed(e);
    } finally {
      calls.give(call);
    }
  }

  @Override
  public void close() {
    calls.close();
  }

  /** Checks a call, null being a length of -1, before native code could read beyond an array. */
  private void check(int in, int rows, int out) {
    checkRows(rows);
    if (textInput != null) {
      throw new IllegalArgumentException(
          "the input " + Printable.quote(textInput) + " takes text: call predictColumns");
    }
    if (in < (long) rows * inputs) {
      throw tooShort("in", in, rows, inputs);
    }
    checkOut(out, rows);
  }

  private static void checkRows(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("rows is " + rows + "; it must be at least 1");
    }
  }

  private void checkOut(int out, int rows) {
    if (out < (long) rows * outputs) {
      throw tooShort("out", out, rows, outputs);
    }
  }

  private static IllegalArgumentException tooShort(String what, int length, int rows, int width) {
    return new IllegalArgumentException(
        what
            + (length < 0 ? " is null" : " has " + length + " numbers")
            + ", but "
            + rows
            + " rows of "
            + width
            + " need "
            + (long) rows * width);
  }

  private static Optional<Port> textInput(List<Port> ports) {
    return ports.stream().filter(port -> port.type() == null).findFirst();
  }
}
