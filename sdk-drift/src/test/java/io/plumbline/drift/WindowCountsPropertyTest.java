package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Label("Counts of windows")
class WindowCountsPropertyTest {
  /** One row. */
  record Row(double number, String text, boolean flag) {}

  @Provide
  Arbitrary<Row> rows() {
    Arbitrary<Double> numbers =
        Arbitraries.oneOf(
            Arbitraries.integers().between(-3, 3).map(i -> (double) i),
            Arbitraries.doubles().between(-10, 10).ofScale(6),
            Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0));
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of("a", "b", "", "MISSING", "lone \uD800 half"),
            Arbitraries.strings().ofMaxLength(8));
    return Combinators.combine(numbers, texts, Arbitraries.of(true, false)).as(Row::new);
  }

  @Property(tries = 60)
  @Label("merged in any order and grouping are those of all rows, byte for byte")
  void merge(
      @ForAll("rows") Row first,
      @ForAll @Size(max = 60) List<@From("rows") Row> rows,
      @ForAll @IntRange(min = 1, max = 6) int parts,
      @ForAll Random random) {
    Profile profile = profile(first, rows);
    WindowCounts whole = count(profile, rows);
    List<WindowCounts> windows = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      List<Row> own = new ArrayList<>();
      for (int i = part; i < rows.size(); i += parts) {
        own.add(rows.get(i));
      }
      windows.add(count(profile, own));
    }
    Collections.shuffle(windows, random);
    while (windows.size() > 1) {
      int at = random.nextInt(windows.size() - 1);
      windows.set(at, windows.get(at).merge(windows.remove(at + 1)));
    }
    for (int i = 0; i < whole.columns().size(); i++) {
      ColumnCounts expected = whole.columns().get(i);
      ColumnCounts merged = windows.get(0).columns().get(i);
      assertThat(merged.cells()).isEqualTo(expected.cells());
      assertThat(merged.toString()).isEqualTo(expected.toString());
      assertThat(merged.nan()).isEqualTo(expected.nan());
      assertThat(merged.min()).isEqualTo(expected.min());
      assertThat(merged.max()).isEqualTo(expected.max());
      close(merged.mean(), expected.mean());
      close(merged.standardDeviation(), expected.standardDeviation());
    }
    ProfileCounter adding = profile.counter();
    windows.forEach(adding::add);
    assertThat(adding.take().columns().get(0).cells()).isEqualTo(whole.columns().get(0).cells());
  }

  @Property(tries = 40)
  @Label("are stored as canonical JSON and read back")
  void json(@ForAll("rows") Row first, @ForAll @Size(max = 60) List<@From("rows") Row> rows) {
    Profile profile = Profile.fromJson(profile(first, rows).toJson());
    WindowCounts window = count(profile, rows);
    WindowCounts read = WindowCounts.fromJson(window.toJson(), profile);
    assertThat(read).isEqualTo(window);
    assertThat(read.toJson()).isEqualTo(window.toJson());
  }

  @Property(tries = 40)
  @Label("of the reference's own rows are the reference's counts, whatever the order")
  void reference(
      @ForAll("rows") Row first,
      @ForAll @Size(max = 60) List<@From("rows") Row> rows,
      @ForAll Random random) {
    Profile profile = profile(first, rows);
    List<Row> all = new ArrayList<>(rows);
    all.add(first);
    Collections.shuffle(all, random);
    WindowCounts window = count(profile, all);
    for (ColumnCounts column : window.columns()) {
      assertThat(column.cells()).isEqualTo(profile.column(column.name()).counts().cells());
      assertThat(column.unseen() + column.below() + column.above()).isZero();
    }
  }

  private static void close(OptionalDouble actual, OptionalDouble expected) {
    assertThat(actual.isPresent()).isEqualTo(expected.isPresent());
    assertThat(actual.orElse(0)).isCloseTo(expected.orElse(0), within(1e-12 * 10));
  }

  private static Profile profile(Row first, List<Row> rest) {
    List<Row> rows = new ArrayList<>(rest);
    rows.add(first);
    boolean[] flags = new boolean[rows.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = rows.get(i).flag();
    }
    return Profile.builder()
        .kind("text", ColumnKind.CATEGORY)
        .add("number", rows.stream().mapToDouble(Row::number).toArray())
        .add("text", rows.stream().map(Row::text).toArray(String[]::new))
        .add("flag", flags)
        .build();
  }

  private static WindowCounts count(Profile profile, List<Row> rows) {
    ProfileCounter counter = profile.counter();
    for (Row row : rows) {
      counter.count(0, row.number());
      counter.countText(1, row.text());
      counter.countBoolean(2, row.flag());
    }
    assertThat(Arrays.stream(counter.snapshot().columns().get(1).cells()).sum())
        .isEqualTo(rows.size());
    return counter.take();
  }
}
