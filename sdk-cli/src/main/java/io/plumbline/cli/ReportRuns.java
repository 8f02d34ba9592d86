package io.plumbline.cli;

import io.plumbline.drift.internal.page.Asset;
import io.plumbline.drift.internal.page.Attr;
import io.plumbline.drift.internal.page.DataTable;
import io.plumbline.drift.internal.page.DataTable.Kind;
import io.plumbline.drift.internal.page.Html;
import io.plumbline.drift.internal.page.Numbers;
import io.plumbline.drift.internal.page.Tag;
import io.plumbline.model.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table of runs, and those that are chosen side by side. */
final class ReportRuns {
  /** Chooses runs in the browser, and puts them side by side. */
  static final Asset SCRIPT = Asset.of(ReportRuns.class, "report.js");

  private static final int TABLE_ROOM = 1_700_000;
  private static final int FACTS_ROOM = 900_000;
  private static final int MOST_KEYS = 200;

  private final ReportView report;
  private final Html html;
  private final List<String> names;
  private final double room;

  ReportRuns(ReportView report, Html html, List<String> names, double room) {
    this.report = report;
    this.html = html;
    this.names = names;
    this.room = room;
  }

  // ---- the table

  void table() {
    List<Run> runs = report.runs();
    boolean several = runs.stream().map(Run::experiment).distinct().count() > 1;
    html.open(Tag.DIV).attr(Attr.ID, "run-table");
    DataTable table = new DataTable(html, "Runs", true).column("run", Kind.TEXT);
    if (several) {
      table.column("experiment", Kind.TEXT);
    }
    table.column("status", Kind.TEXT).column("started", Kind.TEXT).column("took", Kind.NUMBER);
    report.metrics().forEach(key -> table.column(ReportTexts.cut(key), Kind.NUMBER));
    report.params().forEach(key -> table.column(ReportTexts.cut(key), Kind.TEXT));
    Map<String, Double> best = best();
    int start = html.length();
    int written = 0;
    while (written < runs.size() && html.length() - start < TABLE_ROOM * room) {
      row(table, written, several, best);
      written++;
    }
    table.end();
    html.close();
    html.leaf(
        Tag.P,
        "quiet",
        "Filter by words, or by a column: status:failed"
            + (report.metrics().isEmpty()
                ? ""
                : " \"" + ReportTexts.cut(report.metrics().get(0)) + ">0.9\"")
            + ". What is chosen is shown below: its curves, and side by side.");
    if (written < runs.size()) {
      html.leaf(
          Tag.P,
          "note",
          "The table has the first "
              + Format.count(written)
              + " of "
              + Format.count(runs.size(), "run")
              + ": more do not fit on a page of 5 MB. --filter and --experiment choose others.");
    }
  }

  private Map<String, Double> best() {
    Map<String, Double> best = new HashMap<>();
    for (String key : report.metrics()) {
      List<@Nullable Double> values = new ArrayList<>();
      report.runs().forEach(run -> values.add(ReportTexts.last(run, key)));
      Double found = report.goals().best(key, values);
      if (found != null && report.runs().size() > 1) {
        best.put(key, found);
      }
    }
    return best;
  }

  private void row(DataTable table, int number, boolean several, Map<String, Double> best) {
    Run run = report.runs().get(number);
    table.row(number, null);
    table.cell().text(ReportTexts.cut(run.name())).text(" ");
    html.leaf(Tag.SMALL, RunIds.shortened(run.id(), 8)).close();
    if (several) {
      table.text(ReportTexts.cut(run.experiment()));
    }
    table.state(ReportTexts.state(run.status()), ReportTexts.status(run));
    table.time(run.startTime());
    Duration took = run.duration().orElse(null);
    if (took == null) {
      table.none();
    } else {
      table.number(took.toMillis(), Format.duration(took));
    }
    for (String key : report.metrics()) {
      Double value = ReportTexts.last(run, key);
      if (value == null) {
        table.none();
      } else if (value.equals(best.get(key))) {
        table.cell(value).attr(Attr.TITLE, "best").leaf(Tag.B, Numbers.number(value)).close();
      } else {
        table.number(value);
      }
    }
    for (String key : report.params()) {
      table.text(ReportTexts.cut(run.params().getOrDefault(key, "")));
    }
  }

