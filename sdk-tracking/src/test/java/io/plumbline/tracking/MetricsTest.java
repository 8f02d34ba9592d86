package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.model.Dataset;
import io.plumbline.model.DatasetInput;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.ModelPackage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Metrics")
class MetricsTest {
  private TrackingClient tracking;
  private Tracker tracker;

  @BeforeEach
  void open(@TempDir Path folder) {
    tracking = Stores.open(folder);
    tracker = tracking.start("metrics");
  }

  @AfterEach
  void close() {
    tracking.close();
  }

  private List<Metric> points(String key) {
    return tracking.metricHistory(tracker.id(), key).stream().toList();
  }

  private List<Long> steps(String key) {
    return points(key).stream().map(Metric::step).toList();
  }

  private List<Double> values(String key) {
    return points(key).stream().map(Metric::value).toList();
  }

  @Test
  @DisplayName("are read at once, without a flush")
  void readYourWrites() {
    for (int i = 0; i < 200; i++) {
      tracker.logMetric("loss", i, i);
      assertThat(tracking.get(tracker.id()).metric("loss")).hasValue(i);
      assertThat(tracking.metricHistory(tracker.id(), "loss").summary().count()).isEqualTo(i + 1);
    }
  }

  @Test
  @DisplayName("have the time of their call")
  void time() {
    long before = System.currentTimeMillis();
    tracker.logMetric("loss", 1);
    long after = System.currentTimeMillis();
    assertThat(points("loss").get(0).timestamp()).isBetween(before, after);
  }

  @Test
  @DisplayName("without a step take the key's next one, after the highest that was given")
  void nextStep() {
    tracker.logMetric("loss", 1);
    tracker.logMetric("loss", 2);
    tracker.logMetric("loss", 3, 10);
    tracker.logMetric("loss", 4, 5);
    tracker.logMetric("loss", 5);
    tracker.logMetrics(Map.of("loss", 6.0, "auc", 0.5));
    assertThat(steps("loss")).containsExactly(0L, 1L, 10L, 5L, 11L, 12L);
    assertThat(steps("auc")).containsExactly(0L);
  }

  @Test
  @DisplayName("in bulk are logged at one step")
  void bulk() {
    tracker.logMetrics(Map.of("loss", 1.0, "auc", 0.5), 7);
    assertThat(steps("loss")).containsExactly(7L);
    assertThat(values("auc")).containsExactly(0.5);
    Map<String, Double> withNull = new HashMap<>();
    withNull.put("broken", null);
    assertThatThrownBy(() -> tracker.logMetrics(withNull))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("broken");
  }

  @Test
  @DisplayName(
      "by key and by handle are one metric, in the order of the calls; one key has one handle")
  void handles() {
    var loss = tracker.metric("loss");
    assertThat(loss.key()).isEqualTo("loss");
    assertThat(tracker.metric("loss")).isSameAs(loss);
    loss.log(1);
    tracker.logMetric("loss", 2);
    loss.log(3, 2);
    tracker.logMetric("loss", 4);
    assertThat(values("loss")).containsExactly(1.0, 2.0, 3.0, 4.0);
    assertThat(steps("loss")).containsExactly(0L, 1L, 2L, 3L);
  }

  @Test
  @DisplayName(
      "that belong to a dataset input or a model are points of their key, and share its steps")
  void linked() {
    DatasetInput input =
        tracker.logInput(Dataset.of("d", new double[][] {{1}}, List.of("x")), "validation");
    LoggedModel model = tracker.logModel("m", ModelPackage.of("rules", Map.of()));
    var onInput = tracker.metric("auc", input);
    var ofModel = tracker.metric("auc", model);
    assertThat(tracker.metric("auc", input)).isSameAs(onInput);
    assertThat(tracker.metric("auc", model)).isSameAs(ofModel);
    onInput.log(0.5);
    ofModel.log(0.6);
    tracker.logMetric("auc", 0.7);
    assertThat(values("auc")).containsExactly(0.5, 0.6, 0.7);
    assertThat(steps("auc")).containsExactly(0L, 1L, 2L);
    assertThat(tracking.metricHistory(tracker.id(), "auc").summary().count()).isEqualTo(3);
  }

