package io.plumbline.internal.journal;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** What attacks share: their length, their seeds, and the JVMs that they start. */
final class Attack {
  private Attack() {}

  /** Returns the number of attacks: {@code full} in full length, else a share of it. */
  static int scaled(int full, int least) {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    return Math.max(least, (int) Math.round(full * scale));
  }

  /** Returns the seed that was asked for, or a new one. */
  static long seed() {
    return Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
  }

  /** Starts this JVM's program with another main class; what it prints goes to a file. */
  static Process java(Path javaHome, Path output, Class<?> main, Object... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin").resolve("java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
    command.add(classPath());
    command.add(main.getName());
    for (Object arg : args) {
      command.add(String.valueOf(arg));
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }

  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path", System.getProperty("java.class.path", "."));
  }

  static Path javaHome() {
    return Path.of(System.getProperty("java.home"));
  }

  /** Returns a JDK of that version beside this one, if there is one. */
  static Optional<Path> jdk(int version) {
    for (Path folder : List.of(javaHome().resolveSibling("."), Path.of("/usr/lib/jvm"))) {
      try (Stream<Path> found = Files.list(folder)) {
        Optional<Path> jdk = found.filter(home -> isJdk(home, version)).findFirst();
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
