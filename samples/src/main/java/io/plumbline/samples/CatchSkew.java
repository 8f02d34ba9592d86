package io.plumbline.samples;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.FeatureSkew;
import io.plumbline.drift.FeatureTransform;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.SkewAudit;
import io.plumbline.drift.SkewGate;
import io.plumbline.drift.SkewReport;
import io.plumbline.drift.TransformCheck;
import io.plumbline.drift.TransformDigest;
import io.plumbline.model.ModelPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Serving makes a feature in another way than training did, and is caught three times: when the
 * model is loaded, by the first rows that are served, and row by row.
 */
public final class CatchSkew {
  private static final List<String> FEATURES = List.of("hour", "distance", "carrier_delay");
  private static final int FIRST_ROWS = 1_000;
  private static final int ONE_IN = 20;

  /**
   * The raw input.
   *
   * @param delays of the carrier's flights before, of the same day, the newest first; NaN for those
   *     of this hour, which are not known yet
   */
  record Departure(String id, int month, int hour, double distance, List<Double> delays) {}

  private CatchSkew() {}

  public static void main(String[] args) {
    List<Departure> flights = departures();
    List<Departure> april = flights.stream().filter(flight -> flight.month() == 4).toList();
    FeatureTransform<Departure> training = new TrainedDelays();
    FeatureTransform<Departure> serving = new ServedDelays();

    atLoad(TransformDigest.of(training).toPart(), serving);
    Profile profile = profile(training, flights);
    System.out.printf("%nThe first %d rows of April, if made by%n", FIRST_ROWS);
    byFirstRows("training's code", profile, training, april);
    byFirstRows("serving's code", profile, serving, april);
    System.out.printf("%nOne row in %d of April, replayed through training's code:%n", ONE_IN);
    byAudit(training, serving, april);
  }

  // ---- the feature, made twice

  /** How training made it: the mean of the carrier's last 10 delays of the day that are known. */
  static class TrainedDelays implements FeatureTransform<Departure> {
    @Override
    public String id() {
      return "carrier-delay";
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public Map<String, String> config() {
      return Map.of("window", "10", "unknown", "left out");
    }

    @Override
    public List<String> features() {
      return FEATURES;
    }

    @Override
    public void apply(Departure flight, double[] out) {
      out[0] = flight.hour();
      out[1] = flight.distance();
      out[2] =
          flight.delays().stream()
              .limit(10)
              .mapToDouble(delay -> delay)
              .filter(delay -> !Double.isNaN(delay))
              .average()
              .orElse(Double.NaN); // the carrier's first flight of the day
    }

    /** Odd ones: a long history, an unknown delay, nothing before. */
    @Override
    public List<Departure> examples() {
      List<Double> many = List.of(5.0, -3.0, 40.0, 0.0, 12.0, 7.0, -6.0, 90.0, 1.0, 2.0, 30.0);
      return List.of(
          new Departure("long", 1, 17, 1089, many),
          new Departure("unknown", 1, 9, 733, List.of(Double.NaN, 15.0)),
          new Departure("first", 1, 6, 2475, List.of()));
    }
  }

  /**
   * How serving makes it: somebody has written it once more, with 5 flights and with 0 for what is
   * not known, and believes that it is the same: name, version and settings are.
   */
  static final class ServedDelays extends TrainedDelays {
    @Override
    public void apply(Departure flight, double[] out) {
      out[0] = flight.hour();
      out[1] = flight.distance();
      out[2] =
          flight.delays().stream()
              .limit(5)
              .mapToDouble(delay -> Double.isNaN(delay) ? 0 : delay)
              .average()
              .orElse(0);
    }
  }

  // ---- caught at load

  /** What a live model does at every load, if it is opened with {@code transform(...)}. */
  private static void atLoad(ModelPart packaged, FeatureTransform<Departure> serving) {
    Optional<TransformDigest> trained = Optional.of(TransformDigest.fromJson(packaged.bytes()));
    System.out.printf("The model comes with transform %s; serving's code%n", trained.get());
    for (TransformCheck.Policy policy : TransformCheck.Policy.values()) {
      TransformCheck check = TransformCheck.check(trained, serving, policy);
      boolean failed = check.verdict() == TransformCheck.Verdict.FAIL;
      System.out.printf("  by the policy %s is %s%n", policy, failed ? "refused" : "served");
      check.differences().forEach(difference -> System.out.println("    " + difference));
    }
  }

