package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.tracking.TrackingClient;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls the command line in this process, on one store, and keeps what it says. */
final class Cli {
  private final Path store;
  private int width = Integer.MAX_VALUE;
  private boolean terminal;
  private boolean colour;

  Cli(Path store) {
    this.store = store;
  }

  /** What a call has said. */
  record Answer(int code, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }

    JsonObject json() {
      return Json.object(out, "the answer");
    }

    List<JsonObject> jsonList() {
      List<JsonObject> all = new ArrayList<>();
      for (Object item : JsonObject.toList(Json.parse(out), "the answer")) {
        all.add(JsonObject.of(item, "item"));
      }
      return all;
    }
  }

  /** From now on, a terminal of that width. */
  Cli terminal(int cells) {
    width = cells;
    terminal = true;
    return this;
  }

  /** From now on, with colours. */
  Cli coloured() {
    colour = true;
    return this;
  }

  Answer run(String... args) {
    List<String> all = new ArrayList<>(List.of("--store", store.toString()));
    all.addAll(List.of(args));
    return runConfigured(all.toArray(String[]::new));
  }

  /** Calls it without naming the store: the configuration finds it. */
  Answer runConfigured(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    Console console = new Console(out, StandardCharsets.UTF_8, err, terminal, false, colour, width);
    int code = Main.run(console, args);
    return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString());
  }

  TrackingClient open() {
    return TrackingClient.create(Config.builder().isolated().store(store).build());
  }

  /** Makes two runs in one experiment and one in another; returns their ids. */
  static List<String> fill(TrackingClient tracking) {
    List<String> ids = new ArrayList<>();
    for (int depth : new int[] {3, 6}) {
      tracking.run(
          "flights",
          io.plumbline.tracking.RunOptions.named("depth " + depth),
          run -> {
            ids.add(run.id());
            run.logParams(Map.of("depth", depth));
            run.logParam("objective", "binary");
            for (int step = 0; step < 100; step++) {
              run.logMetric("auc", 0.5 + step * depth / 1_000.0, step);
              run.logMetric("loss", 1.0 / (step + depth), step);
            }
            run.setTag("team", "ops");
            run.logText("feature,gain\ndistance," + depth + "\n", "report/gain.csv");
          });
    }
    tracking.run(
        "other",
        io.plumbline.tracking.RunOptions.named("alone"),
        run -> {
          ids.add(run.id());
          run.logMetric("auc", Double.NaN, 0);
        });
    return ids;
  }
}
