package io.plumbline.samples;

import io.plumbline.Plumbline;
import io.plumbline.data.CsvTable;
import io.plumbline.drift.Evaluation;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.lightgbm.NativeLibraryException;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.serving.Lease;
import io.plumbline.serving.LiveModel;
import io.plumbline.serving.LiveStatus;
import io.plumbline.serving.LogRow;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.tracking.TrackingClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves what {@link TrainFlightDelay} has trained: registers the two best models, and scores the
 * flights from April to December with whichever the alias {@code champion} points to. In June the
 * alias moves, in July it is rolled back, and no request notices.
 */
public final class ServeFlightDelay {
  private static final String NAME = "flight-delay";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private ServeFlightDelay() {}

  public static void main(String[] args) throws InterruptedException {
    try {
      LightGbm.load();
    } catch (NativeLibraryException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    // One opened Plumbline: what the tracking client has logged can be registered at once.
    try (Plumbline plumbline = Plumbline.open();
        TrackingClient tracking = TrackingClient.of(plumbline);
        ModelRegistry registry = ModelRegistry.of(plumbline)) {
      List<Run> best = bestRuns(tracking);
      if (best.size() < 2) {
        System.err.println("There are no two models in " + plumbline.store() + ": run");
        System.err.println("TrainFlightDelay first, or mvn -Pquickstart, which runs both.");
        System.exit(1);
      }
      serve(registry, best);
    }
  }

  /**
   * The search's own run has the best setting, fitted again; of its children we want the second.
   */
  private static List<Run> bestRuns(TrackingClient tracking) {
    RunQuery query =
        RunQuery.builder().experiments(NAME).orderBy("metrics.auc DESC").maxResults(50).build();
    List<Run> runs = tracking.search(query).items();
    Run search =
        runs.stream()
            .filter(run -> run.parentId().isEmpty() && !run.models().isEmpty())
            .max((a, b) -> a.startTime().compareTo(b.startTime()))
            .orElse(null);
    if (search == null) {
      return List.of();
    }
    return List.of(
        search,
        runs.stream()
            .filter(run -> run.parentId().filter(search.id()::equals).isPresent())
            .skip(1)
            .findFirst()
            .orElse(search));
  }

  private static void serve(ModelRegistry registry, List<Run> best) throws InterruptedException {
    // README: register
    ModelVersion second =
        registry.register(
            NAME, best.get(1).model("model"), RegisterOptions.described("second best in March"));
    ModelVersion first =
        registry.register(
            NAME, best.get(0).model("model"), RegisterOptions.described("best, fitted with March"));
    registry.promote(second, "champion", "to begin with");
    // README end

    // Fetched, verified, run on its golden records and warmed up before the first request.
    // What it says is logged, with the version that said it: WatchFlightDelay looks at that.
    try (LiveModel model = LiveModel.open(registry, "models:/flight-delay@champion");
        PredictionLogger log =
            PredictionLogger.builder(model)
                .binary(0.5)
                .mustLog()
                .windows(Duration.ofDays(1)) // months are looked at, so days need not be cut
                .open()) {
      CsvTable flights = CsvTable.read(TrainFlightDelay.DATA);
      System.out.printf(
          "%nServing April to December: v%d is the second best of March, v%d the best.%n%n",
          second.version(), first.version());
      System.out.printf("  month  flights  served by       AUC     failed requests%n");
      int failed = 0;
      for (int month = 4; month <= 12; month++) {
        Month scored = new Month(model, log, month, Flights.of(flights, month));
        String done = "";
        scored.start();
        if (month == 6) {
          registry.promote(first, "champion", "better in the comparison");
          model.refresh(PATIENCE); // or wait for the next poll
          done = "   <- promoted v" + first.version() + ": better in the comparison";
        } else if (month == 7) {
          registry.rollback(NAME, "champion", "latency");
          model.refresh(PATIENCE);
          done = "   <- rolled back to v" + second.version() + ": latency";
        }
        scored.finish();
        failed += scored.failed.get();
        System.out.printf("  %5d  %s%s%n", month, scored, done);
      }
      LiveStatus status = model.status();
      System.out.printf(
          "%nSwapped twice under load, with %s. The champion is %s and %s. To see more:%n",
          failed == 0 ? "no failed request" : failed + " failed requests",
          status.version().orElseThrow().uri(),
          status.state());
      System.out.println("  ./plumbline model flight-delay --alias champion");
    }
  }

  /** The flights of a month, scored by two threads in the order of time. */
  private static final class Month {
    private final LiveModel model;
    private final PredictionLogger log;
    private final int month;
    private final Instant[] times;
    private final List<List<String>> context = new ArrayList<>();
    private final double[][] features;
    private final double[] late;
    private final double[] scores;
    private final Set<String> versions = new ConcurrentSkipListSet<>();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final List<Thread> threads =
        List.of(new Thread(this::score, "requests-1"), new Thread(this::score, "requests-2"));

    Month(LiveModel model, PredictionLogger log, int month, CsvTable flights) {
      this.model = model;
      this.log = log;
      this.month = month;
      this.times = Flights.times(flights);
      FlightProfile.CONTEXT.forEach(column -> context.add(flights.strings(column)));
      this.features = flights.matrix(TrainFlightDelay.FEATURES);
      this.late = flights.doubles("late");
      this.scores = new double[late.length];
    }

    void start() {
      threads.forEach(Thread::start);
    }

    void finish() throws InterruptedException {
      for (Thread thread : threads) {
        thread.join();
      }
    }

    private void score() {
      double[] out = new double[1];
      for (int i = next.getAndIncrement(); i < late.length; i = next.getAndIncrement()) {
        try (Lease lease = model.lease()) { // one version, whatever is swapped meanwhile
          lease.predict(features[i], out);
          scores[i] = out[0];
          versions.add("v" + lease.version().version());
          LogRow row = log.row(lease, Flights.id(month, i)).features(features[i]);
          for (int c = 0; c < context.size(); c++) { // watched, but not used by the model
            row.set(FlightProfile.CONTEXT.get(c), context.get(c).get(i));
          }
          row.prediction(out).at(times[i]).commit();
        } catch (RuntimeException e) {
          failed.incrementAndGet();
        }
        LockSupport.parkNanos(20_000); // until the next request comes in
      }
    }

    @Override
    public String toString() {
      Evaluation evaluation = Evaluation.binary(scores, late);
      return String.format(
          Locale.ROOT,
          "%7d  %-14s  %.4f  %d",
          late.length,
          String.join(", ", versions),
          evaluation.value("auc"),
          failed.get());
    }
  }
}
