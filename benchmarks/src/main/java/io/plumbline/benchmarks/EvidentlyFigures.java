package io.plumbline.benchmarks;

import io.plumbline.data.CsvTable;
import io.plumbline.drift.compat.Columns;
import io.plumbline.drift.compat.Compat;
import io.plumbline.drift.compat.CompatReport;
import io.plumbline.drift.compat.EvidentlyMethod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Comparing data sets, over Evidently. */
final class EvidentlyFigures {
  private static final String[] FLIGHTS = {
    "temp",
    "dewp",
    "humid",
    "wind_speed",
    "precip",
    "pressure",
    "visib",
    "dep_delay",
    "distance",
    "hour",
    "carrier",
    "origin",
    "dest"
  };

  private EvidentlyFigures() {}

  /**
   * The full year of flights, January to March against June and July, 13 columns by PSI:
   * Evidently's own preset in its process, and the same numbers here, in turn; data in memory on
   * both sides.
   */
  static final class AgainstEvidently implements Figures.Figure {
    @Override
    public void measure(Figures.Context context) throws Exception {
      String python = System.getenv("BENCH_DRIFT_PYTHON");
      if (python == null) {
        context.note("skipped: benchmarks/run sets BENCH_DRIFT_PYTHON where Python is to be had");
        return;
      }
      Path file = year(python);
      CsvTable flights = CsvTable.read(file);
      int[] month = flights.ints("month");
      Columns reference = Columns.of(flights.where(row -> month[row] <= 3));
      Columns current = Columns.of(flights.where(row -> month[row] == 6 || month[row] == 7));
      int rounds = context.quick() ? 3 : 7;
      double[] ratios = new double[rounds];
      double[] theirs = new double[rounds];
      double[] ours = new double[rounds];
      try (EvidentlyPeer peer = new EvidentlyPeer(python, "flights", file.toString())) {
        peer.run();
        for (int i = 0; i < 20; i++) {
          compare(reference, current);
        }
        agree(compare(reference, current), peer);
        for (int i = 0; i < rounds; i++) {
          theirs[i] = peer.run();
          ours[i] = seconds(reference, current);
          ratios[i] = theirs[i] / ours[i];
        }
      }
      context.note(reference.rows() + " against " + current.rows() + " rows");
      context.note("seconds, Evidently: " + new Spread(theirs).median() + " " + new Spread(theirs));
      context.note("seconds, ours: " + new Spread(ours).median() + " " + new Spread(ours));
      Spread spread = new Spread(ratios);
      context.result("drift.profile.vs_evidently", spread.median(), "x", "" + spread);
    }

    private static CompatReport compare(Columns reference, Columns current) {
      return Compat.evidently()
          .columns(FLIGHTS)
          .method(EvidentlyMethod.PSI)
          .compare(reference, current);
    }

    /** One comparison, as a mean over five. */
    private static double seconds(Columns reference, Columns current) {
      int times = 5;
      double unused = 0;
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        unused += compare(reference, current).driftedShare();
      }
      double seconds = (System.nanoTime() - start) / 1e9 / times;
      if (Double.isNaN(unused)) {
        throw new IllegalStateException("nothing was compared");
      }
      return seconds;
    }

    /** Both must say the same, or the ratio says nothing. */
    private static void agree(CompatReport report, EvidentlyPeer peer) {
      for (String column : List.of(FLIGHTS)) {
        double mine = report.result(column).score();
        double other = peer.scores().doubleValue(column);
        if (Math.abs(mine - other) > 1e-9 * Math.max(1, other)) {
          throw new IllegalStateException(column + ": we say " + mine + ", Evidently " + other);
        }
      }
    }

