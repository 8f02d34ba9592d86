package io.plumbline.drift.internal.compat;

import io.plumbline.drift.compat.EvidentlyMethod;
import java.util.Arrays;

/** How Evidently 0.7 types columns, chooses methods, bins, and computes. */
public final class EvidentlyRules {
  private static final int FEW_ROWS = 1_000;
  private static final int FEW_VALUES = 5;
  private static final int CATEGORY_INTEGERS = 10;
  private static final int MOST_COUNTED_VALUES = 20;

  private EvidentlyRules() {}

  /** What Evidently takes a column for. */
  public enum ColumnType {
    NUMERICAL,
    CATEGORICAL,
    TEXT
  }

  /**
   * The result of a method with what it depended on.
   *
   * @param result statistic and p-value
   * @param binning how values were put together; empty without bins
   * @param smoothing what became of empty bins; empty without bins
   */
  public record Outcome(TestResult result, String binning, String smoothing) {}

  /** The type that Evidently infers from a column, before missing rows are dropped. */
  public static ColumnType type(Sample column) {
    return switch (column.kind()) {
      case FLOAT -> ColumnType.NUMERICAL;
      case BOOLEAN -> ColumnType.CATEGORICAL;
      case INTEGER ->
          column.distinct(CATEGORY_INTEGERS) <= CATEGORY_INTEGERS
              ? ColumnType.CATEGORICAL
              : ColumnType.NUMERICAL;
      case TEXT ->
          column.distinct(Integer.MAX_VALUE) > column.present().rows() * 0.5
              ? ColumnType.TEXT
              : ColumnType.CATEGORICAL;
    };
  }

  /** The method that Evidently chooses for a cleaned column. */
  public static EvidentlyMethod method(ColumnType type, Sample reference, Sample current) {
    int distinct = Sample.both(reference, current).distinct(FEW_VALUES);
    if (type == ColumnType.NUMERICAL && distinct > FEW_VALUES) {
      return reference.rows() <= FEW_ROWS ? EvidentlyMethod.KS : EvidentlyMethod.WASSERSTEIN;
    }
    if (reference.rows() > FEW_ROWS) {
      return EvidentlyMethod.JENSEN_SHANNON;
    }
    return distinct > 2 ? EvidentlyMethod.CHI_SQUARE : EvidentlyMethod.Z;
  }

  /** Computes a method on a cleaned column. */
  public static Outcome compute(
      EvidentlyMethod method, ColumnType type, Sample reference, Sample current) {
    boolean numerical = type == ColumnType.NUMERICAL;
    return switch (method) {
      case PSI, KL_DIVERGENCE, JENSEN_SHANNON -> binned(method, numerical, reference, current);
      case HELLINGER ->
          numerical ? hellinger(reference, current) : categoryHellinger(reference, current);
      case CHI_SQUARE, G_TEST, Z, FISHER_EXACT, TOTAL_VARIATION ->
          plain(ofCounts(method, reference, current));
      case EPPS_SINGLETON -> plain(EppsSingleton.test(reference.values(), current.values()));
      case T_TEST -> plain(Student.test(reference.values(), current.values(), true));
      default -> plain(ofOrder(method, reference, current));
    };
  }

  private static Outcome plain(TestResult result) {
    return new Outcome(result, "", "");
  }

  private static TestResult ofOrder(EvidentlyMethod method, Sample reference, Sample current) {
    double[] x = reference.sorted();
    double[] y = current.sorted();
    return switch (method) {
      case KS -> KolmogorovSmirnov.test(x, y);
      case WASSERSTEIN -> {
        double sigma = Math.sqrt(Student.variance(reference.values(), 0));
        yield TestResult.distance(
            "over max(reference std, 0.001)", Transport.wasserstein(x, y) / Math.max(sigma, 0.001));
      }
      case ENERGY -> TestResult.distance("unscaled", Transport.energy(x, y));
      case ANDERSON_DARLING -> RankTests.andersonDarling(x, y);
      case CRAMER_VON_MISES -> RankTests.cramerVonMises(x, y);
      case MANN_WHITNEY -> RankTests.mannWhitney(x, y, RankTests.Alternative.LESS);
      default -> throw new IllegalArgumentException(method + " is no test of order");
    };
  }

