package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs in JVMs of their own, with other flags or of another version, and to be killed. */
final class ChildJvm {
  private ChildJvm() {}

  static Path home() {
    return Path.of(System.getProperty("java.home"));
  }

  static Process start(Path javaHome, List<String> flags, Class<?> main, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin").resolve("java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
    command.addAll(flags);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Runs a program to its end; returns what it has printed. */
  static String run(Path javaHome, List<String> flags, Class<?> main, Object... arguments)
      throws Exception {
    Process process = start(javaHome, flags, main, arguments);
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(output).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns a JDK of that version beside this one, if there is one. */
  static Optional<Path> jdk(int version) {
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

  private static boolean isJdk(Path home, int version) {
    try {
      return new File(home.toFile(), "bin/java").canExecute()
          && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"" + version);
    } catch (IOException e) {
      return false;
    }
  }
}