    /** Builds the file from the package of flights when it is not there yet. */
    private static Path year(String python) throws Exception {
      Path root = Path.of(System.getProperty("bench.root", ".")).toAbsolutePath();
      Path file = root.resolve("target/flights-year.csv");
      if (Files.notExists(file)) {
        Process process =
            new ProcessBuilder(python, root + "/tools/flights_year.py", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
          throw new IllegalStateException("tools/flights_year.py failed");
        }
      }
      return file;
    }
  }

  /**
   * A million rows of 20 numbers and 2 categories against as many, by Evidently's preset by PSI:
   * the time with data in memory on both sides, and the most memory that a process needs. Evidently
   * takes whole frames; ours compares a column and lets it go, as it may read them from a file of
   * columns.
   */
  static final class Million implements Figures.Figure {
    private static final int NUMBERS = 20;
    private static final int CATEGORIES = 2;

    @Override
    public void measure(Figures.Context context) throws Exception {
      String python = System.getenv("BENCH_DRIFT_PYTHON");
      if (python == null) {
        context.note("skipped: benchmarks/run sets BENCH_DRIFT_PYTHON where Python is to be had");
        return;
      }
      int rows = context.quick() ? 100_000 : 1_000_000;
      int rounds = context.quick() ? 2 : 3;
      Columns reference = columns(1, 0, rows);
      Columns current = columns(2, 0.05, rows);
      double[] ratios = new double[rounds];
      double[] theirs = new double[rounds];
      double[] ours = new double[rounds];
      long peak;
      try (EvidentlyPeer peer = new EvidentlyPeer(python, "million", String.valueOf(rows))) {
        compare(reference, current);
        for (int i = 0; i < rounds; i++) {
          theirs[i] = peer.run();
          compare(reference, current);
          long start = System.nanoTime();
          compare(reference, current);
          ours[i] = (System.nanoTime() - start) / 1e9;
          ratios[i] = theirs[i] / ours[i];
        }
        peak = peer.end();
      }
      context.note("seconds, Evidently: " + new Spread(theirs).median() + " " + new Spread(theirs));
      context.note("seconds, ours: " + new Spread(ours).median() + " " + new Spread(ours));
      Spread spread = new Spread(ratios);
      context.result("drift.profile.1m", spread.median(), "x", "" + spread);
      long mine = memory(rows);
      context.note("peak MB, Evidently: " + (peak >> 20) + ", ours: " + (mine >> 20));
      context.result("drift.profile.1m.memory", (double) peak / mine, "x", "one process each");
    }

    private static void compare(Columns reference, Columns current) {
      CompatReport report =
          Compat.evidently().method(EvidentlyMethod.PSI).compare(reference, current);
      if (report.results().size() != reference.names().size()) {
        throw new IllegalStateException("skipped: " + report.skipped());
      }
    }

    private static Columns columns(long seed, double shift, int rows) {
      Columns.Builder builder = Columns.builder();
      for (int i = 0; i < NUMBERS + CATEGORIES; i++) {
        add(builder, i, seed, shift, rows);
      }
      return builder.build();
    }

    private static void add(
        Columns.Builder builder, int column, long seed, double shift, int rows) {
      Random random = new Random(seed * 1_000 + column);
      if (column < NUMBERS) {
        double[] values = new double[rows];
        for (int row = 0; row < rows; row++) {
          values[row] = random.nextGaussian() + shift * column / NUMBERS;
        }
        builder.numbers("x" + column, values);
      } else {
        String[] texts = new String[rows];
        for (int row = 0; row < rows; row++) {
          texts[row] = ("v" + random.nextInt(12)).intern();
        }
        builder.texts("c" + (column - NUMBERS), Arrays.asList(texts));
      }
    }

    private static long memory(int rows) throws Exception {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx192m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  ColumnByColumn.class.getName(),
                  String.valueOf(rows))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the process that compares column by column failed");
      }
      return 1024L * Long.parseLong(out.strip());
    }
  }

  /** The program that compares column by column, and prints the kilobytes that it needed. */
  static final class ColumnByColumn {
    private ColumnByColumn() {}

    public static void main(String[] args) throws Exception {
      int rows = Integer.parseInt(args[0]);
      for (int column = 0; column < Million.NUMBERS + Million.CATEGORIES; column++) {
        Columns.Builder reference = Columns.builder();
        Columns.Builder current = Columns.builder();
        Million.add(reference, column, 1, 0, rows);
        Million.add(current, column, 2, 0.05, rows);
        Million.compare(reference.build(), current.build());
      }
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          System.out.println(line.replaceAll("[^0-9]", ""));
        }
      }
    }
  }
}
