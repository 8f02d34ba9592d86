package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.export.RunDocument;
import io.plumbline.internal.json.Json;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code metrics ID KEY}: the points of metrics, as curves on a terminal, else as lines. */
@Command(
    name = "metrics",
    description = {
      "Shows the history of metrics: on a terminal a chart of each, else one line for each point"
          + " (metric, step, value, time; tabs between).",
      "Without a KEY it lists the run's metrics."
    })
final class MetricsCommand extends StoreCommand {
  private static final int ROWS = 10;
  private static final int WIDEST = 110;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The run's id, the beginning of it (4 characters or more), or its name.")
  private String id = "";

  @Parameters(index = "1..*", paramLabel = "KEY", description = "The metrics' names.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = {"-w", "--width"},
      paramLabel = "CELLS",
      description = "The width of the chart; draws one also where there is no terminal.")
  private int width;

  @Option(
      names = {"-p", "--points"},
      paramLabel = "N",
      description =
          "Print the points, at most so many of each metric: those that keep the curve's look; 0"
              + " for all.")
  private int points = -1;

  @Override
  public Integer call() {
    if (width != 0 && (width < 20 || width > 1_000)) {
      throw wrongCall("--width must be between 20 and 1000, not " + width);
    }
    if (points == 1 || points < -1) {
      throw wrongCall("--points must be 0, for all, or at least 2, not " + points);
    }
    Run run = RunIds.find(view(), id);
    List<String> wanted = keys.isEmpty() ? List.copyOf(run.metrics().keySet()) : keys;
    wanted.forEach(key -> summary(run, key));
    if (json()) {
      printJson(run, wanted);
    } else if (points >= 0 || !console().isTerminal() && width == 0) {
      wanted.forEach(key -> printPoints(run, key));
    } else {
      printCharts(run, wanted);
    }
    return Main.OK;
  }

  private static MetricSummary summary(Run run, String key) {
    MetricSummary summary = run.metrics().get(key);
    if (summary == null) {
      throw new NotFoundException(
          "run "
              + run.id()
              + " has no metric "
              + Printable.quote(key)
              + (run.metrics().isEmpty() ? "" : "; it has " + run.metrics().keySet()));
    }
    return summary;
  }

  private void forEach(Run run, String key, MetricHistory.PointConsumer consumer) {
    MetricHistory history = view().history(run.id(), key);
    if (points > 0) {
      for (Metric point : history.sample(points)) {
        consumer.accept(point.value(), point.step(), point.timestamp());
      }
    } else {
      history.forEach(consumer);
    }
  }

  private void printPoints(Run run, String key) {
    String shown = Cells.show(key);
    forEach(
        run,
        key,
        (value, step, time) ->
            console().line(shown + "\t" + step + "\t" + value + "\t" + Instant.ofEpochMilli(time)));
  }

  /** Written as it is read: a history may be larger than memory. */
  private void printJson(Run run, List<String> wanted) {
    console().print("{\"run\":" + Json.text(run.id()) + ",\"metrics\":[");
    String before = "\n";
    for (String key : wanted) {
      console().print(before + "{\"key\":" + Json.text(key) + ",\"summary\":");
      console().print(Json.text(RunDocument.metric(summary(run, key))) + ",\"points\":[");
      String[] between = {"\n"};
      forEach(
          run,
          key,
          (value, step, time) -> {
            console().print(between[0] + "[" + step + "," + Json.text(value) + "," + time + "]");
            between[0] = ",\n";
          });
      console().print("]}");
      before = ",\n";
    }
    console().line("]}");
  }

  private void printCharts(Run run, List<String> wanted) {
    int cells = width > 0 ? width : Math.min(console().width(), WIDEST);
    boolean first = true;
    for (String key : wanted) {
      if (!first) {
        console().line();
      }
      first = false;
      MetricSummary s = summary(run, key);
      console().line(console().styled(Cells.show(key), Style.BOLD));
      console()
          .line(
              "last "
                  + Format.number(s.last())
                  + " at step "
                  + s.lastStep()
                  + ", min "
                  + Format.number(s.min())
                  + ", max "
                  + Format.number(s.max())
                  + ", "
                  + Format.count(s.count(), "point"));
      List<Metric> sample = view().history(run.id(), key).sample(4 * cells);
      if (sample.size() > 1) {
        for (String line : Chart.lines(sample, cells, ROWS, console().isUnicode())) {
          console().line(line);
        }
      }
    }
  }
}
