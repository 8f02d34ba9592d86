package io.plumbline.cli;

import io.plumbline.Config;
import io.plumbline.DestinationDelivery;
import io.plumbline.Plumbline;
import io.plumbline.StoreException;
import io.plumbline.internal.Engine;
import io.plumbline.internal.Retrying;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.config.Keys;
import io.plumbline.internal.config.ServerKeys;
import io.plumbline.internal.copy.Imported;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.model.Run;
import io.plumbline.spi.RunStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
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
  private static final Duration LAST = Duration.ofSeconds(10);

  @Option(
      names = "--all",
      description = "Also the runs that were logged while no server was configured.")
  private boolean all;

  @Option(
      names = "--rejected",
      description = "Only list the records that the server has refused, with its reasons.")
  private boolean rejected;

  @Option(
      names = "--dry-run",
      description =
          "Only list what has not arrived, run by run; asks no server, and exits with 1 if there is"
              + " something.")
  private boolean dryRun;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to try, in seconds; by default as long as it takes.")
  private @Nullable Long timeout;

  @Override
  public Integer call() {
    if (dryRun && rejected) {
      throw wrongCall("--dry-run and --rejected list different things: give one of them");
    }
    if (rejected) {
      return listRejected();
    }
    Config config = config();
    Map<String, Config> servers = Engine.servers(config);
    if (servers.isEmpty()) {
      throw wrongCall(noServer(config));
    }
    return dryRun ? listUndelivered(config, servers) : send(config);
  }

  private static String noServer(Config config) {
    if (!config.enabled()) {
      return "nothing is sent: "
          + Keys.ENABLED
          + " is false (from: "
          + config.source(Keys.ENABLED)
          + ")";
    }
    return "there is no server to send to: "
        + Keys.TRACKING_URI
        + " is the folder "
        + config.get(Keys.TRACKING_URI)
        + " (from: "
        + config.source(Keys.TRACKING_URI)
        + "); set MLFLOW_TRACKING_URI, or "
        + Keys.TRACKING_URI.variable();
  }

  private int send(Config config) {
    open(config); // says what is wrong with the store before one is made
    try (Plumbline plumbline = Plumbline.open(config)) {
      List<Courier> couriers = plumbline.engine().couriers();
      Map<String, Integer> imported = new HashMap<>();
      if (all) {
        couriers.forEach(
            courier -> imported.put(courier.destination().name(), announceAll(courier, config)));
      }
      boolean done = deliver(couriers);
      List<Map<String, @Nullable Object>> servers = new ArrayList<>();
      for (Courier courier : couriers) {
        int theirs = imported.getOrDefault(courier.destination().name(), 0);
        servers.add(tell(courier, config, theirs));
      }
      if (!done) {
        couriers.forEach(Courier::stop); // the time is over: the close does not wait for more
      }
      if (json()) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("delivered", done);
        document.put("servers", servers);
        printJson(document);
      }
      return done ? Main.OK : Main.WRONG;
    }
  }

  /** Returns how many runs are not sent because an import has copied them from there. */
  private int announceAll(Courier courier, Config config) {
    Imported imported = new Imported(courier.destination().uri(), server(courier, config));
    // Ids are the server's: those that get copies make experiments of their own.
    String experiment =
        courier.destination().name().equals(Delivered.SERVER)
            ? config.find(ServerKeys.EXPERIMENT_ID).orElse(null)
            : null;
    int theirs = 0;
    for (Run run : open(config).runs().all()) {
      if (run.deleted()) {
        continue;
      }
      if (!courier.delivers(run.id()) && imported.isFromThere(run)) {
        theirs++;
        continue;
      }
      try {
        courier.deliver(run.id(), experiment);
      } catch (IOException e) {
        throw new StoreException("run " + run.id() + " can't be marked as one to send: " + e, e);
      }
    }
    return theirs;
  }

  private static RunStore server(Courier courier, Config config) {
    return Retrying.of(
        RunStore.class,
        courier.destination().backend().runs(),
        config.get(ServerKeys.RETRIES),
        Sleeper.SYSTEM);
  }

  /** Waits for all, as long as one of them may get on. */
  private boolean deliver(List<Courier> couriers) {
    long deadline =
        timeout == null
            ? Long.MAX_VALUE
            : System.nanoTime() + Duration.ofSeconds(timeout).toNanos();
    try (Progress progress = console().progress()) {
      while (true) {
        boolean done = true;
        for (Courier courier : couriers) {
          done &= courier.await(STEP.dividedBy(couriers.size()));
        }
        if (done || System.nanoTime() > deadline) {
          return done;
        }
        if (couriers.stream().allMatch(Courier::isAtRest)) {
          done = couriers.stream().allMatch(courier -> courier.await(LAST));
          if (done || couriers.stream().allMatch(Courier::isAtRest)) {
            return done; // what is left was given up, or waits for something else
          }
        }
        progress.at(progress(couriers.stream().map(Courier::delivery).toList()), 0, 0);
      }
    }
  }

  private static String progress(List<DestinationDelivery> deliveries) {
    return deliveries.stream()
        .map(
            d ->
                String.format(
                    Locale.ROOT,
                    "%s: %,d metrics sent, %,.0f a second, %d runs to go, %d retries",
                    d.name(),
                    d.metrics(),
                    d.rate(),
                    d.runsBehind(),
                    d.retries()))
        .collect(Collectors.joining("; "));
  }

  private Map<String, @Nullable Object> tell(Courier courier, Config config, int theirs) {
    DestinationDelivery delivery = courier.delivery();
    boolean done = delivery.runsBehind() == 0 && !delivery.stopped();
    int ended = done ? endLost(config, courier) : 0;
    if (!json()) {
      console().line(done ? arrived(delivery) : behind(delivery));
      if (ended > 0) {
        console()
            .line(
                Format.count(ended, "run")
                    + " whose program has died "
                    + (ended == 1 ? "is" : "are")
                    + " KILLED there.");
      }
    }
    if (!json() && theirs > 0) {
      console().line(Undelivered.fromThere(theirs));
    }
    if (delivery.rejected() > 0) {
      console()
          .error(
              "plumbline: the server has refused "
                  + Format.count(delivery.rejected(), "record")
                  + "; `plumbline sync --rejected` lists them");
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", delivery.name());
    json.put("server", delivery.uri());
    json.put("delivered", done);
    json.put("metrics", delivery.metrics());
    json.put("rejected", delivery.rejected());
    json.put("retries", delivery.retries());
    json.put("runsBehind", (long) delivery.runsBehind());
    json.put("lagSeconds", delivery.lag().toSeconds());
    json.put("problem", delivery.problem());
    json.put("lostRunsEnded", (long) ended);
    json.put("runsFromThere", (long) theirs);
    return json;
  }

  private static String arrived(DestinationDelivery delivery) {
    return "All is delivered to " + delivery.uri() + ": " + delivery.metrics() + " metrics sent.";
  }

  private static String behind(DestinationDelivery delivery) {
    return Format.count(delivery.runsBehind(), "run")
        + (delivery.runsBehind() == 1 ? " is" : " are")
        + " not delivered to "
        + delivery.uri()
        + " yet, after "
        + Format.count(delivery.retries())
        + (delivery.retries() == 1 ? " retry" : " retries")
        + ": "
        + delivery.health().orElse("the time is over");
  }

  private int endLost(Config config, Courier courier) {
    RunStore server = server(courier, config);
    return new LostRuns(open(config), server, courier.destination().name()).end();
  }

  private int listUndelivered(Config config, Map<String, Config> servers) {
    Undelivered undelivered = new Undelivered(open(config), servers, all);
    if (json()) {
      printJson(undelivered.document());
    } else {
      undelivered.print(console());
    }
    undelivered.tellOfOthers(console());
    tellOfDead(undelivered.dead());
    return undelivered.isEmpty() ? Main.OK : Main.WRONG;
  }

  private int listRejected() {
    RejectedRecords records = new RejectedRecords(open(config()));
    if (json()) {
      printJson(records.document());
    } else {
      records.print(console());
    }
    return Main.OK;
  }
}
