package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.Dataset;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands of the registry")
class RegistryCommandsTest {
  private static final String NAME = "flight-delay";

  @TempDir Path folder;
  private Cli cli = new Cli(Path.of(""));
  private final List<String> ids = new ArrayList<>();

  @BeforeEach
  void fill() throws IOException {
    cli = new Cli(folder.resolve("store"));
    Path data = Files.writeString(folder.resolve("rows.csv"), "d\n1\n");
    try (TrackingClient tracking = cli.open()) {
      for (int weight = 1; weight <= 3; weight++) {
        double w = weight;
        tracking.run(
            "delays",
            RunOptions.named("weight " + weight),
            run -> {
              ids.add(run.id());
              run.logInput(Dataset.file(data), "training");
              run.logModel("model", SumLoader.pack(w, SumLoader.typed()));
              if (w == 3) {
                run.logModel("other", SumLoader.plain(w, 2));
              }
            });
      }
      tracking.run("delays", RunOptions.named("nothing"), run -> {});
    }
  }

  private void registerAll() {
    assertThat(cli.run("register", NAME, ids.get(0)).code()).isZero();
    assertThat(cli.run("register", NAME, ids.get(1)).code()).isZero();
    assertThat(cli.run("register", NAME, ids.get(2) + ":model").code()).isZero();
  }

  @Test
  @DisplayName("register what a run has logged, and ask which model where there are several")
  void register() {
    Cli.Answer answer =
        cli.run("register", NAME, "weight 1", "-d", "first", "-t", "team=ops", "--json");
    assertThat(answer.err()).isEmpty();
    JsonObject version = answer.json();
    assertThat(version.longValue("version")).isEqualTo(1);
    assertThat(version.string("uri")).isEqualTo("models:/flight-delay/1");
    assertThat(version.string("description")).isEqualTo("first");
    assertThat(version.object("tags").string("team")).isEqualTo("ops");
    assertThat(version.string("runId")).isEqualTo(ids.get(0));
    assertThat(version.objects("inputs").get(0).string("context")).isEqualTo("training");

    assertThat(cli.run("register", NAME, ids.get(1).substring(0, 12)).out())
        .startsWith("Registered models:/flight-delay/2  sha256 ");
    Cli.Answer several = cli.run("register", NAME, ids.get(2));
    assertThat(several.code()).isEqualTo(2);
    assertThat(several.err()).contains("[model, other]").contains("RUN_ID:MODEL");
    assertThat(cli.run("register", NAME, "weight 3:other").code()).isZero();
    Cli.Answer unknown = cli.run("register", NAME, ids.get(2) + ":mdoel");
    assertThat(unknown.code()).isEqualTo(3);
    assertThat(unknown.err()).contains("mdoel").contains("other");
    assertThat(cli.run("register", NAME, "nothing").err()).contains("has logged no model");
    assertThat(cli.run("register", NAME, "nowhere:model").code()).isEqualTo(3);
    assertThat(cli.run("register", NAME).code()).isEqualTo(2);
    assertThat(cli.run("register", "a/b", ids.get(0)).code()).isEqualTo(2);
  }

  @Test
  @DisplayName("register a package from a folder, in a store that need not exist")
  void registerFolder() {
    Path model = folder.resolve("model");
    assertThat(cli.run("fetch", "runs:/" + ids.get(0).substring(0, 8) + "/model", model.toString()))
        .satisfies(answer -> assertThat(answer.err()).isEmpty());
    Cli fresh = new Cli(folder.resolve("fresh"));
    assertThat(fresh.run("models").code()).isEqualTo(3);
    Cli.Answer registered = fresh.run("register", NAME, "--from", model.toString());
    assertThat(registered.err()).isEmpty();
    assertThat(registered.code()).isZero();
    assertThat(fresh.run("models", "--json").jsonList()).hasSize(1);
    assertThat(fresh.run("model", NAME + "/1").out()).contains("weights/w.txt");
    Cli.Answer none = fresh.run("register", NAME, "--from", folder.toString());
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("model.json");
  }

  @Test
  @DisplayName("list models with what their aliases point to, in the width of the terminal")
  void models() {
    assertThat(cli.run("models").out()).startsWith("No registered models in ");
    registerAll();
    cli.run("register", "another", ids.get(0));
    cli.run("promote", NAME + "/2", "champion");
    cli.run("promote", NAME + "/3", "challenger");

    List<String> lines = cli.run("models").lines();
    assertThat(lines.get(0)).matches("name +latest +aliases +description +changed");
    assertThat(lines.get(2)).startsWith("flight-delay       3  challenger→3, champion→2");
    assertThat(cli.run("models", "--filter", "FLIGHT").lines()).hasSize(2);
    assertThat(cli.run("models", "--deleted").out()).startsWith("No registered models are deleted");
    JsonObject json = cli.run("models", "-f", "flight", "--json").jsonList().get(0);
    assertThat(json.object("aliases").longValue("champion")).isEqualTo(2);
    assertThat(json.longValue("latestVersion")).isEqualTo(3);
    for (int width : new int[] {60, 100}) {
      Cli narrow = new Cli(folder.resolve("store")).terminal(width);
      assertThat(narrow.run("models").lines()).allMatch(line -> Cells.width(line) <= width);
      assertThat(narrow.run("model", NAME).lines()).allMatch(line -> Cells.width(line) <= width);
    }
  }

