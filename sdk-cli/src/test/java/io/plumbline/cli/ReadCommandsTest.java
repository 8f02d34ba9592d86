package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands that read")
class ReadCommandsTest {
  @TempDir Path folder;
  private Path store = Path.of("");
  private Cli cli = new Cli(store);
  private List<String> ids = List.of();

  @BeforeEach
  void fill() {
    store = folder.resolve("store");
    cli = new Cli(store);
    try (TrackingClient tracking = cli.open()) {
      ids = Cli.fill(tracking);
    }
  }

  @Test
  @DisplayName("say so when a server is configured and they show this machine's store")
  void serverIsConfigured() {
    System.setProperty("plumbline.store", store.toString());
    System.setProperty("plumbline.tracking.uri", "http://127.0.0.1:9");
    try {
      Cli.Answer answer = cli.runConfigured("runs", "-c", "name");
      assertThat(answer.code()).isZero();
      assertThat(answer.out()).contains("depth 3");
      assertThat(answer.err())
          .contains("plumbline.tracking.uri names the server http://127.0.0.1:9")
          .contains("this looks into the local store " + store);
      assertThat(cli.run("runs").err()).isEmpty();
    } finally {
      System.clearProperty("plumbline.store");
      System.clearProperty("plumbline.tracking.uri");
    }
  }

  @Test
  @DisplayName("show a table of runs, with the metrics they share and the params they differ in")
  void runs() {
    Cli.Answer answer =
        cli.run(
            "runs",
            "-e",
            "flights",
            "-o",
            "params.depth",
            "-c",
            "name,status,metrics.auc,metrics.loss,params.depth,tags.team");

    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isZero();
    assertThat(answer.out())
        .isEqualTo(
            """
            name     status      auc        loss  depth  team
            depth 3  FINISHED  0.797  0.00980392  3      ops
            depth 6  FINISHED  1.094  0.00952381  6      ops
            """);
    assertThat(cli.run("runs").lines().get(0))
        .matches("id +experiment +name +status +start +duration +auc +loss +depth");
    assertThat(cli.run("runs").lines().get(0)).doesNotContain("objective");
  }

  @Test
  @DisplayName("fit the terminal: cut names first, then leave columns out and say so")
  void narrow() {
    Cli.Answer answer = cli.terminal(60).run("runs");

    assertThat(answer.lines())
        .allMatch(line -> Cells.width(line) <= 60 || line.contains("left out"));
    assertThat(answer.out()).contains("columns left out");
    for (int width : new int[] {80, 100, 140}) {
      assertThat(cli.terminal(width).run("runs").lines())
          .allMatch(line -> Cells.width(line) <= width);
    }
    assertThat(cli.terminal(200).run("runs").out()).doesNotContain("left out");
  }

  @Test
  @DisplayName("answer in JSON that reads back, numbers in full")
  void json() {
    List<JsonObject> runs = cli.run("runs", "--json", "-f", "params.depth = '3'").jsonList();

    assertThat(runs).hasSize(1);
    JsonObject run = runs.get(0);
    assertThat(run.string("id")).isEqualTo(ids.get(0));
    assertThat(run.string("status")).isEqualTo("FINISHED");
    assertThat(run.object("params").string("depth")).isEqualTo("3");
    JsonObject auc = run.object("metrics").object("auc");
    assertThat(auc.doubleValue("last")).isEqualTo(0.5 + 99 * 3 / 1_000.0);
    assertThat(auc.longValue("count")).isEqualTo(100);
    JsonObject one = cli.run("run", ids.get(2), "--json").json();
    assertThat(one.object("metrics").object("auc").doubleValue("last")).isNaN();
    assertThat(one.list("artifacts")).isEmpty();
  }

  @Test
  @DisplayName("filter and order as MLflow does, and point at what is wrong in a filter")
  void filter() {
    assertThat(cli.run("runs", "-f", "metrics.auc > 1", "-c", "name").lines())
        .containsExactly("name", "depth 6");
    assertThat(cli.run("runs", "-o", "metrics.auc ASC", "-n", "1", "-c", "name").lines())
        .containsExactly("name", "depth 3", "There are more; --limit 0 shows all.");
    Cli.Answer wrong = cli.run("runs", "-f", "metrics.auc >");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("plumbline: wrong filter");
    assertThat(wrong.out()).isEmpty();
  }

