package io.plumbline.internal.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class MetricStatsPropertyTest {
  /** A point. */
  record P(double value, long step, long time) {}

  @Provide
  Arbitrary<List<P>> points() {
    Arbitrary<Double> values =
        Arbitraries.oneOf(
            Arbitraries.of(
                Double.NaN,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY,
                0.0,
                -0.0,
                Double.MIN_VALUE),
            Arbitraries.doubles());
    Arbitrary<Long> few = Arbitraries.of(Long.MIN_VALUE, -1L, 0L, 1L, 2L, Long.MAX_VALUE);
    return Combinators.combine(values, few, few).as(P::new).list().ofMaxSize(12);
  }

  @Property
  @Label("Count, smallest, largest and last are those of a brute-force look at all points")
  void oracle(@ForAll("points") List<P> points) {
    check(stats(points), points);
  }

  @Property
  @Label("However points are divided, ordered and merged, the statistics are the same")
  void merging(@ForAll("points") List<P> points, @ForAll Random random) {
    List<MetricStats> parts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      parts.add(new MetricStats());
    }
    List<P> shuffled = new ArrayList<>(points);
    java.util.Collections.shuffle(shuffled, random);
    for (P p : shuffled) {
      parts.get(random.nextInt(3)).add(p.value, p.step, p.time);
    }
    MetricStats merged = new MetricStats();
    parts.forEach(merged::merge);
    check(merged, points);
    assertThat(json(merged)).isEqualTo(json(stats(points)));
  }

  @Property
  @Label("Statistics read back from a summary as they were")
  void summary(@ForAll("points") List<P> points) {
    MetricStats stats = stats(points);
    MetricStats read =
        new MetricStats().read(Json.object(Json.text(stats.toJson()), "a metric's statistics"));
    assertThat(json(read)).isEqualTo(json(stats));
  }

  private static Map<String, @Nullable Object> json(MetricStats stats) {
    return stats.toJson();
  }

  private static MetricStats stats(List<P> points) {
    MetricStats stats = new MetricStats();
    points.forEach(p -> stats.add(p.value, p.step, p.time));
    return stats;
  }

  private static void check(MetricStats stats, List<P> points) {
    assertThat(stats.count()).isEqualTo(points.size());
    List<Double> numbers =
        points.stream().map(P::value).filter(v -> !Double.isNaN(v)).map(v -> v + 0.0).toList();
    assertThat(stats.min())
        .isEqualTo(numbers.stream().min(Comparator.naturalOrder()).orElse(Double.NaN));
    assertThat(stats.max())
        .isEqualTo(numbers.stream().max(Comparator.naturalOrder()).orElse(Double.NaN));
    points.stream()
        .max(
            Comparator.comparingLong(P::step)
                .thenComparingLong(P::time)
                .thenComparingDouble(P::value))
        .ifPresent(
            last -> {
              assertThat(stats.last()).isEqualTo((Double) last.value);
              assertThat(stats.lastStep()).isEqualTo(last.step);
              assertThat(stats.lastTime()).isEqualTo(last.time);
            });
  }
}
