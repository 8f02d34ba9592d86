package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.DataType;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Predicting")
class PredictTest {
  private static final Signature SIGNATURE =
      Signature.builder()
          .input("distance", DataType.DOUBLE)
          .input("hour", DataType.INTEGER)
          .optionalInput("pressure", DataType.DOUBLE)
          .input("rain", DataType.BOOLEAN)
          .output("late", DataType.DOUBLE)
          .output("delay", DataType.DOUBLE)
          .build();

  @TempDir private Path folder;
  private ModelRegistry registry;
  private LiveModel model;

  /** A flight; the order of components does not matter, nor does one too many. */
  public record Flight(
      int hour, double distance, boolean rain, @Nullable Double pressure, String carrier) {}

  /** What is predicted of it. */
  public record Delay(double delay, float late) {}

  /** The same by position. */
  public record ByPosition(double first, double second) {}

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
    registry.register("flights", Functions.pack("sum", SIGNATURE), RegisterOptions.none());
    model =
        LiveModel.builder(registry, "models:/flights/1")
            .function(
                "sum",
                (in, out) -> {
                  double pressure = Double.isNaN(in[2]) ? 1000 : in[2];
                  out[0] = in[0] + in[1] + pressure + in[3];
                  out[1] = -out[0];
                })
            .open();
  }

  @AfterEach
  void close() {
    model.close();
    registry.close();
  }

  private static Map<String, Object> row() {
    return new HashMap<>(Map.of("distance", 100.5, "hour", 7, "pressure", 2.0, "rain", true));
  }

  @Test
  @DisplayName("takes arrays by position, single or many, in 64 or 32 bits")
  void arrays() {
    assertThat(model.predict(new double[] {1, 2, 3, 4})).containsExactly(10, -10);
    double[] out = new double[2];
    model.predict(new double[] {1, 2, 3, 5}, out);
    assertThat(out).containsExactly(11, -11);
    float[] narrow = new float[2];
    model.predict(new float[] {1, 2, 3, 6}, narrow);
    assertThat(narrow).containsExactly(12, -12);
    double[] many = new double[4];
    model.predictBatch(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, many);
    assertThat(many).containsExactly(10, -10, 26, -26);
  }

  @Test
  @DisplayName("refuses arrays of a wrong length before the engine sees them, and says what fits")
  void lengths() {
    assertThatThrownBy(() -> model.predict(new double[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 numbers")
        .hasMessageContaining("models:/flights/1 takes 4");
    assertThatThrownBy(() -> model.predict(new double[5]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.predict(new double[4], new double[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs 2");
    assertThatThrownBy(() -> model.predictBatch(new double[7], 2, new double[4]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.predictBatch(new double[8], 2, new double[3]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.predictBatch(new double[8], 0, new double[4]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.predictBatch(new double[8], Integer.MAX_VALUE, new double[4]))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  @DisplayName("takes named rows, fills an optional one, and counts what is no input")
  void rows() {
    assertThat(model.predict(row())).containsExactly(110.5, -110.5);
    Map<String, Object> row = row();
    row.remove("pressure");
    row.put("carrier", "UA");
    assertThat(model.predict(row)).containsExactly(1108.5, -1108.5);
    assertThat(model.status().dropped()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "distance, 7, 18",
    "distance, 7.5f, 18.5",
    "hour, 8b, 111.5",
  })
  @DisplayName("widens what is exact, as MLflow does")
  void widens(String name, String value, double expected) {
    Map<String, Object> row = row();
    row.put(
        name,
        value.endsWith("b")
            ? (Object) Byte.valueOf(value.replace("b", ""))
            : value.endsWith("f") ? (Object) Float.valueOf(value) : Integer.valueOf(value));
    double sum = model.predict(row)[0];
    assertThat(sum).isEqualTo(name.equals("hour") ? 111.5 : expected - 1);
  }

  @Test
  @DisplayName("narrows nothing, and names the input, its type and the value")
  void refuses() {
    Map<String, Object> bad = Map.of("distance", 7L, "hour", 8L, "rain", 1, "pressure", "high");
    bad.forEach(
        (name, value) -> {
          Map<String, Object> row = row();
          row.put(name, value);
          assertThatThrownBy(() -> model.predict(row))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("'" + name + "'")
              .hasMessageContaining("'" + value + "'");
        });
    Map<String, Object> row = row();
    row.put("hour", null);
    assertThatThrownBy(() -> model.predict(row))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'hour' is missing, and is required");
  }

  @Test
  @DisplayName("takes columns")
  void columns() {
    double[][] out =
        model.predictColumns(
            Map.of(
                "distance", new float[] {1, 2},
                "hour", new int[] {3, 4},
                "rain", new boolean[] {true, false},
                "carrier", new String[] {"UA", "DL"}));
    assertThat(out[0]).containsExactly(1005, -1005);
    assertThat(out[1]).containsExactly(1006, -1006);
    assertThatThrownBy(
            () ->
                model.predictColumns(
                    Map.of("distance", new double[2], "hour", new int[3], "rain", new boolean[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("values, and others have");
    assertThatThrownBy(() -> model.predictColumns(Map.of("distance", new double[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'hour' is missing");
    assertThatThrownBy(() -> model.predictColumns(Map.of("hour", new long[2])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("takes and gives records, by name where names are the same, else by position")
  void records() {
    TypedModel<Flight, Delay> typed = model.as(Flight.class, Delay.class);
    Delay delay = typed.predict(new Flight(7, 100.5, true, 2.0, "UA"));
    assertThat(delay).isEqualTo(new Delay(-110.5, 110.5f));
    assertThat(typed.predict(new Flight(7, 100.5, true, null, "UA")).late()).isEqualTo(1108.5f);
    assertThat(model.as(Flight.class, ByPosition.class).predict(new Flight(0, 0, false, 0.0, "")))
        .isEqualTo(new ByPosition(0, -0.0));
  }

  @Test
  @DisplayName("A package whose function this program does not know is refused by its name")
  void unknownFunction() {
    ModelPackage other = Functions.pack("other", SIGNATURE);
    registry.register("others", other, RegisterOptions.none());
    assertThatThrownBy(
            () ->
                LiveModel.builder(registry, "models:/others/1")
                    .function("sum", (in, out) -> {})
                    .open())
        .hasMessageContaining("'other'")
        .hasMessageContaining("[sum]");
  }
}
