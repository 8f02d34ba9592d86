package io.plumbline.cli;

import io.plumbline.ConfigException;
import io.plumbline.NotFoundException;
import io.plumbline.drift.internal.ship.PartShipper;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.Keys;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.internal.Registries;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.serving.internal.capture.VersionHomes;
import io.plumbline.spi.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code log ship}: ships what no program has shipped. */
@Command(
    name = "ship",
    description = {
      "Ships the closed parts of a prediction log that were not shipped yet: each becomes an artifact"
          + " of the run of its version. A program that ships its log does it, too.",
      "Exits with 1 if a part can't be shipped."
    })
final class LogShipCommand extends RegistryCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      description = "The log's folder. Default: the folder predictions of the store.")
  private @Nullable Path path;

  private final List<Map<String, @Nullable Object>> refused = new ArrayList<>();
  private long shipped;
  private long bytes;

  @Override
  int work(ModelRegistry models) throws IOException {
    Path log = path == null ? models.store().resolve(PredictionLogger.FOLDER) : path;
    if (!Files.isDirectory(log)) {
      throw new NotFoundException("there is no prediction log " + log);
    }
    PartShipper shipper = new PartShipper(log, new VersionHomes(models, Time.SYSTEM), Time.SYSTEM);
    List<Path> waiting = shipper.waiting();
    boolean ours = waiting.isEmpty() || ship(shipper, waiting, models);
    if (json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("shipped", shipped);
      json.put("bytes", bytes);
      json.put("refused", refused);
      printJson(json);
    } else {
      refused.forEach(
          part ->
              console()
                  .line("Refused " + Cells.show(part.get("file") + ": " + part.get("problem"))));
      console()
          .line(
              ours
                  ? "Shipped " + Format.count(shipped, "part") + " (" + Format.bytes(bytes) + ")"
                  : "Another program ships this log just now.");
    }
    return refused.isEmpty() ? Main.OK : Main.WRONG;
  }

  private boolean ship(PartShipper shipper, List<Path> waiting, ModelRegistry models)
      throws IOException {
    try (Backend runs = Registries.runs(models).orElseThrow(LogShipCommand::disabled).get()) {
      return shipper.ship(waiting, runs.runs(), new Told(), () -> true);
    }
  }

  private static ConfigException disabled() {
    return new ConfigException(
        Keys.ENABLED.property(), "the configuration", "tracking is disabled", "true, to ship logs");
  }

  /** Counts. */
  private final class Told implements PartShipper.Listener {
    @Override
    public void shipped(Path part, long size) {
      shipped++;
      bytes += size;
    }

    @Override
    public void refused(Path part, String why) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("file", part.toString());
      json.put("problem", why);
      refused.add(json);
    }

    @Override
    public void gone(Path part) {
      // Somebody else has shipped it, or the disk budget was faster.
    }
  }
}
