package io.plumbline.cli;

import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code compare ID...}: runs side by side. */
@Command(
    name = "compare",
    description = {
      "Shows params and metrics of runs side by side: marks what differs, and the best last value"
          + " of each metric.",
      "The best is the highest; the lowest where the metric's name says loss, error, rmse, mae,"
          + " mse, brier and the like, or --lower names it."
    })
final class CompareCommand extends StoreCommand {
  private static final String DIFFERS = "*";

  @Parameters(
      arity = "2..*",
      paramLabel = "ID",
      description = "Two runs or more: ids, beginnings of ids (4 characters or more), or names.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--lower", paramLabel = "KEY", split = ",", description = "Lower is better.")
  private List<String> lower = new ArrayList<>();

  @Option(names = "--higher", paramLabel = "KEY", split = ",", description = "Higher is better.")
  private List<String> higher = new ArrayList<>();

  @Option(
      names = {"-d", "--differences"},
      description = "Only what differs.")
  private boolean onlyDifferences;

  @Override
  public Integer call() {
    List<Run> runs = ids.stream().map(id -> RunIds.find(view(), id)).toList();
    Goals goals = new Goals(lower, higher);
    if (json()) {
      printJson(document(runs, goals));
    } else {
      print(runs, goals);
    }
    return Main.OK;
  }

  private static Set<String> keys(List<Run> runs, Function<Run, Map<String, ?>> part) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(part.apply(run).keySet()));
    return keys;
  }

  private static boolean differs(List<? extends @Nullable Object> values) {
    return new LinkedHashSet<>(values).size() > 1;
  }

  private static List<@Nullable String> params(List<Run> runs, String key) {
    List<@Nullable String> values = new ArrayList<>();
    runs.forEach(run -> values.add(run.params().get(key)));
    return values;
  }

  private static List<@Nullable Double> metrics(List<Run> runs, String key) {
    List<@Nullable Double> values = new ArrayList<>();
    for (Run run : runs) {
      MetricSummary summary = run.metrics().get(key);
      values.add(summary == null ? null : summary.last());
    }
    return values;
  }

  // ---- for people

  private void print(List<Run> runs, Goals goals) {
    int idLength = RunIds.shortLength(runs);
    Table table = new Table(console(), "").column("", Table.Kind.TEXT);
    table.column("", Table.Kind.YIELDING).keep(runs.size() + 2);
    runs.forEach(run -> table.column(RunIds.shortened(run.id(), idLength), Table.Kind.YIELDING));
    fact(table, "name", runs, Run::name);
    fact(table, "experiment", runs, Run::experiment);
    fact(table, "status", runs, run -> run.status().name());
    fact(table, "start", runs, run -> Format.minute(run.startTime()));
    fact(table, "duration", runs, run -> run.duration().map(Format::duration).orElse(""));
    int params = printParams(table, runs);
    int metrics = printMetrics(table, runs, goals);
    table.print();
    console().line();
    String legend = DIFFERS + " differs";
    if (metrics > 0) {
      legend += "   " + best() + " best: highest for " + up() + ", lowest for " + down();
    }
    if (onlyDifferences && params + metrics == 0) {
      legend = "No param and no metric differs.";
    }
    console().line(console().styled(legend, Style.DIM));
  }

  private String best() {
    return console().isUnicode() ? "◀" : "<";
  }

  private String up() {
    return console().isUnicode() ? "↑" : "(max)";
  }

  private String down() {
    return console().isUnicode() ? "↓" : "(min)";
  }

  private static void fact(Table table, String name, List<Run> runs, Function<Run, String> value) {
    table.row().cell("").cell(name, Style.DIM);
    runs.forEach(run -> table.cell(value.apply(run)));
  }

  private static void section(Table table, String name) {
    table.row().row().cell("").cell(name, Style.BOLD);
  }

  private int printParams(Table table, List<Run> runs) {
    int rows = 0;
    for (String key : keys(runs, Run::params)) {
      List<@Nullable String> values = params(runs, key);
      boolean differs = differs(values);
      if (onlyDifferences && !differs) {
        continue;
      }
      if (rows++ == 0) {
        section(table, "params");
      }
      table.row().cell(differs ? DIFFERS : "", Style.YELLOW).cell(key);
      for (String value : values) {
        table.cell(value == null ? "-" : value, differs ? Style.YELLOW : Style.PLAIN);
      }
    }
    return rows;
  }

  private int printMetrics(Table table, List<Run> runs, Goals goals) {
    int rows = 0;
    for (String key : keys(runs, Run::metrics)) {
      List<@Nullable Double> values = metrics(runs, key);
      boolean differs = differs(values);
      if (onlyDifferences && !differs) {
        continue;
      }
      if (rows++ == 0) {
        section(table, "metrics");
      }
      Double best = differs ? goals.best(key, values) : null;
      table.row().cell(differs ? DIFFERS : "", Style.YELLOW);
      table.cell(key + " " + (goals.isLower(key) ? down() : up()));
      for (Double value : values) {
        boolean wins = best != null && best.equals(value);
        String text = value == null ? "-" : Format.number(value);
        table.cell(wins ? text + " " + best() : text, wins ? Style.GREEN : Style.PLAIN);
      }
    }
    return rows;
  }

  // ---- for programs

  private static Map<String, @Nullable Object> document(List<Run> runs, Goals goals) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    for (String key : keys(runs, Run::params)) {
      List<@Nullable String> values = params(runs, key);
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("differs", differs(values));
      row.put("values", new ArrayList<@Nullable Object>(values));
      params.put(key, row);
    }
    Map<String, @Nullable Object> metrics = new LinkedHashMap<>();
    for (String key : keys(runs, Run::metrics)) {
      List<@Nullable Double> values = metrics(runs, key);
      Double best = goals.best(key, values);
      List<@Nullable Object> winners = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        if (best != null && best.equals(values.get(i))) {
          winners.add(runs.get(i).id());
        }
      }
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("differs", differs(values));
      row.put("goal", goals.isLower(key) ? "lower" : "higher");
      row.put("best", winners);
      row.put("values", new ArrayList<@Nullable Object>(values));
      metrics.put(key, row);
    }
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("runs", runs.stream().map(CompareCommand::head).toList());
    document.put("params", params);
    document.put("metrics", metrics);
    return document;
  }

  private static Map<String, @Nullable Object> head(Run run) {
    Map<String, @Nullable Object> head = new LinkedHashMap<>();
    head.put("id", run.id());
    head.put("name", run.name());
    head.put("experiment", run.experiment());
    head.put("status", run.status().name());
    head.put("startTime", run.startTime().toEpochMilli());
    head.put("durationMillis", run.duration().map(Duration::toMillis).orElse(null));
    return head;
  }
}
