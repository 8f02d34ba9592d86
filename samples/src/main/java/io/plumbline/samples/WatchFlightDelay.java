package io.plumbline.samples;

import io.plumbline.cli.Main;
import io.plumbline.data.CsvTable;
import io.plumbline.drift.CalibrationMap;
import io.plumbline.drift.Cbpe;
import io.plumbline.drift.ColumnDrift;
import io.plumbline.drift.DriftMonitor;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Evaluation;
import io.plumbline.drift.GroundTruths;
import io.plumbline.drift.PageSeries;
import io.plumbline.drift.PerformanceWindow;
import io.plumbline.drift.PredictionRecord;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowStore;
import io.plumbline.drift.Windows;
import io.plumbline.drift.log.LogBatch;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.serving.PredictionLogger;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Looks at what {@link ServeFlightDelay} has logged: month by month, how far the flights have moved
 * away from those that the champion was trained on, how good it was once the labels had come, and
 * how good one would have thought without them.
 */
public final class WatchFlightDelay {
  private static final String NAME = "flight-delay";

  /** What is known of one month. */
  record Month(
      int number,
      DriftReport drift,
      boolean counted,
      Evaluation evaluation,
      double lateShare,
      Cbpe estimate) {}

  private WatchFlightDelay() {}

  public static void main(String[] args) {
    try (ModelRegistry registry = ModelRegistry.create()) {
      Path log = registry.store().resolve(PredictionLogger.FOLDER);
      if (!Files.isDirectory(log)) {
        System.err.println("There are no predictions in " + log + ": run TrainFlightDelay and");
        System.err.println("ServeFlightDelay first, or mvn -Pquickstart, which runs all.");
        System.exit(1);
      }
      ModelVersion champion = registry.resolve(ModelRef.parse("models:/flight-delay@champion"));
      List<Month> months = months(registry, champion, log);
      print(champion, months);
      Path page = writeDrift(champion, months, registry.store());
      track(champion, months, page);
      writeReport(page, registry.store());
    }
  }

  /** Looks at the months from April to December, against what the champion was trained on. */
  static List<Month> months(ModelRegistry registry, ModelVersion champion, Path log) {
    Profile profile =
        registry
            .fetch(champion)
            .model()
            .part(Profile.FILE)
            .map(part -> Profile.fromJson(part.bytes()))
            .orElseThrow();
    List<Month> months = new ArrayList<>();
    DriftMonitor monitor = new DriftMonitor(profile);
    GroundTruths labels = labels();
    for (int month = 4; month <= 12; month++) {
      months.add(month(month, log, champion, profile, monitor, labels));
    }
    return months;
  }

  /** What became of each flight is known the day after, by the request's id. */
  private static GroundTruths labels() {
    CsvTable all = CsvTable.read(TrainFlightDelay.DATA);
    GroundTruths labels = new GroundTruths();
    for (int month = 4; month <= 12; month++) {
      CsvTable flights = Flights.of(all, month);
      Instant[] times = Flights.times(flights);
      double[] late = flights.doubles("late");
      for (int row = 0; row < late.length; row++) {
        labels.add(Flights.id(month, row), times[row].plus(Duration.ofDays(1)), late[row]);
      }
    }
    return labels;
  }

  // README: watch
  /** Takes what was counted of a month while serving, and joins the log's rows with labels. */
  private static Month month(
      int month,
      Path log,
      ModelVersion champion,
      Profile profile,
      DriftMonitor monitor,
      GroundTruths labels) {
    LocalDate first = LocalDate.of(2013, month, 1);
    LocalDate next = first.plusMonths(1);
    ProfileCounter counter = profile.counter();
    List<PredictionRecord> predictions = new ArrayList<>();
    LocalDate last = next.minusDays(1);
    LogFilter filter = LogFilter.ALL.withModel(NAME).between(first, last);
    try (PredictionLogReader reader = PredictionLogReader.open(log, filter)) {
      for (LogBatch rows = reader.next(); rows != null; rows = reader.next()) {
        counter.countAll(rows);
        predictions.addAll(PredictionRecord.of(rows, "origin"));
      }
    }
    Instant from = first.atStartOfDay().toInstant(ZoneOffset.UTC);
    Instant to = next.atStartOfDay().toInstant(ZoneOffset.UTC);
    WindowCounts logged = counter.take();
    Optional<WindowCounts> kept = // every row, however few of them were logged
        WindowStore.of(log)
            .read(NAME, Integer.toString(champion.version()), profile, first, last)
            .whole(Windows.ALL)
            .filter(counts -> counts.rows() >= logged.rows()); // fewer where two versions served
    WindowCounts rows = kept.orElse(logged).between(from, to);
    DriftReport drift = monitor.add(rows); // the months before count, too

    PerformanceWindow window =
        PerformanceWindow.of(predictions, labels, to.plus(Duration.ofDays(2)));
    Evaluation evaluation = window.evaluation().orElseThrow();

    CalibrationMap calibration = CalibrationMap.isotonic(profile.calibration().orElseThrow());
    Cbpe estimate = // of all rows, by the scores that were counted; else of those that were logged
        Cbpe.expected(profile, rows).orElseGet(() -> Cbpe.of(calibration, predictions, 0.5));
    return new Month(month, drift, kept.isPresent(), evaluation, window.positiveRate(), estimate);
  }

