package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.DataCheck.Check;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A data check before training")
class DataCheckTest {
  private static final Profile LAST =
      Profile.builder()
          .label("last month")
          .kind("flag", ColumnKind.BOOLEAN)
          .add("temp", numbers(1, 5_000, 0))
          .add("origin", texts(5_000, "EWR", "JFK", "LGA"))
          .add("flag", new boolean[5_000])
          .add("prediction_score", numbers(9, 5_000, 0))
          .build();

  @Test
  @DisplayName("passes data like the last, and logs how like")
  void passes() {
    DataCheck.Result result = arrays(numbers(2, 1_000, 0), texts(1_000, "EWR", "JFK", "LGA"));
    assertThat(result.findings()).isEmpty();
    result.throwIfFailed();
    assertThat(result.metrics())
        .containsEntry("data_check/rows", 1_000.0)
        .containsEntry("data_check/failures", 0.0)
        .containsEntry("data_check/warnings", 0.0)
        .containsKey("drift/psi_corrected_by_column/temp");
    assertThat(result.drift().orElseThrow().verdict()).isEqualTo(Verdict.OK);
    assertThat(result).hasToString("the data of 1000 rows passed the check");
  }

  @Test
  @DisplayName("fails on a missing column, warns of an unexpected one, and asks for no score")
  void columns() {
    DataCheck.Result result = csv("temp,flag,gate", row -> 0.5 + ",false,A" + row % 3);
    assertThat(result.failures())
        .contains("column 'origin' is missing")
        .noneMatch(sentence -> sentence.contains("score"));
    assertThat(result.warnings())
        .containsExactly("column 'gate' is unexpected; the last data had no such column");
    assertThatThrownBy(result::throwIfFailed)
        .isInstanceOf(DataCheckException.class)
        .hasMessageContaining("failed the check; nothing was trained")
        .hasMessageContaining("- column 'origin' is missing")
        .hasMessageContaining("- (warning) column 'gate' is unexpected")
        .satisfies(e -> assertThat(((DataCheckException) e).result()).isSameAs(result));
  }

  @Test
  @DisplayName("fails on the first text among numbers, however rare, and on a column of texts")
  void types() {
    SplittableRandom random = new SplittableRandom(4);
    String[] origins = {"EWR", "JFK", "LGA"};
    DataCheck.Result one =
        csv(
            "temp,origin,flag",
            row ->
                (row == 77 ? "n/a" : random.nextGaussian())
                    + ","
                    + origins[random.nextInt(3)]
                    + ",false");
    assertThat(one.failures())
        .containsExactly(
            "column 'temp' has values of a wrong type in 0.1 % of the rows, 0 % before");
    DataCheck.Result all =
        DataCheck.against(LAST)
            .without("origin", "flag")
            .check(Map.of(), Map.of("temp", texts(1_000, "hot", "cold")));
    assertThat(checks(all)).contains(Check.TYPES);
    Profile other =
        Profile.builder()
            .add("temp", texts(1_000, "hot", "cold"))
            .add("origin", numbers(1, 1_000, 0))
            .add("flag", new boolean[1_000])
            .build();
    assertThat(DataCheck.against(LAST).check(other).failures())
        .containsExactly(
            "column 'temp' was numeric and is category",
            "column 'origin' was category and is numeric");
  }

  @Test
  @DisplayName("fails when values go missing, leave the range, or are of new categories")
  void rates() {
    double[] temp = numbers(2, 1_000, 0);
    Arrays.fill(temp, 0, 300, Double.NaN);
    Arrays.fill(temp, 300, 600, 99);
    DataCheck.Result result = arrays(temp, texts(1_000, "EWR", "JFK", "LGA", "SFO"));
    assertThat(checks(result)).contains(Check.MISSING, Check.RANGE, Check.CATEGORIES);
    assertThat(result.failures())
        .contains("column 'temp' has missing values in 30 % of the rows, 0 % before")
        .anyMatch(sentence -> sentence.contains("new categories in 2"));
    DataCheck.Result none = arrays(filled(1_000, Double.NaN), texts(1_000, "EWR", "JFK", "LGA"));
    assertThat(none.failures()).containsExactly("column 'temp' has no value at all");
    Profile empty =
        Profile.builder()
            .add("temp", filled(1_000, Double.NaN))
            .add("origin", filled(1_000, Double.NaN))
            .add("flag", new boolean[1_000])
            .build();
    assertThat(DataCheck.against(LAST).check(empty).failures())
        .as("an empty column has no type that could be wrong")
        .containsExactly(
            "column 'temp' has no value at all", "column 'origin' has no value at all");
  }