  @Test
  @DisplayName("take the beginning of an id or a name for a run, if only one run fits")
  void prefixes() {
    String id = ids.get(1);
    assertThat(cli.run("run", id.substring(0, 12)).code()).isZero();
    assertThat(cli.run("run", "depth 6").out()).contains(id);
    assertThat(cli.run("run", id.substring(0, 3)).code()).isEqualTo(3);
    assertThat(cli.run("run", "nothing like it").code()).isEqualTo(3);
    try (TrackingClient tracking = cli.open()) {
      tracking.run("flights", RunOptions.named("depth 6"), run -> {});
      tracking.resume("abcd-1", io.plumbline.tracking.Resume.ALLOW).finish();
      tracking.resume("abcd-2", io.plumbline.tracking.Resume.ALLOW).finish();
    }
    Cli.Answer twice = cli.run("run", "depth 6");
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains("any of 2 runs").contains(id);
    assertThat(cli.run("run", "abcd").err()).contains("abcd-1").contains("abcd-2");
    assertThat(cli.run("run", "abcd-1").code()).isZero();
  }

  @Test
  @DisplayName("show all of one run")
  void run() {
    String out = cli.run("run", ids.get(0)).out();

    assertThat(out)
        .startsWith("depth 3  FINISHED\nid          " + ids.get(0) + "\nexperiment  flights\n")
        .contains("\nParams (2)\n")
        .contains(
            """

            Metrics (2)
              metric        last  step         min       max  points
              auc          0.797    99         0.5     0.797     100
              loss    0.00980392    99  0.00980392  0.333333     100
            """)
        .contains("\nTags (1)\n  team  ops\n")
        .contains("\nArtifacts (1)\n  report/gain.csv  24 B\n");
  }

  @Test
  @DisplayName("exit with 1 under --check for a run that has failed, and only then")
  void check() {
    String failed;
    try (TrackingClient tracking = cli.open();
        Tracker run = tracking.start("flights")) {
      failed = run.id();
      run.fail();
    }
    assertThat(cli.run("run", ids.get(0), "--check").code()).isZero();
    assertThat(cli.run("run", failed, "--check").code()).isEqualTo(1);
    assertThat(cli.run("run", failed).code()).isZero();
  }

  @Test
  @DisplayName("draw a straight line as a straight line, with its ends on the axes")
  void chart() {
    Cli.Answer answer = cli.terminal(60).run("metrics", ids.get(1), "auc", "--width", "40");

    assertThat(answer.out())
        .isEqualTo(
            """
            auc
            last 1.094 at step 99, min 0.5, max 1.094, 100 points
            1.094 ┤                              ⡠⠔⠋
                  │                          ⢀⡤⠖⠉
                  │                       ⣀⠴⠚⠁
                  │                   ⢀⣠⠔⠊
             0.83 ┤                ⢀⡠⠒⠉
                  │             ⣀⠤⠊⠁
                  │          ⡠⠔⠋⠁
                  │      ⢀⡤⠖⠉
                  │   ⣀⠴⠚⠁
              0.5 ┤⣠⠔⠊
                  └─────────────────────────────────
                  0             step              99
            """);
  }

  @Test
  @DisplayName("print the points of a metric for programs, all or a few that keep the look")
  void points() {
    List<String> lines = cli.run("metrics", ids.get(0), "auc").lines();
    assertThat(lines).hasSize(100);
    assertThat(lines.get(10)).matches("auc\t10\t0\\.53\t\\d{4}-.*Z");
    assertThat(cli.run("metrics", ids.get(0), "auc", "-p", "10").lines())
        .hasSizeBetween(2, 10)
        .first()
        .asString()
        .startsWith("auc\t0\t0.5\t");

    JsonObject json = cli.run("metrics", ids.get(0), "auc", "loss", "--json").json();
    List<JsonObject> metrics = json.objects("metrics");
    assertThat(metrics).hasSize(2);
    assertThat(metrics.get(1).list("points")).hasSize(100);
    assertThat(metrics.get(0).object("summary").doubleValue("max"))
        .isEqualTo(0.5 + 99 * 3 / 1_000.0);

    Cli.Answer none = cli.run("metrics", ids.get(0), "nope");
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("'nope'").contains("[auc, loss]");
    assertThat(cli.run("metrics", ids.get(2), "auc").lines().get(0)).contains("\tNaN\t");
    assertThat(cli.run("metrics", ids.get(2), "auc", "--width", "40").code()).isZero();
  }

  @Test
  @DisplayName("compare runs: mark what differs, and the best of each metric by its direction")
  void compare() {
    Cli.Answer answer = cli.run("compare", ids.get(0), ids.get(1));

    assertThat(answer.out()).contains("\n*  depth       3 ");
    assertThat(answer.out()).contains("\n   objective   binary");
    assertThat(answer.out()).containsPattern("\\*  auc ↑       0\\.797 +1\\.094 ◀\n");
    assertThat(answer.out()).containsPattern("\\*  loss ↓      0\\.00980392 +0\\.00952381 ◀\n");
    assertThat(cli.run("compare", ids.get(0), ids.get(1), "-d").out()).doesNotContain("objective");

    JsonObject json = cli.run("compare", ids.get(0), ids.get(1), "--json", "--lower", "auc").json();
    assertThat(json.object("params").object("objective").bool("differs")).isFalse();
    assertThat(json.object("metrics").object("auc").list("best")).containsExactly(ids.get(0));
    assertThat(json.object("metrics").object("loss").string("goal")).isEqualTo("lower");
    assertThat(cli.run("compare", ids.get(0)).code()).isEqualTo(2);
  }

