package io.plumbline.onnx;

import io.plumbline.PlumblineException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when ONNX Runtime fails: its native library cannot be loaded on this machine, or a model
 * that was loaded does not predict these rows. The message has ONNX Runtime's own words.
 */
public final class OnnxException extends PlumblineException {
  OnnxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