  private static TestResult ofCounts(EvidentlyMethod method, Sample reference, Sample current) {
    CategoryCounts counts = CategoryCounts.of(reference, current);
    return switch (method) {
      case CHI_SQUARE -> Tables.goodnessOfFit(counts.reference(), counts.current());
      case G_TEST -> Tables.likelihoodOfFit(counts.reference(), counts.current());
      case Z -> Tables.proportions(counts.reference(), counts.current(), counts.first());
      case FISHER_EXACT -> fisher(counts);
      default -> Permutations.totalVariation(reference, current);
    };
  }

  private static TestResult fisher(CategoryCounts counts) {
    if (counts.size() > 2 || Tables.total(counts.reference()) != Tables.total(counts.current())) {
      throw new IllegalArgumentException(
          "Evidently's fisher_exact takes two categories and samples of one size; use chisquare");
    }
    long[] reference = Arrays.copyOf(counts.reference(), 2);
    long[] current = Arrays.copyOf(counts.current(), 2);
    return Tables.fisher(current[1], current[0], reference[1], reference[0]);
  }

  // ---- bins

  private static Outcome binned(
      EvidentlyMethod method, boolean numerical, Sample reference, Sample current) {
    double[] p;
    double[] q;
    String binning;
    if (numerical && reference.distinct(MOST_COUNTED_VALUES) > MOST_COUNTED_VALUES) {
      Bins bins = sturges(reference, current);
      p = bins.shares(reference.values());
      q = bins.shares(current.values());
      binning = bins.size() + " of equal width by Sturges' rule on both samples";
    } else {
      CategoryCounts counts = CategoryCounts.of(reference, current);
      p = counts.referenceShares();
      q = counts.currentShares();
      binning = "each of " + counts.size() + " values";
    }
    if (method == EvidentlyMethod.JENSEN_SHANNON) {
      double distance = Divergence.jensenShannon(p, q, Math.E);
      return new Outcome(TestResult.distance("distance", distance), binning, "none");
    }
    fillZeros(p);
    fillZeros(q);
    TestResult result =
        method == EvidentlyMethod.PSI
            ? TestResult.distance("index", Divergence.psi(p, q))
            : TestResult.distance("reference from current", Divergence.kullbackLeibler(p, q));
    return new Outcome(result, binning, "0.0001 for an empty bin, less where a bin is as small");
  }

  private static Bins sturges(Sample reference, Sample current) {
    double[] x = reference.values();
    double[] y = current.values();
    return Bins.sturges(
        Math.min(Bins.min(x), Bins.min(y)),
        Math.max(Bins.max(x), Bins.max(y)),
        (long) x.length + y.length,
        wholeNumbers(reference, current));
  }

  private static boolean wholeNumbers(Sample a, Sample b) {
    return a.kind() == Sample.Kind.INTEGER && b.kind() == Sample.Kind.INTEGER;
  }

  private static void fillZeros(double[] shares) {
    double smallest = Double.POSITIVE_INFINITY;
    for (double share : shares) {
      smallest = share > 0 ? Math.min(smallest, share) : smallest;
    }
    double fill = smallest <= 0.0001 ? smallest / 1_000_000 : 0.0001;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = shares[i] == 0 ? fill : shares[i];
    }
  }

  private static Outcome categoryHellinger(Sample reference, Sample current) {
    CategoryCounts counts = CategoryCounts.of(reference, current);
    double distance =
        Divergence.hellingerByOverlap(counts.referenceShares(), counts.currentShares(), 1);
    return new Outcome(
        TestResult.distance("by overlap", distance),
        "each of " + counts.size() + " values",
        "none");
  }

  /** Sturges' rule counts the different values here, not the rows; shares are densities. */
  private static Outcome hellinger(Sample reference, Sample current) {
    Sample both = Sample.both(reference, current);
    Bins bins =
        Bins.sturges(
            Bins.min(both.values()),
            Bins.max(both.values()),
            both.distinct(Integer.MAX_VALUE),
            wholeNumbers(reference, current));
    double width = (bins.edge(bins.size()) - bins.edge(0)) / bins.size();
    double distance =
        Divergence.hellingerByOverlap(
            densities(bins, reference.values()), densities(bins, current.values()), width);
    String binning = bins.size() + " of equal width by Sturges' rule on the different values";
    return new Outcome(TestResult.distance("by overlap", distance), binning, "none");
  }

  private static double[] densities(Bins bins, double[] values) {
    long[] counts = bins.counts(values);
    double total = Tables.total(counts);
    double[] densities = new double[counts.length];
    for (int i = 0; i < densities.length; i++) {
      densities[i] = counts[i] / (bins.edge(i + 1) - bins.edge(i)) / total;
    }
    return densities;
  }
}
