package io.plumbline.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GoldenRecordsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @Test
  @DisplayName(
      "An input example is written in the split form, a missing number as null, and reads back")
  void inputExample() {
    InputExample example =
        InputExample.of(List.of("a", "b"), new double[][] {{1, Double.NaN}, {-0.5, 1e300}});
    assertThat(example.toJson())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("{\"columns\":[\"a\",\"b\"],\"data\":[[1.0,null],[-0.5,1e+300]]}");
    assertThat(InputExample.fromJson(example.toJson())).isEqualTo(example);
    assertThat(example.doubles()).isEqualTo(new double[][] {{1, Double.NaN}, {-0.5, 1e300}});
  }

  @Test
  @DisplayName("An input example may have texts, booleans and integers")
  void mixedExample() {
    InputExample example =
        new InputExample(
            List.of("s", "b", "n"),
            List.of(Arrays.asList("x", true, 7), Arrays.asList(null, false, 8L)));
    assertThat(InputExample.fromJson(example.toJson())).isEqualTo(example);
    assertThatThrownBy(example::doubles)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column s");
  }

  @Test
  @DisplayName("Golden records read back from JSON, NaN and infinite outputs included")
  void roundTrip() {
    GoldenRecords golden =
        GoldenRecords.of(
                List.of("a"),
                new double[][] {{1}, {Double.NaN}, {3}},
                List.of("y", "z"),
                new double[][] {{0.1, Double.NaN}, {INFINITY, -INFINITY}, {-0.0, 3}})
            .withTolerance(1e-3, 0);
    assertThat(GoldenRecords.fromJson(golden.toJson())).isEqualTo(golden);
    assertThat(golden.inputDoubles()).isEqualTo(new double[][] {{1}, {Double.NaN}, {3}});
    assertThat(golden.size()).isEqualTo(3);
  }

  @Test
  @DisplayName("An output matches within the tolerances, NaN only NaN, an infinity only itself")
  void matches() {
    GoldenRecords golden =
        GoldenRecords.of(
            List.of("a"),
            new double[][] {{0}, {1}, {2}, {3}},
            List.of("y"),
            new double[][] {{1000}, {0}, {Double.NaN}, {INFINITY}});
    assertThat(golden.matches(0, new double[] {1000.1})).isTrue();
    assertThat(golden.matches(0, new double[] {1000.11})).isFalse();
    assertThat(golden.matches(0, new double[] {Double.NaN})).isFalse();
    assertThat(golden.matches(0, new double[] {INFINITY})).isFalse();
    assertThat(golden.matches(0, new double[] {1000, 1000})).isFalse();
    assertThat(golden.matches(1, new double[] {-1e-6})).isTrue();
    assertThat(golden.matches(1, new double[] {2e-6})).isFalse();
    assertThat(golden.matches(2, new double[] {Double.NaN})).isTrue();
    assertThat(golden.matches(2, new double[] {0})).isFalse();
    assertThat(golden.matches(3, new double[] {INFINITY})).isTrue();
    assertThat(golden.matches(3, new double[] {-INFINITY})).isFalse();
    assertThat(golden.matches(3, new double[] {Double.MAX_VALUE})).isFalse();
  }

  @Test
  @DisplayName("Rows of another length, too many rows and unknown types are refused")
  void refused() {
    assertThatThrownBy(() -> InputExample.of(List.of("a"), new double[][] {{1, 2}}))
        .hasMessage("row 0 has 2 values, but there are 1 columns");
    assertThatThrownBy(() -> InputExample.of(List.of("a"), new double[1_001][1]))
        .hasMessageContaining("1001 rows");
    assertThatThrownBy(() -> new InputExample(List.of("a"), List.of(List.of(new Object()))))
        .hasMessageContaining("java.lang.Object");
    assertThatThrownBy(
            () ->
                GoldenRecords.of(
                    List.of("a"), new double[][] {{1}}, List.of("y"), new double[][] {{1}, {2}}))
        .hasMessage("there are 1 inputs, but 2 outputs");
    GoldenRecords golden =
        GoldenRecords.of(List.of("a"), new double[][] {{1}}, List.of("y"), new double[][] {{1}});
    assertThatThrownBy(() -> golden.withTolerance(Double.NaN, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> golden.withTolerance(0, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
