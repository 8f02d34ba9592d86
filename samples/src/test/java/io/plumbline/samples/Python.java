package io.plumbline.samples;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A script in Python, with the packages of {@code tools/peers/drift-readers.txt}. */
final class Python {
  private static final int SECONDS = 300;
  private static final int NO_PYTHON = 97;

  // The environment is made once for all builds, in the user's cache and not in the tests' own.
  private static final String START =
      "unset XDG_CACHE_HOME; HOME=$(getent passwd \"$(id -u)\" | cut -d: -f6);"
          + " python=$(tools/peers/venv drift-readers) || exit "
          + NO_PYTHON
          + "; exec \"$python\" \"$@\"";

  private Python() {}

  /** Runs a script and returns its lines; where there is no Python, the test is skipped. */
  static List<String> lines(Path folder, String script, String... arguments) throws Exception {
    Path out = folder.resolve("python.out");
    Path err = folder.resolve("python.err");
    int code;
    try {
      ProcessBuilder builder =
          new ProcessBuilder("bash", "-c", START, "python", script)
              .directory(Path.of(System.getProperty("test.root")).toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.command().addAll(List.of(arguments));
      Process process = builder.start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(script + " has not ended within " + SECONDS + " s");
      }
      code = process.exitValue();
    } catch (IOException e) {
      Files.writeString(err, e.toString());
      code = NO_PYTHON;
    }
    String complaint = Files.readString(err, StandardCharsets.UTF_8);
    if (code == NO_PYTHON) {
      String reason = "scikit-learn is not asked: " + complaint.strip();
      System.out.println("skipped: " + reason);
      return "true".equals(System.getenv("CI")) ? fail(reason) : abort(reason);
    }
    if (code != 0) {
      throw new AssertionError(script + " has ended with " + code + ": " + complaint);
    }
    return Files.readAllLines(out, StandardCharsets.UTF_8);
  }
}