  @Test
  @DisplayName("show a model with its versions, and the history of an alias")
  void model() {
    registerAll();
    cli.run("promote", NAME + "/1", "champion", "--reason", "the first");
    cli.run("promote", NAME + "/2", "champion", "--reason", "better");
    cli.run("quarantine", NAME + "/3", "--reason", "wrong labels");

    String page = cli.run("model", NAME).out();
    assertThat(page)
        .startsWith("flight-delay\n")
        .contains(
            "Aliases (1)", "Versions (3)", "better", "quarantined", ids.get(0).substring(0, 8))
        .doesNotContain("the first");
    assertThat(page.indexOf(ids.get(2).substring(0, 8)))
        .isLessThan(page.indexOf(ids.get(0).substring(0, 8)));
    List<String> history = cli.run("model", NAME, "--alias", "champion").lines();
    assertThat(history).hasSize(3);
    assertThat(history.get(1)).contains("better");
    assertThat(history.get(2)).contains("the first");
    JsonObject json = cli.run("model", NAME, "--alias", "champion", "--json").json();
    assertThat(json.objects("history").get(0).longValue("previous")).isEqualTo(1);
    assertThat(json.objects("pointers").get(0).string("reason")).isEqualTo("better");
    assertThat(json.objects("versions").get(0).string("quarantine")).isEqualTo("wrong labels");

    Cli.Answer missing = cli.run("model", "flight");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("no registered model 'flight'").contains("plumbline models");
    assertThat(cli.run("model", NAME, "--alias", "none").code()).isEqualTo(3);
    assertThat(cli.run("model", NAME + "/1", "--alias", "champion").code()).isEqualTo(2);
  }

