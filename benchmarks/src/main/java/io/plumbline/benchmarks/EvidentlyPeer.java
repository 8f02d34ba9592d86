package io.plumbline.benchmarks;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Evidently in a process of its own that keeps its data in memory and runs its preset on request.
 */
final class EvidentlyPeer implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private JsonObject scores = JsonObject.of(new java.util.LinkedHashMap<>(), "scores");

  EvidentlyPeer(String python, String... arguments) throws IOException {
    String script =
        Path.of(System.getProperty("bench.root", "."), "benchmarks", "peers", "evidently_drift.py")
            .toString();
    java.util.List<String> command = new java.util.ArrayList<>();
    command.add(python);
    command.add(script);
    command.addAll(java.util.List.of(arguments));
    this.process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    answer("ready");
  }

  /** Runs the preset once; returns its seconds. */
  double run() throws IOException {
    in.write("run\n");
    in.flush();
    scores = Json.object(answer("scores "), "scores");
    return Double.parseDouble(answer("seconds "));
  }

  /** The scores of the last run, by column. */
  JsonObject scores() {
    return scores;
  }

  /** Ends the process; returns the most memory that it ever had, in bytes. */
  long end() throws IOException {
    in.close();
    return 1024L * Long.parseLong(answer("peak "));
  }

  private String answer(String start) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(start)) {
        return line.substring(start.length()).strip();
      }
    }
    throw new IllegalStateException("Evidently's process ended without \"" + start + "\"");
  }

  @Override
  public void close() throws IOException {
    in.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
