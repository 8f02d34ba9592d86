package io.plumbline.drift.internal.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.drift.ColumnKind;
import io.plumbline.drift.ColumnRole;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

@Label("Bins, moments and sketches")
class BinsPropertyTest {
  @Provide
  Arbitrary<double[]> numbers() {
    return Arbitraries.oneOf(
            Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
            Arbitraries.of(0.0, -0.0, 1.0, -1.0, Double.MIN_VALUE, Double.MAX_VALUE, -1e6),
            Arbitraries.integers().between(-5, 5).map(i -> (double) i),
            Arbitraries.doubles().between(-3, 3).ofScale(9))
        .array(double[].class)
        .ofMinSize(1)
        .ofMaxSize(400);
  }

  @Property(tries = 60)
  @Label("a table over the edges finds the same cell as looking at every edge")
  void lookup(@ForAll("numbers") double[] values, @ForAll("numbers") double[] others) {
    double[] edges = frame(values).edges();
    CellTable table = new CellTable(edges);
    for (double[] some : List.of(values, others, edges)) {
      for (double value : some) {
        if (Double.isFinite(value)) {
          long expected = Arrays.stream(edges).filter(edge -> value >= edge).count();
          assertThat(table.cell(value)).as("%s among %s", value, edges).isEqualTo((int) expected);
        }
      }
    }
  }

  @Property(tries = 60)
  @Label("edges rise, hold all values, and groups cover the cells in order")
  void edges(@ForAll("numbers") double[] values) {
    ColumnFrame frame = frame(values);
    double[] edges = frame.edges();
    for (int i = 1; i < edges.length; i++) {
      assertThat(edges[i]).isGreaterThan(edges[i - 1]);
    }
    for (double value : values) {
      assertThat(frame.cell(value)).isBetween(1, edges.length - 1);
    }
    int[] groups = frame.groups();
    assertThat(groups).hasSize(edges.length + 1);
    assertThat(groups[0]).isZero();
    for (int i = 1; i < groups.length; i++) {
      assertThat(groups[i] - groups[i - 1]).isBetween(0, 1);
    }
  }

  @Property(tries = 60)
  @Label("bins of different numbers have a hundredth of the rows, groups a tenth")
  void equalMass(@ForAll @IntRange(min = 2_000, max = 20_000) int rows, @ForAll Random random) {
    double[] values = random.doubles(rows).map(x -> Math.exp(4 * x)).toArray();
    ColumnFrame frame = frame(values);
    long[] cells = new long[frame.cells()];
    long[] groups = new long[frame.groupCount()];
    for (double value : values) {
      cells[frame.cell(value)]++;
      groups[frame.groups()[frame.cell(value)]]++;
    }
    assertThat(frame.edges()).hasSize(101);
    assertThat(groups).hasSize(10);
    for (int i = 1; i <= 100; i++) {
      assertThat((double) cells[i]).isCloseTo(rows / 100.0, within(2.0));
    }
    for (long group : groups) {
      assertThat((double) group).isCloseTo(rows / 10.0, within(rows / 50.0));
    }
  }

  @Property(tries = 60)
  @Label("moments of parts, merged in any way, are those of the whole to twelve digits")
  void moments(
      @ForAll @IntRange(min = 1, max = 5_000) int rows,
      @ForAll @IntRange(min = 1, max = 5) int parts,
      @ForAll Random random) {
    double origin = random.nextBoolean() ? 0 : 1e6 * random.nextGaussian();
    double[] values = random.doubles(rows).map(x -> origin + x * x).toArray();
    Moments merged = Moments.NONE;
    for (int part = parts - 1; part >= 0; part--) {
      Moments.Running running = new Moments.Running();
      for (int i = part; i < rows; i += parts) {
        running.add(values[i]);
      }
      merged = random.nextBoolean() ? merged.merge(running.value()) : running.value().merge(merged);
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    BigDecimal mean = sum.divide(BigDecimal.valueOf(rows), MathContext.DECIMAL128);
    BigDecimal square = BigDecimal.ZERO;
    for (double value : values) {
      BigDecimal distance = new BigDecimal(value).subtract(mean);
      square = square.add(distance.multiply(distance));
    }
    double scale = Math.abs(mean.doubleValue()) + 1;
    assertThat(merged.n()).isEqualTo(rows);
    assertThat(merged.mean()).isCloseTo(mean.doubleValue(), within(1e-12 * scale));
    // The mean's own rounding, times the spread, is all that a double can lose besides.
    double exact = square.doubleValue();
    double lost = 1e-12 * exact + 4 * rows * Math.ulp(scale) * Math.sqrt(exact / rows + 1e-300);
    assertThat(merged.m2()).isCloseTo(exact, within(Math.max(lost, rows * 1e-20)));
    assertThat(merged.min()).isEqualTo(Arrays.stream(values).min().orElseThrow());
    assertThat(merged.max()).isEqualTo(Arrays.stream(values).max().orElseThrow());
  }

  @Example
  @Label("a sketch of two million numbers is wrong by less than half a percent of the ranks")
  void sketch() {
    KllSketch sketch = new KllSketch(2048);
    int rows = 2_000_000;
    for (int i = 0; i < rows; i++) {
      sketch.add((double) ((i * 7_368_787L) % rows)); // every number once, in no order
    }
    Runs runs = sketch.runs();
    assertThat(runs.size()).isBetween(1, 10_000);
    assertThat(runs.total()).isEqualTo(rows);
    long below = 0;
    for (int i = 0; i < runs.size(); i++) {
      below += runs.weight(i);
      assertThat((double) below / rows).isCloseTo(runs.value(i) / rows, within(0.005));
    }
  }

  private static ColumnFrame frame(double[] values) {
    NumberPart part = new NumberPart("x", ColumnRole.INPUT, ColumnKind.NUMERIC);
    for (double value : values) {
      part.number(value);
    }
    return part.frame();
  }
}
