package io.plumbline.drift.internal.compat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Tests that see only the order of two samples: Mann-Whitney, Cramér-von Mises and
 * Anderson-Darling, as scipy has them. All take samples without NaN, sorted ascending.
 */
final class RankTests {
  private RankTests() {}

  /** Which samples a one-sided test suspects to be the smaller ones. */
  enum Alternative {
    TWO_SIDED("two-sided"),
    LESS("less"),
    GREATER("greater");

    private final String label;

    Alternative(String label) {
      this.label = label;
    }
  }

  /** The values of both samples in order, each once. */
  private static final class Pooled {
    final double[] x;
    final double[] y;
    int i;
    int j;
    int tiesX;
    int tiesY;

    Pooled(double[] x, double[] y) {
      this.x = x;
      this.y = y;
    }

    /** Goes to the next value; false at the end. Before it, i of x and j of y are smaller. */
    boolean next() {
      i += tiesX;
      j += tiesY;
      if (i == x.length && j == y.length) {
        return false;
      }
      double value = j == y.length || (i < x.length && x[i] <= y[j]) ? x[i] : y[j];
      tiesX = run(x, i, value);
      tiesY = run(y, j, value);
      return true;
    }

    private static int run(double[] sorted, int from, double value) {
      int end = from;
      while (end < sorted.length && sorted[end] == value) {
        end++;
      }
      return end - from;
    }

    /** The mean rank of the value's rows, from 1. */
    double rank() {
      return i + j + (tiesX + tiesY + 1) / 2.0;
    }
  }

  /** {@code mannwhitneyu}: U of x, exact for 8 rows at most on one side and no ties. */
  static TestResult mannWhitney(double[] x, double[] y, Alternative alternative) {
    double n = x.length;
    double m = y.length;
    double ranks = 0;
    double ties = 0;
    for (Pooled pooled = new Pooled(x, y); pooled.next(); ) {
      double t = pooled.tiesX + pooled.tiesY;
      ranks += pooled.rank() * pooled.tiesX;
      ties += t * t * t - t;
    }
    double u = ranks - n * (n + 1) / 2;
    double other = n * m - u;
    double extreme =
        switch (alternative) {
          case GREATER -> u;
          case LESS -> other;
          case TWO_SIDED -> Math.max(u, other);
        };
    boolean exact = Math.min(n, m) <= 8 && ties == 0;
    double p;
    if (exact) {
      p = MannWhitneyCounts.sf((long) extreme, x.length, y.length);
    } else {
      double all = n + m;
      double sd = Math.sqrt(n * m / 12 * (all + 1 - ties / (all * (all - 1))));
      p = Normal.sf((extreme - n * m / 2 - 0.5) / sd);
    }
    if (alternative == Alternative.TWO_SIDED) {
      p *= 2;
    }
    String variant = (exact ? "exact, " : "asymptotic, ") + alternative.label;
    return new TestResult(variant, u, Math.min(1, Math.max(0, p)));
  }

  /** {@code cramervonmises_2samp}: exact for at most 20 rows on each side. */
  static TestResult cramerVonMises(double[] x, double[] y) {
    long n = x.length;
    long m = y.length;
    double ofX = 0;
    double ofY = 0;
    for (Pooled pooled = new Pooled(x, y); pooled.next(); ) {
      double rank = pooled.rank();
      ofX += squares(rank, pooled.i, pooled.tiesX);
      ofY += squares(rank, pooled.j, pooled.tiesY);
    }
    double u = n * ofX + m * ofY;
    double k = (double) n * m;
    double all = n + m;
    double t = u / (k * all) - (4 * k - 1) / (6 * all);
    if (Math.max(n, m) <= 20) {
      return new TestResult("exact", t, exactCramer(u, n, m));
    }
    double mean = (1 + 1 / all) / 6;
    double variance =
        (all + 1)
            * (4 * k * all - 3 * ((double) n * n + (double) m * m) - 2 * k)
            / (45 * all * all * 4 * k);
    double scaled = 1.0 / 6 + (t - mean) / Math.sqrt(45 * variance);
    double p = scaled < 0.003 ? 1 : Math.max(0, 1 - CramerLimit.cdf(scaled));
    return new TestResult("asymptotic", t, p);
  }

  private static double squares(double rank, int before, int ties) {
    double sum = 0;
    for (int l = 1; l <= ties; l++) {
      sum += (rank - (before + l)) * (rank - (before + l));
    }
    return sum;
  }

  /**
   * Counts over all orders of the rows how often the statistic is at least as large.
   *
   * <p>Source: Y. Xiao, A. Gordon and A. Yakovlev, A C++ program for the Cramér-von Mises
   * two-sample test, Journal of Statistical Software 17 (2006).
   */
  private static double exactCramer(double u, long n, long m) {
    long multiple = n / KolmogorovSmirnov.gcd(n, m) * m;
    double nm = (double) n * m;
    double wanted =
        Math.floor(
            (double) multiple * multiple * (n + m) * (6 * u - nm * (4 * nm - 1)) / (6 * nm * nm));
    // column[i] has, for paths to (i, j), how many have which sum of squares
    Map<Long, Double>[] column = column((int) n);
    for (long j = 0; j <= m; j++) {
      Map<Long, Double> before = Map.of();
      for (int i = 0; i <= n; i++) {
        long distance = multiple / n * i - multiple / m * j;
        Map<Long, Double> here = new HashMap<>();
        for (Map<Long, Double> source : Arrays.asList(before, column[i])) {
          source.forEach((sum, ways) -> here.merge(sum + distance * distance, ways, Double::sum));
        }
        column[i] = here;
        before = here;
      }
    }
    double all = 0;
    double large = 0;
    for (Map.Entry<Long, Double> entry : column[(int) n].entrySet()) {
      all += entry.getValue();
      large += entry.getKey() >= wanted ? entry.getValue() : 0;
    }
    return large / all;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of maps
  private static Map<Long, Double>[] column(int n) {
    Map<Long, Double>[] column = new Map[n + 1];
    Arrays.fill(column, Map.of());
    column[0] = Map.of(0L, 1.0);
    return column;
  }

  /** {@code anderson_ksamp} of two samples with midranks. */
  static TestResult andersonDarling(double[] x, double[] y) {
    double n = x.length;
    double m = y.length;
    double all = n + m;
    double ofX = 0;
    double ofY = 0;
    int values = 0;
    for (Pooled pooled = new Pooled(x, y); pooled.next(); values++) {
      double ties = pooled.tiesX + pooled.tiesY;
      double b = pooled.i + pooled.j + ties / 2;
      double mx = pooled.i + pooled.tiesX / 2.0;
      double my = pooled.j + pooled.tiesY / 2.0;
      double below = b * (all - b) - all * ties / 4;
      ofX += ties / all * Math.pow(all * mx - b * n, 2) / below;
      ofY += ties / all * Math.pow(all * my - b * m, 2) / below;
    }
    if (values < 2) {
      throw new IllegalArgumentException(
          "Anderson-Darling needs more than one distinct value; leave a constant column out");
    }
    double a2 = (ofX / n + ofY / m) * (all - 1) / all;
    double standard = (a2 - 1) / Math.sqrt(AndersonTable.variance(n, m));
    return new TestResult("midrank", standard, AndersonTable.p(standard));
  }
}
