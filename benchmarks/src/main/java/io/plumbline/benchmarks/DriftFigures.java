package io.plumbline.benchmarks;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnProfile;
import io.plumbline.drift.DriftMonitor;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileBuilder;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What counting into a profile costs, and how well the standard alarm tells drift from chance. */
final class DriftFigures {
  private static final int FEATURES = 50;
  private static final int REFERENCE_ROWS = 50_000;
  private static final int[] WINDOW_ROWS = {200, 1_000, 5_000};
  private static final String FLIGHTS = "samples/data/flights.csv.gz";

  private DriftFigures() {}

  /** One value into one of 100 bins, with its moments. */
  static final class Count implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      double byColumn = nanos(context, "byColumn");
      double byRow = nanos(context, "byRow");
      context.note(String.format("value by value: %.1f ns", byRow));
      context.result("drift.count.ns", byColumn, "ns", "(JMH average, one thread)");
    }

    private static double nanos(Figures.Context context, String bench) throws RunnerException {
      return new Runner(
              new OptionsBuilder()
                  .include(CountBench.class.getName() + "." + bench)
                  .forks(context.quick() ? 1 : 3)
                  .warmupIterations(3)
                  .warmupTime(TimeValue.seconds(1))
                  .measurementIterations(context.quick() ? 3 : 5)
                  .measurementTime(TimeValue.seconds(1))
                  .verbosity(VerboseMode.SILENT)
                  .build())
          .run()
          .iterator()
          .next()
          .getPrimaryResult()
          .getScore();
    }
  }

  /** Something that draws windows without drift. */
  private interface Source {
    Profile profile();

    WindowCounts window(int rows);
  }

  private static Profile normals(Gauss gauss) {
    ProfileBuilder builder = Profile.builder();
    for (int feature = 0; feature < FEATURES; feature++) {
      builder.add("x" + feature, gauss.next(REFERENCE_ROWS, 0));
    }
    return builder.build();
  }

  /** Fifty features that have nothing to do with each other. */
  private static final class Normals implements Source {
    private final Gauss gauss = new Gauss(2013);
    private final Profile profile = normals(gauss);
    private final ProfileCounter counter = profile.counter();

    @Override
    public Profile profile() {
      return profile;
    }

    @Override
    public WindowCounts window(int rows) {
      return window(rows, 0);
    }

    /** A window whose first feature is shifted. */
    WindowCounts window(int rows, double shift) {
      for (int feature = 0; feature < FEATURES; feature++) {
        counter.countAll(feature, gauss.next(rows, feature == 0 ? shift : 0));
      }
      return counter.take();
    }
  }

  /** Thirteen columns of flights, whole rows drawn from January to March. */
  private static final class Flights implements Source {
    private final SplittableRandom random = new SplittableRandom(2013);
    private final Profile profile;
    private final ProfileCounter counter;
    private final List<double[]> numbers = new ArrayList<>();
    private final List<int[]> codes = new ArrayList<>();
    private final int rows;

    Flights() {
      CsvTable all = CsvTable.read(Path.of(System.getProperty("bench.root"), FLIGHTS));
      int[] month = all.ints("month");
      CsvTable winter = all.where(row -> month[row] <= 3);
      profile = Profile.builder().without("month", "day", "late").add(winter).build();
      counter = profile.counter();
      rows = winter.rows();
      for (ColumnProfile column : profile.columns()) {
        boolean texts = column.kind() == ColumnKind.CATEGORY;
        numbers.add(texts ? new double[0] : winter.doubles(column.name()));
        int position = counter.column(column.name());
        codes.add(
            texts
                ? winter.strings(column.name()).stream()
                    .mapToInt(text -> counter.categoryCode(position, text))
                    .toArray()
                : new int[0]);
      }
    }

    @Override
    public Profile profile() {
      return profile;
    }

    @Override
    public WindowCounts window(int size) {
      for (int i = 0; i < size; i++) {
        int row = random.nextInt(rows);
        for (int column = 0; column < numbers.size(); column++) {
          if (codes.get(column).length > 0) {
            counter.countCategory(column, codes.get(column)[row]);
          } else {
            counter.count(column, numbers.get(column)[row]);
          }
        }
      }
      return counter.take();
    }
  }

  /** The share of windows without drift that raise any alarm, at worst over six settings. */
  static final class FalseAlarms implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) {
      int windows = context.quick() ? 300 : 2_000;
      double worst = 0;
      for (Source source : List.of(new Normals(), new Flights())) {
        for (int rows : WINDOW_ROWS) {
          worst = Math.max(worst, measure(context, source, rows, windows));
        }
      }
      String spread = "(the largest of 6 shares of " + windows + " windows each)";
      context.result("drift.false_alarms", worst, "share", spread);
    }

    private static double measure(Figures.Context context, Source source, int rows, int windows) {
      DriftMonitor monitor = new DriftMonitor(source.profile());
      int alarms = 0;
      int flagged = 0;
      for (int i = 0; i < windows; i++) {
        DriftReport report = monitor.add(source.window(rows));
        alarms += report.verdict().alarms() ? 1 : 0;
        flagged += report.columns().stream().anyMatch(c -> c.flagged().alarms()) ? 1 : 0;
      }
      context.note(
          String.format(
              Locale.ROOT,
              "%s, %d rows: %.4f with an alarm, %.4f flagged before persistence",
              source.getClass().getSimpleName(),
              rows,
              (double) alarms / windows,
              (double) flagged / windows));
      return (double) alarms / windows;
    }
  }

  /** How often one feature of fifty, shifted by 0.3 deviations, is flagged in a single window. */
  static final class Power implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) {
      Normals source = new Normals();
      int windows = context.quick() ? 300 : 2_000;
      for (int rows : WINDOW_ROWS) {
        DriftMonitor monitor = new DriftMonitor(source.profile());
        int found = 0;
        for (int i = 0; i < windows; i++) {
          DriftReport report = monitor.add(source.window(rows, 0.3));
          found += report.column("x0").flagged().alarms() ? 1 : 0;
        }
        double share = (double) found / windows;
        if (rows == 1_000) {
          context.result("drift.power", share, "share", "(" + windows + " windows)");
        } else {
          context.note(String.format(Locale.ROOT, "%d rows: %.4f", rows, share));
        }
      }
    }
  }
}
