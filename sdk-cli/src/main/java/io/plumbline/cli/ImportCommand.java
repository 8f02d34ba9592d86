package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.ConflictException;
import io.plumbline.StoreException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.FileLocks;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.config.StoreUri;
import io.plumbline.internal.copy.StoreCopy;
import io.plumbline.internal.spi.Providers;
import io.plumbline.internal.store.EmbeddedStore;
import io.plumbline.spi.Backend;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import}: what others keep, copied into the store. */
@Command(
    name = "import",
    description = "Copies runs and models from elsewhere into the store.",
    synopsisSubcommandLabel = "COMMAND")
final class ImportCommand extends StoreCommand {
  private static final int LISTED = 20;

  @Override
  public Integer call() {
    throw wrongCall("Name where from: mlflow");
  }

  /** {@code import mlflow}: from a running server. */
  @Command(
      name = "mlflow",
      description = {
        "Copies experiments, runs, models and registered models from an MLflow server into the"
            + " store.",
        "May be stopped and repeated: what is there is not copied again. The credentials are those"
            + " of the configuration (MLFLOW_TRACKING_TOKEN and so on)."
      })
  static final class Mlflow extends StoreCommand {
    private static final Duration CLOSE = Duration.ofSeconds(30);

    @Parameters(
        arity = "0..1",
        paramLabel = "URI",
        description = "The server's address; by default the one that is configured.")
    private @Nullable String uri;

    @Option(
        names = {"-e", "--experiment"},
        paramLabel = "NAME",
        description = "Only this experiment, by name; may be given several times.")
    private List<String> experiments = new ArrayList<>();

    @Option(
        names = "--models",
        paramLabel = "NAME",
        description = "Only this registered model; may be given several times.")
    private List<String> models = new ArrayList<>();

    @Option(
        names = "--deleted",
        description = "Also what is deleted there; it is deleted here, too.")
    private boolean deleted;

    @Option(
        names = "--recheck",
        description =
            "Compare all points and files, also of runs that look as they did at the last import.")
    private boolean recheck;

    @Override
    public Integer call() throws IOException {
      Config config = main().config(uri);
      StoreUri server = config.get(Keys.TRACKING_URI);
      if (server.remote() == null) {
        throw wrongCall("name the server's address, such as http://127.0.0.1:5000");
      }
      EmbeddedStore store = EmbeddedStore.open(config.store(), Engine.journalOptions(config));
      boolean closed = false;
      StoreCopy.Report report;
      try (FileChannel lock = lock(store.root());
          Backend backend = Providers.open(config, Keys.TRACKING_URI);
          Progress progress = console().progress()) {
        report =
            new StoreCopy(backend, server.toString(), config.get(ServerKeys.RETRIES), store)
                .experiments(experiments)
                .models(models)
                .deleted(deleted)
                .recheck(recheck)
                .progress(progress)
                .run();
      } finally {
        closed = store.close(CLOSE);
      }
      if (!closed) {
        throw new StoreException(
            "what was copied is not all on the disk yet; the next program that opens "
                + store.root()
                + " writes the rest");
      }
      tell(report, server.toString());
      return report.problems().isEmpty() ? Main.OK : Main.WRONG;
    }

    /** Two at once would copy the same runs, each not seeing what the other does. */
    private static FileChannel lock(Path store) throws IOException {
      Path folder = Files.createDirectories(store.resolve("blobs").resolve("tmp"));
      FileChannel channel =
          FileChannel.open(
              folder.resolve("import.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (FileLocks.take(channel)) {
        return channel;
      }
      channel.close();
      throw new ConflictException("another import writes into " + store + " just now");
    }

    private void tell(StoreCopy.Report report, String server) {
      if (json()) {
        printJson(document(report, server));
        return;
      }
      console()
          .line(
              "Imported from "
                  + server
                  + ": "
                  + Format.count(report.runsNew(), "new run")
                  + ", "
                  + report.runsChanged()
                  + " changed, "
                  + report.runsSame()
                  + " as before, of "
                  + Format.count(report.experiments(), "experiment")
                  + "; "
                  + Format.count(report.points(), "point")
                  + ", "
                  + Format.count(report.artifacts(), "artifact")
                  + ", "
                  + Format.count(report.models(), "model")
                  + ", "
                  + Format.count(report.versions(), "version")
                  + ".");
      if (report.runsOfHere() > 0) {
        console()
            .line(Format.count(report.runsOfHere(), "run") + " there were logged by this store.");
      }
      if (report.runsDeletedHere() > 0) {
        console()
            .line(
                Format.count(report.runsDeletedHere(), "run") + " were deleted here, and stay so.");
      }
      report.problems().stream()
          .limit(LISTED)
          .forEach(problem -> console().error("plumbline: not copied: " + Cells.show(problem)));
      if (report.problems().size() > LISTED) {
        console()
            .error(
                "plumbline: and "
                    + (report.problems().size() - LISTED)
                    + " more; --json lists all");
      }
    }

    private static Map<String, @Nullable Object> document(StoreCopy.Report report, String server) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("server", server);
      json.put("experiments", (long) report.experiments());
      json.put("runsNew", (long) report.runsNew());
      json.put("runsChanged", (long) report.runsChanged());
      json.put("runsSame", (long) report.runsSame());
      json.put("runsOfThisStore", (long) report.runsOfHere());
      json.put("runsDeletedHere", (long) report.runsDeletedHere());
      json.put("points", report.points());
      json.put("artifacts", (long) report.artifacts());
      json.put("models", (long) report.models());
      json.put("versions", (long) report.versions());
      json.put("aliases", (long) report.aliases());
      json.put("problems", report.problems());
      return json;
    }
  }
}
