package io.plumbline.cli;

import io.plumbline.drift.ColumnDrift;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reports of drift for people. */
final class DriftText {
  private static final int NAMED = 5;

  private final Console console;

  DriftText(Console console) {
    this.console = console;
  }

  /** Prints the verdict, the alarms in words, and a table of all columns. */
  void print(DriftReport report) {
    String against = report.window() + ", against " + report.referenceRows() + " rows of ";
    String verdict = console.styled(report.verdict().toString(), style(report.verdict()));
    console.line(verdict + ": " + Cells.show(against + report.referenceName()));
    for (String absent : report.absent()) {
      console.line("  " + Cells.show(absent + ": " + report.absence()));
    }
    for (ColumnDrift column : report.alarms()) {
      console.line("  " + Cells.show(column.name() + ": " + column.explanation()));
    }
    for (ColumnDrift column : report.pending()) {
      String reason = " (" + report.pendingReason() + "): ";
      console.line("  " + Cells.show(column.name() + reason + column.explanation()));
    }
    List<String> others = report.window().otherColumns();
    if (report.absent().isEmpty() && !others.isEmpty()) {
      console.line("  not in the reference: " + Cells.show(String.join(", ", others)));
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
          .cell(column.verdict() + (column.pending() ? ", flagged" : ""), style(column.verdict()))
          .cell(figure(column, "psi_corrected"))
          .cell(Double.isNaN(column.adjusted()) ? "" : Format.number(column.adjusted()))
          .cell(figure(column, "js"))
          .cell(column.rate("missing").map(rate -> percent(rate.rate())).orElse(""));
    }
    table.print();
  }

  /** Prints a line for each window: its verdict, and what has alarmed. */
  void printWindows(List<String> names, List<DriftReport> reports, List<Expected> expected) {
    boolean known = expected.stream().anyMatch(Expected::isKnown);
    Table table =
        new Table(console, "")
            .column("window", Table.Kind.TEXT)
            .column("verdict", Table.Kind.TEXT)
            .column("rows", Table.Kind.NUMBER);
    if (known) {
      table.column("expected auc", Table.Kind.NUMBER);
    }
    table.column("alarms, the worst first", Table.Kind.YIELDING).keep(3);
    for (int i = 0; i < reports.size(); i++) {
      DriftReport report = reports.get(i);
      table
          .row()
          .cell(names.get(i))
          .cell(report.verdict().toString(), style(report.verdict()))
          .cell(String.valueOf(report.window().rows()));
      if (known) {
        table.cell(expected.get(i).shown("auc"));
      }
      table.cell(alarms(report));
    }
    table.print();
  }

  private static String alarms(DriftReport report) {
    Stream<String> alarms =
        Stream.concat(
            report.absent().stream().map(name -> name + " absent"),
            report.alarms().stream().map(DriftText::shortly));
    List<String> all =
        Stream.concat(
                alarms, report.pending().stream().map(column -> shortly(column) + " (flagged)"))
            .toList();
    String named = all.stream().limit(NAMED).collect(Collectors.joining(", "));
    return all.size() > NAMED ? named + " and " + (all.size() - NAMED) + " more" : named;
  }

  private static String shortly(ColumnDrift column) {
    double effect = column.lastingEffect();
    String before = column.flagged().alarms() ? "" : " before";
    return Double.isNaN(effect)
        ? column.name() + before
        : column.name() + String.format(Locale.ROOT, " %.2f", effect) + before;
  }

  private static String figure(ColumnDrift column, String method) {
    return column
        .figure(method)
        .map(figure -> String.format(Locale.ROOT, "%.3f", figure.value()))
        .orElse("");
  }

  static String percent(double rate) {
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
