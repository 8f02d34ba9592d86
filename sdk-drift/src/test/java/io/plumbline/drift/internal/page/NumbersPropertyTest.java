package io.plumbline.drift.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("A number for people")
class NumbersPropertyTest {
  /** Doubles of all sizes that are not written with an exponent, and those around a tie. */
  @Provide
  Arbitrary<Double> numbers() {
    Arbitrary<Double> any =
        Arbitraries.longs()
            .between(Double.doubleToLongBits(1e-4), Double.doubleToLongBits(9.99e6))
            .map(Double::longBitsToDouble);
    Arbitrary<Double> ties =
        Arbitraries.integers()
            .between(1_000, 9_999)
            .flatMap(
                digits ->
                    Arbitraries.integers()
                        .between(-3, 7)
                        .map(scale -> (digits + 0.5) * Math.pow(10, -scale)));
    Arbitrary<Double> near =
        ties.flatMap(tie -> Arbitraries.of(tie, Math.nextUp(tie), Math.nextDown(tie)));
    return Arbitraries.oneOf(any, near).flatMap(x -> Arbitraries.of(x, -x));
  }

  @Property(tries = 5_000)
  @Label("has the four digits of the exact value, rounded half to even")
  void digits(@ForAll("numbers") double value) {
    BigDecimal exact = new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_EVEN));
    String text = Numbers.number(value).replace('−', '-');
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e6;
    assertThat(new BigDecimal(text)).isEqualByComparingTo(whole ? new BigDecimal(value) : exact);
    assertThat(text).doesNotEndWith(".").matches("-?[0-9]+(\\.[0-9]*[1-9])?(e[0-9-]+)?");
  }
}
