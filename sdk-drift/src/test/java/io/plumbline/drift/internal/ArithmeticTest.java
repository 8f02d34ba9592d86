package io.plumbline.drift.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("The arithmetic of evaluations")
class ArithmeticTest {
  @Provide
  Arbitrary<double[]> finite() {
    return Arbitraries.oneOf(
            Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
            Arbitraries.of(0.0, -0.0, 1.0, -1.0, Double.MIN_VALUE, -Double.MAX_VALUE),
            Arbitraries.doubles().between(0, 1).ofScale(17))
        .array(double[].class)
        .ofMaxSize(300);
  }

  @Property
  @Label("sorts rows by score, stably, with the two zeros as one score")
  void scoreOrder(@ForAll("finite") double[] scores) {
    int[] expected =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(row -> scores[row] + 0.0))
            .mapToInt(row -> row)
            .toArray();
    assertThat(ScoreOrder.ascending(scores)).isEqualTo(expected);
  }

  @Property
  @Label("sums as if with 106 bits: next to no error where a plain loop loses everything")
  void sums(@ForAll("parts") double[] terms) {
    Sum sum = new Sum();
    BigDecimal exact = BigDecimal.ZERO;
    double sizes = 0;
    for (double term : terms) {
      sum.add(term);
      exact = exact.add(new BigDecimal(term));
      sizes += Math.abs(term);
    }
    double error = exact.subtract(new BigDecimal(sum.value())).abs().doubleValue();
    double allowed =
        Math.ulp(exact.doubleValue())
            + terms.length * terms.length * Math.ulp(1.0) * Math.ulp(sizes);
    assertThat(error).isLessThanOrEqualTo(allowed);
  }

  @Provide
  Arbitrary<double[]> parts() {
    return Arbitraries.oneOf(
            Arbitraries.doubles().between(-1e16, 1e16),
            Arbitraries.of(1e16, -1e16, 1.0, 1e-16),
            Arbitraries.doubles().between(-1, 1).ofScale(17))
        .array(double[].class)
        .ofMaxSize(200);
  }

  @Example
  @Label("keeps a small term that a large one hides for a while, and infinities")
  void cancellation() {
    Sum sum = new Sum();
    for (double term : new double[] {1, 1e100, 1, -1e100}) {
      sum.add(term);
    }
    assertThat(sum.value()).isEqualTo(2);
    sum.add(Double.POSITIVE_INFINITY);
    assertThat(sum.value()).isInfinite();
  }

  @Example
  @Label("knows the normal quantiles of the centre, the tail and far beyond")
  void quantiles() {
    assertThat(Normal.twoSided(0.5)).isCloseTo(0.6744897501960817, within(1e-15));
    assertThat(Normal.twoSided(0.85)).isCloseTo(1.4395314709384557, within(1e-15));
    assertThat(Normal.twoSided(0.95)).isCloseTo(1.959963984540054, within(1e-15));
    assertThat(Normal.twoSided(0.9999999)).isCloseTo(5.326723886480144, within(1e-15));
    assertThat(Normal.twoSided(1 - Math.ulp(1.0))).isCloseTo(8.209536151601387, within(2e-15));
  }

  @Example
  @Label("writes numbers as people do")
  void numbers() {
    double[] values = {0, 1, -2.5, 0.71234567, 123456.7, 0.00012, 1e-9, -3e12, 9999.96};
    assertThat(Arrays.stream(values).mapToObj(Drawing::number))
        .containsExactly(
            "0", "1", "-2.5", "0.7123", "123500", "0.00012", "1.00e-09", "-3.00e+12", "10000");
  }
}
