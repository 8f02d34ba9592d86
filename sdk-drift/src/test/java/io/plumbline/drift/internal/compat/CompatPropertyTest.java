package io.plumbline.drift.internal.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

@Label("Formulas of two samples")
class CompatPropertyTest {

  @Property(tries = 200)
  @Label("Kolmogorov's D is the largest distance of the two shares at any value")
  void kolmogorov(
      @ForAll @Size(min = 1, max = 30) int[] a, @ForAll @Size(min = 1, max = 30) int[] b) {
    double[] x = sorted(a);
    double[] y = sorted(b);
    double largest = 0;
    for (double[] values : new double[][] {x, y}) {
      for (double value : values) {
        largest = Math.max(largest, Math.abs(share(x, value) - share(y, value)));
      }
    }
    assertThat(KolmogorovSmirnov.statistic(x, y)).isCloseTo(largest, within(1e-12));
    assertThat(KolmogorovSmirnov.statistic(y, x)).isCloseTo(largest, within(1e-12));
  }

  private static double[] sorted(int[] values) {
    return Arrays.stream(values).mapToDouble(value -> value % 10).sorted().toArray();
  }

  private static double share(double[] sorted, double value) {
    return (double) Arrays.stream(sorted).filter(x -> x <= value).count() / sorted.length;
  }

  @Property(tries = 100)
  @Label("The exact p-value is the share of all orders of the rows whose D is as large")
  void exact(
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    int orders = 0;
    int mask = (int) (seed % (1 << (n + m)));
    if (Integer.bitCount(mask) != n) {
      mask = (1 << n) - 1;
    }
    double observed = distance(mask, n, m);
    int asLarge = 0;
    for (int order = 0; order < 1 << (n + m); order++) {
      if (Integer.bitCount(order) == n) {
        orders++;
        asLarge += distance(order, n, m) >= observed - 1e-9 ? 1 : 0;
      }
    }
    TestResult result = KolmogorovSmirnov.test(rows(mask, n + m, true), rows(mask, n + m, false));
    assertThat(result.variant()).isEqualTo("exact");
    assertThat(result.statistic()).isCloseTo(observed, within(1e-12));
    assertThat(result.p()).isCloseTo((double) asLarge / orders, within(1e-12));
  }

  private static double distance(int order, int n, int m) {
    return KolmogorovSmirnov.statistic(rows(order, n + m, true), rows(order, n + m, false));
  }

  /** The places of the set or the other bits. */
  private static double[] rows(int order, int size, boolean set) {
    double[] rows = new double[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (((order >> i & 1) == 1) == set) {
        rows[count++] = i;
      }
    }
    return Arrays.copyOf(rows, count);
  }

  @Property(tries = 200)
  @Label("A shift by s moves the Wasserstein distance of equal samples to s, and nothing to 0")
  void wasserstein(
      @ForAll @Size(min = 1, max = 50) int[] values,
      @ForAll @DoubleRange(min = -100, max = 100) double shift) {
    double[] x = Arrays.stream(values).mapToDouble(value -> value % 1_000).sorted().toArray();
    double[] y = Arrays.stream(x).map(value -> value + shift).toArray();
    assertThat(Transport.wasserstein(x, y)).isCloseTo(Math.abs(shift), within(1e-9));
    assertThat(Transport.wasserstein(y, x)).isCloseTo(Math.abs(shift), within(1e-9));
    assertThat(Transport.wasserstein(x, x)).isZero();
    assertThat(Transport.energy(x, x)).isZero();
  }

  @Property(tries = 200)
  @Label("Distances of shares are symmetric, within their bounds, and 0 for equal shares")
  void distances(
      @ForAll @Size(min = 2, max = 20) int[] a,
      @ForAll @LongRange(min = 1, max = 1_000_000) long seed) {
    double[] p = shares(a, 0);
    double[] q = shares(a, seed);
    assertThat(Divergence.psi(p, q)).isCloseTo(Divergence.psi(q, p), within(1e-12));
    assertThat(Divergence.psi(p, q)).isGreaterThanOrEqualTo(-1e-15);
    double bits = Divergence.jensenShannon(p, q, 2);
    if (!Double.isNaN(bits)) { // the square root of a rounding error below zero
      assertThat(bits).isBetween(0.0, 1.0);
      assertThat(Divergence.jensenShannon(q, p, 2)).isCloseTo(bits, within(1e-7));
      double nats = Divergence.jensenShannon(p, q, Math.E);
      assertThat(nats).isCloseTo(bits * Math.sqrt(Math.log(2)), within(1e-7));
    }
    assertThat(Divergence.hellinger(p, q)).isBetween(0.0, 1.0);
    assertThat(Divergence.totalVariation(p, q)).isBetween(Divergence.largest(p, q) - 1e-12, 1.0);
    assertThat(Divergence.hellinger(p, p)).isZero();
    assertThat(Divergence.psi(p, p)).isZero();
  }

  private static double[] shares(int[] counts, long seed) {
    double[] shares = new double[counts.length];
    double total = 0;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = 1 + Math.floorMod(counts[i], 1_000) + (seed * (i + 1) % 97);
      total += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= total;
    }
    return shares;
  }

  @Property(tries = 200)
  @Label("Every value lies in one bin, and Sturges' bins cover all values")
  void bins(@ForAll @Size(min = 2, max = 200) int[] values) {
    double[] numbers = Arrays.stream(values).mapToDouble(value -> value / 7.0).toArray();
    double min = Bins.min(numbers);
    double max = Bins.max(numbers);
    Bins bins = Bins.sturges(min, max, numbers.length, false);
    long[] counts = bins.counts(numbers);
    assertThat(Tables.total(counts)).isEqualTo(numbers.length);
    for (int bin = 0; bin < bins.size(); bin++) {
      int at = bin;
      long expected =
          Arrays.stream(numbers)
              .filter(
                  x ->
                      x >= bins.edge(at)
                          && (x < bins.edge(at + 1)
                              || (at == bins.size() - 1 && x == bins.edge(at + 1))))
              .count();
      assertThat(counts[bin]).isEqualTo(expected);
    }
  }

  @Property(tries = 100)
  @Label("Tails fall as the statistic grows, from 1 to 0")
  void tails(@ForAll @IntRange(min = 1, max = 3_000) int n) {
    double before = 1;
    for (double x = 0; x <= 1; x += 1 / 64.0) {
      double p = KolmogorovLimit.sf(x, n);
      assertThat(p).isBetween(0.0, before + 1e-9);
      before = p;
    }
    assertThat(KolmogorovLimit.sf(0, n)).isEqualTo(1);
    assertThat(KolmogorovLimit.sf(1, n)).isZero();
    assertThat(Student.twoSided(0, n)).isEqualTo(1);
    assertThat(Student.twoSided(1, n)).isGreaterThan(Student.twoSided(2, n));
    assertThat(Student.twoSided(-2, n)).isEqualTo(Student.twoSided(2, n));
  }
}