  // ---- side by side

  /** Writes the table of those that were chosen beforehand, and the facts of all for the script. */
  void sideBySide() {
    html.open(Tag.DIV).attr(Attr.ID, "side");
    List<Run> runs = report.chosen().stream().map(report.runs()::get).toList();
    if (runs.isEmpty()) {
      html.leaf(Tag.P, "quiet", "No runs are chosen.");
    } else {
      DataTable table = new DataTable(html, "Runs side by side", false).column("", Kind.TEXT);
      report.chosen().forEach(number -> table.column(names.get(number), Kind.TEXT));
      rows(table, runs, "param", run -> new LinkedHashMap<String, String>(run.params()));
      rows(table, runs, "metric", ReportRuns::metrics);
      rows(table, runs, "tag", ReportRuns::tags);
      table.end();
    }
    html.close();
    html.leaf(Tag.P, "quiet", "≠ marks what differs.");
    html.data("facts", facts());
  }

  private static Map<String, String> metrics(Run run) {
    Map<String, String> metrics = new LinkedHashMap<>();
    run.metrics().forEach((key, summary) -> metrics.put(key, Numbers.number(summary.last())));
    return metrics;
  }

  /** The tags that people have set; those of the tools are shown as what they mean. */
  private static Map<String, String> tags(Run run) {
    Map<String, String> tags = new LinkedHashMap<>(run.tags());
    tags.keySet().removeIf(key -> key.startsWith("mlflow.") || key.startsWith("plumbline."));
    return tags;
  }

  private static void rows(
      DataTable table, List<Run> runs, String kind, Function<Run, Map<String, String>> part) {
    LinkedHashSet<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(part.apply(run).keySet()));
    keys.stream()
        .limit(MOST_KEYS)
        .forEach(
            key -> {
              List<@Nullable String> values = new ArrayList<>();
              runs.forEach(run -> values.add(part.apply(run).get(key)));
              boolean differs = values.stream().anyMatch(v -> !Objects.equals(v, values.get(0)));
              table.row(-1, differs ? "differs" : null);
              table.text(kind + " " + ReportTexts.cut(key));
              values.forEach(value -> table.text(value == null ? "–" : ReportTexts.cut(value)));
            });
  }

  /** Params, metrics and tags of all runs; names and texts are written once, and numbered. */
  private Map<String, Object> facts() {
    Numbering keys = new Numbering();
    Numbering texts = new Numbering();
    List<Object> rows = new ArrayList<>();
    for (Run run : report.runs()) {
      List<Object> row = new ArrayList<>();
      long entries = 0;
      for (Map<String, String> part : List.of(run.params(), metrics(run), tags(run))) {
        List<Object> numbers = new ArrayList<>();
        part.entrySet().stream()
            .limit(MOST_KEYS)
            .forEach(
                e -> {
                  numbers.add(keys.of(e.getKey()));
                  numbers.add(texts.of(e.getValue()));
                });
        entries += numbers.size();
        row.add(numbers);
      }
      if (keys.size() + texts.size() + 6 * entries > FACTS_ROOM * room) {
        break;
      }
      rows.add(row);
      keys.grow(3 * entries);
    }
    return Map.of("keys", keys.all(), "texts", texts.all(), "runs", rows);
  }

  /** Gives equal texts one number. */
  private static final class Numbering {
    private final Map<String, Long> numbers = new LinkedHashMap<>();
    private long size;

    long of(String text) {
      String cut = ReportTexts.cut(text);
      Long known = numbers.get(cut);
      if (known != null) {
        return known;
      }
      long number = numbers.size();
      numbers.put(cut, number);
      size += cut.length() + 3;
      return number;
    }

    void grow(long bytes) {
      size += bytes;
    }

    long size() {
      return size;
    }

    List<Object> all() {
      return new ArrayList<>(numbers.keySet());
    }
  }
}
