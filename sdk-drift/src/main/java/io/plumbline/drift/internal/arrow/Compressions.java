package io.plumbline.drift.internal.arrow;

import io.plumbline.drift.log.BufferCompression;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the compression that is on the class path. */
final class Compressions {
  private Compressions() {}

  /** Returns one that works here, or null: then only files that need none are read. */
  static @Nullable BufferCompression find() {
    Iterator<BufferCompression> found =
        ServiceLoader.load(BufferCompression.class, BufferCompression.class.getClassLoader())
            .iterator();
    while (true) {
      try {
        return found.hasNext() ? found.next() : null;
      } catch (ServiceConfigurationError e) {
        // It is not for this machine, which the file that needs it will tell.
      }
    }
  }
}
