package io.plumbline.internal.export;

import io.plumbline.internal.json.Json;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes runs, or the points of their metrics, as CSV or JSON lines. */
public final class RunExport {
  private static final List<String> FACTS =
      List.of(
          "run_id",
          "experiment",
          "name",
          "status",
          "start_time",
          "end_time",
          "duration_ms",
          "user",
          "parent_id");

  private RunExport() {}

  /** Writes one line for each run, with its params, last metrics and tags. */
  public static void runs(List<Run> runs, boolean csv, Writer out) throws IOException {
    if (csv) {
      writeCsv(runs, out);
      return;
    }
    for (Run run : runs) {
      out.write(Json.text(RunDocument.of(run)) + "\n");
    }
  }

  /**
   * Writes one line for each point of each metric.
   *
   * @param histories gives the history of a run's id and a metric's key
   * @param progress is told, now and then, how many points are written
   */
  public static void points(
      List<Run> runs,
      BiFunction<String, String, MetricHistory> histories,
      boolean csv,
      Writer out,
      LongConsumer progress)
      throws IOException {
    if (csv) {
      line(out, List.of("run_id", "key", "step", "value", "timestamp"));
    }
    long[] done = new long[1];
    try {
      for (Run run : runs) {
        for (String key : run.metrics().keySet()) {
          String head = csv ? run.id() + "," + cell(key) : head(run, key);
          histories
              .apply(run.id(), key)
              .forEach(
                  (value, step, time) -> {
                    if ((++done[0] & 0xFFFF) == 0) {
                      progress.accept(done[0]);
                    }
                    point(out, head, value, step, time, csv);
                  });
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Returns how many points {@link #points} will write, unless the runs go on. */
  public static long countPoints(List<Run> runs) {
    return runs.stream()
        .flatMap(run -> run.metrics().values().stream())
        .mapToLong(MetricSummary::count)
        .sum();
  }

  // ---- runs

  private static void writeCsv(List<Run> runs, Writer out) throws IOException {
    Set<String> params = keys(runs, Run::params);
    Set<String> metrics = keys(runs, Run::metrics);
    Set<String> tags = keys(runs, Run::tags);
    List<String> header = new ArrayList<>(FACTS);
    params.forEach(key -> header.add("params." + key));
    metrics.forEach(key -> header.add("metrics." + key));
    tags.forEach(key -> header.add("tags." + key));
    line(out, header);
    for (Run run : runs) {
      List<@Nullable String> cells = new ArrayList<>(facts(run));
      params.forEach(key -> cells.add(run.params().get(key)));
      metrics.forEach(
          key -> {
            var value = run.metric(key);
            cells.add(value.isPresent() ? Double.toString(value.getAsDouble()) : null);
          });
      tags.forEach(key -> cells.add(run.tags().get(key)));
      line(out, cells);
    }
  }

  private static Set<String> keys(List<Run> runs, Function<Run, Map<String, ?>> part) {
    Set<String> keys = new LinkedHashSet<>();
    runs.forEach(run -> keys.addAll(part.apply(run).keySet()));
    return keys;
  }

  private static List<@Nullable String> facts(Run run) {
    List<@Nullable String> facts = new ArrayList<>();
    facts.add(run.id());
    facts.add(run.experiment());
    facts.add(run.name());
    facts.add(run.status().name());
    facts.add(run.startTime().toString());
    facts.add(run.endTime().map(Instant::toString).orElse(null));
    facts.add(run.duration().map(Duration::toMillis).map(String::valueOf).orElse(null));
    facts.add(run.user());
    facts.add(run.parentId().orElse(null));
    return facts;
  }

  private static String head(Run run, String key) {
    Map<String, @Nullable Object> head = new LinkedHashMap<>();
    head.put("run_id", run.id());
    head.put("key", key);
    String text = Json.text(head);
    return text.substring(0, text.length() - 1);
  }

  private static void point(
      Writer out, String head, double value, long step, long time, boolean csv) {
    try {
      out.write(
          csv
              ? head + "," + step + "," + value + "," + time + "\n"
              : head
                  + ",\"step\":"
                  + step
                  + ",\"value\":"
                  + Json.text(value)
                  + ",\"timestamp\":"
                  + time
                  + "}\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- CSV as RFC 4180 has it

  private static void line(Writer out, List<? extends @Nullable String> cells) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(i == 0 ? "" : ",").append(cell(cells.get(i)));
    }
    out.write(line.append('\n').toString());
  }

  private static String cell(@Nullable String text) {
    if (text == null) {
      return "";
    }
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c < ' ');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