  // ---- caught by the first rows

  private static Profile profile(FeatureTransform<Departure> training, List<Departure> flights) {
    List<double[]> rows =
        flights.stream().filter(f -> f.month() <= 3).map(training::apply).toList();
    var builder = Profile.builder().label("January to March");
    for (int i = 0; i < FEATURES.size(); i++) {
      builder.add(FEATURES.get(i), column(rows, i));
    }
    return builder.transformDigest(TransformDigest.of(training).digest()).build();
  }

  /** What a prediction logger does by itself, if it is opened with {@code onFirstRows(...)}. */
  private static void byFirstRows(
      String by, Profile profile, FeatureTransform<Departure> made, List<Departure> april) {
    List<double[]> rows = april.stream().limit(FIRST_ROWS).map(made::apply).toList();
    ProfileCounter counter = profile.counter();
    for (int i = 0; i < FEATURES.size(); i++) {
      counter.countAll(counter.column(FEATURES.get(i)), column(rows, i));
    }
    SkewGate gate = SkewGate.against(profile).rows(FIRST_ROWS);
    SkewGate.Finding finding = gate.judge(counter.take());
    System.out.printf("  %s: %s%n", by, finding.state());
    finding.reasons().forEach(reason -> System.out.println("    " + reason));
  }

  private static double[] column(List<double[]> rows, int column) {
    return rows.stream().mapToDouble(row -> row[column]).toArray();
  }

  // ---- caught row by row

  /** Replays the raw input that was kept of some requests, chosen by their ids. */
  private static void byAudit(
      FeatureTransform<Departure> training,
      FeatureTransform<Departure> serving,
      List<Departure> april) {
    SkewAudit<Departure> audit = SkewAudit.replaying(training);
    for (Departure flight : april) {
      if (Math.floorMod(flight.id().hashCode(), ONE_IN) == 0) {
        audit.add(flight.id(), flight, serving.apply(flight)); // the last are from the log
      }
    }
    SkewReport report = audit.report();
    System.out.printf("  %s, %d rows%n", report.verdict(), report.rows());
    System.out.printf(
        Locale.ROOT,
        "    %-14s %9s %9s %12s %11s%n",
        "feature",
        "unequal",
        "differs",
        "where none",
        "by up to");
    for (FeatureSkew feature : report.features()) {
      System.out.printf(
          Locale.ROOT,
          "    %-14s %8.1f%% %8.1f%% %11.1f%% %10.0f%%%n",
          feature.name(),
          100 * feature.share(),
          100.0 * feature.differs() / feature.rows(),
          100.0 * feature.unexpected() / feature.rows(),
          100 * feature.maxRelativeError());
    }
    report.sentences().forEach(sentence -> System.out.println("    " + sentence));
  }

  // ---- the raw input

  /** The flights as a service sees them, in the order of time. */
  private static List<Departure> departures() {
    CsvTable flights = CsvTable.read(TrainFlightDelay.DATA);
    List<String> carriers = flights.strings("carrier");
    double[] distances = flights.doubles("distance");
    double[] delays = flights.doubles("dep_delay");
    int[] months = flights.ints("month");
    int[] hours = flights.ints("hour");
    Instant[] times = Flights.times(flights);
    Map<String, List<Integer>> today = new TreeMap<>();
    List<Departure> departures = new ArrayList<>();
    int[] days = flights.ints("day");
    for (int row = 0; row < times.length; row++) {
      if (row > 0 && days[row] != days[row - 1]) {
        today.clear();
      }
      List<Integer> own = today.computeIfAbsent(carriers.get(row), name -> new ArrayList<>());
      List<Double> before = new ArrayList<>();
      for (int other : own) {
        before.add(times[other].equals(times[row]) ? Double.NaN : delays[other]);
      }
      Collections.reverse(before);
      own.add(row);
      String id = Flights.id(months[row], row);
      departures.add(new Departure(id, months[row], hours[row], distances[row], before));
    }
    return departures;
  }
}
