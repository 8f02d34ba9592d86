package io.plumbline.cli;

import io.plumbline.internal.export.RunExport;
import io.plumbline.model.Run;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
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
    if (!points) {
      RunExport.runs(runs, csv, out);
      return;
    }
    long total = RunExport.countPoints(runs);
    try (Progress progress = output.equals("-") ? Progress.NONE : console().progress()) {
      RunExport.points(
          runs, view()::history, csv, out, done -> progress.at("points written:", done, total));
    }
  }
}
