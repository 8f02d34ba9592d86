package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.model.AliasChange;
import io.plumbline.registry.ModelRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("ServeFlightDelay")
class ServeFlightDelayTest {
  @TempDir Path folder;

  @Test
  @DisplayName("says what to run first where no model is trained")
  void nothingTrained() throws Exception {
    Sample sample = Sample.run(ServeFlightDelay.class, folder, Map.of());
    assertThat(sample.exitCode()).isEqualTo(1);
    assertThat(sample.err()).contains("TrainFlightDelay first");
  }

  @Test
  @DisplayName(
      "registers the two best, serves all months, swaps in June and rolls back in July without a failed request")
  void serves() throws Exception {
    assertThat(Sample.run(TrainFlightDelay.class, folder, Map.of()).exitCode()).isZero();
    Sample sample = Sample.run(ServeFlightDelay.class, folder, Map.of());
    assertThat(sample.exitCode()).as(sample.toString()).isZero();
    assertThat(sample.err()).isEmpty();
    List<String> months =
        sample.out().lines().filter(line -> line.matches(" +\\d+ +\\d{4} .*")).toList();
    assertThat(months).hasSize(9).allMatch(line -> line.matches(".* 0( {3}<-.*)?"));
    assertThat(months.get(0)).contains(" v1 ").doesNotContain("v2");
    assertThat(months.get(2)).contains("v1, v2").contains("promoted v2");
    assertThat(months.get(3)).contains("v1, v2");
    assertThat(months.get(8)).contains(" v1 ").doesNotContain("v2");
    assertThat(sample.out())
        .contains("with no failed request. The champion is models:/flight-delay/1 and READY");
    try (ModelRegistry registry =
        ModelRegistry.create(Config.builder().isolated().store(folder.resolve("store")).build())) {
      assertThat(registry.version("flight-delay", 2).lineage().inputs()).isNotEmpty();
      assertThat(registry.aliasHistory("flight-delay", "champion"))
          .extracting(AliasChange::kind)
          .containsExactly(AliasChange.Kind.ROLLBACK, AliasChange.Kind.SET, AliasChange.Kind.SET);
    }
  }
}
