package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("CatchSkew")
class CatchSkewTest {
  @TempDir static Path folder;
  private static Sample sample = new Sample(1, "", "");

  @BeforeAll
  static void run() throws Exception {
    sample = Sample.run(CatchSkew.class, folder, Map.of());
  }

  @Test
  @DisplayName("ends well, prints nothing on standard error, and needs no store")
  void ends() {
    assertThat(sample.err()).isEmpty();
    assertThat(sample.exitCode()).isZero();
    assertThat(folder.resolve("store")).doesNotExist();
  }

  @Test
  @DisplayName("finds the changed code at load, though name, version and settings are the same")
  void atLoad() {
    String difference =
        "    of example 0 the feature 'carrier_delay' was 14.8 in training and is 10.8 here";
    List<String> lines = sample.out().lines().toList();
    int warns = lines.indexOf("  by the policy WARN is served");
    int fails = lines.indexOf("  by the policy FAIL is refused");
    assertThat(List.of(warns, fails)).doesNotContain(-1);
    assertThat(lines.get(warns + 1)).startsWith(difference).endsWith("the code has changed");
    assertThat(lines.get(fails + 1)).isEqualTo(lines.get(warns + 1));
  }

  @Test
  @DisplayName("lets the first rows by training's code pass, and stops the same rows by serving's")
  void byFirstRows() {
    List<String> lines = sample.out().lines().toList();
    assertThat(lines).contains("  training's code: PASS");
    int stop = lines.indexOf("  serving's code: STOP");
    assertThat(stop).isPositive();
    assertThat(lines.get(stop + 1))
        .startsWith("    'carrier_delay': ")
        .contains("missing values fell from 12 % to 0 %");
    assertThat(lines.get(stop + 2)).as("the other features are made alike").isEmpty();
  }

  @Test
  @DisplayName("names the feature in the audit, the share of rows that differ and by how much")
  void byAudit() {
    assertThat(sample.out()).containsPattern("\\n  ALERT, 2\\d\\d rows\\n");
    assertThat(sample.out())
        .containsPattern("\\n    hour +0\\.0% +0\\.0% +0\\.0% +0%\\n")
        .containsPattern("\\n    distance +0\\.0% +0\\.0% +0\\.0% +0%\\n")
        .containsPattern("\\n    carrier_delay +8\\d\\.\\d% +7\\d\\.\\d% +9\\.\\d% +1\\d\\d%\\n");
    assertThat(sample.out().lines().filter(line -> line.startsWith("    feature '")))
        .singleElement()
        .asString()
        .startsWith("    feature 'carrier_delay' differs in 7")
        .contains("of the rows where training has none, always 0");
  }
}
