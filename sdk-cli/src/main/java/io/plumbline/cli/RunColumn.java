package io.plumbline.cli;

import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A column of a table of runs. */
final class RunColumn {
  /** The names of the columns that are no metric, param or tag. */
  static final List<String> NAMES =
      List.of(
          "id",
          "experiment",
          "name",
          "status",
          "start",
          "end",
          "duration",
          "user",
          "parent",
          "group",
          "note");

  private static final int MOST_METRICS = 4;
  private static final int MOST_PARAMS = 4;

  private final String header;
  private final Table.Kind kind;
  private final Function<Run, String> value;

  private RunColumn(String header, Table.Kind kind, Function<Run, String> value) {
    this.header = header;
    this.kind = kind;
    this.value = value;
  }

  /**
   * Returns the column of that name.
   *
   * @param idLength how many characters of an id are shown
   * @return null if there is no such column
   */
  static @Nullable RunColumn named(String name, int idLength) {
    int dot = name.indexOf('.');
    String key = name.substring(dot + 1);
    if (dot > 0 && !key.isEmpty()) {
      return switch (name.substring(0, dot)) {
        case "metrics", "metric" -> metric(key);
        case "params", "param" ->
            new RunColumn(key, Table.Kind.YIELDING, run -> run.params().getOrDefault(key, ""));
        case "tags", "tag" ->
            new RunColumn(key, Table.Kind.YIELDING, run -> run.tags().getOrDefault(key, ""));
        default -> null;
      };
    }
    return switch (name) {
      case "id" -> text(name, run -> RunIds.shortened(run.id(), idLength));
      case "experiment" -> new RunColumn(name, Table.Kind.YIELDING, Run::experiment);
      case "name" -> new RunColumn(name, Table.Kind.YIELDING, Run::name);
      case "status" -> text(name, run -> run.status().name());
      case "start" -> text(name, run -> Format.minute(run.startTime()));
      case "end" -> text(name, run -> run.endTime().map(Format::minute).orElse(""));
      case "duration" ->
          new RunColumn(
              name, Table.Kind.NUMBER, run -> run.duration().map(Format::duration).orElse(""));
      case "user" -> text(name, Run::user);
      case "parent" ->
          text(name, run -> run.parentId().map(id -> RunIds.shortened(id, idLength)).orElse(""));
      case "group" -> new RunColumn(name, Table.Kind.YIELDING, run -> run.group().orElse(""));
      case "note" -> new RunColumn(name, Table.Kind.YIELDING, run -> run.note().orElse(""));
      default -> null;
    };
  }

  private static RunColumn text(String name, Function<Run, String> value) {
    return new RunColumn(name, Table.Kind.TEXT, value);
  }

  private static RunColumn metric(String key) {
    return new RunColumn(
        key,
        Table.Kind.NUMBER,
        run -> {
          MetricSummary summary = run.metrics().get(key);
          return summary == null ? "" : Format.number(summary.last());
        });
  }

  /** Returns the names of the columns that say most about these runs. */
  static List<String> sensible(List<Run> runs) {
    List<String> names = new ArrayList<>(List.of("id"));
    if (runs.stream().map(Run::experiment).distinct().count() > 1) {
      names.add("experiment");
    }
    names.addAll(List.of("name", "status", "start", "duration"));
    commonMetrics(runs, MOST_METRICS).forEach(key -> names.add("metrics." + key));
    varyingParams(runs, MOST_PARAMS).forEach(key -> names.add("params." + key));
    return names;
  }

  /** The metrics that most runs have. */
  static List<String> commonMetrics(List<Run> runs, int most) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    runs.forEach(run -> run.metrics().keySet().forEach(key -> counts.merge(key, 1, Integer::sum)));
    return mostFrequent(counts, most);
  }

  /**
   * The params by which the runs differ; one run has nothing to differ from and shows its first.
   */
  static List<String> varyingParams(List<Run> runs, int most) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (Run run : runs) {
      run.params()
          .forEach(
              (key, value) -> {
                counts.merge(key, 1, Integer::sum);
                values.computeIfAbsent(key, k -> new HashSet<>()).add(value);
              });
    }
    if (runs.size() > 1) {
      counts.keySet().removeIf(key -> values.getOrDefault(key, Set.of()).size() < 2);
    }
    return mostFrequent(counts, most);
  }

  private static List<String> mostFrequent(Map<String, Integer> counts, int most) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  void addTo(Table table) {
    table.column(header, kind);
  }

  void addTo(Table table, Run run) {
    Style style = header.equals("status") ? style(run.status()) : Style.PLAIN;
    table.cell(value.apply(run), style);
  }

  static Style style(RunStatus status) {
    return switch (status) {
      case FINISHED -> Style.GREEN;
      case FAILED, LOST -> Style.RED;
      case KILLED -> Style.YELLOW;
      case RUNNING -> Style.CYAN;
      case SCHEDULED, UNKNOWN -> Style.DIM;
    };
  }
}
