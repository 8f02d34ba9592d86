package io.plumbline.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.spi.Backend.Capability;
import io.plumbline.spi.RunUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for metrics. */
abstract class MetricClauses extends Clauses {
  private static final int MANY = 100_000;
  private static final int BATCH = 1_000;

  MetricClauses(BackendKit kit) {
    super(kit);
  }

  private static RunUpdate point(String key, double value, long step, long time) {
    return new RunUpdate.LogMetric(key, value, step, time);
  }

  /** Returns what the run shows of a metric, or where that is only the last point, the history. */
  private MetricSummary summary(String run, String key) {
    MetricSummary summary = read(run).metrics().get(key);
    if (summary == null) {
      throw new AssertionError("the run has no metric " + key);
    }
    if (backend().capabilities().contains(Capability.METRIC_RANGES)) {
      return summary;
    }
    assertThat(summary.count()).as("the count that a run does not know").isEqualTo(-1);
    MetricSummary whole = runs().metricHistory(run, key).summary();
    assertThat(Double.valueOf(summary.last())).isEqualTo(Double.valueOf(whole.last()));
    assertThat(summary.lastStep()).isEqualTo(whole.lastStep());
    return whole;
  }

  @Test
  @DisplayName("MET-1 Points come back with value and step, in the order in which they were logged")
  void order() {
    String run = run();
    apply(run, metric("auc", 0.5, 0), metric("loss", 1.5, 0), metric("auc", 0.75, 1));
    apply(run, metric("auc", 0.625, 2));
    assertThat(points(run, "auc")).extracting(Metric::value).containsExactly(0.5, 0.75, 0.625);
    assertThat(points(run, "auc")).extracting(Metric::step).containsExactly(0L, 1L, 2L);
    assertThat(points(run, "auc")).extracting(Metric::key).containsOnly("auc");
    assertThat(points(run, "loss")).extracting(Metric::value).containsExactly(1.5);
  }

  @Test
  @DisplayName("MET-2 The caller says when a point was measured")
  void timestamps() {
    String run = run();
    apply(run, point("auc", 0.5, 0, START + 17), point("auc", 0.6, 1, START + 18));
    assertThat(points(run, "auc"))
        .containsExactly(
            new Metric("auc", 0.5, 0, START + 17), new Metric("auc", 0.6, 1, START + 18));
  }

  @Test
  @DisplayName("MET-3 NaN is a value like any other, and neither the smallest nor the largest")
  void nan() {
    String run = run();
    apply(run, metric("loss", 0.5, 0), metric("loss", Double.NaN, 1), metric("loss", 0.25, 2));
    assertThat(points(run, "loss"))
        .extracting(Metric::value)
        .containsExactly(0.5, Double.NaN, 0.25);
    assertThat(summary(run, "loss").min()).isEqualTo(0.25);
    assertThat(summary(run, "loss").max()).isEqualTo(0.5);
    apply(run, metric("nothing", Double.NaN, 0));
    assertThat(read(run).metric("nothing")).hasValue(Double.NaN);
    assertThat(summary(run, "nothing").min()).isNaN();
    assertThat(summary(run, "nothing").max()).isNaN();
  }

  @Test
  @DisplayName("MET-4 Infinities come back as infinities")
  void infinities() {
    needs(Capability.INFINITIES);
    String run = run();
    apply(
        run,
        metric("loss", Double.POSITIVE_INFINITY, 0),
        metric("loss", Double.NEGATIVE_INFINITY, 1));
    assertThat(points(run, "loss"))
        .extracting(Metric::value)
        .containsExactly(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(read(run).metric("loss")).hasValue(Double.NEGATIVE_INFINITY);
  }

  @Test
  @DisplayName("MET-5 Steps may be negative, large, repeated and in any order")
  void steps() {
    String run = run();
    long[] steps = {-1, -(1L << 40), 1L << 40, 7, 7, 3, 0};
    List<RunUpdate> updates = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      updates.add(point("auc", i, steps[i], START + i));
    }
    apply(run, updates.toArray(RunUpdate[]::new));
    assertThat(points(run, "auc"))
        .extracting(Metric::step)
        .containsExactly(-1L, -(1L << 40), 1L << 40, 7L, 7L, 3L, 0L);
  }

  @Test
  @DisplayName("MET-6 The last value is that of the highest step, then time, then value")
  void last() {
    String run = run();
    apply(
        run,
        point("a", 1, 5, START),
        point("a", 2, 4, START + 9),
        point("b", 1, 5, START + 1),
        point("b", 2, 5, START),
        point("c", 2, 5, START),
        point("c", 1, 5, START));
    assertThat(read(run).metric("a")).hasValue(1);
    assertThat(read(run).metric("b")).hasValue(1);
    assertThat(read(run).metric("c")).hasValue(2);
    assertThat(summary(run, "a").lastStep()).isEqualTo(5);
  }

  @Test
  @DisplayName("MET-7 A history's summary has the last, smallest and largest value and the count")
  void summaries() {
    String run = run();
    apply(run, metric("auc", 0.5, 0), metric("auc", -0.75, 1));
    apply(run, metric("auc", 0.625, 2));
    MetricSummary summary = runs().metricHistory(run, "auc").summary();
    assertThat(summary.key()).isEqualTo("auc");
    assertThat(summary.last()).isEqualTo(0.625);
    assertThat(summary.lastStep()).isEqualTo(2);
    assertThat(summary.min()).isEqualTo(-0.75);
    assertThat(summary.max()).isEqualTo(0.625);
    assertThat(summary.count()).isEqualTo(3);
  }

