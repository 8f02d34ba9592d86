package io.plumbline.cli;

import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code drift} has found, for people and for programs. */
final class DriftOutput {
  private final Console console;
  private final Profile reference;

  /**
   * Output of comparisons.
   *
   * @param reference whose calibration says what the scores alone promise
   */
  DriftOutput(Console console, Profile reference) {
    this.console = console;
    this.reference = reference;
  }

  private List<Expected> expected(DriftSeries series) {
    return series.reports().stream()
        .map(report -> Expected.of(reference, report.window()))
        .toList();
  }

  private void printSentence(Expected expected) {
    expected.sentence().ifPresent(words -> console.line("\n" + words));
  }

  /** Names files of counts that are damaged, on the error output, each once, and other problems. */
  void printProblems(List<DriftSeries> all, List<String> others) {
    Stream.concat(all.stream().flatMap(series -> series.problems().stream()), others.stream())
        .distinct()
        .forEach(problem -> console.error("plumbline: " + Cells.show(problem)));
  }

  /** Prints windows and the last report; of several slices one after the other. */
  void printText(List<DriftSeries> all) {
    for (int i = 0; i < all.size(); i++) {
      DriftSeries series = all.get(i);
      if (i > 0) {
        console.line();
      }
      if (series.slice() != null) {
        console.line("slice " + Cells.show(series.slice()));
      }
      DriftText text = new DriftText(console);
      List<Expected> expected = expected(series);
      if (!series.names().isEmpty()) {
        text.printWindows(series.names(), series.reports(), expected);
        console.line();
      }
      text.print(series.last());
      printSentence(expected.get(expected.size() - 1));
      printSource(series);
    }
  }

  void printMarkdown(List<DriftSeries> all) {
    for (DriftSeries series : all) {
      if (series.slice() != null) {
        console.line("# Slice " + Cells.show(series.slice()));
        console.line();
      }
      for (DriftReport report : series.reports()) {
        console.print(report.toMarkdown());
        printSentence(Expected.of(reference, report.window()));
      }
      printSource(series);
    }
  }

  private void printSource(DriftSeries series) {
    if (series.counted() != null) {
      console.line();
      console.line(series.counted().sentence());
    }
  }

  /** The document for programs: a report, a report for each window, or these for each slice. */
  Map<String, @Nullable Object> document(List<DriftSeries> all, boolean eachSlice) {
    if (!eachSlice) {
      return document(all.get(0));
    }
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("verdict", DriftSeries.worst(all).toString().toLowerCase(Locale.ROOT));
    document.put("slices", all.stream().map(this::document).toList());
    return document;
  }

  private Map<String, @Nullable Object> document(DriftSeries series) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    if (series.slice() != null) {
      document.put("slice", series.slice());
    }
    if (series.names().isEmpty()) {
      document.putAll(json(series.last()));
    } else {
      document.put("verdict", series.verdict().toString().toLowerCase(Locale.ROOT));
      document.put("windows", series.reports().stream().map(this::json).toList());
    }
    if (series.counted() != null) {
      document.put("rows_from", series.counted().json());
    }
    return document;
  }

  private Map<String, @Nullable Object> json(DriftReport report) {
    return Expected.of(reference, report.window()).json(report);
  }

  void writePage(Path page, String title, DriftSeries series) {
    List<DriftReport> reports = series.reports();
    DriftReport.writeHtml(page, title, reports, Expected.series(expected(series)));
    console.error(
        "plumbline: "
            + Format.count(reports.size(), "window")
            + " in "
            + Cells.show(page.toString()));
  }
}