  @Test
  @DisplayName(
      "keep NaN, the infinities, both zeros and every other double to the last bit, and every step")
  void everyDouble() {
    double[] values = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      0.0,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      0.1 + 0.2
    };
    for (double value : values) {
      tracker.logMetric("x", value);
    }
    assertThat(values("x").stream().map(Double::doubleToRawLongBits))
        .containsExactlyElementsOf(
            java.util.stream.DoubleStream.of(values)
                .mapToObj(Double::doubleToRawLongBits)
                .toList());
    long[] steps = {0, -1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MIN_VALUE};
    for (long step : steps) {
      tracker.logMetric("s", 1, step);
    }
    assertThat(steps("s").stream().mapToLong(Long::longValue)).containsExactly(boxed(steps));
    assertThat(tracking.metricHistory(tracker.id(), "s").summary().lastStep())
        .isEqualTo(Long.MAX_VALUE);
  }

  private static Long[] boxed(long[] values) {
    return java.util.stream.LongStream.of(values).boxed().toArray(Long[]::new);
  }

  @Test
  @DisplayName("from many threads are all kept, and those of each thread in order")
  void threads() throws InterruptedException {
    int count = 20_000;
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      var all = tracker.metric("all");
      var own = tracker.metric("own" + t);
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < count; i++) {
                  all.log(i);
                  own.log(i, i);
                  if (i % 1_000 == 0) {
                    tracking.get(tracker.id()); // gives the writer its turn
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(tracking.delivery().dropped()).isEmpty();
    assertThat(points("all")).hasSize(4 * count);
    for (int t = 0; t < 4; t++) {
      assertThat(steps("own" + t)).hasSize(count).isSorted();
    }
  }

  @Test
  @DisplayName("have a summary and samples that agree with their points, for any history")
  void properties() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      String key = "k" + seed;
      int count = 1 + random.nextInt(400);
      double min = Double.NaN;
      double max = Double.NaN;
      for (int i = 0; i < count; i++) {
        double value = random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian();
        min = Double.isNaN(value) ? min : Double.isNaN(min) ? value : Math.min(min, value);
        max = Double.isNaN(value) ? max : Double.isNaN(max) ? value : Math.max(max, value);
        tracker.logMetric(key, value, i);
      }
      List<Metric> all = points(key);
      MetricSummary summary = tracking.metricHistory(tracker.id(), key).summary();
      assertThat(summary.count()).isEqualTo(count);
      assertThat(summary.min()).isEqualTo(Double.valueOf(min));
      assertThat(summary.max()).isEqualTo(Double.valueOf(max));
      assertThat(summary.last()).isEqualTo(Double.valueOf(all.get(count - 1).value()));
      assertThat(tracking.get(tracker.id()).metrics().get(key)).isEqualTo(summary);
      for (int most : new int[] {2, 3, 4, 7, 50, 400, 1_000}) {
        List<Metric> sample = tracking.metricHistory(tracker.id(), key).sample(most);
        assertThat(sample).hasSizeLessThanOrEqualTo(most);
        assertThat(all).containsAll(sample);
        assertThat(sample).extracting(Metric::step).isSorted().doesNotHaveDuplicates();
        assertThat(sample.get(0)).isEqualTo(all.get(0));
        assertThat(sample.get(sample.size() - 1)).isEqualTo(all.get(count - 1));
      }
    }
    assertThatThrownBy(() -> tracking.metricHistory(tracker.id(), "k0").sample(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2");
  }

  @Test
  @DisplayName("after a flush are written, and delivery() says so")
  void delivery() {
    for (int i = 0; i < 5_000; i++) {
      tracker.logMetric("loss", i);
    }
    assertThat(tracker.flush(java.time.Duration.ofSeconds(60))).isTrue();
    assertThat(tracking.delivery().accepted()).isEqualTo(5_000);
    assertThat(tracking.delivery().written()).isEqualTo(5_000);
    assertThat(tracking.delivery().pending()).isZero();
    assertThat(tracking.delivery().droppedTotal()).isZero();
    assertThat(tracking.delivery().healthy()).isTrue();
    assertThat(tracking.delivery().health()).isEmpty();
  }
}
