package io.plumbline.cli;

import io.plumbline.IntegrityException;
import io.plumbline.internal.json.Json;
import io.plumbline.serving.LiveModel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/**
 * Scores a file: one thread reads and writes, in the file's order; others predict. No more than a
 * few batches for each thread are in memory.
 */
final class ScoreJob {
  private static final int BATCH = 1_000;

  private record Scored(int rows, String lines) {}

  private final LiveModel model;
  private final ScoreInputs inputs;
  private final ScoreOutput output;
  private final ExecutorService threads;
  private final int ahead;
  private final Deque<Future<Scored>> pending = new ArrayDeque<>();

  /**
   * Describes the work.
   *
   * @param threads predict; closed by the caller
   * @param ahead how many batches are read before the first of them is written
   */
  ScoreJob(
      LiveModel model, ScoreInputs inputs, ScoreOutput output, ExecutorService threads, int ahead) {
    this.model = model;
    this.inputs = inputs;
    this.output = output;
    this.threads = threads;
    this.ahead = ahead;
  }

  /**
   * Scores all rows that are left.
   *
   * @param columns the names of the input's columns
   * @param names gives the names of the outputs, when it is known how many there are
   * @param progress is told after each batch
   */
  void run(List<String> columns, IntFunction<List<String>> names, Runnable progress)
      throws IOException, InterruptedException {
    try {
      ScoreInputs.Batch batch = inputs.next(BATCH);
      if (output.outputs().isEmpty()) {
        List<String> outputs = names.apply(batch == null ? 0 : width(batch));
        List<String> header = new ArrayList<>(columns);
        header.addAll(outputs);
        StringBuilder line = new StringBuilder();
        header.forEach(name -> cell(line, name));
        output.header(outputs, endLine(line).toString());
      }
      int width = output.outputs().size();
      while (batch != null) {
        ScoreInputs.Batch next = batch;
        pending.addLast(threads.submit(() -> score(next, width)));
        if (pending.size() > ahead) {
          write(pending.removeFirst());
          progress.run();
        }
        batch = inputs.next(BATCH);
      }
      while (!pending.isEmpty()) {
        write(pending.removeFirst());
        progress.run();
      }
    } catch (IOException | RuntimeException e) {
      keepWhatIsScored(e);
      throw e;
    }
  }

  /** Whatever stops the work, what is scored before that stays for the next call. */
  private void keepWhatIsScored(Exception failure) throws InterruptedException {
    try {
      while (!pending.isEmpty()) {
        write(pending.removeFirst());
      }
    } catch (IOException | RuntimeException e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    }
    pending.forEach(future -> future.cancel(false));
    try {
      output.keep();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void write(Future<Scored> future) throws IOException, InterruptedException {
    try {
      Scored scored = future.get();
      output.rows(scored.rows(), scored.lines());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  // ---- on the threads that predict

  private int width(ScoreInputs.Batch batch) {
    return batch.hasText()
        ? predict(batch, 0).length
        : model.predict(Arrays.copyOf(batch.numbers(), inputs.width())).length;
  }

  private Scored score(ScoreInputs.Batch batch, int width) {
    double[] out = predictAll(batch, width);
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < batch.size(); row++) {
      for (String cell : batch.cells(row)) {
        cell(lines, cell);
      }
      for (int i = 0; i < width; i++) {
        lines.append(number(out[row * width + i])).append(',');
      }
      endLine(lines);
    }
    return new Scored(batch.size(), lines.toString());
  }

  private double[] predictAll(ScoreInputs.Batch batch, int width) {
    double[] out = new double[batch.size() * width];
    if (!batch.hasText()) {
      model.predictBatch(batch.numbers(), batch.size(), out);
      return out;
    }
    for (int row = 0; row < batch.size(); row++) {
      System.arraycopy(predict(batch, row), 0, out, row * width, width);
    }
    return out;
  }

  private double[] predict(ScoreInputs.Batch batch, int row) {
    try {
      return model.predict(batch.row(row));
    } catch (IllegalArgumentException e) {
      throw new IntegrityException(
          inputs.file()
              + ", row "
              + (row + 1)
              + " from line "
              + batch.firstLine()
              + " on: "
              + e.getMessage(),
          e);
    }
  }

  // ---- CSV as RFC 4180 has it

  private static void cell(StringBuilder line, String text) {
    boolean quoted = false;
    for (int i = 0; i < text.length() && !quoted; i++) {
      char c = text.charAt(i);
      quoted = c == ',' || c == '"' || c < ' ';
    }
    if (quoted) {
      line.append('"').append(text.replace("\"", "\"\"")).append('"');
    } else {
      line.append(text);
    }
    line.append(',');
  }

  /** The comma behind the last cell becomes the end of the line. */
  private static StringBuilder endLine(StringBuilder line) {
    line.setCharAt(line.length() - 1, '\n');
    return line;
  }

  /** The shortest form that reads back as the same number. */
  private static String number(double value) {
    return Double.isFinite(value) ? Json.text(value) : Double.toString(value);
  }
}
