package io.plumbline.cli;

import io.plumbline.IntegrityException;
import io.plumbline.data.CsvReader;
import io.plumbline.internal.Printable;
import io.plumbline.internal.Threads;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.LiveModel;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code score REF IN OUT}: predictions for the rows of a CSV file. */
@Command(
    name = "score",
    description = {
      "Scores a CSV file, of any size and also gzipped: writes its columns and the model's outputs.",
      "What was interrupted is gone on with when it is called again with the same input and model."
    })
final class ScoreCommand extends RegistryCommand {
  private static final int MOST_THREADS = 1_024;

  @Parameters(
      index = "0",
      paramLabel = "REF",
      description = "Such as NAME/3, NAME@champion, NAME/latest or runs:/RUN_ID/MODEL.")
  private String ref = "";

  @Parameters(index = "1", paramLabel = "IN", description = "A CSV file with a header; or gzip.")
  private Path in = Path.of("");

  @Parameters(
      index = "2",
      paramLabel = "OUT",
      description = "The file to write, replaced when all is written.")
  private Path out = Path.of("");

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads predict. Default: the processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Override
  void check() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw wrongCall("--threads must be 1 to " + MOST_THREADS + ", not " + threads);
    }
    if (out.toString().toLowerCase(Locale.ROOT).endsWith(".gz")) {
      throw wrongCall("the output is not compressed: name it without .gz");
    }
    if (Files.isDirectory(out)) {
      throw wrongCall(Printable.quote(out.toString()) + " is a folder; name a file");
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw wrongCall("there is no folder for the output " + Printable.quote(out.toString()));
    }
  }

  @Override
  int work(ModelRegistry models) throws IOException, InterruptedException {
    if (!Files.isRegularFile(in)) {
      throw new IllegalArgumentException("there is no file " + Printable.quote(in.toString()));
    }
    if (Files.exists(out) && Files.isSameFile(in, out)) {
      throw wrongCall("the output is the input: name another file");
    }
    long began = System.nanoTime();
    ModelVersion version = resolve(ref);
    Optional<Signature> signature = models.fetch(version).model().signature();
    ScoreState start = ScoreState.start(version.digest(), in);
    Counted bytes = new Counted(Files.newInputStream(in));
    try (CsvReader csv = CsvReader.of(bytes, in.toString())) {
      ScoreInputs inputs = ScoreInputs.of(csv, in.toString(), signature, version);
      try (LiveModel model = Serving.open(models, version, threads);
          ScoreOutput output = ScoreOutput.open(out.toAbsolutePath(), start)) {
        tellOfEarlier(output, csv);
        score(model, inputs, output, csv, signature, bytes, start.inputSize());
        if (!start.isSameInput(ScoreState.start(version.digest(), in))) {
          throw new IntegrityException(
              Printable.quote(in.toString())
                  + " was changed while it was read; call again when it is complete");
        }
        output.finish();
        tell(version, output, Duration.ofNanos(System.nanoTime() - began));
      }
    }
    return Main.OK;
  }

  private void score(
      LiveModel model,
      ScoreInputs inputs,
      ScoreOutput output,
      CsvReader csv,
      Optional<Signature> signature,
      Counted bytes,
      long size)
      throws IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads, Threads.factory("score"));
    try (Progress progress = console().progress()) {
      ScoreJob job = new ScoreJob(model, inputs, output, pool, 2 * threads);
      job.run(
          csv.columns(),
          count -> names(csv.columns(), signature, count),
          () -> {
            String rows = "rows scored: " + Format.count(output.rows()) + "; bytes read:";
            progress.at(rows, bytes.count, size);
          });
    } finally {
      pool.shutdownNow();
    }
  }

  /** Where the input has a column of an output's name, such as the label, the output yields. */
  private static List<String> names(
      List<String> columns, Optional<Signature> signature, int count) {
    int outputs = count > 0 ? count : signature.map(s -> s.outputs().size()).orElse(0);
    List<String> names = new ArrayList<>();
    for (String name : Serving.outputs(signature, Math.max(1, outputs))) {
      String free = name;
      while (columns.contains(free) || names.contains(free)) {
        free += "_predicted";
      }
      names.add(free);
    }
    return names;
  }

  // ---- telling

  private void tellOfEarlier(ScoreOutput output, CsvReader csv) {
    if (!output.note().isEmpty()) {
      console()
          .error(
              "plumbline: an earlier call was interrupted, but "
                  + output.note()
                  + ": this one begins anew");
    }
    if (output.resumed() == 0) {
      return;
    }
    console()
        .error(
            "plumbline: going on after "
                + Format.count(output.resumed(), "row")
                + " of a call that was interrupted");
    for (long row = 0; row < output.resumed(); row++) {
      if (!csv.next()) {
        throw new IntegrityException(
            Printable.quote(in.toString())
                + " has fewer rows than an earlier call has scored; remove "
                + Printable.quote(out + ".part")
                + " and call again");
      }
    }
  }

  private void tell(ModelVersion version, ScoreOutput output, Duration took) {
    if (json()) {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      document.put("uri", version.uri());
      document.put("digest", version.digest());
      document.put("output", out.toAbsolutePath().toString());
      document.put("columns", output.outputs());
      document.put("rows", output.rows());
      document.put("resumedAfter", output.resumed());
      document.put("durationMillis", took.toMillis());
      printJson(document);
      return;
    }
    console()
        .line(
            "Scored "
                + Format.count(output.rows(), "row")
                + " with "
                + Cells.show(version.uri())
                + " in "
                + Format.duration(took)
                + "; added "
                + Printable.line(String.join(", ", output.outputs())));
  }

  /** Counts the bytes of the file as they are read. */
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
