package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.drift.internal.page.Page;
import io.plumbline.internal.Printable;
import io.plumbline.internal.json.Json;
import io.plumbline.model.Run;
import io.plumbline.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code report}: a whole store as one page. */
@Command(
    name = "report",
    description = {
      "Writes a whole store as one HTML file that needs no network: runs with filter and sort,"
          + " curves over each other, params side by side, pictures, models with the history of"
          + " their aliases.",
      "With --json or --markdown, the same as a document, on standard output unless -o names a"
          + " file."
    })
final class ReportCommand extends RegistryCommand {
  private static final String DEFAULT_FILE = "report.html";
  private static final String STANDARD_OUTPUT = "-";

  @Option(
      names = {"-e", "--experiment"},
      paramLabel = "NAME",
      description = "Only runs of this experiment, by name or id; may be given several times.")
  private List<String> experiments = new ArrayList<>();

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "FILTER",
      description = "Only runs that fit, in MLflow's grammar, such as \"metrics.auc > 0.9\".")
  private String filter = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write, replaced when all is written; - for standard output.")
  private @Nullable String output;

  @Option(names = "--markdown", description = "Write Markdown instead of HTML.")
  private boolean markdown;

  @Option(
      names = {"-m", "--metric"},
      paramLabel = "KEY",
      split = ",",
      description = "These metrics. Default: the six that most of the runs have.")
  private List<String> metrics = new ArrayList<>();

  @Option(names = "--lower", paramLabel = "KEY", split = ",", description = "Lower is better.")
  private List<String> lower = new ArrayList<>();

  @Option(names = "--higher", paramLabel = "KEY", split = ",", description = "Higher is better.")
  private List<String> higher = new ArrayList<>();

  @Option(
      names = "--drift",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Drift pages to link to.")
  private List<Path> drift = new ArrayList<>();

  @Override
  void check() {
    if (markdown && json()) {
      throw wrongCall("--json and --markdown are two forms: choose one");
    }
    for (Path page : drift) {
      if (!Files.isRegularFile(page)) {
        throw new NotFoundException(
            "there is no drift page " + Printable.quote(page.toString()) + " to link to");
      }
    }
  }

  @Override
  int work(ModelRegistry models) throws IOException {
    List<Run> runs = Selection.of(experiments, filter).find(view(), null);
    ReportReader reader = new ReportReader(view(), models, new Goals(lower, higher));
    ReportView report = reader.read(runs, metrics, drift);
    if (json()) {
      put(Json.pretty(ReportDocument.of(report)) + "\n");
    } else if (markdown) {
      put(new ReportMarkdown(report).text());
    } else {
      putPage(report);
    }
    tellOfDead(view().deadWriters());
    return Main.OK;
  }

  private void put(String text) throws IOException {
    if (output == null || output.equals(STANDARD_OUTPUT)) {
      console().print(text);
    } else {
      Files.writeString(Path.of(output), text);
    }
  }

  private void putPage(ReportView report) {
    String name = output == null ? DEFAULT_FILE : output;
    if (name.equals(STANDARD_OUTPUT)) {
      console().print(ReportPage.of(report, null).text());
      return;
    }
    Path file = Path.of(name);
    Page page = ReportPage.of(report, file.toAbsolutePath().getParent());
    long bytes = page.write(file);
    console()
        .error(
            "plumbline: "
                + Format.count(report.runs().size(), "run")
                + " in "
                + Cells.show(name)
                + ", "
                + Format.bytes(bytes));
  }
}
