package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Swapping boosters under load")
class SwapAttackTest {
  private static final Pattern GROWN = Pattern.compile("grown by (-?\\d+) MiB");

  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisplayName(
      "1,000 swaps under 8 threads: no crash, no wrong answer, and memory grows by less than 200 MiB")
  void swaps() throws Exception {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    Process child =
        ChildJvm.start(SwapAttack.class, folder, Map.of(), folder, (int) (1_000 * scale));
    String output = ChildJvm.output(child);
    assertThat(child.exitValue()).as(output).isZero();
    Matcher grown = GROWN.matcher(output);
    assertThat(grown.find()).as(output).isTrue();
    assertThat(Integer.parseInt(grown.group(1))).isLessThan(200);
    System.out.println("LightGBM swap attack: " + output.strip());
  }
}
