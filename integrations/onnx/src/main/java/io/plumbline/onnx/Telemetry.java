package io.plumbline.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ONNX Runtime tells its maker. 1.29.0 is the first whose library for Linux and macOS does:
 * when it starts, it makes a device id and a database in the user's cache folder, and sends an
 * event.
 */
final class Telemetry {
  private static final String VARIABLE = "ORT_DISABLE_TELEMETRY";
  private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

  private Telemetry() {}

  /**
   * Turns it off for the whole process. That comes too late for the first event, which only the
   * process's environment prevents: a warning says so.
   */
  static void turnOff(OrtEnvironment environment) {
    try {
      environment.setTelemetry(false);
    } catch (OrtException e) {
      log.warn("ONNX Runtime's telemetry cannot be turned off: {}", e.getMessage());
    }
    String version = environment.getVersion();
    if (hasStarted(version, System.getProperty("os.name", ""), System.getenv(VARIABLE))) {
      log.warn(
          "ONNX Runtime {} tells Microsoft that this process has started it, and keeps a device id in"
              + " the user's cache folder. Set the environment variable {}=1 before the process"
              + " starts to prevent it",
          version,
          VARIABLE);
    }
  }

  /**
   * Whether the first event is on its way.
   *
   * @param variable the value of the environment variable that prevents it; null if it has none
   */
  static boolean hasStarted(String version, String os, @Nullable String variable) {
    return RuntimeVersion.isAtLeast(version, 29)
        && !os.toLowerCase(Locale.ROOT).startsWith("windows")
        && (variable == null || variable.isBlank() || variable.equals("0"));
  }
}
