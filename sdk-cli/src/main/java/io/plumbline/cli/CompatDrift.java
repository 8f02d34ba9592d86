package io.plumbline.cli;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.compat.Columns;
import io.plumbline.drift.compat.CompatMode;
import io.plumbline.drift.compat.CompatReport;
import io.plumbline.drift.compat.CompatResult;
import io.plumbline.internal.Printable;
import java.io.IOException;
import java.nio.file.Path;

/** Compares two CSV files as another tool does, and shows that tool's own numbers. */
final class CompatDrift {
  private final Console console;

  CompatDrift(Console console) {
    this.console = console;
  }

  /** Compares all columns that both files have, with the tool's defaults. */
  static CompatReport compare(CompatMode mode, Path reference, Path current) throws IOException {
    return mode.compare(read(mode, reference), read(mode, current));
  }

  private static Columns read(CompatMode mode, Path file) throws IOException {
    if (ProfileFiles.kind(file) != ProfileFiles.Kind.CSV) {
      throw new IllegalArgumentException(
          "--mode "
              + mode.key()
              + " compares rows of CSV, as pandas would read them, and "
              + Printable.quote(file.toString())
              + " is no CSV file");
    }
    return Columns.of(CsvTable.read(file));
  }

  /** By the tool's own rule; what it could compare nothing of says nothing. */
  static int exitCode(CompatReport report) {
    if (report.results().isEmpty()) {
      return Main.INSUFFICIENT;
    }
    return report.drifted() ? Main.WRONG : Main.OK;
  }

  void print(CompatReport report) {
    long compared = report.results().stream().map(CompatResult::column).distinct().count();
    console.line(
        console.styled(
                report.drifted() ? "DRIFT" : "NO DRIFT", report.drifted() ? Style.RED : Style.GREEN)
            + " by "
            + report.mode().tool()
            + ": "
            + report.driftedColumns().size()
            + " of "
            + Format.count(compared, "column")
            + " drifted");
    report
        .skipped()
        .forEach((column, why) -> console.line("  " + Cells.show(column + ": skipped: " + why)));
    console.line();
    boolean chunked = report.results().stream().anyMatch(result -> result.chunk() != null);
    Table table = new Table(console, "").column("column", Table.Kind.YIELDING);
    if (chunked) {
      table.column("chunk", Table.Kind.TEXT);
    }
    table
        .column("drift", Table.Kind.TEXT)
        .column("method", Table.Kind.YIELDING)
        .column("score", Table.Kind.NUMBER)
        .column("threshold", Table.Kind.NUMBER)
        .column("p", Table.Kind.NUMBER);
    report.results().forEach(result -> row(table, result, chunked));
    table.print();
  }

  private static void row(Table table, CompatResult result, boolean chunked) {
    table.row().cell(result.column());
    if (chunked) {
      table.cell(result.chunk() == null ? "" : result.chunk());
    }
    table
        .cell(result.drifted() ? "yes" : "no", result.drifted() ? Style.RED : Style.PLAIN)
        .cell(result.method())
        .cell(Format.number(result.score()))
        .cell(Double.isNaN(result.threshold()) ? "" : Format.number(result.threshold()))
        .cell(Double.isNaN(result.p()) ? "" : Format.number(result.p()));
  }
}
