package io.plumbline.cli;

import io.plumbline.drift.internal.page.Numbers;
import io.plumbline.internal.Printable;
import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A report as Markdown, for merge requests and wikis. Names are escaped: none is markup. */
final class ReportMarkdown {
  private static final int MOST_ROWS = 200;

  private final ReportView report;
  private final List<String> names;
  private final StringBuilder out = new StringBuilder();

  ReportMarkdown(ReportView report) {
    this.report = report;
    this.names = ReportTexts.names(report.runs());
  }

  String text() {
    out.append("# Runs and models of ").append(escape("" + report.store().getFileName()));
    out.append("\n\n").append(Format.count(report.runs().size(), "run")).append(", ");
    out.append(Format.count(report.points(), "metric point")).append(", ");
    out.append(Format.count(report.models().size(), "model")).append("; read ");
    out.append(Format.minute(report.made())).append(".\n");
    report.notes().forEach(note -> out.append("\n> ").append(escape(note)).append('\n'));
    runs();
    sideBySide();
    report.models().forEach(this::model);
    quarantine();
    pictures();
    drift();
    return out.toString();
  }

  private void runs() {
    List<String> heads = new ArrayList<>(List.of("run", "id", "experiment", "status", "started"));
    heads.add("took");
    heads.addAll(report.metrics());
    heads.addAll(report.params());
    heading("Runs");
    head(heads);
    List<Run> runs = report.runs();
    for (Run run : runs.subList(0, Math.min(MOST_ROWS, runs.size()))) {
      List<String> cells = new ArrayList<>();
      cells.add(run.name());
      cells.add(RunIds.shortened(run.id(), 8));
      cells.add(run.experiment());
      cells.add(ReportTexts.status(run));
      cells.add(Format.minute(run.startTime()));
      cells.add(run.duration().map(Format::duration).orElse(""));
      report.metrics().forEach(key -> cells.add(number(ReportTexts.last(run, key))));
      report.params().forEach(key -> cells.add(run.params().getOrDefault(key, "")));
      row(cells);
    }
    if (runs.size() > MOST_ROWS) {
      out.append("\nThe first ").append(MOST_ROWS).append(" runs.\n");
    }
  }

  private static String number(@Nullable Double value) {
    return value == null ? "" : Numbers.number(value);
  }

  private void sideBySide() {
    List<Run> runs = report.chosen().stream().map(report.runs()::get).toList();
    if (runs.size() < 2) {
      return;
    }
    heading("Side by side");
    List<String> heads = new ArrayList<>(List.of("", "param"));
    report.chosen().forEach(run -> heads.add(names.get(run)));
    head(heads);
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(run.params().keySet()));
    keys.stream()
        .limit(MOST_ROWS)
        .forEach(
            key -> {
              List<@Nullable String> values = new ArrayList<>();
              runs.forEach(run -> values.add(run.params().get(key)));
              boolean differs = values.stream().anyMatch(v -> !Objects.equals(v, values.get(0)));
              List<String> cells = new ArrayList<>(List.of(differs ? "≠" : "", key));
              values.forEach(value -> cells.add(value == null ? "–" : value));
              row(cells);
            });
  }

  private void model(ReportView.Model model) {
    heading("Model " + model.model().name());
    if (!model.model().description().isEmpty()) {
      out.append(escape(model.model().description())).append("\n\n");
    }
    head(List.of("version", "aliases", "state", "flavor", "registered", "by", "description"));
    List<ModelVersion> versions = model.versions();
    for (ModelVersion version : versions.subList(0, Math.min(MOST_ROWS, versions.size()))) {
      String state =
          version.deleted()
              ? "deleted"
              : version.quarantine().isPresent() ? "quarantined" : "usable";
      row(
          List.of(
              "" + version.version(),
              String.join(", ", new TreeSet<>(version.aliases())),
              state,
              version.flavor(),
              Format.minute(version.created()),
              version.user(),
              version.description()));
    }
    if (!model.history().isEmpty()) {
      out.append('\n');
      head(List.of("alias", "version", "before", "since", "change", "by", "why"));
      for (AliasChange change :
          model.history().subList(0, Math.min(MOST_ROWS, model.history().size()))) {
        row(
            List.of(
                change.alias(),
                version(change.version()),
                version(change.previous()),
                Format.minute(change.time()),
                change.kind().name().toLowerCase(java.util.Locale.ROOT),
                change.user(),
                change.reason()));
      }
    }
  }

  private static String version(@Nullable Integer version) {
    return version == null ? "–" : version.toString();
  }

  private void quarantine() {
    if (report.quarantined().isEmpty()) {
      return;
    }
    heading("Quarantine");
    head(List.of("model", "version", "why"));
    for (ModelVersion version : report.quarantined()) {
      row(List.of(version.name(), "" + version.version(), version.quarantine().orElse("")));
    }
  }

  private void pictures() {
    if (report.pictures().isEmpty()) {
      return;
    }
    heading("Pictures");
    for (ReportView.Picture picture : report.pictures()) {
      out.append("- ").append(escape(picture.path())).append(" of ");
      out.append(escape(names.get(picture.run()))).append('\n');
    }
  }

  private void drift() {
    if (report.drift().isEmpty()) {
      return;
    }
    heading("Drift");
    for (Path page : report.drift()) {
      out.append("- ").append(escape(page.toString())).append('\n');
    }
  }

  // ---- marks

  private void heading(String text) {
    out.append("\n## ").append(escape(text)).append("\n\n");
  }

  private void head(List<String> names) {
    row(names);
    row(Collections.nCopies(names.size(), "---"), false);
  }

  private void row(List<String> cells) {
    row(cells, true);
  }

  private void row(List<String> cells, boolean escaped) {
    out.append('|');
    cells.forEach(cell -> out.append(' ').append(escaped ? escape(cell) : cell).append(" |"));
    out.append('\n');
  }

  /** What Markdown could read as a mark gets a backslash; what HTML could read, its entity. */
  static String escape(String text) {
    StringBuilder safe = new StringBuilder();
    for (char c : Printable.escape(ReportTexts.cut(text)).toCharArray()) {
      switch (c) {
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '&' -> safe.append("&amp;");
        case '\\', '`', '*', '_', '[', ']', '|', '#', '!', '~', '(', ')' ->
            safe.append('\\').append(c);
        default -> safe.append(c);
      }
    }
    return safe.toString();
  }
}