  @Test
  @DisplayName("fails on far drift and warns of near drift, unless it is told otherwise")
  void drift() {
    double[] far = numbers(3, 1_000, 0.8);
    double[] near = numbers(3, 1_000, 0.35);
    String[] origin = texts(1_000, "EWR", "JFK", "LGA");
    assertThat(checks(arrays(far, origin))).containsExactly(Check.DRIFT);
    assertThat(arrays(far, origin).failures().get(0))
        .startsWith("column 'temp' drifted: values ")
        .contains(" rose from ")
        .contains("corrected PSI 0.");
    assertThat(arrays(near, origin).passed()).isTrue();
    assertThat(checks(arrays(near, origin))).containsExactly(Check.DRIFT);
    DataCheck check = DataCheck.against(LAST).without("flag");
    Map<String, @Nullable String[]> texts = Map.of("origin", origin);
    assertThat(check.strict().check(Map.of("temp", near), texts).passed()).isFalse();
    DataCheck lenient = check.warnOnly(Check.DRIFT);
    assertThat(lenient.check(Map.of("temp", far), texts).passed()).isTrue();
    assertThat(lenient.strict().check(Map.of("temp", far), texts).passed()).isTrue();
  }

  @Test
  @DisplayName("fails on no rows and on too few, and says when the reference has too few")
  void rows() {
    assertThat(csv("temp,origin,flag", null).failures())
        .containsExactly("there are no rows; at least 200 are needed to check");
    assertThat(arrays(numbers(2, 50, 9), texts(50, "EWR")).failures())
        .containsExactly("there are only 50 rows; at least 200 are needed to check");
    Profile tiny = Profile.builder().add("temp", numbers(1, 20, 0)).build();
    DataCheck.Result result =
        DataCheck.against(tiny).check(Map.of("temp", numbers(2, 1_000, 5)), Map.of());
    assertThat(result.passed()).isTrue();
    assertThat(result.warnings()).hasSize(1).first().asString().contains("has only 20 rows");
  }

  @Test
  @DisplayName("refuses columns of different lengths and a name that is given twice")
  void arguments() {
    DataCheck check = DataCheck.against(LAST);
    assertThatThrownBy(
            () -> check.check(Map.of("temp", new double[3]), Map.of("origin", texts(2, "EWR"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one entry for each row");
    assertThatThrownBy(
            () -> check.check(Map.of("temp", new double[2]), Map.of("temp", texts(2, "EWR"))))
        .hasMessageContaining("'temp' is given as numbers and as texts");
  }

  @Test
  @DisplayName("of real flights fails July against winter, naming the weather, and not the origin")
  void flights() {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("test.root"), "test.root"));
    CsvTable flights = CsvTable.read(root.resolve("samples/data/flights.csv.gz"));
    int[] month = flights.ints("month");
    Profile winter =
        Profile.builder().without("month", "day").add(flights.where(r -> month[r] <= 3)).build();
    DataCheck check = DataCheck.against(winter).without("month", "day");
    CsvTable july = flights.where(row -> month[row] == 7);
    DataCheck.Result result = check.check(july);
    assertThat(
            result.findings().stream()
                .filter(DataCheck.Finding::fails)
                .map(finding -> finding.column().orElse(""))
                .collect(Collectors.toSet()))
        .contains("temp", "dewp", "pressure")
        .doesNotContain("origin", "carrier", "hour", "distance");
    Profile current = Profile.builder().without("month", "day").add(july).build();
    assertThat(check.check(current).failures())
        .anyMatch(sentence -> sentence.startsWith("column 'temp' drifted"));
    assertThat(check.check(flights.where(row -> month[row] <= 3 && row % 3 == 0)).findings())
        .isEmpty();
  }

  private static DataCheck.Result arrays(double[] temp, @Nullable String[] origin) {
    return DataCheck.against(LAST)
        .without("flag")
        .check(Map.of("temp", temp), Map.of("origin", origin));
  }

  private static Set<Check> checks(DataCheck.Result result) {
    return result.findings().stream().map(DataCheck.Finding::check).collect(Collectors.toSet());
  }

  private interface Line {
    String of(int row);
  }

  private static DataCheck.Result csv(String header, @Nullable Line line) {
    String text =
        header
            + "\n"
            + (line == null
                ? ""
                : IntStream.range(0, 1_000).mapToObj(line::of).collect(Collectors.joining("\n")));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return DataCheck.against(LAST).check(CsvTable.read(new ByteArrayInputStream(bytes), "new.csv"));
  }

  private static double[] filled(int rows, double value) {
    double[] values = new double[rows];
    Arrays.fill(values, value);
    return values;
  }

  private static double[] numbers(long seed, int rows, double shift) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, rows).mapToDouble(i -> random.nextGaussian() + shift).toArray();
  }

  private static String[] texts(int rows, String... values) {
    SplittableRandom random = new SplittableRandom(rows);
    return IntStream.range(0, rows)
        .mapToObj(i -> values[random.nextInt(values.length)])
        .toArray(String[]::new);
  }
}
