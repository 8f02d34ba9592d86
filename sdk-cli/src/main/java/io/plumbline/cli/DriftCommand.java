package io.plumbline.cli;

import io.plumbline.drift.AlarmPolicy;
import io.plumbline.drift.ColumnDrift;
import io.plumbline.drift.Drift;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.Verdict;
import io.plumbline.internal.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drift}: compares rows with a reference. */
@Command(
    name = "drift",
    description = {
      "Compares rows with a reference, column by column, by the standard alarm for one window.",
      "Exits with 1 if something drifted, with 4 if there are too few rows to say."
    },
    footer = "%nExample: plumbline drift --reference train.csv --current today.csv")
final class DriftCommand extends StoreCommand {
  @Option(
      names = "--reference",
      paramLabel = "FILE",
      required = true,
      description = "A profile's JSON, or the CSV file of the reference's rows.")
  private Path reference = Path.of("");

  @Option(
      names = "--current",
      paramLabel = "FILE",
      required = true,
      description = "The CSV file of the rows to compare, or their profile's JSON.")
  private Path current = Path.of("");

  @Option(
      names = "--fail-on",
      paramLabel = "VERDICT",
      description = "From which verdict on to exit with 1: warn (the default) or alert.")
  private Verdict failOn = Verdict.WARN;

  @Option(
      names = "--least-rows",
      paramLabel = "N",
      description = "Rows without which nothing is said; ${DEFAULT-VALUE}.")
  private long leastRows = AlarmPolicy.standard().leastRows();

  @Option(names = "--markdown", description = "Print Markdown.")
  private boolean markdown;

  @Override
  public Integer call() throws IOException {
    if (!failOn.alarms()) {
      throw wrongCall("--fail-on is warn or alert, not " + failOn);
    }
    AlarmPolicy policy = AlarmPolicy.standard().withLeastRows(leastRows);
    Profile profile = ProfileFiles.profile(reference);
    DriftReport report = Drift.compare(profile, ProfileFiles.window(current, profile), policy);
    if (json()) {
      printJson(Json.object(report.toJson(), "report").asMap());
    } else if (markdown) {
      console().print(report.toMarkdown());
    } else {
      print(console(), report);
    }
    if (report.verdict() == Verdict.INSUFFICIENT) {
      return Main.INSUFFICIENT;
    }
    return report.verdict().compareTo(failOn) >= 0 ? Main.WRONG : Main.OK;
  }

  /** Prints the verdict, the alarms in words, and a table of all columns. */
  static void print(Console console, DriftReport report) {
    String against = report.window() + ", against " + report.referenceRows() + " rows of ";
    String verdict = console.styled(report.verdict().toString(), style(report.verdict()));
    console.line(verdict + ": " + Cells.show(against + report.referenceName()));
    for (String absent : report.absent()) {
      console.line("  " + Cells.show(absent) + ": absent");
    }
    for (ColumnDrift column : report.alarms()) {
      console.line("  " + Cells.show(column.name() + ": " + column.explanation()));
    }
    console.line();
    Table table =
        new Table(console, "")
            .column("column", Table.Kind.YIELDING)
            .column("verdict", Table.Kind.TEXT)
            .column("psi corrected", Table.Kind.NUMBER)
            .column("p adjusted", Table.Kind.NUMBER)
            .column("js", Table.Kind.NUMBER)
            .column("missing", Table.Kind.NUMBER);
    for (ColumnDrift column : report.columns()) {
      table
          .row()
          .cell(column.name())
          .cell(column.verdict().toString(), style(column.verdict()))
          .cell(figure(column, "psi_corrected"))
          .cell(Double.isNaN(column.adjusted()) ? "" : Format.number(column.adjusted()))
          .cell(figure(column, "js"))
          .cell(column.rate("missing").map(rate -> percent(rate.rate())).orElse(""));
    }
    table.print();
  }

  private static String figure(ColumnDrift column, String method) {
    return column
        .figure(method)
        .map(figure -> String.format(Locale.ROOT, "%.3f", figure.value()))
        .orElse("");
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * rate);
  }

  private static Style style(Verdict verdict) {
    return switch (verdict) {
      case ALERT -> Style.RED;
      case WARN -> Style.YELLOW;
      case OK -> Style.GREEN;
      case INSUFFICIENT -> Style.DIM;
    };
  }
}
