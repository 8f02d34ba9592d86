package io.plumbline.cli;

import io.plumbline.drift.internal.page.Blocks;
import io.plumbline.drift.internal.page.CurvesPanel;
import io.plumbline.drift.internal.page.DataTable;
import io.plumbline.drift.internal.page.DataTable.Kind;
import io.plumbline.drift.internal.page.Html;
import io.plumbline.drift.internal.page.Numbers;
import io.plumbline.drift.internal.page.Page;
import io.plumbline.drift.internal.page.State;
import io.plumbline.drift.internal.page.Tag;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report as a page of at most {@link #MOST_BYTES}. What does not fit is left out, and the page
 * says so.
 */
final class ReportPage {
  /** The largest page that is written. */
  static final int MOST_BYTES = 5_000_000;

  private static final Page.Section RUNS = new Page.Section("runs", "Runs");
  private static final Page.Section CURVES = new Page.Section("curves-over", "Curves");
  private static final Page.Section COMPARE = new Page.Section("compare", "Side by side");
  private static final Page.Section PICTURES = new Page.Section("pictures", "Pictures");
  private static final Page.Section MODELS = new Page.Section("models", "Models");
  private static final Page.Section QUARANTINE = new Page.Section("quarantine", "Quarantine");
  private static final Page.Section DRIFT = new Page.Section("drift", "Drift");

  private final ReportView report;
  private final @Nullable Path folder;
  private final double room;
  private final Page page;
  private final Html html;
  private final List<String> names;

  private ReportPage(ReportView report, @Nullable Path folder, double room) {
    this.report = report;
    this.folder = folder;
    this.room = room;
    this.page = new Page("Plumbline report: " + report.store().getFileName());
    this.html = page.body();
    this.names = ReportTexts.names(report.runs());
  }

  /**
   * Makes the page.
   *
   * @param folder where it is going to be, so that it can link to its neighbours; null if unknown
   */
  static Page of(ReportView report, @Nullable Path folder) {
    // Room is counted in characters, some of which take more than one byte: then there is less.
    for (double room = 1; ; room /= 2) {
      Page page = new ReportPage(report, folder, room).make();
      if (room < 0.05 || page.bytes().length <= MOST_BYTES) {
        return page;
      }
    }
  }

  private Page make() {
    page.header(
        "Runs and models of " + report.store().getFileName(),
        ReportTexts.cut(report.store().toString())
            + ", read "
            + Format.minute(report.made())
            + ". Times are of "
            + ZoneId.systemDefault()
            + ".",
        sections());
    summary();
    ReportRuns runs = new ReportRuns(report, html, names, room);
    page.section(RUNS);
    runs.table();
    html.close();
    page.section(CURVES);
    curves();
    html.close();
    page.section(COMPARE);
    runs.sideBySide();
    html.close();
    page.script(CurvesPanel.SCRIPT).script(ReportRuns.SCRIPT);
    ReportModels models = new ReportModels(report, html, names);
    // The models are few and matter: what they take is known before the pictures get the rest.
    if (!report.models().isEmpty()) {
      page.section(MODELS);
      models.models();
      html.close();
    }
    if (!report.quarantined().isEmpty()) {
      page.section(QUARANTINE);
      models.quarantine();
      html.close();
    }
    if (!report.drift().isEmpty()) {
      page.section(DRIFT);
      models.drift(folder);
      html.close();
    }
    if (!report.pictures().isEmpty()) {
      page.section(PICTURES);
      int rest = (int) (MOST_BYTES * room) - html.length() - (100 << 10);
      new ReportPictures(report, html, names).write(rest);
      html.close();
    }
    page.footer("Made by Plumbline. This file asks nothing of the network.");
    return page;
  }

  private List<Page.Section> sections() {
    List<Page.Section> sections = new ArrayList<>(List.of(RUNS, CURVES, COMPARE));
    if (!report.models().isEmpty()) {
      sections.add(MODELS);
    }
    if (!report.quarantined().isEmpty()) {
      sections.add(QUARANTINE);
    }
    if (!report.drift().isEmpty()) {
      sections.add(DRIFT);
    }
    if (!report.pictures().isEmpty()) {
      sections.add(PICTURES);
    }
    return sections;
  }

  // ---- the summary

  private void summary() {
    List<Run> runs = report.runs();
    long failed = runs.stream().filter(run -> ReportTexts.state(run.status()) == State.BAD).count();
    long going = runs.stream().filter(run -> run.status() == RunStatus.RUNNING).count();
    long versions = report.models().stream().mapToLong(model -> model.versions().size()).sum();
    int bad = report.quarantined().size();
    List<Blocks.Fact> facts = new ArrayList<>();
    facts.add(Blocks.Fact.of("Runs", Format.count(runs.size()), going + " going on"));
    facts.add(
        new Blocks.Fact(
            "Failed or lost",
            Format.count(failed),
            Numbers.percent(runs.isEmpty() ? 0 : (double) failed / runs.size()) + " of the runs",
            failed > 0 ? State.BAD : State.NONE));
    facts.add(Blocks.Fact.of("Metric points", Format.count(report.points()), ""));
    facts.add(
        Blocks.Fact.of(
            "Models", Format.count(report.models().size()), Format.count(versions, "version")));
    if (bad > 0) {
      facts.add(new Blocks.Fact("Quarantined", Format.count(bad), "", State.WARN));
    }
    runs.stream()
        .map(Run::startTime)
        .max(Comparator.naturalOrder())
        .ifPresent(last -> facts.add(newest(last)));
    Blocks.facts(html, facts);
    Blocks.notes(html, report.notes());
    experiments();
  }

  private static Blocks.Fact newest(Instant start) {
    String minute = Format.minute(start);
    int space = minute.indexOf(' ');
    return Blocks.Fact.of(
        "Newest run", minute.substring(0, space), "at " + minute.substring(space + 1));
  }

  private void experiments() {
    Map<String, List<Run>> byName = new LinkedHashMap<>();
    for (Run run : report.runs()) {
      byName.computeIfAbsent(run.experiment(), name -> new ArrayList<>()).add(run);
    }
    if (byName.size() < 2) {
      return;
    }
    DataTable table = new DataTable(html, "Experiments", byName.size() > 20);
    table.column("experiment", Kind.TEXT).column("runs", Kind.NUMBER);
    table.column("failed", Kind.NUMBER).column("newest run", Kind.TEXT);
    List<String> metrics = report.metrics().stream().limit(3).toList();
    metrics.forEach(key -> table.column("best " + ReportTexts.cut(key), Kind.NUMBER));
    int rows = 0;
    for (Map.Entry<String, List<Run>> experiment : byName.entrySet()) {
      if (rows++ == 500) {
        break;
      }
      List<Run> runs = experiment.getValue();
      table.row().text(ReportTexts.cut(experiment.getKey()));
      table.number(runs.size(), Format.count(runs.size()));
      long failed =
          runs.stream().filter(run -> ReportTexts.state(run.status()) == State.BAD).count();
      table.number(failed, Format.count(failed)).time(runs.get(0).startTime());
      for (String key : metrics) {
        List<@Nullable Double> values = new ArrayList<>();
        runs.forEach(run -> values.add(ReportTexts.last(run, key)));
        Double best = report.goals().best(key, values);
        if (best == null) {
          table.none();
        } else {
          table.number(best);
        }
      }
    }
    table.end();
    if (byName.size() > 500) {
      html.leaf(
          Tag.P, "quiet", "The first 500 of " + Format.count(byName.size()) + " experiments.");
    }
  }

  private void curves() {
    CurvesPanel panel = new CurvesPanel(names, step -> "step " + step);
    report
        .curves()
        .forEach((key, curves) -> curves.forEach((run, points) -> panel.add(key, run, points)));
    if (panel.isEmpty()) {
      html.leaf(Tag.P, "quiet", "No run has logged a metric more than once.");
    }
    panel.write(html, report.chosen());
  }
}
