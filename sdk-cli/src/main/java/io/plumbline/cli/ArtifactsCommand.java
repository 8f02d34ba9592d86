package io.plumbline.cli;

import io.plumbline.NotFoundException;
import io.plumbline.internal.Printable;
import io.plumbline.internal.export.RunDocument;
import io.plumbline.model.Artifact;
import io.plumbline.model.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code artifacts ID [PATH]}: lists, prints and copies the files of a run. */
@Command(
    name = "artifacts",
    description = "Lists the files of a run, prints one, or copies some into a folder.")
final class ArtifactsCommand extends StoreCommand {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The run's id, the beginning of it (4 characters or more), or its name.")
  private String id = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A file or folder of the run; all without it.")
  private String path = "";

  @Option(
      names = {"-d", "--download"},
      paramLabel = "DIR",
      description = "Copy into this folder, and check every digest.")
  private @Nullable Path download;

  @Option(names = "--cat", description = "Print the file as it is.")
  private boolean cat;

  @Override
  public Integer call() {
    if (cat && (path.isEmpty() || download != null)) {
      throw wrongCall("--cat prints one file: name its PATH, without --download");
    }
    Run run = RunIds.find(view(), id);
    String wanted = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    if (cat) {
      print(run, wanted);
    } else if (download != null) {
      download(run, wanted, download);
    } else {
      list(run, wanted);
    }
    return Main.OK;
  }

  private void print(Run run, String wanted) {
    OutputStream out = console().bytes();
    try (InputStream in = view().artifacts().open(run.id(), wanted)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        write(out, buffer, n);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int n) {
    try {
      out.write(buffer, 0, n);
    } catch (IOException e) {
      throw new Console.OutputException(e);
    }
  }

  private void download(Run run, String wanted, Path folder) {
    List<Artifact> files = below(run, wanted);
    Path place = view().artifacts().download(run.id(), wanted, folder);
    if (json()) {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      document.put("run", run.id());
      document.put("path", place.toAbsolutePath().toString());
      document.put("files", (long) files.size());
      document.put("bytes", bytes(files));
      printJson(document);
    } else {
      console()
          .line(
              "Copied "
                  + Format.count(files.size(), "file")
                  + ", "
                  + Format.bytes(bytes(files))
                  + ", to "
                  + Cells.show(place.toString()));
    }
  }

  private static long bytes(List<Artifact> files) {
    return files.stream().mapToLong(Artifact::size).sum();
  }

  private List<Artifact> below(Run run, String wanted) {
    List<Artifact> files =
        view().files(run.id()).stream()
            .filter(
                file ->
                    wanted.isEmpty()
                        || file.path().equals(wanted)
                        || file.path().startsWith(wanted + "/"))
            .toList();
    if (files.isEmpty() && !wanted.isEmpty()) {
      throw new NotFoundException(
          "run " + run.id() + " has no artifact " + Printable.quote(wanted));
    }
    return files;
  }

  private void list(Run run, String wanted) {
    List<Artifact> files = below(run, wanted);
    if (json()) {
      printJson(RunDocument.artifacts(files));
      return;
    }
    if (files.isEmpty()) {
      console().line("Run " + Cells.show(run.id()) + " has no artifacts");
      return;
    }
    Table table =
        new Table(console(), "")
            .column("path", Table.Kind.YIELDING)
            .column("size", Table.Kind.NUMBER)
            .column("sha256", Table.Kind.TEXT)
            .keep(2);
    for (Artifact file : files) {
      table.row().cell(file.path()).cell(Format.bytes(file.size()));
      table.cell(String.valueOf(file.sha256()));
    }
    table.print();
  }
}
