package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Programs of the test's own class path in JVMs of their own: with other flags, of another version,
 * or to be killed.
 */
public final class ChildJvm {
  private static final int MINUTES = 4;

  private ChildJvm() {}

  /** The folder of the JDK that runs the tests. */
  public static Path home() {
    return Path.of(System.getProperty("java.home"));
  }

  /**
   * Starts a program; what it prints, errors included, is its output.
   *
   * @param javaHome the folder of a JDK, such as {@link #home}
   * @param flags the JVM's, besides a heap of 256 MiB
   * @param main its class
   * @param arguments its arguments, as texts
   */
  public static Process start(Path javaHome, List<String> flags, Class<?> main, Object... arguments)
      throws IOException {
    return builder(javaHome, flags, main, arguments).start();
  }

  /** The same, to be changed before it is started, such as to print into a file. */
  public static ProcessBuilder builder(
      Path javaHome, List<String> flags, Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin").resolve("java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(flags);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /** Runs a program to its end, which must be a good one; returns what it has printed. */
  public static String run(Path javaHome, List<String> flags, Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    Process process = start(javaHome, flags, main, arguments);
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).as(output).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The folder of a JDK of that version beside the one that runs the tests, if there is one. */
  public static Optional<Path> jdk(int version) {
    for (Path folder : List.of(home().resolveSibling("."), Path.of("/usr/lib/jvm"))) {
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

  /**
   * The same; where there is none, the test is skipped, and where the environment says {@code
   * CI=true} it fails.
   *
   * @param told hears why it is skipped
   */
  public static Path jdkOrSkip(int version, Consumer<String> told) {
    return jdk(version)
        .orElseGet(
            () -> {
              String why = "there is no JDK " + version + " beside this one";
              assertThat(System.getenv("CI")).as("in CI, %s", why).isNotEqualTo("true");
              told.accept("skipped: " + why);
              return abort(why);
            });
  }

  private static boolean isJdk(Path home, int version) {
    try {
      return Files.isExecutable(home.resolve("bin").resolve("java"))
          && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + version);
    } catch (IOException e) {
      return false;
    }
  }
}
