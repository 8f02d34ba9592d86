package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The readers in Python, in the versions of {@code tools/peers/drift-readers.txt}. */
final class Peers {
  private static final Path ROOT = Path.of(System.getProperty("test.root", "."));

  private Peers() {}

  /** The interpreter that has them; without it the test is skipped, which CI does not allow. */
  static String python() throws Exception {
    String why;
    try {
      // The environment is made once for all builds, in the user's cache and not in the tests' own.
      Process process =
          new ProcessBuilder(
                  "bash",
                  "-c",
                  "unset XDG_CACHE_HOME; HOME=$(getent passwd \"$(id -u)\" | cut -d: -f6)"
                      + " exec tools/peers/venv drift-readers")
              .directory(ROOT.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String out =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() == 0 && !out.isEmpty()) {
        return out;
      }
      why = "tools/peers/venv drift-readers has failed";
    } catch (IOException e) {
      why = e.toString();
    }
    String reason = "other readers of the log are not asked: " + why;
    System.out.println("skipped: " + reason);
    if ("true".equals(System.getenv("CI"))) {
      fail(reason);
    }
    return abort(reason);
  }

  /** Runs the script {@code read_log.py}; returns what it has printed. */
  static String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(python());
    command.add(ROOT.resolve("sdk-drift/src/test/resources/read_log.py").toString());
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(out).isTrue();
      assertThat(process.exitValue()).as(out).isZero();
      return out;
    } finally {
      process.destroyForcibly();
    }
  }
}
