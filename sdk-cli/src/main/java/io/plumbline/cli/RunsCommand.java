package io.plumbline.cli;

import io.plumbline.internal.export.RunDocument;
import io.plumbline.model.Run;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code runs}: the table of runs. */
@Command(
    name = "runs",
    description =
        "Lists runs: the newest first, with the metrics that most of them have and the"
            + " params by which they differ.")
final class RunsCommand extends StoreCommand {
  private static final int USUAL = 50;

  @Mixin private Selection selection = new Selection();

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "At most so many runs; 0 for all. Default: 50 in a table, all with --json.")
  private int limit = -1;

  @Option(
      names = {"-c", "--columns"},
      paramLabel = "NAME",
      split = ",",
      description =
          "These columns: id, experiment, name, status, start, end, duration, user, parent, group,"
              + " note, metrics.KEY, params.KEY, tags.KEY.")
  private List<String> columns = new ArrayList<>();

  @Override
  public Integer call() {
    int most = limit >= 0 ? limit : json() ? 0 : USUAL;
    List<Run> runs = selection.find(view(), most == 0 ? null : most + 1);
    boolean more = most > 0 && runs.size() > most;
    List<Run> shown = more ? runs.subList(0, most) : runs;
    if (json()) {
      printJson(shown.stream().map(RunDocument::of).toList());
    } else if (shown.isEmpty()) {
      console()
          .line("No runs" + (selection.deleted() ? " are deleted" : "") + " in " + view().root());
    } else {
      print(shown);
      if (more) {
        console().line(dim("There are more; --limit 0 shows all."));
      }
    }
    tellOfDead(view().deadWriters());
    return Main.OK;
  }

  private String dim(String text) {
    return console().styled(text, Style.DIM);
  }

  private void print(List<Run> runs) {
    int idLength = RunIds.shortLength(runs);
    Table table = new Table(console(), "");
    List<RunColumn> shown = columns(runs, idLength);
    shown.forEach(column -> column.addTo(table));
    if (columns.isEmpty()) {
      table.keep(3);
    }
    for (Run run : runs) {
      table.row();
      shown.forEach(column -> column.addTo(table, run));
    }
    table.print("column", "widen the terminal, or choose some with --columns");
  }

  private List<RunColumn> columns(List<Run> runs, int idLength) {
    List<RunColumn> found = new ArrayList<>();
    for (String name : columns.isEmpty() ? RunColumn.sensible(runs) : columns) {
      RunColumn column = RunColumn.named(name.trim(), idLength);
      if (column == null) {
        throw wrongCall(
            "there is no column '"
                + name
                + "'; there are "
                + String.join(", ", RunColumn.NAMES)
                + ", metrics.KEY, params.KEY and tags.KEY");
      }
      found.add(column);
    }
    return found;
  }
}
