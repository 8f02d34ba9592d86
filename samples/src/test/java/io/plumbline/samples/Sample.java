package io.plumbline.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A sample that has run in a JVM of its own, from the root of the checkout. */
record Sample(int exitCode, String out, String err) {
  private static final int SECONDS = 120;

  static Sample run(
      Class<?> main, Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=tr",
                "-Djava.io.tmpdir=" + folder,
                "-classpath",
                System.getProperty("java.class.path"),
                main.getName())
            .directory(Path.of(System.getProperty("test.root")).toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().putAll(environment);
    builder.environment().put("PLUMBLINE_STORE", folder.resolve("store").toString());
    Process process = builder.start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(main + " has not ended within " + SECONDS + " s: " + text(out));
    }
    return new Sample(process.exitValue(), text(out), text(err));
  }

  /** Starts a sample that runs until it is ended. */
  static Process start(Class<?> main, Path folder, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-classpath",
                System.getProperty("java.class.path"),
                main.getName())
            .directory(Path.of(System.getProperty("test.root")).toFile())
            .redirectError(folder.resolve("err.txt").toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("PLUMBLINE_STORE", folder.resolve("store").toString());
    return builder.start();
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