  @Test
  @DisplayName("list, print and copy artifacts")
  void artifacts() throws IOException {
    assertThat(cli.run("artifacts", ids.get(0)).lines()).hasSize(2);
    assertThat(
            cli.run("artifacts", ids.get(0), "report", "--json").jsonList().get(0).string("path"))
        .isEqualTo("report/gain.csv");
    assertThat(cli.run("artifacts", ids.get(0), "report/gain.csv", "--cat").out())
        .isEqualTo("feature,gain\ndistance,3\n");
    Path target = folder.resolve("copy");
    assertThat(cli.run("artifacts", ids.get(0), "-d", target.toString()).code()).isZero();
    assertThat(Files.readString(target.resolve("report/gain.csv"))).startsWith("feature");
    assertThat(cli.run("artifacts", ids.get(0), "nope").code()).isEqualTo(3);
    assertThat(cli.run("artifacts", ids.get(0), "--cat").code()).isEqualTo(2);
  }

  @Test
  @DisplayName("export runs and histories as CSV and JSON lines, to standard output or a file")
  void export() throws IOException {
    List<String> csv = cli.run("export", "-e", "flights", "-o", "params.depth").lines();
    assertThat(csv).hasSize(3);
    assertThat(csv.get(0))
        .startsWith("run_id,experiment,name,status,start_time,end_time,duration_ms,user,parent_id,")
        .contains("params.depth")
        .contains("metrics.auc")
        .endsWith("tags.team");
    assertThat(csv.get(1)).startsWith(ids.get(0) + ",flights,depth 3,FINISHED,").endsWith(",ops");

    List<String> jsonl = cli.run("export", "--format", "jsonl").lines();
    assertThat(jsonl).hasSize(3);
    assertThat(jsonl.stream().map(line -> Json.object(line, "line").string("id")))
        .containsExactlyInAnyOrderElementsOf(ids);

    Path file = folder.resolve("points.csv");
    Cli.Answer answer = cli.run("export", "--metrics", "--output", file.toString());
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains("3 runs written");
    assertThat(Files.readAllLines(file))
        .hasSize(1 + 2 * 200 + 1)
        .contains("run_id,key,step,value,timestamp");
    assertThat(cli.run("export", "--metrics", "--json", "-e", "other").lines())
        .singleElement()
        .satisfies(line -> assertThat(Json.object(line, "line").doubleValue("value")).isNaN());
  }

  @Test
  @DisplayName("quote what CSV needs quoted")
  void csvQuotes() {
    try (TrackingClient tracking = cli.open()) {
      tracking.run("quotes", run -> run.logParam("text", "a \"b\", c\nd"));
    }
    assertThat(cli.run("export", "-e", "quotes").out()).contains("\"a \"\"b\"\", c\nd\"");
  }

  @Test
  @DisplayName("let no name forge a line or a terminal sequence")
  void hostile() {
    try (TrackingClient tracking = cli.open()) {
      tracking.run(
          "evil \u202e",
          RunOptions.named("name \u202e \u2066"),
          run -> {
            run.logParam("p", "x\u001b[31m\nforged  FINISHED\r");
            run.logMetric("\u202emetric", 1, 0);
            run.setTag("t", "\u0007");
            run.note("\u001b]0;title\u0007");
            run.logText("x", "\u200bfile");
          });
    }
    for (String[] call :
        new String[][] {
          {"runs"},
          {"runs", "-c", "name,params.p,tags.t,note"},
          {"run", "name \u202e \u2066"},
          {"metrics", "name \u202e \u2066", "--width", "40"},
          {"compare", "name \u202e \u2066", ids.get(0)},
          {"artifacts", "name \u202e \u2066"},
          {"run", "\u001b[31mno"}
        }) {
      Cli.Answer answer = cli.run(call);
      assertThat(answer.out() + answer.err())
          .as(String.join(" ", call))
          .doesNotContain("\u001b", "\u0007", "\u202e", "\u2066", "\u200b", "\r")
          .doesNotContain("\nforged");
    }
  }

