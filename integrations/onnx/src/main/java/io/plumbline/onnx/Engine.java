package io.plumbline.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.plumbline.ConfigException;
import io.plumbline.spi.LoadOptions;
import java.nio.file.Path;

/** ONNX Runtime in this process: its one environment, which belongs to all, and its sessions. */
final class Engine {
  static final String INTRA_OP_THREADS = "onnx.intra-op-threads";
  static final String INTER_OP_THREADS = "onnx.inter-op-threads";

  private static final int MAX_THREADS = 1_024;

  private Engine() {}

  /** Loads the native library with the first use, and holds the environment. */
  private static final class Holder {
    static final OrtEnvironment ENVIRONMENT = start();

    private Holder() {}
  }

  /**
   * Returns the environment, which is never closed: others in the process may use it too.
   *
   * @throws OnnxException if the native library cannot be loaded
   */
  static OrtEnvironment environment() {
    try {
      return Holder.ENVIRONMENT;
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new OnnxException(
          "ONNX Runtime's native library cannot be loaded: "
              + cause
              + ". Its jar has libraries for Linux with glibc (x64, aarch64), Windows (x64) and macOS"
              + " (aarch64), and unpacks them into java.io.tmpdir, which needs 50 MB and the right to"
              + " execute; the system property onnxruntime.native.path names a folder with your own",
          e);
    }
  }

  static String version() {
    return environment().getVersion();
  }

  private static OrtEnvironment start() {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Telemetry.turnOff(environment);
    return environment;
  }

  /**
   * Opens a session.
   *
   * @throws OrtException with ONNX Runtime's own words if it refuses the model
   */
  static OrtSession open(Path file, LoadOptions options) throws OrtException {
    int intraOp = threads(options, INTRA_OP_THREADS);
    int interOp = threads(options, INTER_OP_THREADS);
    OrtEnvironment environment = environment();
    try (OrtSession.SessionOptions session = new OrtSession.SessionOptions()) {
      // Callers are the concurrency: a pool of each session's own would fight them for the cores.
      session.setIntraOpNumThreads(intraOp);
      session.setInterOpNumThreads(interOp);
      // What goes wrong is thrown; the standard streams are the application's.
      session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Whatever the file's name ends in: ONNX Runtime's own format has not been looked at here.
      session.addConfigEntry("session.load_model_format", "ONNX");
      return environment.createSession(file.toString(), session);
    }
  }

  private static int threads(LoadOptions options, String key) {
    String text = options.settings().getOrDefault(key, "1").trim();
    try {
      int threads = Integer.parseInt(text);
      if (threads >= 0 && threads <= MAX_THREADS) {
        return threads;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new ConfigException(
        key,
        "the settings of LoadOptions",
        "'" + text + "' is no number of threads",
        "0 (as many as there are cores) to " + MAX_THREADS);
  }
}
