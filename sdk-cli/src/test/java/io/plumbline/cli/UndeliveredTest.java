package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("plumbline sync --dry-run")
class UndeliveredTest {
  private static final String URI = "plumbline.tracking.uri";

  @TempDir private Path folder;

  private Path store;
  private Cli cli;

  @BeforeEach
  void store() {
    store = folder.resolve("store");
    cli = new Cli(store);
    System.setProperty(URI, Shipped.NOBODY);
  }

  @AfterEach
  void unset() {
    System.clearProperty(URI);
  }

  private static void log(TrackingClient tracking, String name) {
    tracking.run(
        "e",
        RunOptions.named(name),
        tracker -> {
          tracker.logMetric("auc", 0.5, 0);
          tracker.logText("weights", "epoch-1.bin");
        });
  }

  private String id(String name) {
    return cli.run("run", name, "--json").json().string("id");
  }

  private Cli.Answer dryRun(String... more) {
    return cli.run(
        Stream.concat(Stream.of("sync", "--dry-run"), Arrays.stream(more)).toArray(String[]::new));
  }

  @Test
  @DisplayName("lists what is behind, run by run, and changes no file")
  void behind() throws IOException {
    Shipped.away(
        store,
        tracking -> {
          log(tracking, "one");
          tracking.run("e", RunOptions.named("two"), tracker -> tracker.setTag("stage", "x"));
        });
    List<String> before = files();
    Cli.Answer answer = dryRun();
    assertThat(answer.code()).isEqualTo(Main.WRONG);
    assertThat(answer.lines())
        .hasSize(4)
        .anyMatch(line -> line.matches("server +" + id("one").substring(0, 8) + ".* 4 +1"))
        .anyMatch(line -> line.matches("server +" + id("two").substring(0, 8) + ".* 3 +0"))
        .last()
        .isEqualTo("2 runs are not delivered to http://127.0.0.1:9 yet: 7 records and 1 artifact.");
    assertThat(answer.err()).contains("2 runs are not delivered to audit", "configured no more");
    assertThat(dryRun("--json").err()).isEqualTo(answer.err());
    JsonObject json = dryRun("--json").json();
    assertThat(json.bool("delivered")).isFalse();
    assertThat(json.longValue("records")).isEqualTo(7);
    assertThat(json.objects("servers"))
        .singleElement()
        .satisfies(
            server -> {
              assertThat(server.string("name")).isEqualTo("server");
              assertThat(server.string("server")).isEqualTo(Shipped.NOBODY);
              assertThat(server.longValue("artifacts")).isEqualTo(1);
              assertThat(server.objects("runs"))
                  .extracting(run -> run.string("id"))
                  .containsExactlyInAnyOrder(id("one"), id("two"));
            });
    assertThat(files()).isEqualTo(before);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.map(file -> file + " " + file.toFile().lastModified()).sorted().toList();
    }
  }

  @Test
  @DisplayName("says that all is delivered once it is, and exits with 0")
  void delivered() {
    Shipped.away(store, tracking -> log(tracking, "one"));
    Shipped.arrives(store, "server", Shipped.NOBODY, tracking -> log(tracking, "two"));
    Cli.Answer answer = dryRun();
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).isEqualTo("All is delivered to " + Shipped.NOBODY + ".\n");
    assertThat(dryRun("--json").json().bool("delivered")).isTrue();
  }

  @Test
  @DisplayName("with --all lists the runs that were logged without a server, but not imported ones")
  void all() {
    try (TrackingClient tracking = cli.open()) {
      log(tracking, "one");
      log(tracking, "deleted");
      tracking.run("e", tracker -> tracker.setTag("plumbline.origin", Shipped.NOBODY + " run abc"));
    }
    cli.run("delete", "deleted");
    assertThat(dryRun().code()).isZero();
    Cli.Answer answer = dryRun("--all");
    assertThat(answer.code()).isEqualTo(Main.WRONG);
    assertThat(answer.lines())
        .hasSize(4)
        .endsWith(
            "1 run is not delivered to http://127.0.0.1:9 yet: 4 records and 1 artifact.",
            "1 run was imported from there, and not sent back.");
  }

  @Test
  @DisplayName("with --all lists what has arrived at another address, all of it")
  void moved() {
    Shipped.arrives(store, "server", "http://before", tracking -> log(tracking, "one"));
    assertThat(dryRun().code()).isZero();
    Cli.Answer answer = dryRun("--all");
    assertThat(answer.code()).isEqualTo(Main.WRONG);
    assertThat(answer.out())
        .contains("yet: 4 records and 1 artifact.\n")
        .contains("1 run has gone to another address");
  }

  @Test
  @DisplayName("leaves out what was given up, says so, and lists it with --all")
  void givenUp() throws IOException {
    Shipped.away(store, tracking -> log(tracking, "one"));
    Path remote = store.resolve("runs").resolve(id("one")).resolve("server.remote.json");
    String text = Files.readString(remote);
    Files.writeString(remote, text.replaceFirst("}", ",\"gone\":\"run abc is deleted there\"}"));
    Cli.Answer answer = dryRun();
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("1 run was given up", "`plumbline sync --all`");
    assertThat(dryRun("--all").code()).isEqualTo(Main.WRONG);
    assertThat(dryRun("--all").out()).contains("4 records and 1 artifact");
  }

  @Test
  @DisplayName("does not say that all is delivered where a ring may hold more")
  void crashed() {
    Path copy = folder.resolve("copy");
    Shipped.arrives(
        store,
        "server",
        Shipped.NOBODY,
        tracking -> {
          Tracker run = tracking.start("live");
          run.logMetric("loss", 1, 0);
          assertThat(tracking.awaitDelivery(Duration.ofSeconds(30))).isTrue();
          assertThat(cli.run("run", run.id()).out()).contains("arrived so far");
          assertThat(dryRun().code()).isZero();
          // A copy of a store in use looks as if its program had crashed.
          assertThat(cli.run("store", "backup", copy.toString()).code()).isZero();
          run.finish();
        });
    Cli crashed = new Cli(copy);
    Cli.Answer answer = crashed.run("sync", "--dry-run");
    assertThat(answer.code()).isEqualTo(Main.WRONG);
    assertThat(answer.out()).contains("LOST", "1 run is not delivered", "yet: 0 records.");
    assertThat(answer.err()).contains("plumbline store recover").hasLineCount(1);
    assertThat(crashed.run("store", "recover").code()).isZero();
    assertThat(crashed.run("sync", "--dry-run").code()).isZero();
  }

  @Test
  @DisplayName("needs a server, a store, and not --rejected beside it")
  void wrongCalls() {
    assertThat(dryRun().code()).isEqualTo(Main.NOT_FOUND);
    assertThat(dryRun("--rejected").code()).isEqualTo(Main.USAGE);
    System.clearProperty(URI);
    Cli.Answer answer = dryRun();
    assertThat(answer.code()).isEqualTo(Main.USAGE);
    assertThat(answer.err()).contains("MLFLOW_TRACKING_URI");
  }
}