  @Test
  @DisplayName("use colours only where they are wanted")
  void colours() {
    assertThat(cli.run("runs").out()).doesNotContain("\u001b");
    assertThat(cli.terminal(100).coloured().run("runs").out())
        .contains("\u001b[32mFINISHED\u001b[0m");
  }

  @Test
  @DisplayName("read a store that is being written to, and change nothing in it")
  void whileWritten() throws Exception {
    try (TrackingClient tracking = cli.open();
        Tracker run = tracking.start("live", RunOptions.named("alive"))) {
      run.logMetric("loss", 0.5, 0);
      run.logParam("p", 1);
      assertThat(run.flush(Duration.ofSeconds(30))).isTrue();
      List<Path> before = filesWithSummary(run.id());

      assertThat(cli.run("run", run.id()).out()).startsWith("alive  RUNNING").contains("loss");
      assertThat(cli.run("runs", "-f", "status = 'RUNNING'", "-c", "name").lines())
          .containsExactly("name", "alive");
      assertThat(cli.run("metrics", run.id(), "loss").lines()).hasSize(1);
      assertThat(cli.run("store", "verify").code()).isZero();

      assertThat(files()).isEqualTo(before);
      run.finish();
    }
  }

  /** The files, once the run's own program has written the run's summary beside its segment. */
  private List<Path> filesWithSummary(String id) throws IOException, InterruptedException {
    Path folder = store.resolve("runs").resolve(id);
    for (int i = 0; i < 600; i++) {
      List<Path> all = files();
      if (all.stream().anyMatch(f -> f.startsWith(folder) && f.toString().endsWith(".run.json"))) {
        return all;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("there is no summary in " + folder);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      return files.sorted().toList();
    }
  }

  @Test
  @DisplayName("need no permission to write, and make no store where there is none")
  void noStore() {
    Cli nowhere = new Cli(folder.resolve("nowhere"));
    Cli.Answer answer = nowhere.run("runs");
    assertThat(answer.code()).isEqualTo(3);
    assertThat(answer.err())
        .contains("there is no store in " + folder.resolve("nowhere"))
        .contains("--store");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  @DisplayName("name a file where the store's folder should be, and what to do")
  void storeIsFile() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    for (String command : List.of("runs", "models")) {
      Cli.Answer answer = new Cli(file).run(command);
      assertThat(answer.code()).isEqualTo(3);
      assertThat(answer.err())
          .contains("'" + file + "' is a file, and a folder must be there (from: --store)")
          .contains("name another folder with --store or PLUMBLINE_STORE");
    }
    assertThat(new Cli(file.resolve("store")).run("runs").err()).contains("'" + file + "' is a");
  }

  @Test
  @DisplayName("tell a wrong call in one line with a hint, and exit with 2")
  void wrongCalls() {
    Cli.Answer answer = cli.run("runz");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains("did you mean").contains("runs");
    assertThat(answer.err().lines()).hasSize(1);
    assertThat(cli.run("runs", "--columns", "nope").err()).contains("'nope'").contains("duration");
    assertThat(cli.run("runs", "-n", "x").code()).isEqualTo(2);
    assertThat(cli.run().code()).isEqualTo(2);
    assertThat(cli.run("store").code()).isEqualTo(2);
    assertThat(cli.run("runs", "-e", "nope").code()).isEqualTo(3);
    assertThat(cli.run("run", "nope", "--debug").err())
        .contains("NotFoundException")
        .contains("at io.");
    assertThat(cli.run("run", "nope").err()).doesNotContain("\tat ");
  }

  @Test
  @DisplayName("explain the settings, with the place each came from")
  void config() {
    assertThat(cli.run("config", "explain").out()).contains("plumbline.store").contains("code");
    List<JsonObject> settings = cli.run("config", "explain", "--json").json().objects("settings");
    assertThat(settings.stream().map(setting -> setting.string("key")))
        .contains("plumbline.store", "plumbline.journal.fsync");
    assertThat(Map.of("help", cli.run("--help"), "version", cli.run("--version")))
        .allSatisfy((name, answer) -> assertThat(answer.code()).isZero());
  }

  @Test
  @DisplayName("explain settings of which one cannot be used, and say which")
  void unusableConfig() {
    System.setProperty("plumbline.run.context", "notjson");
    try {
      Cli.Answer text = cli.run("config", "explain");
      assertThat(text.code()).isEqualTo(2);
      assertThat(text.out())
          .contains("plumbline.journal.fsync")
          .contains("[unusable]")
          .contains("error: plumbline.run.context (from system property plumbline.run.context)");
      Cli.Answer json = cli.run("config", "explain", "--json");
      assertThat(json.code()).isEqualTo(2);
      assertThat(json.json().strings("errors")).singleElement().asString().contains("JSON object");
    } finally {
      System.clearProperty("plumbline.run.context");
    }
  }
}
