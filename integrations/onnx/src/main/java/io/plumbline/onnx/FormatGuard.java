package io.plumbline.onnx;

import io.plumbline.IncompatibleModelException;
import io.plumbline.internal.Printable;
import java.util.Map;

/**
 * Refuses a file of a format that is newer than the engine, before the engine sees it.
 *
 * <p>The limits are those of ONNX Runtime 1.29.0: it refuses IR version 14 with "max supported IR
 * version: 13", opset 27 with "official support for domain ai.onnx is till opset 26", and opset 6
 * of ai.onnx.ml with "till opset 5". 1.26.0 and 1.28.0 say the same; the tests' models stand on
 * both sides of each limit. A later runtime knows its own limits, and refuses what is above them
 * too.
 */
final class FormatGuard {
  static final long IR_VERSION = 13;
  static final Map<String, Long> OPSETS =
      Map.of(ModelFileReader.DEFAULT_DOMAIN, 26L, "ai.onnx.ml", 5L);

  private static final int NEWEST_MINOR = 29;

  private FormatGuard() {}

  /**
   * Checks a file.
   *
   * @param name the file's name, for messages
   * @param runtime the version of ONNX Runtime, such as {@code 1.29.0}
   * @throws IncompatibleModelException if the file is newer
   */
  static void check(String name, ModelFile file, String runtime) {
    if (RuntimeVersion.isAtLeast(runtime, NEWEST_MINOR + 1)) {
      return;
    }
    if (file.irVersion() > IR_VERSION) {
      throw refused(
          name, "ONNX IR version " + file.irVersion(), "IR version " + IR_VERSION, runtime);
    }
    OPSETS.forEach(
        (domain, newest) -> {
          long found = file.opsets().getOrDefault(domain, 0L);
          if (found > newest) {
            throw refused(
                name,
                "opset " + found + " of domain " + domain,
                "opset " + newest + " of that domain",
                runtime);
          }
        });
  }

  private static IncompatibleModelException refused(
      String name, String found, String newest, String runtime) {
    return new IncompatibleModelException(
        "The model file "
            + Printable.quote(name)
            + " has "
            + found
            + ", but the newest that ONNX Runtime "
            + runtime
            + " is known to read is "
            + newest
            + ". Use a newer com.microsoft.onnxruntime:onnxruntime, or export the model with an"
            + " older opset (target_opset, opset_version), or allow a newer format when loading"
            + " (allowNewerFormat): ONNX Runtime then decides itself");
  }
}
