package io.plumbline.lightgbm;

import io.plumbline.PlumblineException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when LightGBM's native library cannot be loaded on this machine; the message says what to
 * install.
 */
public final class NativeLibraryException extends PlumblineException {
  NativeLibraryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
