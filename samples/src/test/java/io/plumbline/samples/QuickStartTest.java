package io.plumbline.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Config;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.tracking.TrackingClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("QuickStart")
class QuickStartTest {
  @Test
  @DisplayName("tracks params, a metric for each epoch and the model, and says so")
  void tracks(@TempDir Path folder) throws Exception {
    Sample sample = Sample.run(QuickStart.class, folder, Map.of());

    assertThat(sample.exitCode()).as(sample.err()).isZero();
    assertThat(sample.err()).isEmpty();
    Config config =
        Config.builder().isolated().set("store", folder.resolve("store").toString()).build();
    try (TrackingClient tracking = TrackingClient.create(config)) {
      List<Run> runs = tracking.search("quick-start", "");
      assertThat(runs).hasSize(1);
      Run run = runs.get(0);
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(sample.out()).contains(run.name(), "FINISHED");
      assertThat(run.params())
          .containsOnly(Map.entry("learning_rate", "0.1"), Map.entry("max_depth", "3"));
      assertThat(run.metrics()).containsOnlyKeys("accuracy", "f1");
      assertThat(run.metrics().values()).extracting(MetricSummary::count).containsOnly(10L);
      assertThat(run.metric("accuracy").orElseThrow()).isBetween(0.85, 0.99);
      assertThat(run.metric("f1").orElseThrow()).isBetween(0.6, 0.99);
      LoggedModel model = run.model("model");
      assertThat(model.parts())
          .extracting("path")
          .contains("model.json", "model.txt", "signature.json");
    }
  }
}
