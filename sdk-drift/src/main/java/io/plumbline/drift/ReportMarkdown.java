package io.plumbline.drift;

import io.plumbline.internal.Printable;
import java.util.Locale;

/** A drift report as Markdown: the verdict, the alarms in words, and a table of all columns. */
final class ReportMarkdown {
  private ReportMarkdown() {}

  static String of(DriftReport report) {
    StringBuilder text = new StringBuilder();
    text.append("# Drift: ").append(report.verdict()).append("\n\n");
    text.append(report.window()).append(", against ").append(report.referenceRows());
    text.append(" rows of ").append(escaped(report.referenceName())).append(".\n");
    if (!report.sameBins()) {
      text.append(
          "The window had other bins; its counts were moved into those of the reference.\n");
    }
    for (String column : report.absent()) {
      text.append("\n- **").append(escaped(column)).append("** (ALERT): ");
      text.append(escaped(report.absence())).append('.');
    }
    for (ColumnDrift column : report.alarms()) {
      text.append("\n- **").append(escaped(column.name())).append("** (");
      text.append(column.verdict()).append("): ");
      text.append(escaped(column.explanation())).append('.');
    }
    for (ColumnDrift column : report.pending()) {
      text.append("\n- **").append(escaped(column.name())).append("** (no alarm): ");
      text.append(escaped(report.pendingReason() + ". " + column.explanation())).append('.');
    }
    if (report.absent().isEmpty() && !report.window().otherColumns().isEmpty()) {
      text.append("\n\nColumns that the reference does not have: ");
      text.append(escaped(String.join(", ", report.window().otherColumns()))).append('.');
    }
    text.append("\n\n| column | verdict | this window | PSI corrected | p adjusted | missing |\n");
    text.append("|---|---|---|---:|---:|---:|\n");
    report.columns().forEach(column -> row(text, column));
    return text.toString();
  }

  private static void row(StringBuilder text, ColumnDrift column) {
    text.append("| ").append(escaped(column.name()));
    text.append(" | ").append(column.verdict());
    text.append(" | ").append(column.flagged());
    text.append(" | ").append(column.figure("psi_corrected").map(f -> three(f.value())).orElse(""));
    text.append(" | ").append(Double.isNaN(column.adjusted()) ? "" : small(column.adjusted()));
    text.append(" | ").append(column.rate("missing").map(r -> Words.percent(r.rate())).orElse(""));
    text.append(" |\n");
  }

  private static String three(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String small(double value) {
    return String.format(Locale.ROOT, value < 0.001 ? "%.0e" : "%.3f", value);
  }

  /** Text from data on one line, which can be neither markup nor the end of a cell. */
  static String escaped(String text) {
    return Printable.escape(text)
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("`", "\\`")
        .replace("[", "\\[");
  }
}
