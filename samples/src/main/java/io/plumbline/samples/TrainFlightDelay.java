package io.plumbline.samples;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import io.plumbline.data.CsvTable;
import io.plumbline.drift.Evaluation;
import io.plumbline.drift.Interval;
import io.plumbline.drift.Plots;
import io.plumbline.lightgbm.LightGbm;
import io.plumbline.lightgbm.NativeLibraryException;
import io.plumbline.model.Dataset;
import io.plumbline.model.FeatureSchema;
import io.plumbline.model.InputExample;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.Run;
import io.plumbline.tracking.RunOptions;
import io.plumbline.tracking.Tracker;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Trains a model that tells which flights will arrive late, and tracks all of it: a search of four
 * settings, the best of them, and the model that goes on to serving.
 */
public final class TrainFlightDelay {
  static final Path DATA = Path.of("samples/data/flights.csv.gz");
  static final List<String> FEATURES =
      List.of(
          "hour distance dep_delay temp dewp humid wind_speed precip pressure visib".split(" "));
  static final int ITERATIONS = 100;

  /** A setting that was tried: the run it was tried in, and how good it was in March. */
  private record Candidate(
      String runId, String name, Map<String, Object> params, Evaluation march) {}

  private TrainFlightDelay() {}

  public static void main(String[] args) throws LGBMException {
    try {
      LightGbm.load();
    } catch (NativeLibraryException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    CsvTable flights = CsvTable.read(DATA);
    List<Candidate> candidates = new ArrayList<>();
    Run run;
    String store;
    // The run ends as FINISHED when the lambda returns, and as FAILED when it throws.
    try (TrackingClient tracking = TrackingClient.create()) {
      store = tracking.location();
      RunOptions options = RunOptions.named("search").note("Which trees tell late flights best?");
      run = tracking.run("flight-delay", options, tracker -> search(tracker, flights, candidates));
    }
    report(candidates);
    System.out.printf(
        """

        Everything is in %s. To see more:
          ./plumbline runs
          ./plumbline run %s
          ./plumbline metrics %s valid_auc
        """,
        store, run.id(), candidates.get(0).runId());
  }

  // README: search
  /** Tries each setting in a child run, best first in the end, and fits the best one again. */
  private static void search(Tracker tracker, CsvTable flights, List<Candidate> candidates)
      throws LGBMException {
    // Fit on January and February, compare on March. The rest of the year is for serving.
    int[] month = flights.ints("month");
    CsvTable winter = flights.where(row -> month[row] <= 2);
    CsvTable march = flights.where(row -> month[row] == 3);
    CsvTable quarter = flights.where(row -> month[row] <= 3);

    Dataset data = Dataset.csv(DATA);
    tracker.logInput(data, "training");
    for (int leaves : new int[] {7, 31}) {
      for (double rate : new double[] {0.05, 0.5}) {
        Map<String, Object> params = params(leaves, rate);
        candidates.add(
            tracker.callChild(
                leaves + "-leaves-rate-" + rate,
                child -> {
                  child.logInput(data, "training");
                  return fit(child, params, winter, march);
                }));
      }
    }
    candidates.sort(Comparator.comparing(candidate -> -candidate.march().value("auc")));
    refit(tracker, candidates.get(0), quarter);
  }

  /** Fits one setting in a run of its own. */
  private static Candidate fit(
      Tracker tracker, Map<String, Object> params, CsvTable winter, CsvTable march)
      throws LGBMException {
    System.out.printf("Fitting %-24s", tracker.name() + " ...");
    tracker.logParams(params);
    try (LGBMDataset training =
            LightGbm.trainingData(
                params, FEATURES, winter.matrix(FEATURES), winter.doubles("late"));
        LGBMDataset validation =
            LightGbm.validationData(training, march.matrix(FEATURES), march.doubles("late"));
        LGBMBooster booster = LightGbm.booster(params, training, validation)) {
      // After each iteration: train_auc, train_binary_logloss, valid_auc, valid_binary_logloss.
      LightGbm.train(booster, ITERATIONS, LightGbm.logTo(tracker, "valid"));

      double[] scores = LightGbm.predict(booster, march.matrix(FEATURES));
      Evaluation evaluation = Evaluation.binary(scores, march.doubles("late"));
      tracker.logMetrics(evaluation.metrics());
      tracker.logModel("model", pack(booster, winter, params));
      System.out.printf(Locale.ROOT, " AUC %.4f%n", evaluation.value("auc"));
      return new Candidate(tracker.id(), tracker.name(), params, evaluation);
    }
  }

  // README end

  // README: model
  /** Fits the best setting on all three months, and keeps the model with all that describes it. */
  private static void refit(Tracker tracker, Candidate best, CsvTable quarter)
      throws LGBMException {
    System.out.println("Fitting the best one again, with March ...");
    tracker.logParams(best.params());
    tracker.logMetrics(best.march().metrics());
    tracker.setTag("best_run", best.runId());
    try (LGBMDataset training =
            LightGbm.trainingData(
                best.params(), FEATURES, quarter.matrix(FEATURES), quarter.doubles("late"));
        LGBMBooster booster = LightGbm.booster(best.params(), training)) {
      LightGbm.train(booster, ITERATIONS, LightGbm.logTo(tracker));
      tracker.logModel("model", pack(booster, quarter, best.params()));

      Map<String, Double> gain = LightGbm.importance(booster);
      tracker.logImage(Plots.roc(best.march()), "roc.png");
      tracker.logImage(Plots.bars("Feature importance (gain)", gain), "feature_importance.png");
    } catch (IllegalStateException e) {
      // Plots cannot draw where there is no font, as in a slim container; the rest is there.
      System.err.println(e.getMessage());
    }
  }

  /** A model with all that describes it: what serves it later checks it against that. */
  private static ModelPackage pack(LGBMBooster booster, CsvTable data, Map<String, Object> params)
      throws LGBMException {
    double[][] examples = Arrays.copyOf(data.matrix(FEATURES), 20);
    FeatureSchema schema = FlightProfile.schema(booster);
    return LightGbm.pack(booster)
        .with(LightGbm.signature(booster, "late"))
        .with(schema)
        .with(FlightProfile.of(schema, data, params))
        .with(InputExample.of(FEATURES, examples))
        .with(LightGbm.goldenRecords(booster, examples, "late"));
  }

  // README end

  /** One setting; for so few rows several threads would only wait for each other. */
  private static Map<String, Object> params(int leaves, double rate) {
    return Map.of(
        "objective",
        "binary",
        "metric",
        "auc,binary_logloss",
        "num_iterations",
        ITERATIONS,
        "num_leaves",
        leaves,
        "learning_rate",
        rate,
        "seed",
        1,
        "num_threads",
        1);
  }

  /** Prints the runs side by side, best first, and why the first one is best. */
  private static void report(List<Candidate> candidates) {
    String columns = "%s %-21s  %-6s  %-16s  %-8s  %-6s%n";
    System.out.printf("%n" + columns, " ", "run", "AUC", "95 % interval", "log loss", "F1");
    Candidate best = candidates.get(0);
    for (Candidate candidate : candidates) {
      Evaluation march = candidate.march();
      System.out.printf(
          columns,
          candidate.equals(best) ? "*" : " ",
          candidate.name(),
          digits(march.value("auc")),
          march.interval("auc"),
          digits(march.value("log_loss")),
          digits(march.value("f1")));
    }
    Interval interval = best.march().interval("auc");
    long close = candidates.stream().filter(c -> interval.contains(c.march().value("auc"))).count();
    System.out.printf(
        """

        * %s is best: it has the highest AUC on the flights of
          March, which it had not seen. Its 95 %% interval contains the AUC of %d
          of the %d runs: among those the order may be chance.
        """,
        best.name(), close, candidates.size());
  }

  private static String digits(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }
}
