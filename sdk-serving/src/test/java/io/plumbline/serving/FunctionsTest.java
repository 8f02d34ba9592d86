package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IncompatibleModelException;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A function as a model")
class FunctionsTest {
  @Test
  @DisplayName("serves the code that is bound to its name, if that meets the golden records")
  void functions(@TempDir Path folder) {
    try (ModelRegistry registry = Served.registry(folder)) {
      Signature signature = Signature.doubles(List.of("rooms", "area"), "price");
      GoldenRecords golden =
          GoldenRecords.of(
              List.of("rooms", "area"),
              new double[][] {{2, 60}, {4, 120}}, // inputs
              List.of("price"),
              new double[][] {{160}, {320}}); // what the function gives for them
      registry.register(
          "flats", Functions.pack("linear", signature).with(golden), RegisterOptions.none());

      LiveModel.Builder unbound = LiveModel.builder(registry, "models:/flats/1");
      assertThatThrownBy(unbound::open)
          .isInstanceOf(IncompatibleModelException.class)
          .hasMessageContaining("names the function 'linear'");
      LiveModel.Builder other =
          LiveModel.builder(registry, "models:/flats/1")
              .function("linear", (in, out) -> out[0] = in[0]);
      assertThatThrownBy(other::open)
          .isInstanceOf(IncompatibleModelException.class)
          .hasMessageContaining("expects [160.0], and the model gives [2.0]")
          .hasMessageContaining("another function under its name");
      try (LiveModel model =
          LiveModel.builder(registry, "models:/flats/1")
              .function("linear", (in, out) -> out[0] = 20 * in[0] + 2 * in[1])
              .open()) {
        assertThat(model.predict(Map.of("rooms", 3, "area", 80.0))).containsExactly(220);
      }
    }
  }
}