  @Test
  @DisplayName("show all of one version: digest, files, signature, lineage, quarantine")
  void version() {
    registerAll();
    cli.run("promote", NAME + "/1", "champion");
    cli.run("quarantine", NAME + "/1", "--reason", "wrong labels");

    Cli.Answer answer = cli.run("model", NAME + "@champion");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out())
        .startsWith("flight-delay/1  QUARANTINED\n")
        .contains("wrong labels", "champion", ids.get(0), "delays", "weights/w.txt")
        .contains("Inputs (6)", "Outputs (1)", "Datasets (1)")
        .containsPattern("o +integer +optional");
    JsonObject json = cli.run("model", "models:/" + NAME + "/1", "--json").json();
    assertThat(json.object("signature").objects("inputs").get(0).string("type"))
        .isEqualTo("double");
    assertThat(json.string("digest")).hasSize(64);
    assertThat(cli.run("model", "runs:/" + ids.get(2) + "/other", "--json").json().list("parts"))
        .hasSize(2);
    assertThat(cli.run("model", NAME + "/latest").out()).startsWith("flight-delay/3");
    assertThat(cli.run("model", NAME + "/9").code()).isEqualTo(3);
    assertThat(cli.run("model", NAME + "@nobody").err()).contains("has no alias");
    assertThat(cli.run("model", "s3:/x/1").code()).isEqualTo(2);
  }

  @Test
  @DisplayName("promote, say when nothing changes, and roll back with a reason")
  void promote() {
    registerAll();
    assertThat(cli.run("promote", NAME + "/1", "champion").out())
        .isEqualTo("flight-delay@champion points to version 1\n");
    assertThat(cli.run("promote", NAME + "/latest", "champion").out())
        .isEqualTo("flight-delay@champion points to version 3; before: 1\n");
    assertThat(cli.run("promote", NAME + "/3", "champion").out()).contains("already");
    assertThat(cli.run("promote", NAME + "/3", "champion", "--json").json().bool("changed"))
        .isFalse();

    assertThat(cli.run("rollback", NAME, "champion").code()).as("no reason").isEqualTo(2);
    assertThat(cli.run("rollback", NAME, "champion", "--reason", " ").code()).isEqualTo(2);
    JsonObject back = cli.run("rollback", NAME, "champion", "--reason", "latency", "--json").json();
    assertThat(back.longValue("version")).isEqualTo(1);
    assertThat(back.string("kind")).isEqualTo("ROLLBACK");
    Cli.Answer nothing = cli.run("rollback", NAME, "champion", "--reason", "more");
    assertThat(nothing.code()).isEqualTo(3);
    assertThat(nothing.err()).contains("nothing to go back to");
    assertThat(cli.run("promote", "runs:/" + ids.get(0) + "/model", "champion").code())
        .as("not registered")
        .isEqualTo(2);
  }

  @Test
  @DisplayName("quarantine a version, tell which alias still points to it, and release it")
  void quarantine() {
    registerAll();
    cli.run("promote", NAME + "/2", "champion");
    assertThat(cli.run("quarantine", NAME + "/2").code()).isEqualTo(2);
    assertThat(cli.run("quarantine", NAME + "/2", "--release", "--reason", "x").code())
        .isEqualTo(2);
    Cli.Answer done = cli.run("quarantine", NAME + "@champion", "--reason", "wrong labels");
    assertThat(done.out()).isEqualTo("Quarantined models:/flight-delay/2\n");
    assertThat(done.err()).contains("champion of flight-delay still points to it");

    Cli.Answer refused = cli.run("promote", NAME + "/2", "prod");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("wrong labels");
    assertThat(cli.run("fetch", NAME + "@champion", folder.resolve("x").toString()).code())
        .isEqualTo(1);
    assertThat(cli.run("quarantine", NAME + "/2", "--release", "--json").json().has("quarantine"))
        .isFalse();
    assertThat(cli.run("promote", NAME + "/2", "prod").code()).isZero();
  }

  @Test
  @DisplayName("set and delete aliases, and compare before: a conflict says what it points to")
  void alias() {
    registerAll();
    assertThat(cli.run("alias", "set", NAME, "champion", "1", "--expect", "0").code()).isZero();
    Cli.Answer conflict = cli.run("alias", "set", NAME, "champion", "3", "--expect", "2");
    assertThat(conflict.code()).isEqualTo(1);
    assertThat(conflict.err()).contains("points to version 1");
    assertThat(cli.run("alias", "set", NAME, "champion", "3", "--expect", "1").out())
        .contains("version 3; before: 1");
    assertThat(cli.run("alias", "set", NAME, "champion", "2", "--reason", "by hand").code())
        .isZero();
    assertThat(cli.run("alias", "set", NAME, "champion", "7").code()).isEqualTo(3);

    assertThat(cli.run("alias", "delete", NAME, "champion", "--expect", "3").code()).isEqualTo(1);
    assertThat(cli.run("alias", "delete", NAME, "champion", "--expect", "2").out())
        .isEqualTo("flight-delay@champion is deleted; it pointed to version 2\n");
    assertThat(cli.run("alias", "delete", NAME, "champion").code()).isEqualTo(3);
    assertThat(cli.run("alias", "delete", NAME, "champion", "--expect", "0").code()).isEqualTo(2);
    assertThat(cli.run("model", NAME, "--alias", "champion").lines()).hasSize(5);
    assertThat(cli.run("alias").code()).isEqualTo(2);
    assertThat(cli.run("alias", "set", "nothing", "champion", "1").code()).isEqualTo(3);
  }

  @Test
  @DisplayName("fetch copies that are no links, into a folder that is empty or not there")
  void fetch() throws IOException {
    registerAll();
    Path target = folder.resolve("a/b/model");
    JsonObject json = cli.run("fetch", NAME + "/2", target.toString(), "--json").json();
    assertThat(json.longValue("version")).isEqualTo(2);
    assertThat(json.longValue("files")).isEqualTo(3);
    Path part = target.resolve("weights/w.txt");
    assertThat(part).hasContent("2.0");
    Files.writeString(part, "changed");
    Path again = Files.createDirectory(folder.resolve("again"));
    Cli.Answer answer = cli.run("fetch", NAME + "/2", again.toString());
    assertThat(answer.out()).contains(json.string("digest")).contains("3 files");
    assertThat(again.resolve("weights/w.txt")).as("the cache is as it was").hasContent("2.0");

    Cli.Answer filled = cli.run("fetch", NAME + "/1", again.toString());
    assertThat(filled.code()).isEqualTo(1);
    assertThat(filled.err()).contains("is not empty");
    assertThat(cli.run("fetch", NAME + "/1", part.toString()).err()).contains("no folder");
    assertThat(cli.run("fetch", NAME + "/8", folder.resolve("c").toString()).code()).isEqualTo(3);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "look where registry.uri says, or where --store does, and name a server that is away")
  void registryUri() {
    registerAll();
    System.setProperty("plumbline.store", folder.resolve("store").toString());
    System.setProperty("plumbline.registry.uri", folder.resolve("elsewhere").toString());
    try {
      Cli.Answer elsewhere = cli.runConfigured("models");
      assertThat(elsewhere.code()).isEqualTo(3);
      assertThat(elsewhere.err()).contains("elsewhere").contains("plumbline.registry.uri");
      assertThat(cli.run("models").lines()).hasSize(2);
      System.setProperty("plumbline.registry.uri", "http://127.0.0.1:9");
      Cli.Answer away = cli.runConfigured("models");
      assertThat(away.code()).isEqualTo(Main.WRONG);
      assertThat(away.err()).contains("http://127.0.0.1:9");
    } finally {
      System.clearProperty("plumbline.store");
      System.clearProperty("plumbline.registry.uri");
    }
  }

  @Test
  @DisplayName("change no file when they only look")
  void readOnly() throws IOException {
    registerAll();
    List<String> before = files();
    cli.run("models");
    cli.run("model", NAME);
    cli.run("model", NAME + "/latest");
    assertThat(files()).isEqualTo(before);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> all = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        all.add(file + " " + Files.getLastModifiedTime(file));
      }
      return all;
    }
  }
}
