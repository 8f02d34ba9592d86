package io.plumbline.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.GoldenRecords;
import io.plumbline.spi.LoadedModel;
import io.plumbline.spi.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Java predicts what Python predicts, within 1e-6,")
class OnnxPythonTest {
  static Stream<String> models() {
    return Models.PREDICTING.stream();
  }

  static Stream<String> modelsOfNumbers() {
    return models().filter(name -> !name.equals("columns"));
  }

  @ParameterizedTest
  @MethodSource("modelsOfNumbers")
  @DisplayName("for rows of doubles, in one call")
  void doubles(String name) {
    GoldenRecords golden = Models.golden(name);
    try (LoadedModel model = Models.load(name);
        Predictor predictor = model.open()) {
      double[] out = new double[golden.size() * model.outputs()];
      predictor.predict(flat(golden.inputDoubles()), golden.size(), out);
      assertMatches(golden, out);
    }
  }

  @ParameterizedTest
  @MethodSource("modelsOfNumbers")
  @DisplayName("for rows of doubles, one call each")
  void rowByRow(String name) {
    GoldenRecords golden = Models.golden(name);
    double[][] rows = golden.inputDoubles();
    try (LoadedModel model = Models.load(name);
        Predictor predictor = model.open()) {
      double[] out = new double[model.outputs()];
      for (int row = 0; row < rows.length; row++) {
        predictor.predict(rows[row], 1, out);
        assertThat(golden.matches(row, out)).as("row %s", row).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modelsOfNumbers")
  @DisplayName("for rows of floats")
  void floats(String name) {
    GoldenRecords golden = Models.golden(name).withTolerance(1e-6, 1e-6);
    double[] wide = flat(golden.inputDoubles());
    float[] in = new float[wide.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = (float) wide[i];
    }
    try (LoadedModel model = Models.load(name);
        Predictor predictor = model.open()) {
      float[] out = new float[golden.size() * model.outputs()];
      predictor.predict(in, golden.size(), out);
      double[] widened = new double[out.length];
      Arrays.setAll(widened, i -> out[i]);
      assertMatches(golden, widened);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  @DisplayName("for columns of each type, text among them")
  void columns(String name) {
    GoldenRecords golden = Models.golden(name);
    try (LoadedModel model = Models.load(name);
        Predictor predictor = model.open()) {
      assertThat(model.inputs()).isEqualTo(golden.inputColumns().size());
      assertThat(model.outputs()).isEqualTo(golden.outputColumns().size());
      double[] out = new double[golden.size() * model.outputs()];
      predictor.predictColumns(columns(golden), golden.size(), out);
      assertMatches(golden, out);
    }
  }

  @Test
  @DisplayName("also for a batch that is run in several steps")
  void steps() {
    GoldenRecords golden = Models.golden("mlp");
    double[] rows = flat(golden.inputDoubles());
    int copies = 500;
    double[] in = new double[copies * rows.length];
    for (int copy = 0; copy < copies; copy++) {
      System.arraycopy(rows, 0, in, copy * rows.length, rows.length);
    }
    try (LoadedModel model = Models.load("mlp");
        Predictor predictor = model.open()) {
      int width = golden.size() * model.outputs();
      double[] out = new double[copies * width];
      predictor.predict(in, copies * golden.size(), out);
      for (int copy = 0; copy < copies; copy++) {
        assertMatches(golden, Arrays.copyOfRange(out, copy * width, (copy + 1) * width));
      }
    }
  }

  private static void assertMatches(GoldenRecords golden, double[] out) {
    int width = golden.outputColumns().size();
    for (int row = 0; row < golden.size(); row++) {
      double[] actual = Arrays.copyOfRange(out, row * width, (row + 1) * width);
      assertThat(golden.matches(row, actual))
          .as("row %s is %s", row, Arrays.toString(actual))
          .isTrue();
    }
  }

  static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** The golden inputs as arrays of the types that they have in the file. */
  static Object[] columns(GoldenRecords golden) {
    Object[] columns = new Object[golden.inputColumns().size()];
    for (int i = 0; i < columns.length; i++) {
      int column = i;
      List<@Nullable Object> cells = golden.inputs().stream().map(row -> row.get(column)).toList();
      Object first = cells.get(0);
      if (first instanceof String) {
        columns[i] = cells.toArray(String[]::new);
      } else if (first instanceof Long) {
        columns[i] = cells.stream().mapToLong(cell -> (Long) cell).toArray();
      } else if (first instanceof Boolean) {
        boolean[] flags = new boolean[cells.size()];
        for (int row = 0; row < flags.length; row++) {
          flags[row] = Boolean.TRUE.equals(cells.get(row));
        }
        columns[i] = flags;
      } else {
        columns[i] = cells.stream().mapToDouble(cell -> (Double) cell).toArray();
      }
    }
    return columns;
  }
}
