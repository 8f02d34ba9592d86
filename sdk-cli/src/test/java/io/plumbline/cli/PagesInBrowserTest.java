package io.plumbline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.internal.page.DriftPage;
import io.plumbline.drift.internal.page.DriftView;
import io.plumbline.drift.internal.page.State;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens the pages in a headless Chromium, where there is one. */
@DisplayName("A page in a browser")
class PagesInBrowserTest {
  private static final List<String> CANARIES =
      List.of(
          "<script>document.title='canary'</script>",
          "\"><img src=x onerror=\"document.title='canary'\">",
          "</script><script>document.title='canary'</script>",
          "'-document.title='canary'-'",
          "<svg onload=document.title='canary'>",
          "</title></style><script>document.title='canary'</script>");
  private static final String CANARY = String.join(" ", CANARIES);

  @TempDir Path folder;

  private Path report(Cli cli) {
    Path file = folder.resolve("report.html");
    Cli.Answer answer = cli.run("report", "-o", file.toString());
    assertThat(answer.code()).as(answer.err()).isZero();
    return file;
  }

  private static void isQuiet(Chromium browser) throws Exception {
    assertThat(browser.complaints()).as("errors on the console").isEmpty();
    assertThat(browser.requests()).as("requests").isEmpty();
    assertThat(browser.run("document.title")).isNotEqualTo("canary");
    assertThat(browser.run("document.querySelectorAll('[onerror],[onload],[style]').length"))
        .isEqualTo("0");
  }

  @Test
  @DisplayName("of 2,000 runs is filtered and sorted, draws what is chosen, and is quiet")
  void report() throws Exception {
    Cli cli = new Cli(folder.resolve("store"));
    try (TrackingClient tracking = cli.open()) {
      for (int i = 0; i < 2_000; i++) {
        Tracker run = tracking.start("flights", RunOptions.named("gbm-" + i));
        run.logParam("depth", i % 5);
        for (int step = 0; step < 3; step++) {
          run.logMetric("auc", step * 0.1 + i / 10_000.0, step);
        }
        if (i % 10 == 3) {
          run.close();
        } else {
          run.finish();
        }
      }
    }
    try (Chromium browser = Chromium.open(folder.resolve("profile"))) {
      browser.screen(1280, 900, false).load(report(cli));
      isQuiet(browser);
      String shown = "[...document.querySelectorAll('#run-table tbody tr')].filter(r => !r.hidden)";
      assertThat(browser.run(shown + ".length")).isEqualTo("2000");
      assertThat(filter(browser, "status:failed auc>0.2")).isEqualTo("200");
      assertThat(filter(browser, "auc>=0.399")).isEqualTo("10");
      assertThat(filter(browser, "gbm-1999")).isEqualTo("1");
      assertThat(filter(browser, "")).isEqualTo("2000");
      String click =
          "[...document.querySelectorAll('#run-table thead button')]"
              + ".find(b => b.textContent === 'auc').click(); ";
      assertThat(browser.run(click + shown + "[0].textContent")).contains("gbm-1999");
      assertThat(browser.run(click + shown + "[0].textContent")).contains("gbm-0");
      assertThat(browser.run("document.querySelector('th[aria-sort]').getAttribute('aria-sort')"))
          .isEqualTo("ascending");
      assertThat(browser.run("document.querySelectorAll('#charts path').length")).isEqualTo("8");
      String choose = "document.querySelector('#run-table tr[data-i=\"1999\"] input').click(); ";
      assertThat(browser.run(choose + "document.querySelector('#charts').textContent"))
          .contains("gbm-0");
      assertThat(browser.run("document.querySelectorAll('#charts path').length")).isEqualTo("9");
      assertThat(browser.run("document.querySelector('#side').textContent")).contains("gbm-0");
      isQuiet(browser);
    }
  }

  private static String filter(Chromium browser, String text) throws Exception {
    return browser.run(
        "new Promise(done => { const box = document.querySelector('#run-table input[type=search]');"
            + " box.value = '"
            + text
            + "'; box.oninput(); setTimeout(() => done([...document.querySelectorAll("
            + "'#run-table tbody tr')].filter(r => !r.hidden).length), 400); })");
  }

