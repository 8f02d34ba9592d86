package io.plumbline.drift.compat;

import static io.plumbline.drift.internal.compat.Recipes.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.internal.compat.Recipes;
import io.plumbline.drift.internal.compat.Sample;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The compatibility modes decide as the tools do, and say what they did")
class CompatTest {
  private static final JsonObject EVIDENTLY = Recipes.golden("evidently.json");

  @TestFactory
  @DisplayName("Evidently's preset chooses type, method and threshold, and gives its score")
  Stream<DynamicTest> preset() {
    return EVIDENTLY.object("default").asMap().keySet().stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> checkPreset(name)));
  }

  private static void checkPreset(String name) {
    JsonObject recipe = EVIDENTLY.object("recipes").object(name);
    CompatReport report =
        Compat.evidently().compare(columns(recipe, "reference"), columns(recipe, "current"));
    JsonObject run = EVIDENTLY.object("default").object(name);
    JsonObject expected = run.object("columns").object("x");
    CompatResult result = report.result("x");
    assertThat(result.type()).isEqualTo(expected.string("type"));
    assertThat(result.method()).isEqualTo(expected.string("method"));
    assertThat(result.threshold()).isEqualTo(expected.doubleValue("threshold"));
    assertThat(result.drifted()).isEqualTo(expected.bool("drifted"));
    close(name, result.score(), expected.doubleValue("score"));
    close(name + " share", report.driftedShare(), run.doubleValue("share"));
  }

  private static Columns columns(JsonObject recipe, String side) {
    Sample sample = Recipes.column(recipe.object(side));
    return Columns.ofSamples(Map.of("x", sample));
  }

  private static Columns csv(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Columns.of(CsvTable.read(new ByteArrayInputStream(bytes), "test.csv"));
  }

  private static double[] ramp(int rows, double shift) {
    double[] values = new double[rows];
    Arrays.setAll(values, row -> row + shift);
    return values;
  }

  @Test
  @DisplayName("A table's columns get the types that pandas would give them")
  void types() {
    Columns columns =
        csv(
            """
            whole,holes,float,flag,text,inf,hex,sign
            1,1,0.5,True,a,inf,0x1p3,-1
            22,,2,False,NA,-inf,1,+2
            333,3,1e-3,TRUE,b,1,2,3
            """);
    assertThat(kind(columns, "whole")).isEqualTo(Sample.Kind.INTEGER);
    assertThat(kind(columns, "holes")).isEqualTo(Sample.Kind.FLOAT);
    assertThat(kind(columns, "float")).isEqualTo(Sample.Kind.FLOAT);
    assertThat(kind(columns, "flag")).isEqualTo(Sample.Kind.BOOLEAN);
    assertThat(kind(columns, "text")).isEqualTo(Sample.Kind.TEXT);
    assertThat(kind(columns, "inf")).isEqualTo(Sample.Kind.FLOAT);
    assertThat(kind(columns, "hex")).isEqualTo(Sample.Kind.TEXT);
    assertThat(kind(columns, "sign")).isEqualTo(Sample.Kind.INTEGER);
    assertThat(columns.rows()).isEqualTo(3);
    assertThat(columns.names()).hasSize(8);
  }

  private static Sample.Kind kind(Columns columns, String name) {
    return java.util.Objects.requireNonNull(columns.samples().get(name)).kind();
  }

  @Test
  @DisplayName("A column that cannot be compared is skipped with its reason, the others are not")
  void skipped() {
    Columns reference =
        Columns.builder()
            .numbers("x", ramp(100, 0))
            .numbers("empty", new double[100])
            .texts("note", texts(100, 100))
            .texts("mixed", texts(100, 3))
            .build();
    double[] nothing = new double[100];
    Arrays.fill(nothing, Double.NaN);
    Columns current =
        Columns.builder()
            .numbers("x", ramp(100, 50))
            .numbers("empty", nothing)
            .texts("note", texts(100, 100))
            .numbers("mixed", ramp(100, 0))
            .numbers("new", ramp(100, 0))
            .build();
    CompatReport report = Compat.evidently().compare(reference, current);
    assertThat(report.results()).extracting(CompatResult::column).containsExactly("x");
    assertThat(report.driftedColumns()).containsExactly("x");
    assertThat(report.drifted()).isTrue();
    assertThat(report.skipped().get("empty")).contains("no current row has a finite value");
    assertThat(report.skipped().get("note")).contains("free text", "categorical(\"note\")");
    assertThat(report.skipped().get("mixed")).contains("texts where Evidently needs numbers");
    assertThat(report.skipped().get("new")).contains("no such column in the reference");
    assertThatThrownBy(() -> report.result("note")).hasMessageContaining("free text");
    assertThat(Compat.evidently().categorical("note").compare(reference, current).result("note"))
        .extracting(CompatResult::drifted)
        .isEqualTo(false);
  }

  private static List<String> texts(int rows, int different) {
    return Stream.iterate(0, row -> row + 1).limit(rows).map(row -> "t" + row % different).toList();
  }

  @Test
  @DisplayName("Methods and thresholds are set for all columns or for one")
  void options() {
    Columns reference =
        Columns.builder().numbers("x", ramp(400, 0)).numbers("y", ramp(400, 0)).build();
    Columns current =
        Columns.builder().numbers("x", ramp(400, 8)).numbers("y", ramp(400, 8)).build();
    CompatReport report =
        Compat.evidently()
            .method(EvidentlyMethod.PSI)
            .method("y", EvidentlyMethod.WASSERSTEIN)
            .threshold(10)
            .threshold("y", 0.01)
            .driftShare(0.6)
            .compare(reference, current);
    assertThat(report.result("x").method()).isEqualTo("PSI");
    assertThat(report.result("x").binning()).contains("Sturges");
    assertThat(report.result("x").smoothing()).contains("0.0001");
    assertThat(report.result("x").drifted()).isFalse();
    assertThat(report.result("y").drifted()).isTrue();
    assertThat(report.driftedShare()).isEqualTo(0.5);
    assertThat(report.drifted()).isFalse();
    assertThat(EvidentlyMethod.of("tvd")).isEqualTo(EvidentlyMethod.TOTAL_VARIATION);
    assertThatThrownBy(() -> EvidentlyMethod.of("mmd")).hasMessageContaining("jensenshannon");
    assertThatThrownBy(() -> Compat.evidently().driftShare(2)).hasMessageContaining("[0, 1]");
    CompatReport unfit =
        Compat.evidently().method(EvidentlyMethod.CHI_SQUARE).compare(reference, current);
    assertThat(unfit.skipped().get("x")).contains("chisquare is not for numbers");
    assertThat(unfit.driftedShare()).isNaN();
    assertThat(unfit.drifted()).isFalse();
  }

  @Test
  @DisplayName("Every result says method, variant, binning, base, smoothing, n, m and threshold")
  void json() {
    Columns reference = csv("x,c\n1.5,a\n2.5,b\n3.5,a\n,b\n");
    Columns current = csv("x,c\n9.5,a\n8.5,b\n7.5,b\n6.5,b\n");
    for (CompatMode mode : List.of(CompatMode.EVIDENTLY, CompatMode.SCIPY)) {
      JsonObject json = Json.object(mode.compare(reference, current).toJson(), "report");
      assertThat(json.string("mode")).isEqualTo(mode.key());
      JsonObject x = JsonObject.of(json.list("results").get(0), "x");
      assertThat(x.asMap().keySet())
          .contains(
              "method",
              "variant",
              "binning",
              "log_base",
              "smoothing",
              "n",
              "m",
              "statistic",
              "p",
              "threshold",
              "drifted");
      assertThat(x.longValue("n")).isEqualTo(3);
      assertThat(x.longValue("m")).isEqualTo(4);
      assertThat(x.string("variant")).isEqualTo("exact");
      close("p", x.doubleValue("p"), 2 / 35.0);
    }
    assertThat(CompatMode.of("NannyML")).isEqualTo(CompatMode.NANNYML);
    assertThatThrownBy(() -> CompatMode.of("tfdv")).hasMessageContaining("evidently, nannyml");
    assertThatThrownBy(() -> CompatMode.NANNYML.compare(reference, current))
        .hasMessageContaining("4 rows cannot be cut into 10 chunks");
  }

  @Test
  @DisplayName("scipy's tests run on the columns that they fit, and decide by a level of yours")
  void scipy() {
    Columns reference =
        Columns.builder().numbers("x", ramp(300, 0)).texts("c", texts(300, 3)).build();
    Columns current =
        Columns.builder().numbers("x", ramp(300, 40)).texts("c", texts(300, 4)).build();
    CompatReport report =
        Compat.scipy().tests(ScipyTest.values()).alpha(0.01).compare(reference, current);
    assertThat(report.skipped()).isEmpty();
    assertThat(report.results()).hasSize(11);
    assertThat(report.results().stream().filter(r -> r.column().equals("c"))).hasSize(2);
    CompatResult distance =
        report.results().stream()
            .filter(r -> r.method().equals("wasserstein_distance"))
            .findFirst()
            .orElseThrow();
    close("a shift by 40", distance.statistic(), 40);
    assertThat(distance.p()).isNaN();
    assertThat(distance.drifted()).isFalse();
    assertThat(report.driftedColumns()).containsExactly("x", "c");
  }

  @Test
  @DisplayName("Constant, one-row and equal columns give a figure or a reason, never garbage")
  void edges() {
    double[][] cases = {
      {0}, {1, 1, 1}, {-0.0, 0.0}, {Double.MIN_VALUE, 0}, {1e100, -1e100}, {1e308, -1e308}
    };
    for (double[] values : cases) {
      Columns columns = Columns.builder().numbers("x", values).build();
      for (EvidentlyMethod method : EvidentlyMethod.values()) {
        CompatReport report =
            Compat.evidently().numerical("x").method(method).compare(columns, columns);
        assertThat(report.results().size() + report.skipped().size()).isEqualTo(1);
        assertThat(report.driftedColumns()).as(method + " " + Arrays.toString(values)).isEmpty();
      }
    }
  }

  @Test
  @DisplayName("Columns of different lengths and names given twice are refused")
  void refusals() {
    Columns.Builder builder = Columns.builder().numbers("x", new double[3]);
    assertThatThrownBy(() -> builder.integers("y", new int[2])).hasMessageContaining("2 rows");
    assertThatThrownBy(() -> builder.flags("x", new boolean[3]))
        .hasMessageContaining("given before");
    assertThat(Columns.builder().build().rows()).isZero();
  }
}
