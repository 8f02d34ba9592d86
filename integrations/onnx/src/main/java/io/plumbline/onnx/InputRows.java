package io.plumbline.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.plumbline.internal.Printable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The input tensors of a call: takes rows and columns, refuses values that do not fit. */
final class InputRows implements AutoCloseable {
  private final Port[] ports;
  private final int width;
  private final Tensors numbers;
  private int rows;

  InputRows(List<Port> ports) {
    this.ports = ports.toArray(Port[]::new);
    this.width = ports.stream().mapToInt(Port::width).sum();
    this.numbers = new Tensors(ports);
  }

  /** What the engine gets. */
  Map<String, OnnxTensor> byName() {
    return numbers.byName();
  }

  /** Makes room for exactly that many rows. */
  void resize(int newRows) throws OrtException {
    numbers.resize(newRows);
    rows = newRows;
  }

  /** Takes the rows from {@code first} on. */
  void write(double[] in, int first) {
    int position = 0;
    for (int p = 0; p < ports.length; p++) {
      Port port = ports[p];
      NumberType type = Objects.requireNonNull(port.type());
      ByteBuffer to = numbers.buffer(p);
      int columns = port.width();
      int index = 0;
      for (int row = first; row < first + rows; row++) {
        int from = row * width + position;
        for (int c = 0; c < columns; c++) {
          if (!type.put(to, index++, in[from + c])) {
            throw refused(port, row, in[from + c]);
          }
        }
      }
      position += columns;
    }
  }

  /** Takes the rows from {@code first} on. */
  void write(float[] in, int first) {
    int position = 0;
    for (int p = 0; p < ports.length; p++) {
      Port port = ports[p];
      NumberType type = Objects.requireNonNull(port.type());
      ByteBuffer to = numbers.buffer(p);
      int columns = port.width();
      int index = 0;
      for (int row = first; row < first + rows; row++) {
        int from = row * width + position;
        for (int c = 0; c < columns; c++) {
          if (!type.put(to, index++, in[from + c])) {
            throw refused(port, row, in[from + c]);
          }
        }
      }
      position += columns;
    }
  }

  /** Takes the rows from {@code first} on, whose columns have been checked. */
  void write(Object[] columns, int first) throws OrtException {
    int position = 0;
    for (int p = 0; p < ports.length; p++) {
      Port port = ports[p];
      if (port.type() == null) {
        writeText(port, columns, position, first);
      } else {
        for (int c = 0; c < port.width(); c++) {
          writeColumn(port, port.type(), numbers.buffer(p), columns[position + c], c, first);
        }
      }
      position += port.width();
    }
  }

  private void writeColumn(
      Port port, NumberType type, ByteBuffer to, Object column, int offset, int first) {
    int index = offset;
    for (int row = first; row < first + rows; row++, index += port.width()) {
      boolean fits;
      if (column instanceof double[] doubles) {
        fits = type.put(to, index, doubles[row]);
      } else if (column instanceof float[] floats) {
        fits = type.put(to, index, (double) floats[row]);
      } else if (column instanceof long[] longs) {
        fits = type.put(to, index, longs[row]);
      } else if (column instanceof int[] ints) {
        fits = type.put(to, index, (long) ints[row]);
      } else {
        fits = type.put(to, index, ((boolean[]) column)[row] ? 1L : 0L);
      }
      if (!fits) {
        throw refused(port, row, Columns.number(column, row));
      }
    }
  }

  private void writeText(Port port, Object[] columns, int position, int first) throws OrtException {
    String[] texts = new String[rows * port.width()];
    int index = 0;
    for (int row = first; row < first + rows; row++) {
      for (int c = 0; c < port.width(); c++) {
        texts[index++] = Columns.text(((String[]) columns[position + c])[row], port.name(), row);
      }
    }
    OnnxTensor tensor = OnnxTensor.createTensor(Engine.environment(), texts, port.shape(rows));
    byName().put(port.name(), tensor);
  }

  /** Gives back the tensors of text, which live for one call; those of numbers stay. */
  void clearText() {
    for (Port port : ports) {
      if (port.type() == null) {
        OnnxTensor text = byName().remove(port.name());
        if (text != null) {
          text.close();
        }
      }
    }
  }

  @Override
  public void close() {
    clearText();
    numbers.close();
  }

  private static IllegalArgumentException refused(Port port, int row, Object value) {
    return new IllegalArgumentException(
        "row "
            + row
            + " has "
            + value
            + " for the input "
            + Printable.quote(port.name())
            + ", which takes "
            + (port.type() == NumberType.BOOL ? "true and false (1 and 0)" : "whole numbers")
            + " only ("
            + port.type()
            + "). Fill in or round what is missing, or export the model with a float input");
  }
}
