package io.plumbline.onnx;

import java.io.IOException;

/** Thrown when a file is no ONNX model; the message says where it stops to be one. */
final class MalformedModelException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedModelException(String message) {
    super(message);
  }
}
