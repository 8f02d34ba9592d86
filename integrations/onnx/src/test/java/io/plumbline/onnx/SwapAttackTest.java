package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Swapping ONNX sessions under load")
class SwapAttackTest {
  private static final Pattern GROWN = Pattern.compile("grown by (-?\\d+) MiB");

  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisplayName(
      "1,000 swaps under 8 threads: no crash, no wrong answer, and memory grows by less than 200 MiB")
  void swaps() throws Exception {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    Path output = folder.resolve("output.txt");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-classpath",
                System.getProperty("java.class.path"),
                SwapAttack.class.getName(),
                folder.toString(),
                String.valueOf((int) (1_000 * scale)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
    String printed = Files.readString(output);
    assertThat(child.exitValue()).as(printed).isZero();
    Matcher grown = GROWN.matcher(printed);
    assertThat(grown.find()).as(printed).isTrue();
    assertThat(Integer.parseInt(grown.group(1))).isLessThan(200);
    System.out.println("ONNX swap attack: " + printed.strip());
  }
}