  @Test
  @DisplayName("of a store where everything is called <script> runs nothing of it")
  void hostileStore() throws Exception {
    Cli cli = new Cli(folder.resolve("store"));
    Path svg =
        Files.writeString(
            folder.resolve("p.svg"),
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'"
                + " onload=\"parent.document.title='canary'\">"
                + "<script>parent.document.title='canary'</script>"
                + "<image href='http://127.0.0.1:9/x.png'/></svg>");
    try (TrackingClient tracking = cli.open()) {
      for (String canary : CANARIES) {
        tracking.run(
            canary,
            RunOptions.named(canary),
            run -> {
              run.logParam(canary, canary);
              run.setTag(canary, canary);
              run.logMetric(canary, 1, 0);
              run.logMetric(canary, 2, 1);
              run.logArtifact(svg);
              run.logModel("model", SumLoader.pack(1, SumLoader.typed()));
            });
      }
    }
    String id = cli.run("runs", "--json").jsonList().get(0).string("id");
    String name = "<img src=x onerror=alert(1)>";
    assertThat(cli.run("register", name, id, "-d", CANARY, "-t", "<b>=" + CANARY).code()).isZero();
    Cli.Answer alias = cli.run("alias", "set", name, "champion", "1", "--reason", CANARY);
    assertThat(alias.code()).as(alias.err()).isZero();
    assertThat(cli.run("quarantine", name + "/1", "--reason", CANARY).code()).isZero();
    try (Chromium browser = Chromium.open(folder.resolve("profile"))) {
      browser.screen(360, 700, true).load(report(cli));
      settle(browser);
      isQuiet(browser);
      for (String text : CANARIES) {
        assertThat(browser.run("document.body.textContent")).contains(text);
      }
      assertThat(browser.run("document.querySelector('main img').naturalWidth")).isEqualTo("9");
      assertThat(browser.run("document.documentElement.scrollWidth")).isEqualTo("360");
    }
  }

  /** Waits until all pictures were loaded or refused, and what that sets off has run. */
  private static void settle(Chromium browser) throws Exception {
    String waited =
        browser.run(
            "(async () => { for (const image of document.images) {"
                + " if (!image.complete) await new Promise(done => {"
                + " image.addEventListener('load', done); image.addEventListener('error', done); });"
                + " } for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);"
                + " await new Promise(done => setTimeout(done)); return 'settled'; })()");
    assertThat(waited).isEqualTo("settled");
  }

  @Test
  @DisplayName("of drift in 500 features is filtered, opens what is linked to, and runs no name")
  void drift() throws Exception {
    Path file = folder.resolve("drift.html");
    DriftPage.of(view(500)).write(file);
    assertThat(Files.size(file)).isLessThan(5_000_000);
    assertThat(Files.readString(file, StandardCharsets.UTF_8)).doesNotContain("<script>document");
    try (Chromium browser = Chromium.open(folder.resolve("profile"))) {
      browser.screen(360, 700, false).load(file);
      isQuiet(browser);
      String shown = "document.querySelectorAll('.list > details:not([hidden])').length";
      assertThat(browser.run(shown)).isEqualTo("500");
      String input =
          "new Promise(done => { const box = document.querySelector('.list input');"
              + " box.value = 'feature 277'; box.oninput(); setTimeout(() => done("
              + shown
              + "), 400); })";
      assertThat(browser.run(input)).isEqualTo("1");
      assertThat(browser.run("document.querySelectorAll('.list > details[open]').length"))
          .isEqualTo("1");
      browser.run("location.hash = '#column-9'");
      assertThat(
              browser.run(
                  "new Promise(done => setTimeout(() => done("
                      + "document.getElementById('column-9').open), 200))"))
          .isEqualTo("true");
      assertThat(browser.run("document.documentElement.scrollWidth")).isEqualTo("360");
      isQuiet(browser);
    }
  }

  private static DriftView view(int columns) {
    List<DriftView.Column> all = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      boolean bad = i == 3;
      all.add(
          new DriftView.Column(
              "feature " + i + CANARY,
              CANARY,
              bad ? State.BAD : State.GOOD,
              CANARY,
              bad ? 0.3 : 0.001,
              new double[] {0.001, Double.NaN, 0.3},
              new DriftView.Bins(
                  i % 2 == 0,
                  List.of(CANARY, "b", "c"),
                  new double[] {1, 2, 3},
                  new double[] {3, 2, 1}),
              List.of(new DriftView.Figure(CANARY, 0.1, CANARY))));
    }
    return new DriftView(
        CANARY,
        CANARY,
        Map.of(CANARY, CANARY),
        0.05,
        List.of(
            new DriftView.Window("", 0, 10, State.GOOD, 0),
            new DriftView.Window(CANARY, 1, 3, State.NONE, 0),
            new DriftView.Window("", 86_400_000, 10, State.BAD, 1)),
        all,
        List.of(new DriftView.Alarm(2, "feature 3" + CANARY, State.BAD, CANARY)),
        List.of(
            new DriftView.Chart(
                CANARY,
                List.of(
                    new DriftView.Line(
                        CANARY,
                        new double[] {0.7, Double.NaN, 0.6},
                        new double[] {0.6, Double.NaN, 0.5},
                        new double[] {0.8, Double.NaN, 0.7})),
                0.65,
                CANARY)),
        List.of(CANARY));
  }
}
