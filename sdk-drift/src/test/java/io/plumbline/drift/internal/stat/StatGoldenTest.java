package io.plumbline.drift.internal.stat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.plumbline.drift.Golden;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The statistics of drift are those of scipy")
class StatGoldenTest {
  private static final double TEN_DIGITS = 1e-8; // percent

  @Test
  @DisplayName("tests and distances of counts, to ten digits")
  void contingency() {
    Golden.Rows rows = Golden.rows("drift/contingency.csv");
    for (int i = 0; i < rows.rows().size(); i++) {
      Contingency table = Contingency.of(counts(rows, "reference", i), counts(rows, "current", i));
      assertThat(table.pooled()).isZero();
      double chi = table.chiSquare();
      close(rows, "chi_square", i, chi);
      close(rows, "chi_square_p", i, table.p(chi, table.dof()));
      close(rows, "g", i, table.g());
      close(rows, "g_p", i, table.p(table.g(), table.dof()));
      close(rows, "cramers_v", i, table.cramersV());
      double[] p = table.p(0.5);
      double[] q = table.q(0.5);
      close(rows, "psi", i, Distances.psi(p, q));
      close(rows, "js", i, Distances.js(p, q));
      close(rows, "kl", i, Distances.kl(p, q));
      close(rows, "hellinger", i, Distances.hellinger(p, q));
      close(rows, "tv", i, Distances.totalVariation(p, q));
    }
    assertThat(rows.rows()).hasSizeGreaterThan(40);
  }

  @Test
  @DisplayName("the exact test of a fourfold table, from 20 rows to a billion")
  void hypergeometric() {
    Golden.Rows rows = Golden.rows("drift/hypergeometric.csv");
    for (int i = 0; i < rows.rows().size(); i++) {
      double p =
          Hypergeometric.twoSided(
              (long) rows.numbers("found")[i],
              (long) rows.numbers("marked")[i],
              (long) rows.numbers("drawn")[i],
              (long) rows.numbers("all")[i]);
      assertThat(p)
          .as(Arrays.toString(rows.rows().get(i)))
          .isCloseTo(rows.numbers("p")[i], withinPercentage(TEN_DIGITS));
    }
  }

  @Test
  @DisplayName("distances of numbers, exactly where each number is a bin of its own")
  void numbers() {
    Golden.Rows rows = Golden.rows("drift/numbers.csv");
    for (int i = 0; i < rows.rows().size(); i++) {
      double first = rows.numbers("first")[i];
      long[] reference = counts(rows, "reference", i);
      long[] current = counts(rows, "current", i);
      double[] edges = edges(first, reference.length);
      BinnedPair pair = new BinnedPair(edges, spread(reference), spread(current));
      close(rows, "ks", i, pair.ks());
      double last = first + reference.length - 1;
      assertThat(pair.wasserstein(first, last))
          .isCloseTo(rows.numbers("wasserstein")[i], within(1e-11));
      assertThat(pair.deviation(first, last)).isCloseTo(rows.numbers("std")[i], within(1e-11));
      assertThat(pair.clipped(first, last)).isCloseTo(0, within(1e-12));
    }
  }

  @Test
  @DisplayName("the limit of the Kolmogorov-Smirnov test, within one percent or 1e-5")
  void kolmogorov() {
    Golden.Rows rows = Golden.rows("drift/numbers.csv");
    for (int i = 0; i < rows.rows().size(); i++) {
      long n = Arrays.stream(counts(rows, "reference", i)).sum();
      long m = Arrays.stream(counts(rows, "current", i)).sum();
      double expected = rows.numbers("ks_p")[i];
      assertThat(Kolmogorov.p(rows.numbers("ks")[i], n, m))
          .as(Arrays.toString(rows.rows().get(i)))
          .isCloseTo(expected, Offset.offset(Math.max(1e-5, 0.01 * expected)));
    }
    assertThat(Kolmogorov.p(0, 100, 100)).isEqualTo(1);
  }

  @Test
  @DisplayName("adjusted p-values; what is no test changes nothing for the others")
  void falseDiscovery() {
    Golden.Rows rows = Golden.rows("drift/false-discovery.csv");
    for (int c = 0; c < 5; c++) {
      String name = String.valueOf(c);
      int[] of =
          IntStream.range(0, rows.rows().size())
              .filter(i -> rows.texts("case")[i].equals(name))
              .toArray();
      double[] p = new double[of.length + 1];
      p[of.length] = Double.NaN;
      for (int i = 0; i < of.length; i++) {
        p[i] = rows.numbers("p")[of[i]];
      }
      double[] bh = MultipleTests.falseDiscovery(p, 1);
      double[] by = MultipleTests.falseDiscovery(p, MultipleTests.harmonic(of.length));
      for (int i = 0; i < of.length; i++) {
        assertThat(bh[i]).isCloseTo(rows.numbers("bh")[of[i]], within(1e-13));
        assertThat(by[i]).isCloseTo(rows.numbers("by")[of[i]], within(1e-13));
      }
      assertThat(bh[of.length]).isNaN();
      assertThat(MultipleTests.bonferroni(p)[0]).isEqualTo(Math.min(1, p[0] * of.length));
    }
  }

  @Test
  @DisplayName("a category that a rare one replaced is found, however rare it was")
  void replaced() {
    Contingency table = Contingency.of(new long[] {25_000, 24_950, 50}, new long[] {100, 0, 100});
    assertThat(table.pooled()).isEqualTo(1);
    assertThat(table.p(table.chiSquare(), table.dof())).isLessThan(1e-12);
    Contingency two = Contingency.of(new long[] {50_000, 0}, new long[] {100, 100});
    assertThat(two.p(two.chiSquare(), two.dof())).isLessThan(1e-12);
  }

  private static void close(Golden.Rows rows, String column, int row, double value) {
    double expected = rows.numbers(column)[row];
    assertThat(value)
        .as(column + " of row " + row)
        .isCloseTo(expected, Offset.offset(Math.abs(expected) * TEN_DIGITS / 100 + 1e-13));
  }

  private static long[] counts(Golden.Rows rows, String column, int row) {
    return Arrays.stream(rows.texts(column)[row].split(" ")).mapToLong(Long::parseLong).toArray();
  }

  /** The edges of whole numbers as points: each number, and the next double. */
  private static double[] edges(double first, int numbers) {
    double[] edges = new double[2 * numbers];
    for (int i = 0; i < numbers; i++) {
      edges[2 * i] = first + i;
      edges[2 * i + 1] = Math.nextUp(first + i);
    }
    return edges;
  }

  private static long[] spread(long[] counts) {
    long[] cells = new long[2 * counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      cells[2 * i + 1] = counts[i];
    }
    return cells;
  }
}
