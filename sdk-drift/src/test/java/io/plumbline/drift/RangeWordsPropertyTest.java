package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.internal.profile.ColumnFrame;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("The words for a range")
class RangeWordsPropertyTest {
  private static final Pattern RANGE =
      Pattern.compile(
          "values(?: (?<low>from|above) (?<begin>\\S+?))?(?: on)?"
              + "(?: (?<high>to below|and below|below|up to|to) (?<end>\\S+))?");

  /** Numbers that five digits hold, many of them more than once: atoms beside ordinary bins. */
  @Provide
  Arbitrary<double[]> numbers() {
    Arbitrary<Double> some = Arbitraries.integers().between(-9_999, 9_999).map(i -> i / 100.0);
    Arbitrary<Double> few = Arbitraries.integers().between(-3, 3).map(i -> (double) i);
    return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(2, some), net.jqwik.api.Tuple.of(3, few))
        .array(double[].class)
        .ofMinSize(1)
        .ofMaxSize(400);
  }

  private static ColumnFrame frame(double[] values) {
    return Profile.builder().add("x", values).build().column("x").frame();
  }

  /** Whether a reader of the words would say that a value is meant. */
  private static boolean says(String words, double value) {
    if (!words.startsWith("values")) {
      return value == Double.parseDouble(words);
    }
    Matcher range = RANGE.matcher(words);
    assertThat(range.matches()).as(words).isTrue();
    boolean above = true;
    if (range.group("low") != null) {
      double begin = Double.parseDouble(range.group("begin"));
      above = range.group("low").equals("from") ? value >= begin : value > begin;
    }
    if (range.group("high") == null) {
      return above;
    }
    double end = Double.parseDouble(range.group("end"));
    return above && (range.group("high").endsWith("below") ? value < end : value <= end);
  }

  @Property(tries = 80)
  @Label("hold exactly the values that are counted into it, atoms and their neighbours included")
  void exact(@ForAll("numbers") double[] values, @ForAll("numbers") double[] others) {
    ColumnFrame frame = frame(values);
    RangeWords words = new RangeWords(frame);
    List<Double> asked = new ArrayList<>(List.of(-1e300, 0.0, -0.0, Double.MIN_VALUE, 1e300));
    for (double edge : frame.edges()) {
      asked.addAll(List.of(edge, Math.nextUp(edge), Math.nextDown(edge)));
    }
    for (double other : others) {
      asked.add(other);
    }
    int cells = frame.cells();
    for (int from = 0; from < cells; from += 1 + cells / 12) {
      for (int to = from + 1; to <= cells; to += 1 + cells / 9) {
        String range = words.of(from, to);
        for (double value : asked) {
          int cell = frame.cell(value);
          assertThat(says(range, value))
              .as("%s of cells %d to %d for %s", range, from, to, value)
              .isEqualTo(from <= cell && cell < to);
        }
      }
    }
  }

  @Property(tries = 80)
  @Label("name two ends that differ, whatever digits the values have")
  void distinct(@ForAll double first, @ForAll("numbers") double[] steps) {
    double[] values = new double[steps.length];
    double value = first;
    for (int i = 0; i < values.length; i++) {
      values[i] = value;
      value = Math.nextUp(Math.nextUp(value));
    }
    ColumnFrame frame = frame(values);
    RangeWords words = new RangeWords(frame);
    for (int from = 1; from + 1 < frame.cells() - 1; from++) {
      String range = words.of(from, from + 2);
      Matcher parts = RANGE.matcher(range);
      assertThat(parts.matches()).as(range).isTrue();
      assertThat(new BigDecimal(parts.group("begin")))
          .as(range)
          .isLessThan(new BigDecimal(parts.group("end")));
    }
  }

  @Example
  @Label("say above where a value of its own ends, and below where an ordinary bin does")
  void examples() {
    double[] rain = new double[1_000];
    for (int i = 0; i < 400; i++) {
      rain[i] = 1 + i / 100.0;
    }
    ColumnFrame frame = frame(rain);
    RangeWords words = new RangeWords(frame);
    int last = frame.cells();
    assertThat(words.of(0, 1)).isEqualTo("values below 0");
    assertThat(words.of(1, 2)).isEqualTo("0");
    assertThat(words.of(2, 6)).startsWith("values above 0 and below 1.");
    assertThat(words.of(0, 2)).isEqualTo("values up to 0");
    assertThat(words.of(2, last - 1)).isEqualTo("values above 0 up to 4.99");
    assertThat(words.of(6, last - 1)).matches("values from 1\\.\\d+ to 4\\.99");
    assertThat(words.of(6, last)).matches("values from 1\\.\\d+ on");
    assertThat(words.of(last - 1, last)).isEqualTo("values above 4.99");
    assertThat(words.of(0, last)).isEqualTo("values");
  }
}
