package io.plumbline.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** JVMs with other flags or of another version, and the readers in Python. */
final class Programs {
  private static final Path ROOT = Path.of(System.getProperty("test.root", "."));

  private Programs() {}

  static Path java() {
    return Path.of(System.getProperty("java.home"));
  }

  /** Runs a class of the tests in a JVM of its own; returns what it prints. */
  static String run(Path javaHome, List<String> flags, Class<?> main, Path argument)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin").resolve("java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(flags);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            main.getName(),
            argument.toString()));
    return run(command);
  }

  /** Runs a script of the tests with the readers of {@code tools/peers/drift-readers.txt}. */
  static String python(String script, Path argument) throws Exception {
    Path file = ROOT.resolve("integrations/zstd/src/test/resources").resolve(script);
    return run(Arrays.asList(interpreter(), file.toString(), argument.toString()));
  }

  private static String run(List<String> command) throws Exception {
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

  private static String interpreter() throws Exception {
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
    if (process.waitFor() != 0 || out.isEmpty()) {
      throw missing("tools/peers/venv drift-readers has failed: nobody in Python reads the log");
    }
    return out;
  }

  /** Skips the test, which CI does not allow. */
  static RuntimeException missing(String reason) {
    System.out.println("skipped: " + reason);
    if ("true".equals(System.getenv("CI"))) {
      fail(reason);
    }
    return new TestAbortedException(reason);
  }

  /** Returns a JDK of that version beside this one, if there is one. */
  static Optional<Path> jdk(int version) {
    for (Path folder : List.of(java().resolveSibling("."), Path.of("/usr/lib/jvm"))) {
      try (Stream<Path> found = Files.list(folder)) {
        Optional<Path> jdk = found.filter(path -> isJdk(path, version)).findFirst();
        if (jdk.isPresent()) {
          return jdk;
        }
      } catch (IOException e) {
        // Not a folder where JDKs are.
      }
    }
    return Optional.empty();
  }

  private static boolean isJdk(Path home, int version) {
    try {
      return Files.isExecutable(home.resolve("bin/java"))
          && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + version);
    } catch (IOException e) {
      return false;
    }
  }
}