  // README end

  private static void print(ModelVersion champion, List<Month> months) {
    System.out.printf(
        """

        What was served from April to December, against the training data of %s.
        AUC is what the labels say, expected what the scores alone would have said.

          month   rows     AUC  expected  precision   late  alarms, the largest first
        """,
        champion.uri());
    for (Month month : months) {
      System.out.printf(
          Locale.ROOT,
          "  %5d  %5d  %.4f    %.4f      %.3f  %.1f%%  %s%n",
          month.number(),
          month.drift().window().rows(),
          month.evaluation().value("auc"),
          month.estimate().value("auc"),
          month.evaluation().value("precision"),
          100 * month.lateShare(),
          alarms(month.drift()));
    }
    DriftReport july = months.get(3).drift();
    System.out.printf(
        "%nThe rows of %d months are those that were counted while serving, of the others those of"
            + " the log.%n%n",
        months.stream().filter(Month::counted).count());
    System.out.println("Why, in July:");
    july.alarms().stream()
        .sorted(Comparator.comparing(column -> -column.lastingEffect()))
        .limit(3)
        .forEach(column -> System.out.printf("  %s: %s%n", column.name(), column.explanation()));
  }

  /** The columns that have drifted, with how far. */
  private static String alarms(DriftReport drift) {
    return drift.alarms().stream()
        .sorted(Comparator.comparing(column -> -column.lastingEffect()))
        .map(WatchFlightDelay::shortly)
        .collect(Collectors.joining(", "));
  }

  private static String shortly(ColumnDrift column) {
    String when = column.flagged().alarms() ? "" : " before"; // calm this month, and not forgotten
    return String.format(Locale.ROOT, "%s %.2f%s", column.name(), column.lastingEffect(), when);
  }

  /** Writes a page of the drift beside the store. */
  private static Path writeDrift(ModelVersion champion, List<Month> months, Path store) {
    Path page = store.resolveSibling("drift.html");
    List<PageSeries> beside =
        List.of(
            series("AUC", "by labels", months, month -> month.evaluation().value("auc")),
            series("AUC", "expected", months, month -> month.estimate().value("auc")),
            series("Precision", "by labels", months, m -> m.evaluation().value("precision")),
            series("Precision", "expected", months, m -> m.estimate().value("precision")),
            series("Late flights", "share", months, Month::lateShare),
            series("Late flights", "expected", months, m -> m.estimate().value("positive_rate")));
    DriftReport.writeHtml(
        page,
        champion.uri() + ", April to December",
        months.stream().map(Month::drift).toList(),
        beside);
    System.out.printf("%nThe pictures are in %s.%n", page);
    return page;
  }

  /** Logs what was found as a run, with the months as steps: it stands beside the trainings. */
  private static void track(ModelVersion champion, List<Month> months, Path page) {
    try (TrackingClient tracking = TrackingClient.create()) {
      tracking.run(
          NAME + "-watch",
          run -> {
            run.logParam("model", champion.uri());
            for (Month month : months) {
              run.logMetrics(month.drift().metrics(), month.number());
              run.logMetrics(month.evaluation().metrics(), month.number());
              run.logMetric("late_share", month.lateShare(), month.number());
              run.logMetric("expected_auc", month.estimate().value("auc"), month.number());
            }
            run.logArtifact(page);
          });
    }
  }

  /** Writes a page of the whole store beside it. */
  private static void writeReport(Path page, Path store) {
    String report = store.resolveSibling("report.html").toString();
    int code = Main.run("report", "-o", report, "--drift", page.toString()); // ./plumbline report
    if (code != 0) {
      throw new IllegalStateException("plumbline report has ended with " + code);
    }
  }

  private static PageSeries series(
      String chart,
      String name,
      List<Month> months,
      java.util.function.ToDoubleFunction<Month> value) {
    return PageSeries.of(
        chart, name, months.stream().map(month -> value.applyAsDouble(month)).toList());
  }
}
