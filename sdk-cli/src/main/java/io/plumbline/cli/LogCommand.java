package io.plumbline.cli;

import io.plumbline.drift.WindowStore;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFileReport;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogRepair;
import io.plumbline.drift.log.LogVerify;
import io.plumbline.drift.log.PredictionLogReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code log}: show, verify and repair a prediction log. */
@Command(
    name = "log",
    description = "Shows, verifies, repairs and ships a prediction log.",
    synopsisSubcommandLabel = "COMMAND")
final class LogCommand extends StoreCommand {
  @Override
  public Integer call() {
    throw wrongCall("Name what to do: show, verify, repair or ship");
  }

  private static Map<String, @Nullable Object> json(LogFileReport report) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("file", report.path().toString());
    json.put("rows", report.rows());
    json.put("bytes", report.bytes());
    json.put("problem", report.isSound() ? null : report.problem());
    return json;
  }

  /** {@code log show}: the first rows. */
  @Command(
      name = "show",
      description = {
        "Prints rows of a prediction log, or of another file in Arrow's formats or of JSON lines.",
        "Without --columns it leaves out the columns that are empty in all rows that it prints."
      })
  static final class Show extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "A log's folder, or a file.")
    private Path path = Path.of("");

    @Option(names = "--rows", paramLabel = "N", description = "How many rows. Default: 10.")
    private int rows = 10;

    @Option(
        names = {"-c", "--columns"},
        paramLabel = "NAME",
        split = ",",
        description = "Which columns, in this order.")
    private List<String> columns = List.of();

    @Option(names = "--open", description = "Also rows of parts that are still written to.")
    private boolean open;

    @Override
    public Integer call() {
      if (rows < 1) {
        throw wrongCall("--rows must be 1 or more, not " + rows);
      }
      LogFilter filter = LogFilter.ALL.withColumns(columns);
      List<Map<String, @Nullable Object>> found = new ArrayList<>();
      Map<String, Boolean> names = new LinkedHashMap<>();
      columns.forEach(name -> names.put(name, false));
      try (PredictionLogReader reader =
          PredictionLogReader.open(path, open ? filter.withOpenParts() : filter)) {
        for (LogBatch batch = reader.next(); batch != null && found.size() < rows; ) {
          add(batch, found, names);
          batch = reader.next();
        }
      }
      if (!found.isEmpty()) {
        requireKnown(names);
      }
      if (json()) {
        printJson(found);
      } else {
        print(found, names);
      }
      return Main.OK;
    }

    private void add(
        LogBatch batch, List<Map<String, @Nullable Object>> found, Map<String, Boolean> names) {
      int first = found.size();
      int n = Math.min(batch.rows(), rows - first);
      for (int i = 0; i < n; i++) {
        found.add(new LinkedHashMap<>());
      }
      for (String name : columns.isEmpty() ? batch.columns() : columns) {
        if (!batch.has(name)) {
          continue;
        }
        names.put(name, true);
        List<@Nullable Object> values = LogValues.first(batch, name, n);
        for (int i = 0; i < n; i++) {
          found.get(first + i).put(name, values.get(i));
        }
      }
    }

    private void requireKnown(Map<String, Boolean> names) {
      names.forEach(
          (name, known) -> {
            if (!known) {
              throw wrongCall("there is no column '" + Cells.show(name) + "' in " + path);
            }
          });
    }

    private void print(List<Map<String, @Nullable Object>> found, Map<String, Boolean> names) {
      if (found.isEmpty()) {
        console().line("No rows in " + Cells.show(path.toString()));
        return;
      }
      Table table = new Table(console(), "");
      List<String> shown = new ArrayList<>();
      for (String name : names.keySet()) {
        if (!columns.isEmpty() || found.stream().anyMatch(row -> row.get(name) != null)) {
          shown.add(name);
          boolean number = found.stream().anyMatch(row -> row.get(name) instanceof Number);
          table.column(name, number ? Table.Kind.NUMBER : Table.Kind.YIELDING);
        }
      }
      table.keep(1);
      for (Map<String, @Nullable Object> row : found) {
        table.row();
        for (String name : shown) {
          table.cell(LogValues.text(row.get(name)));
        }
      }
      table.print();
    }
  }

  /** {@code log verify}: reads everything. */
  @Command(
      name = "verify",
      description = {
        "Reads every value and every checksum, and the counts of windows, and names the files that"
            + " are damaged.",
        "Exits with 1 if one is."
      })
  static final class Verify extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "A log's folder, or a file.")
    private Path path = Path.of("");

    @Override
    public Integer call() {
      List<LogFileReport> reports = LogVerify.verify(path, LogFilter.ALL);
      List<LogFileReport> windows = WindowStore.of(path).verify();
      boolean sound =
          Stream.concat(reports.stream(), windows.stream()).allMatch(LogFileReport::isSound);
      if (json()) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sound", sound);
        json.put("files", reports.stream().map(LogCommand::json).toList());
        json.put("windows", windows.stream().map(LogCommand::json).toList());
        printJson(json);
      } else {
        print(reports, windows, sound);
      }
      return sound ? Main.OK : Main.WRONG;
    }

    private void print(List<LogFileReport> reports, List<LogFileReport> windows, boolean sound) {
      Console console = console();
      long rows = 0;
      long bytes = 0;
      for (LogFileReport report : reports) {
        rows += report.rows();
        bytes += report.bytes();
      }
      Stream.concat(reports.stream(), windows.stream())
          .filter(report -> !report.isSound())
          .forEach(
              report ->
                  console.line(
                      console.styled("damaged  ", Style.RED) + Cells.show(report.problem())));
      console.line(
          Format.count(reports.size(), "file")
              + " with "
              + Format.count(rows, "row")
              + " ("
              + Format.bytes(bytes)
              + (windows.isEmpty()
                  ? ")"
                  : ") and " + Format.count(windows.size(), "window") + " of counts")
              + " read"
              + console.styled(
                  sound ? "; nothing is damaged" : "", sound ? Style.GREEN : Style.RED));
    }
  }

  /** {@code log repair}: completes what dead writers have left. */
  @Command(
      name = "repair",
      description = {
        "Completes the parts that dead writers have left behind: what they hold up to the last"
            + " complete batch is kept. A program that opens the log for writing does it, too.",
        "Parts of programs that run are left alone. Exits with 1 if a part can't be repaired."
      })
  static final class Repair extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "A log's folder, or an open part.")
    private Path path = Path.of("");

    @Override
    public Integer call() {
      Map<Path, String> left = new LinkedHashMap<>();
      List<LogFileReport> reports = LogRepair.repair(path, left::put);
      if (json()) {
        printJson(document(reports, left));
      } else {
        for (LogFileReport report : reports) {
          String file = Cells.show(report.path().toString());
          console()
              .line(
                  report.isSound()
                      ? "Completed " + file + " (" + Format.bytes(report.bytes()) + ")"
                      : "Damaged   " + file + ": " + Cells.show(report.problem()));
        }
        left.forEach(
            (part, why) ->
                console().line("Left alone " + Cells.show(part + ": ") + Cells.show(why)));
        if (reports.isEmpty()) {
          console().line(left.isEmpty() ? "Nothing to repair." : "Nothing else to repair.");
        }
      }
      return reports.stream().allMatch(LogFileReport::isSound) ? Main.OK : Main.WRONG;
    }

    private static List<@Nullable Object> document(
        List<LogFileReport> reports, Map<Path, String> left) {
      List<@Nullable Object> document = new ArrayList<>();
      reports.forEach(report -> document.add(LogCommand.json(report)));
      left.forEach(
          (part, why) -> {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("file", part.toString());
            json.put("leftAlone", why);
            document.add(json);
          });
      return document;
    }
  }
}
