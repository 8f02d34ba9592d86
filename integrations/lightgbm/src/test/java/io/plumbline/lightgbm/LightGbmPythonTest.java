package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resources are made by {@code tools/models/make_lightgbm.py}. */
@DisplayName("A model of Python's LightGBM 4.7.0")
class LightGbmPythonTest {
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"binary", "regression", "multiclass"})
  @DisplayName("predicts here what it predicted in Python")
  void predictsTheSame(String kind, @TempDir Path folder) throws Exception {
    GoldenRecords golden = GoldenRecords.fromJson(resource(kind + ".json"));
    String text = new String(resource(kind + ".txt"), StandardCharsets.UTF_8);
    ModelPackage model =
        Models.packed(Map.of("data", "model.lgb", "lgb_version", "4.7.0"), "model.lgb", text)
            .with(Signature.doubles(golden.inputColumns(), "y"));
    try (LoadedModel loaded = Models.load(model, folder);
        Predictor predictor = loaded.open()) {
      int outputs = golden.outputColumns().size();
      assertThat(loaded.outputs()).isEqualTo(outputs);
      double[][] rows = golden.inputDoubles();
      assertThat(rows.length).isGreaterThanOrEqualTo(100);
      double[] out = new double[rows.length * outputs];
      predictor.predict(Models.flat(rows), rows.length, out);
      for (int i = 0; i < out.length; i++) {
        double expected = golden.outputs().get(i / outputs).get(i % outputs);
        assertThat(out[i]).as("number %d", i).isEqualTo(expected, within(1e-12 * scale(expected)));
      }
    }
  }

  private static double scale(double expected) {
    return Math.max(1, Math.abs(expected));
  }

  private static byte[] resource(String name) throws Exception {
    try (InputStream in = LightGbmPythonTest.class.getResourceAsStream("/python/" + name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }
}
