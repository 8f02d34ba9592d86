package io.plumbline.cli;

import io.plumbline.internal.json.Json;
import io.plumbline.model.Run;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code export}: runs, or the points of their metrics, as CSV or JSON lines. */
@Command(
    name = "export",
    description = {
      "Writes runs as CSV or JSON lines: one line for each run with its params, last metrics and"
          + " tags; or, with --metrics, one line for each point of each metric."
    })
final class ExportCommand extends StoreCommand {
  /** The forms of an export. */
  enum Form {
    CSV,
    JSONL
  }

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

  @Mixin private Selection selection = new Selection();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv or jsonl. Default: csv, or jsonl with --json.")
  private @Nullable Form form;

  @Option(
      names = "--metrics",
      description = "The full histories: a line for each point, with run, key, step, value, time.")
  private boolean points;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "At most so many runs; 0, the default, for all.")
  private int limit;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "The file to write, replaced when all is written; - for standard output.")
  private String output = "-";

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      throw wrongCall("--limit must not be negative, and is " + limit);
    }
    List<Run> runs = selection.find(view(), limit == 0 ? null : limit);
    if (output.equals("-")) {
      try {
        write(runs, console().writer());
      } catch (IOException e) {
        throw new Console.OutputException(e);
      } catch (UncheckedIOException e) {
        throw new Console.OutputException(new IOException(e.getCause()));
      }
    } else {
      writeFile(runs, Path.of(output).toAbsolutePath());
    }
    return Main.OK;
  }

  private void writeFile(List<Run> runs, Path file) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
        write(runs, out);
      }
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
    console().error("plumbline: " + Format.count(runs.size(), "run") + " written to " + output);
  }

  private void write(List<Run> runs, Writer out) throws IOException {
    boolean csv = form == null ? !json() : form == Form.CSV;
    try (Progress progress = output.equals("-") ? Progress.NONE : console().progress()) {
      if (points) {
        writePoints(runs, out, csv, progress);
      } else if (csv) {
        writeCsv(runs, out);
      } else {
        for (Run run : runs) {
          out.write(Json.text(RunDocument.of(run)) + "\n");
        }
      }
    }
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

  // ---- points

  private void writePoints(List<Run> runs, Writer out, boolean csv, Progress progress)
      throws IOException {
    if (csv) {
      line(out, List.of("run_id", "key", "step", "value", "timestamp"));
    }
    long total =
        runs.stream()
            .flatMap(run -> run.metrics().values().stream())
            .mapToLong(summary -> summary.count())
            .sum();
    long[] done = new long[1];
    for (Run run : runs) {
      for (String key : run.metrics().keySet()) {
        String head = csv ? run.id() + "," + cell(key) : head(run, key);
        view()
            .history(run.id(), key)
            .forEach(
                (value, step, time) -> {
                  if ((++done[0] & 0xFFFF) == 0) {
                    progress.at("points written:", done[0], total);
                  }
                  point(out, head, value, step, time, csv);
                });
      }
    }
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
