package io.plumbline.drift.compat;

import static io.plumbline.drift.internal.compat.Recipes.close;
import static io.plumbline.drift.internal.compat.Recipes.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.internal.compat.Recipes;
import io.plumbline.internal.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName(
    "On the flights of January to March against June and July the modes agree with the tools")
class FlightsCompatTest {
  private static final JsonObject GOLDEN = Recipes.golden("flights.json");
  private static Columns reference;
  private static Columns current;

  @BeforeAll
  static void read() {
    Path root = Path.of(System.getProperty("test.root", ".."));
    CsvTable flights = CsvTable.read(root.resolve("samples/data/flights.csv.gz"));
    int[] month = flights.ints("month");
    reference = Columns.of(flights.where(row -> month[row] <= 3));
    current = Columns.of(flights.where(row -> month[row] == 6 || month[row] == 7));
  }

  private static String[] columns() {
    return GOLDEN.object("default").object("columns").asMap().keySet().toArray(new String[0]);
  }

  @Test
  @DisplayName("with Evidently's preset on all 13 columns: type, method, threshold, score, verdict")
  void evidentlyDefault() {
    check(Compat.evidently().columns(columns()).compare(reference, current), "default");
  }

  @Test
  @DisplayName("with Evidently's preset by PSI on all 13 columns")
  void evidentlyPsi() {
    CompatReport report =
        Compat.evidently()
            .columns(columns())
            .method(EvidentlyMethod.PSI)
            .compare(reference, current);
    check(report, "psi");
    assertThat(report.toJson()).contains("\"tool\": \"Evidently 0.7.23\"", "\"log_base\": \"e\"");
  }

  private static void check(CompatReport report, String run) {
    JsonObject golden = GOLDEN.object(run);
    JsonObject columns = golden.object("columns");
    assertThat(columns.asMap()).hasSize(13);
    assertThat(report.skipped()).isEmpty();
    for (String column : columns.asMap().keySet()) {
      JsonObject expected = columns.object(column);
      CompatResult result = report.result(column);
      assertThat(result.type()).as(column).isEqualTo(expected.string("type"));
      if (run.equals("default")) {
        assertThat(result.method()).as(column).isEqualTo(expected.string("method"));
      }
      close(column + " threshold", result.threshold(), expected.doubleValue("threshold"));
      close(column, result.score(), expected.doubleValue("score"));
      assertThat(result.drifted()).as(column).isEqualTo(expected.bool("drifted"));
    }
    assertThat((double) report.driftedColumns().size()).isEqualTo(golden.doubleValue("drifted"));
    close("share", report.driftedShare(), golden.doubleValue("share"));
  }

  @Test
  @DisplayName("with every method of Evidently on every column that it fits")
  void evidentlyMethods() {
    JsonObject tests = GOLDEN.object("tests");
    for (String column : tests.asMap().keySet()) {
      for (String key : tests.object(column).asMap().keySet()) {
        JsonObject expected = tests.object(column).object(key);
        CompatReport report =
            Compat.evidently()
                .columns(column)
                .method(EvidentlyMethod.of(key))
                .compare(reference, current);
        if (expected.has("error")) {
          assertThat(report.skipped()).as(column + " " + key).containsKey(column);
          continue;
        }
        close(column + " " + key, report.result(column).score(), expected.doubleValue("score"));
        assertThat(report.result(column).drifted()).isEqualTo(expected.bool("drifted"));
      }
    }
  }

  @Test
  @DisplayName("with every univariate method of NannyML on all 13 columns and chunks")
  void nannyMl() {
    JsonObject golden = GOLDEN.object("nannyml_univariate");
    CompatReport report =
        Compat.nannyMl()
            .columns(columns())
            .methods(NannyMlMethod.values())
            .compare(reference, current);
    assertThat(report.skipped()).isEmpty();
    for (String column : columns()) {
      JsonObject methods = golden.object("columns").object(column);
      for (String key : methods.asMap().keySet()) {
        List<CompatResult> results =
            report.results().stream()
                .filter(result -> result.column().equals(column) && result.method().equals(key))
                .toList();
        JsonObject expected = methods.object(key);
        assertThat(results).hasSameSizeAs(expected.list("value"));
        for (int i = 0; i < results.size(); i++) {
          String what = column + " " + key + " " + results.get(i).chunk();
          close(what, results.get(i).score(), number(expected.list("value").get(i)));
          assertThat(results.get(i).drifted()).as(what).isEqualTo(expected.list("alert").get(i));
        }
      }
    }
  }
}
