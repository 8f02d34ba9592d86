package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Other people's tools in Python, in the versions that a project pins: {@code tools/peers/NAME.txt}
 * below the folder that the system property {@code test.root} names, brought by {@code
 * tools/peers/venv NAME}.
 */
public final class PeerPython {
  private static final Path ROOT = Path.of(System.getProperty("test.root", "."));
  private static final int MINUTES = 2;

  // The environment is made once for all builds, in the user's cache and not in the tests' own.
  private static final String MAKE =
      "unset XDG_CACHE_HOME; HOME=$(getent passwd \"$(id -u)\" | cut -d: -f6)"
          + " exec tools/peers/venv \"$0\"";

  private PeerPython() {}

  /**
   * The interpreter that has the tools of a list; without it the test is skipped, and where the
   * environment says {@code CI=true} it fails.
   *
   * @param name the list's
   * @param told hears why it is skipped
   */
  public static String interpreter(String name, Consumer<String> told) throws InterruptedException {
    String why = "tools/peers/venv " + name + " has failed";
    try {
      Process process =
          new ProcessBuilder("bash", "-c", MAKE, name)
              .directory(ROOT.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      byte[] bytes = process.getInputStream().readAllBytes();
      String out = new String(bytes, StandardCharsets.UTF_8).strip();
      if (process.waitFor() == 0 && !out.isEmpty()) {
        return out;
      }
    } catch (IOException e) {
      why = e.toString();
    }
    String reason = "no tool in Python is asked: " + why;
    assertThat(System.getenv("CI")).as("in CI, %s", reason).isNotEqualTo("true");
    told.accept("skipped: " + reason);
    return abort(reason);
  }

  /**
   * Runs a script to its end, which must be a good one; returns what it has printed.
   *
   * @param name the list of tools that it needs
   * @param script its file, from {@code test.root} on
   * @param arguments its arguments, as texts
   */
  public static String run(String name, Consumer<String> told, String script, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(interpreter(name, told));
    command.add(ROOT.resolve(script).toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as(out).isTrue();
      assertThat(process.exitValue()).as(out).isZero();
      return out;
    } finally {
      process.destroyForcibly();
    }
  }
}
