package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An ONNX model that was cut off or changed at any place")
class OnnxAttackTest {
  private static final int FULL = 500;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "boosting", "tree_ensemble", "columns", "mlp", "zipmap"})
  @DisplayName(
      "is an error or predicts: it neither ends the process, nor hangs it, nor fills its memory")
  void damaged(String name) throws Exception {
    long seed = Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    int attacks = Math.max(10, (int) Math.round(FULL * scale));
    Path output = folder.resolve("output.txt");
    Process child =
        start(output, name, Files.createDirectory(folder.resolve("model")), seed, attacks);
    boolean ended = child.waitFor(120 + attacks / 2, TimeUnit.SECONDS);
    if (!ended) {
      child.destroyForcibly().waitFor();
    }
    List<String> lines = Files.readAllLines(output);

    assertThat(ended && child.exitValue() == 0)
        .as(
            "seed %s, %s: %s",
            seed, ended ? "exit code " + child.exitValue() : "it hangs", last(lines))
        .isTrue();
    assertThat(count(lines, "refused") + count(lines, "other") + count(lines, "same"))
        .as("seed %s: attacks with a good end", seed)
        .isEqualTo(attacks);
    System.out.printf(
        "attack on the ONNX model %s: %d attacks, seed %d: %d errors, %d other predictions, %d the same%n",
        name, attacks, seed, count(lines, "refused"), count(lines, "other"), count(lines, "same"));
  }

  private static long count(List<String> lines, String outcome) {
    return lines.stream().filter(line -> line.matches("end \\d+ " + outcome)).count();
  }

  private static List<String> last(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - 12), lines.size());
  }

  private Process start(Path output, String name, Path work, long seed, int attacks)
      throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "."));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            classPath,
            AttackChild.class.getName(),
            name,
            work.toString(),
            String.valueOf(seed),
            "0",
            String.valueOf(attacks))
        .directory(new File(folder.toString()))
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
