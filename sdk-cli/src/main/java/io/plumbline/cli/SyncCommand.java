package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.DestinationDelivery;
import io.plumbline.Plumbline;
import io.plumbline.StoreException;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.config.StoreUri;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.store.StoreView;
import io.plumbline.model.Run;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sends what programs have left in the store to the server. */
@Command(
    name = "sync",
    description = {
      "Sends to the server what programs could not deliver.",
      "May be stopped and repeated: nothing is sent twice. Runs that were logged without a server"
          + " stay where they are, unless --all is given.",
      "Runs whose program has died end there as KILLED."
    })
final class SyncCommand extends StoreCommand {
  private static final Duration STEP = Duration.ofMillis(500);

  @Option(
      names = "--all",
      description = "Also the runs that were logged while no server was configured.")
  private boolean all;

  @Option(
      names = "--rejected",
      description = "Only list the records that the server has refused, with its reasons.")
  private boolean rejected;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to try, in seconds; by default as long as it takes.")
  private @Nullable Long timeout;

  @Override
  public Integer call() {
    Config config = config();
    StoreUri uri = config.get(Keys.TRACKING_URI);
    if (rejected) {
      return listRejected();
    }
    if (uri.remote() == null) {
      throw wrongCall(
          "there is no server to send to: "
              + Keys.TRACKING_URI
              + " is the folder "
              + uri
              + "; set MLFLOW_TRACKING_URI, or "
              + Keys.TRACKING_URI.variable());
    }
    open(config); // says what is wrong with the store before one is made
    try (Plumbline plumbline = Plumbline.open(config)) {
      Courier courier = plumbline.engine().couriers().get(0);
      if (all) {
        announceAll(courier);
      }
      boolean done = deliver(plumbline, courier);
      return tell(courier.delivery(), done, done ? endLost(config, courier) : 0);
    }
  }

  private void announceAll(Courier courier) {
    for (Run run : open(config()).runs().all()) {
      if (!run.deleted()) {
        courier.announce(run.id(), null);
      }
    }
    courier.resume();
  }

  private int endLost(Config config, Courier courier) {
    RunStore server =
        Retrying.of(
            RunStore.class,
            courier.destination().backend().runs(),
            config.get(ServerKeys.RETRIES),
            Sleeper.SYSTEM);
    return new LostRuns(open(config), server).end();
  }

  private boolean deliver(Plumbline plumbline, Courier courier) {
    long deadline =
        timeout == null
            ? Long.MAX_VALUE
            : System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
    try (Progress progress = console().progress()) {
      while (!plumbline.engine().awaitDelivery(STEP)) {
        DestinationDelivery delivery = courier.delivery();
        progress.at(
            "metrics sent, " + delivery.runsBehind() + " runs to go:", delivery.metrics(), 0);
        if (delivery.stopped() || System.nanoTime() > deadline) {
          return false;
        }
      }
    }
    return true;
  }

  private int tell(DestinationDelivery delivery, boolean done, int ended) {
    if (json()) {
      Map<String, @Nullable Object> document = new LinkedHashMap<>();
      document.put("server", delivery.uri());
      document.put("delivered", done);
      document.put("metrics", delivery.metrics());
      document.put("rejected", delivery.rejected());
      document.put("runsBehind", (long) delivery.runsBehind());
      document.put("problem", delivery.problem());
      document.put("lostRunsEnded", (long) ended);
      printJson(document);
    } else if (done) {
      console()
          .line(
              "All is delivered to "
                  + delivery.uri()
                  + ": "
                  + delivery.metrics()
                  + " metrics sent.");
    } else {
      console()
          .line(
              delivery.runsBehind()
                  + " runs are not delivered to "
                  + delivery.uri()
                  + " yet: "
                  + delivery.health().orElse("the time is over"));
    }
    if (ended > 0 && !json()) {
      console()
          .line(
              ended
                  + (ended == 1 ? " run" : " runs")
                  + " whose program has died "
                  + (ended == 1 ? "is" : "are")
                  + " KILLED there.");
    }
    if (delivery.rejected() > 0) {
      console()
          .error(
              "plumbline: the server has refused "
                  + delivery.rejected()
                  + " records; `plumbline sync --rejected` lists them");
    }
    return done ? Main.OK : Main.WRONG;
  }

  private int listRejected() {
    List<Map<String, @Nullable Object>> found = new ArrayList<>();
    StoreView view = open(config());
    for (Run run : view.runs().all()) {
      try {
        Delivered.rejected(view.root(), run.id(), Delivered.SERVER)
            .forEach(
                json -> {
                  Map<String, @Nullable Object> row = new LinkedHashMap<>();
                  row.put("run", run.id());
                  row.putAll(json);
                  found.add(row);
                });
      } catch (IOException e) {
        throw new StoreException("the store " + view.root() + " can't be read: " + e, e);
      }
    }
    if (json()) {
      printJson(found);
    } else if (found.isEmpty()) {
      console().line("Nothing was refused.");
    } else {
      for (Map<String, @Nullable Object> row : found) {
        console()
            .line(Cells.show(row.get("run") + "  " + row.get("what") + ": " + row.get("reason")));
      }
    }
    return Main.OK;
  }
}
