package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.data.CsvTable;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline on real flights")
class FlightModesTest {
  private static final Path ROOT = Path.of(System.getProperty("test.root", ".."));
  private static final Path GOLDEN =
      ROOT.resolve("sdk-drift/src/test/resources/golden/compat/flights.json");

  @TempDir private Path folder;

  @Test
  @DisplayName("prints Evidently's own type, method, score and verdict for all 13 columns")
  void evidently() throws IOException {
    JsonObject golden = Json.object(Files.readAllBytes(GOLDEN), "flights.json").object("default");
    JsonObject expected = golden.object("columns");
    List<String> columns = List.copyOf(expected.asMap().keySet());
    assertThat(columns).hasSize(13);
    CsvTable flights = CsvTable.read(ROOT.resolve("samples/data/flights.csv.gz"));
    Path winter = write("winter.csv", flights, columns, month -> month <= 3);
    Path summer = write("summer.csv", flights, columns, month -> month == 6 || month == 7);

    Cli.Answer answer =
        new Cli(folder.resolve("no store is needed"))
            .run(
                "drift",
                "--reference",
                "" + winter,
                "--current",
                "" + summer,
                "--mode",
                "evidently",
                "--json");

    assertThat(answer.err()).isEmpty();
    JsonObject json = answer.json();
    assertThat(json.string("tool")).isEqualTo("Evidently 0.7.23");
    assertThat(json.object("skipped").asMap()).isEmpty();
    List<JsonObject> results = json.objects("results");
    assertThat(results.stream().map(result -> result.string("column")))
        .containsExactlyInAnyOrderElementsOf(columns);
    for (JsonObject result : results) {
      String column = result.string("column");
      JsonObject own = expected.object(column);
      assertThat(result.string("type")).as(column).isEqualTo(own.string("type"));
      assertThat(result.string("method")).as(column).isEqualTo(own.string("method"));
      assertThat(result.bool("drifted")).as(column).isEqualTo(own.bool("drifted"));
      close(column, result.doubleValue("score"), own.doubleValue("score"));
      close(column, result.doubleValue("threshold"), own.doubleValue("threshold"));
    }
    close("share", json.doubleValue("drifted_share"), golden.doubleValue("share"));
    boolean half = golden.doubleValue("share") >= 0.5;
    assertThat(answer.code()).as("Evidently's own rule").isEqualTo(half ? 1 : 0);
  }

  @Test
  @DisplayName("prints what docs/cli.md shows of profile make and drift")
  void documented() throws IOException {
    CsvTable flights = CsvTable.read(ROOT.resolve("samples/data/flights.csv.gz"));
    List<String> columns = flights.columns();
    Path winter = write("winter.csv", flights, columns, month -> month <= 3);
    Path july = write("july.csv", flights, columns, month -> month == 7);
    String profile = folder.resolve("profile.json").toString();
    Cli cli = new Cli(folder.resolve("no store is needed"));
    String docs = Files.readString(ROOT.resolve("docs/cli.md"));
    Cli.Answer made =
        cli.run(
            "profile",
            "make",
            "" + winter,
            "-o",
            profile,
            "--label",
            "January to March",
            "--without",
            "month,day,late");
    assertThat(docs).contains(made.out().replace(profile, "profile.json"));
    Cli.Answer drift = cli.run("drift", "--reference", profile, "--current", "" + july);
    assertThat(docs)
        .contains(String.join("\n", without(drift.lines(), "not in the").subList(0, 4)));
  }

  private static List<String> without(List<String> lines, String what) {
    return lines.stream().filter(line -> !line.contains(what)).toList();
  }

  private static void close(String what, double actual, double expected) {
    double allowed = Math.max(1e-12, 1e-9 * Math.abs(expected));
    assertThat(actual).as(what).isCloseTo(expected, within(allowed));
  }

  private Path write(String name, CsvTable flights, List<String> columns, IntPredicate month)
      throws IOException {
    int[] months = flights.ints("month");
    CsvTable rows = flights.where(row -> month.test(months[row]));
    List<List<String>> cells = columns.stream().map(rows::strings).toList();
    List<String> lines = new ArrayList<>();
    lines.add(String.join(",", columns));
    for (int row = 0; row < cells.get(0).size(); row++) {
      int wanted = row;
      lines.add(String.join(",", cells.stream().map(column -> column.get(wanted)).toList()));
    }
    return Files.write(folder.resolve(name), lines);
  }
}
