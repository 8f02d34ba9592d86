package io.plumbline.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.history.HistorySample;
import io.plumbline.internal.history.MetricStats;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

@Label("What one history has and another has not")
class HistoryCopyTest {
  private static final double[] VALUES = {Double.NaN, 0.0, -0.0, Double.POSITIVE_INFINITY, 1, 2};

  private static final Comparator<Metric> ANY =
      Comparator.comparing(Metric::value)
          .thenComparing(Metric::step)
          .thenComparing(Metric::timestamp);

  /** A history in memory. */
  private record Points(List<Metric> all) implements MetricHistory {
    @Override
    public String key() {
      return "k";
    }

    @Override
    public void forEach(PointConsumer consumer) {
      all.forEach(each -> consumer.accept(each.value(), each.step(), each.timestamp()));
    }

    @Override
    public MetricSummary summary() {
      MetricStats stats = new MetricStats();
      forEach(stats::add);
      return stats.summary("k");
    }

    @Override
    public Stream<Metric> stream() {
      return List.copyOf(all).stream();
    }

    @Override
    public List<Metric> sample(int points) {
      return HistorySample.of(this, points);
    }
  }

  @Property(tries = 300)
  @Label("is added, once for each time that it is there more often, however little fits in memory")
  void missing(
      @ForAll @IntRange(max = 200) int common,
      @ForAll @IntRange(max = 50) int more,
      @ForAll @IntRange(min = 1, max = 40) int share,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Metric> theirs = new ArrayList<>();
    for (int i = 0; i < common + more; i++) {
      double value = VALUES[random.nextInt(VALUES.length)];
      theirs.add(new Metric("k", value, random.nextInt(5), random.nextInt(3)));
    }
    List<Metric> copied = new ArrayList<>(theirs.subList(0, common));
    if (random.nextBoolean()) {
      Collections.shuffle(theirs, random);
    }
    List<Metric> ours = new ArrayList<>(copied);
    long added =
        new HistoryCopy(
                share,
                updates ->
                    updates.forEach(
                        update -> {
                          RunUpdate.LogMetric m = (RunUpdate.LogMetric) update;
                          ours.add(new Metric(m.key(), m.value(), m.step(), m.timestamp()));
                        }))
            .copy(new Points(theirs), new Points(ours));
    assertThat(added).isEqualTo(more);
    assertThat(ours.stream().sorted(ANY).toList()).isEqualTo(theirs.stream().sorted(ANY).toList());
  }
}
