package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.Profile;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands of profiles and drift")
class DriftCommandsTest {
  @TempDir Path folder;
  private Cli cli = new Cli(Path.of(""));
  private String reference = "";
  private String same = "";
  private String moved = "";
  private String few = "";

  @BeforeEach
  void fill() {
    cli = new Cli(folder.resolve("no store is needed"));
    reference = csv("reference.csv", 1, 3_000, 0);
    same = csv("same.csv", 2, 1_000, 0);
    moved = csv("moved.csv", 3, 1_000, 1);
    few = csv("few.csv", 4, 100, 1);
  }

  private String csv(String name, long seed, int rows, double shift) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("temp,origin,day\n");
    for (int i = 0; i < rows; i++) {
      text.append(random.nextGaussian() + shift).append(',');
      text.append(random.nextBoolean() ? "JFK" : "LGA").append(',').append(i).append('\n');
    }
    try {
      return Files.writeString(folder.resolve(name), text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("exit with 0 without drift, 1 with it, and 4 where there are too few rows to say")
  void exitCodes() {
    String profile = make();
    assertThat(drift(profile, same).code()).isZero();
    Cli.Answer answer = drift(profile, moved);
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.out()).startsWith("ALERT: 1000 rows, against 3000 rows of winter");
    assertThat(answer.out()).contains("temp: values");
    assertThat(answer.out()).doesNotContain("origin: ");
    assertThat(drift(profile, few).code()).isEqualTo(4);
    assertThat(
            cli.run("drift", "--reference", profile, "--current", few, "--least-rows", "50").code())
        .isEqualTo(1);
    assertThat(drift(reference, same).code()).as("CSV as the reference").isEqualTo(1);
    assertThat(drift(reference, reference).code()).isZero();
    assertThat(drift(profile, "nowhere.csv").code()).isEqualTo(2);
    assertThat(
            cli.run("drift", "--reference", profile, "--current", same, "--fail-on", "ok").code())
        .isEqualTo(2);
  }

  @Test
  @DisplayName("exit with 1 where a column was renamed, and name it and those that are new")
  void renamed() throws IOException {
    String profile = make();
    Path renamed = folder.resolve("renamed.csv");
    Files.writeString(renamed, Files.readString(Path.of(same)).replace("origin,", "airport,"));
    Cli.Answer answer = drift(profile, renamed.toString());
    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.lines().get(0)).startsWith("ALERT: 1000 rows");
    assertThat(answer.lines().get(1))
        .isEqualTo(
            "  origin: no row of the window has this column: it was renamed, or is no longer sent;"
                + " new in the window: 'airport', 'day'");
    JsonObject json =
        cli.run("drift", "--reference", profile, "--current", renamed.toString(), "--json").json();
    assertThat(json.strings("absent")).containsExactly("origin");
    assertThat(json.strings("other_columns")).containsExactly("airport", "day");
    Files.writeString(renamed, Files.readString(Path.of(same)).replace("temp,origin,", "t,o,"));
    assertThat(drift(profile, renamed.toString()).code()).as("all were renamed").isEqualTo(1);
    assertThat(drift(profile, same).out()).contains("  not in the reference: day");
  }

  private String make() {
    String profile = folder.resolve("p.json").toString();
    Cli.Answer made =
        cli.run(
            "profile", "make", reference, "-o", profile, "--label", "winter", "--without", "day");
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(made.out()).contains("winter (2 columns, 3000 rows, ");
    return profile;
  }

  private Cli.Answer drift(String left, String right) {
    return cli.run("drift", "--reference", left, "--current", right);
  }

  @Test
  @DisplayName("print JSON for programs, and Markdown")
  void forms() {
    String profile = make();
    JsonObject json = cli.run("drift", "--reference", profile, "--current", moved, "--json").json();
    assertThat(json.string("verdict")).isEqualTo("alert");
    assertThat(json.strings("alarms")).containsExactly("temp");
    assertThat(json.objects("columns")).hasSize(2);
    assertThat(cli.run("drift", "--reference", profile, "--current", moved, "--markdown").out())
        .startsWith("# Drift: ALERT");
  }

  @Test
  @DisplayName("make, show, compare and merge profiles")
  void profiles() throws IOException {
    String profile = make();
    Cli.Answer shown = cli.run("profile", "show", profile);
    assertThat(shown.out()).contains("winter, 3000 rows").contains("origin").contains("JFK, LGA");
    JsonObject json = cli.run("profile", "show", profile, "--json").json();
    assertThat(json.objects("columns")).hasSize(2);
    assertThat(cli.run("profile", "diff", profile, moved).code()).isZero();
    assertThat(cli.run("profile", "diff", profile, moved).out()).startsWith("ALERT");
    String merged = folder.resolve("merged.json").toString();
    JsonObject answer = cli.run("profile", "merge", profile, same, "-o", merged, "--json").json();
    assertThat(answer.longValue("rows")).isEqualTo(4_000);
    Profile read = Profile.fromJson(Files.readAllBytes(Path.of(merged)));
    assertThat(read.id()).isEqualTo(answer.string("id"));
    assertThat(cli.run("profile", "merge", profile, merged, "-o", merged).out())
        .contains("7000 rows");
    assertThat(cli.run("profile").code()).isEqualTo(2);
  }

  @Test
  @DisplayName("read a column as what they are told it is, and name the place of damage")
  void kinds() throws IOException {
    String profile = folder.resolve("k.json").toString();
    assertThat(
            cli.run(
                    "profile",
                    "make",
                    reference,
                    "-o",
                    profile,
                    "--kind",
                    "day=category",
                    "--role",
                    "origin=context")
                .code())
        .isZero();
    String json = Files.readString(Path.of(profile));
    assertThat(json).contains("\"role\":\"context\"");
    assertThat(Profile.fromJson(Files.readAllBytes(Path.of(profile))).column("day").categories())
        .hasSize(200);
    Files.writeString(Path.of(profile), json.replace("\"nulls\":0", "\"nulls\":-1"));
    Cli.Answer refused = cli.run("profile", "show", profile);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("k.json").contains("nulls must be a whole number");
  }
}
