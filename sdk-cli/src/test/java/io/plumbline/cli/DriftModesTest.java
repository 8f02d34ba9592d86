package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.compat.Columns;
import io.plumbline.drift.compat.CompatMode;
import io.plumbline.drift.compat.CompatReport;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("plumbline drift --mode")
class DriftModesTest {
  @TempDir private Path folder;
  private Cli cli = new Cli(Path.of(""));
  private Path reference = Path.of("");
  private Path same = Path.of("");
  private Path moved = Path.of("");

  @BeforeEach
  void fill() throws IOException {
    cli = new Cli(folder.resolve("no store is needed"));
    reference = csv("reference.csv", 1, 0);
    same = csv("same.csv", 7, 0);
    moved = csv("moved.csv", 3, 2);
  }

  private Path csv(String name, long seed, double shift) throws IOException {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("temp,origin\n");
    for (int i = 0; i < 900; i++) {
      text.append(random.nextGaussian() + shift).append(',');
      text.append(random.nextDouble() < (shift > 0 ? 0.8 : 0.5) ? "JFK" : "LGA").append('\n');
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private Cli.Answer drift(CompatMode mode, Path current, String... more) {
    List<String> call =
        new java.util.ArrayList<>(
            List.of("drift", "--reference", "" + reference, "--current", "" + current));
    call.addAll(List.of("--mode", mode.key()));
    call.addAll(List.of(more));
    return cli.run(call.toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("gives the tool's numbers in JSON and exits by the tool's own rule")
  void json(CompatMode mode) {
    CompatReport expected =
        mode.compare(Columns.of(CsvTable.read(reference)), Columns.of(CsvTable.read(moved)));
    assertThat(expected.drifted()).isTrue();
    Cli.Answer answer = drift(mode, moved, "--json");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isEqualTo(1);
    JsonObject json = answer.json();
    assertThat(json.string("mode")).isEqualTo(mode.key());
    assertThat(json.string("tool")).isEqualTo(mode.tool());
    assertThat(json.strings("drifted_columns")).containsExactly("temp", "origin");
    assertThat(json.objects("results")).hasSize(expected.results().size());
    for (int i = 0; i < expected.results().size(); i++) {
      JsonObject result = json.objects("results").get(i);
      assertThat(result.doubleValue("score")).isEqualTo(expected.results().get(i).score());
      assertThat(result.string("method")).isEqualTo(expected.results().get(i).method());
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("exits with 0 where the tool finds no drift")
  void noDrift(CompatMode mode) {
    assertThat(drift(mode, reference).code()).isZero();
    boolean drifted =
        mode.compare(Columns.of(CsvTable.read(reference)), Columns.of(CsvTable.read(same)))
            .drifted();
    assertThat(drift(mode, same).code()).isEqualTo(drifted ? 1 : 0);
  }

  @Test
  @DisplayName("prints a table, with chunks where the tool has some")
  void table() {
    Cli.Answer evidently = drift(CompatMode.EVIDENTLY, moved);
    assertThat(evidently.lines().get(0))
        .isEqualTo("DRIFT by Evidently 0.7.23: 2 of 2 columns drifted");
    assertThat(evidently.out()).contains("temp    yes    K-S p_value").doesNotContain("chunk");
    Cli.Answer nannyml = drift(CompatMode.NANNYML, moved);
    assertThat(nannyml.out()).contains("chunk", "[0:89]", "jensen_shannon");
    assertThat(drift(CompatMode.SCIPY, reference).lines().get(0))
        .isEqualTo("NO DRIFT by scipy 1.17.1: 0 of 2 columns drifted");
  }

  @Test
  @DisplayName("says why a column is skipped, and exits with 4 where none is left")
  void skipped() throws IOException {
    Path other = Files.writeString(folder.resolve("other.csv"), "temp,wind\nwarm,3\ncold,4\n");
    Cli.Answer answer = drift(CompatMode.SCIPY, other);
    assertThat(answer.code()).isEqualTo(4);
    assertThat(answer.out())
        .contains("temp: skipped: it has numbers on one side")
        .contains("wind: skipped: there is no such column in the reference");
  }

  @Test
  @DisplayName("refuses what the tool does not know, and files that are no CSV")
  void refused() throws IOException {
    assertThat(drift(CompatMode.SCIPY, moved, "--fail-on", "alert").err())
        .contains("it takes no [--fail-on]");
    assertThat(drift(CompatMode.SCIPY, moved, "--html", "x.html", "--window", "day").code())
        .isEqualTo(2);
    assertThat(cli.run("drift", "flights", "--mode", "scipy").err()).contains("[MODEL]");
    assertThat(
            cli.run("drift", "--reference", "" + moved, "--current", "" + moved, "--mode", "psi")
                .err())
        .contains("\"psi\"", "evidently");
    Path profile = Files.write(folder.resolve("p.json"), Flown.profile().toJson());
    Cli.Answer json = drift(CompatMode.EVIDENTLY, profile);
    assertThat(json.code()).isEqualTo(2);
    assertThat(json.err()).contains("p.json", "is no CSV file");
  }
}