  @Test
  @DisplayName("MET-8 Two equal points of one metric are two points")
  void equalPoints() {
    needs(Capability.EQUAL_POINTS);
    String run = run();
    apply(run, point("auc", 0.5, 0, START), point("auc", 0.5, 0, START));
    apply(run, point("auc", 0.5, 0, START));
    assertThat(points(run, "auc")).hasSize(3);
    assertThat(summary(run, "auc").count()).isEqualTo(3);
  }

  @Test
  @DisplayName("MET-9 A hundred thousand points come back, each once and in order")
  void many() {
    String run = run();
    for (int from = 0; from < MANY; from += BATCH) {
      RunUpdate[] batch = new RunUpdate[BATCH];
      for (int i = 0; i < BATCH; i++) {
        batch[i] = metric("loss", Math.sin(from + i), from + i);
      }
      apply(run, batch);
    }
    long[] next = {0};
    runs()
        .metricHistory(run, "loss")
        .forEach(
            (value, step, time) -> {
              if (step != next[0] || value != Math.sin((double) step)) {
                throw new AssertionError(
                    "point " + next[0] + " came back as step " + step + ", value " + value);
              }
              next[0]++;
            });
    assertThat(next[0]).isEqualTo(MANY);
    assertThat(summary(run, "loss").lastStep()).isEqualTo(MANY - 1);
  }

  @Test
  @DisplayName("MET-10 Every finite double comes back to the last bit")
  void bits() {
    String run = run();
    double[] values = {
      Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 0.1 + 0.2, Math.PI, 1e-300, 1e23
    };
    for (int i = 0; i < values.length; i++) {
      apply(run, metric("x", values[i], i));
    }
    assertThat(points(run, "x").stream().mapToDouble(Metric::value).toArray()).isEqualTo(values);
  }

  @Test
  @DisplayName("MET-11 A metric that was never logged has an empty history, and is not in the run")
  void never() {
    String run = run();
    apply(run, metric("auc", 0.5, 0));
    MetricHistory history = runs().metricHistory(run, "auc2");
    assertThat(history.key()).isEqualTo("auc2");
    assertThat(points(run, "auc2")).isEmpty();
    assertThat(history.summary().count()).isZero();
    assertThat(history.sample(10)).isEmpty();
    assertThat(read(run).metrics()).containsOnlyKeys("auc");
  }

  @Test
  @DisplayName(
      "MET-12 A sample has at most the number of points asked for, first and last and each stretch's smallest and largest among them, in order of steps")
  void sample() {
    String run = run();
    RunUpdate[] batch = new RunUpdate[BATCH];
    for (int i = 0; i < BATCH; i++) {
      batch[i] = metric("loss", i == 517 ? 100 : i == 703 ? -100 : Math.sin(i), i);
    }
    apply(run, batch);
    for (int most : new int[] {2, 3, 10, 100, 999, 1_000, 5_000}) {
      List<Metric> sample = runs().metricHistory(run, "loss").sample(most);
      assertThat(sample).hasSizeBetween(2, Math.min(most, BATCH));
      assertThat(sample).extracting(Metric::step).isSorted().doesNotHaveDuplicates();
      assertThat(sample.get(0).step()).isZero();
      assertThat(sample.get(sample.size() - 1).step()).isEqualTo(BATCH - 1);
    }
    assertThat(runs().metricHistory(run, "loss").sample(100))
        .as("the peak and the trough are kept")
        .extracting(Metric::value)
        .contains(100.0, -100.0);
  }

  @Test
  @DisplayName(
      "MET-13 Points that belong to a dataset input or to a model are points of their metric")
  void linked() {
    String run = run();
    Dataset data = new Dataset("flights", "0123", "local", "{\"uri\":\"x\"}", "", "");
    DatasetInput input = new DatasetInput(data, "validation", Map.of());
    LoggedModel model =
        runs()
            .putModel(
                run,
                "model",
                ModelPackage.of("rules", Map.of())
                    .with(ModelPart.of("r.txt", "text/plain", new byte[] {1})));
    apply(
        run,
        new RunUpdate.LogInput(input),
        metric("auc", 0.5, 0),
        new RunUpdate.LogMetric("auc", 0.6, 1, START + 1, input, null),
        new RunUpdate.LogMetric("auc", 0.7, 2, START + 2, null, model.id()));
    assertThat(points(run, "auc")).extracting(Metric::value).containsExactly(0.5, 0.6, 0.7);
    assertThat(summary(run, "auc").count()).isEqualTo(3);
  }

  @Test
  @DisplayName("MET-14 A key may be any text without control characters, and comes back exactly")
  void anyKey() {
    needs(Capability.ANY_TEXT);
    String run = run();
    for (int i = 0; i < HOSTILE_TEXTS.size(); i++) {
      apply(run, metric(HOSTILE_TEXTS.get(i), i, 0));
    }
    for (int i = 0; i < HOSTILE_TEXTS.size(); i++) {
      assertThat(read(run).metric(HOSTILE_TEXTS.get(i))).hasValue(i);
      assertThat(points(run, HOSTILE_TEXTS.get(i))).hasSize(1);
    }
  }
}
