package io.plumbline.lightgbm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs in JVMs of their own, for what would end that of the tests. */
final class ChildJvm {
  private ChildJvm() {}

  /**
   * Starts a program of this class path.
   *
   * @param folder where LightGBM is unpacked, and the JVM's report goes if it crashes
   * @param environment what the environment has besides, or instead
   */
  static Process start(Class<?> main, Path folder, Map<String, String> environment, Object... args)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-Djava.io.tmpdir=" + folder,
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-classpath",
            System.getProperty("java.class.path"),
            main.getName()));
    for (Object arg : args) {
      command.add(String.valueOf(arg));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    // On a busy machine OpenMP's threads wait for each other.
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).start();
  }

  /** Waits for the end of a program, and returns what it has printed. */
  static String output(Process child) throws Exception {
    String text = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!child.waitFor(60, TimeUnit.SECONDS)) {
      child.destroyForcibly();
      throw new AssertionError("the program has not ended within 60 s; it printed " + text);
    }
    return text;
  }
}
