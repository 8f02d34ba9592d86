package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.JsonObject;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.TrackingClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The report of a store")
class ReportCommandTest {
  static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
                  + "rkJggg==");

  @TempDir Path folder;
  private Cli cli = new Cli(Path.of(""));
  private List<String> ids = List.of();

  @BeforeEach
  void fill() throws IOException {
    cli = new Cli(folder.resolve("store"));
    Path picture = Files.write(folder.resolve("roc.png"), PNG);
    Path fake = Files.writeString(folder.resolve("fake.png"), "no picture");
    try (TrackingClient tracking = cli.open()) {
      ids = Cli.fill(tracking);
      tracking.run(
          "flights",
          RunOptions.named("with a model"),
          run -> {
            run.logModel("model", SumLoader.pack(1, SumLoader.typed()));
            run.logArtifact(picture, "plots/roc.png");
            run.logArtifact(fake, "plots/fake.png");
          });
    }
    assertThat(cli.run("register", "delay", "with a model").code()).isZero();
    assertThat(cli.run("register", "delay", "with a model").code()).isZero();
    assertThat(cli.run("promote", "delay/1", "champion", "--reason", "first one").code()).isZero();
    assertThat(cli.run("promote", "delay/2", "champion", "--reason", "better").code()).isZero();
    assertThat(cli.run("quarantine", "delay/1", "--reason", "leaks labels").code()).isZero();
  }

  private String page(String... options) throws IOException {
    Path file = folder.resolve("out/report.html");
    Files.createDirectories(folder.resolve("out"));
    String[] args = new String[options.length + 3];
    args[0] = "report";
    args[1] = "-o";
    args[2] = file.toString();
    System.arraycopy(options, 0, args, 3, options.length);
    Cli.Answer answer = cli.run(args);
    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(answer.out()).isEmpty();
    return Files.readString(file);
  }

  @Test
  @DisplayName("is one page with runs, curves, models, the history of aliases and quarantines")
  void all() throws IOException {
    String page = page();
    assertThat(page).startsWith("<!doctype html>").contains("default-src 'none'");
    assertThat(page).contains("depth 3").contains("depth 6").contains("alone");
    assertThat(page).contains(">first one</td>").contains("better").contains("leaks labels");
    assertThat(page).contains("data:image/png;base64,iVBOR").contains("plots/roc.png of");
    assertThat(page).contains("1 picture left out").doesNotContain("fake.png of");
    assertThat(page).contains("param depth").contains("class=\"differs\"");
    assertThat(page).contains("<desc>2 curves from step 0 to step 99");
    assertThat(page).doesNotContain("http://www.w3.org/1999").doesNotContain(" style=");
  }

  @Test
  @DisplayName("has the runs that were asked for, and nothing of the others")
  void selected() throws IOException {
    assertThat(page("-e", "other")).contains("alone").doesNotContain("depth 3");
    assertThat(page("-f", "params.depth = '3'", "-m", "loss"))
        .contains("depth 3")
        .doesNotContain("depth 6")
        .contains("<figcaption>loss</figcaption>")
        .doesNotContain("<figcaption>auc</figcaption>");
  }

  @Test
  @DisplayName(
      "links to drift pages: to a neighbour by its name, and refuses those that are not there")
  void drift() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Path near = Files.writeString(folder.resolve("out/drift in may.html"), "");
    Path far = Files.writeString(folder.resolve("far.html"), "");
    String page = page("--drift", near.toString(), far.toString());
    assertThat(page).contains("href=\"./drift%20in%20may.html\"");
    assertThat(page).contains("href=\"file:///").contains("far.html\"");
    Cli.Answer none = cli.run("report", "--drift", folder.resolve("no.html").toString());
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("there is no drift page").contains("no.html");
  }

  @Test
  @DisplayName("has the same content as JSON")
  void json() {
    JsonObject report = cli.run("report", "--json").json();
    assertThat(report.objects("runs")).hasSize(4);
    assertThat(report.longValue("points")).isEqualTo(401);
    assertThat(report.strings("metrics")).containsExactly("auc", "loss");
    assertThat(report.object("curves").object("auc").list(ids.get(0))).hasSize(100);
    JsonObject model = report.objects("models").get(0);
    assertThat(model.objects("versions")).hasSize(2);
    assertThat(model.objects("history").get(0).string("reason")).isEqualTo("better");
    assertThat(model.objects("history").get(1).longValue("version")).isEqualTo(1);
    assertThat(report.objects("quarantined").get(0).string("quarantine")).isEqualTo("leaks labels");
    assertThat(report.objects("pictures")).hasSize(2);
  }

  @Test
  @DisplayName("has the same content as Markdown, where no name is markup")
  void markdown() throws IOException {
    String text = cli.run("report", "--markdown").out();
    assertThat(text).contains("# Runs and models of store").contains("| depth 3 |");
    assertThat(text).contains("| ≠ | depth | 6 | 3 |").contains("## Model delay");
    assertThat(text).contains("| champion | 2 | 1 |").contains("leaks labels");
    assertThat(ReportMarkdown.escape("a|b <script> [x](y) `c`\n# d"))
        .isEqualTo("a\\|b &lt;script&gt; \\[x\\]\\(y\\) \\`c\\`\\\\u000a\\# d");
    Path file = folder.resolve("r.md");
    assertThat(cli.run("report", "--markdown", "-o", file.toString()).out()).isEmpty();
    assertThat(file).content().contains("## Runs");
    assertThat(cli.run("report", "--markdown", "--json").code()).isEqualTo(2);
  }

  @Test
  @DisplayName("of an empty store is a page that says so")
  void empty() throws IOException {
    assertThat(page("-f", "params.depth = 'none'")).contains("No run has logged a metric");
  }

  @Test
  @DisplayName("of 2,000 runs with long names stays below 5 MB, and says what it leaves out")
  void large() throws IOException {
    cli = new Cli(folder.resolve("large"));
    String wide = "\u4e2d".repeat(150);
    try (TrackingClient tracking = cli.open()) {
      for (int i = 0; i < 2_000; i++) {
        int number = i;
        tracking.run(
            "e" + i % 7 + wide,
            RunOptions.named(i + wide),
            run -> {
              run.logParam("seed", wide + number);
              run.logParam("depth", wide + number % 3);
              for (int step = 0; step < 5; step++) {
                run.logMetric("auc", step * number / 9_999.0, step);
              }
            });
      }
    }
    String page = page();
    assertThat(Files.size(folder.resolve("out/report.html"))).isLessThan(ReportPage.MOST_BYTES);
    assertThat(page).contains("of 2,000 runs: more do not fit on a page of 5 MB");
  }
}
