package io.plumbline.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CsvTableTest {

  @Test
  @DisplayName(
      "The flights are read whole, with the known number of rows, empty cells and late arrivals")
  void flights() {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("test.root"), "test.root"));
    CsvTable flights = CsvTable.read(root.resolve("samples/data/flights.csv.gz"));
    assertThat(flights.rows()).isEqualTo(54_558);
    assertThat(flights.columns())
        .containsExactly(
            "month",
            "day",
            "hour",
            "carrier",
            "origin",
            "dest",
            "distance",
            "dep_delay",
            "temp",
            "dewp",
            "humid",
            "wind_speed",
            "precip",
            "pressure",
            "visib",
            "late");
    int[] month = flights.ints("month");
    CsvTable january = flights.where(row -> month[row] == 1);
    assertThat(Arrays.stream(january.ints("late")).average().orElseThrow())
        .isBetween(0.2225, 0.2235);
    long missing = Arrays.stream(flights.doubles("pressure")).filter(Double::isNaN).count();
    assertThat((double) missing / flights.rows()).isBetween(0.105, 0.115);
    assertThat(flights.strings("origin").stream().distinct())
        .containsExactlyInAnyOrder("EWR", "JFK", "LGA");
    assertThat(flights.strings("carrier").stream().distinct()).hasSize(16);
  }

  @Test
  @DisplayName("Columns are read by name and type; empty cells are NaN and the empty text")
  void types() {
    CsvTable table = table("n,s,i\n1.5,x,1\n,,2\n-Infinity,é,-3\n");
    assertThat(table.doubles("n")).containsExactly(1.5, Double.NaN, Double.NEGATIVE_INFINITY);
    assertThat(table.strings("s")).containsExactly("x", "", "é");
    assertThat(table.ints("i")).containsExactly(1, 2, -3);
    assertThat(table.doubles("i")).containsExactly(1, 2, -3);
    assertThat(table.matrix(List.of("i", "n")))
        .isEqualTo(new double[][] {{1, 1.5}, {2, Double.NaN}, {-3, Double.NEGATIVE_INFINITY}});
  }

  @Test
  @DisplayName("A selection counts its rows anew and selects again")
  void where() {
    CsvTable table = table("i\n0\n1\n2\n3\n4\n5\n");
    CsvTable odd = table.where(row -> row % 2 == 1);
    assertThat(odd.ints("i")).containsExactly(1, 3, 5);
    assertThat(odd.where(row -> row > 0).ints("i")).containsExactly(3, 5);
    assertThat(odd.where(row -> false).rows()).isZero();
    assertThat(table.rows()).isEqualTo(6);
  }

  @Test
  @DisplayName("A wrong cell is named by file, line and column, also in a selection")
  void badCells() {
    CsvTable table = table("a,b\n\"1\n\",1\n2,\n3,x\n4,2147483648\n").where(row -> row > 0);
    assertThatThrownBy(() -> table.doubles("b"))
        .isInstanceOf(IntegrityException.class)
        .hasMessage("'table.csv', line 5: the cell of column 'b' is not a number: 'x'");
    assertThatThrownBy(() -> table.ints("b"))
        .hasMessage(
            "'table.csv', line 4: the cell of column 'b' is empty; doubles() reads empty cells as NaN");
    assertThatThrownBy(() -> table.where(row -> row > 1).ints("b"))
        .hasMessage(
            "'table.csv', line 6: the cell of column 'b' is not a 32-bit integer: '2147483648'");
    assertThatThrownBy(() -> table.doubles("c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'table.csv' has no column 'c'; it has [a, b]");
  }

  @Test
  @DisplayName("A table of a header alone has columns and no rows")
  void headerOnly() {
    assertThat(table("a,b").rows()).isZero();
    assertThat(table("a,b").doubles("a")).isEmpty();
  }

  private static CsvTable table(String text) {
    return CsvTable.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "table.csv");
  }
}
