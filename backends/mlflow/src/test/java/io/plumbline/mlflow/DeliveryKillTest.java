package io.plumbline.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.Artifact;
import io.plumbline.model.Metric;
import io.plumbline.model.MetricHistory;
import io.plumbline.model.Run;
import io.plumbline.model.RunQuery;
import io.plumbline.spi.RunStore;
import io.plumbline.tck.ChildJvm;
import io.plumbline.tracking.TrackingClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 of a program whose runs go to a real MLflow server")
class DeliveryKillTest {
  private static final int KILLS = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  @DisplayName("Whenever it comes, the next program brings what was accepted, once, into one run")
  void killed() throws Exception {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    int kills = Math.max(3, (int) (KILLS * scale));
    long seed = Long.getLong("test.attack.seed", System.nanoTime());
    System.out.println("kill attack, delivery: " + kills + " kills, seed " + seed);
    Random random = new Random(seed);
    String experiment = "kill " + UUID.randomUUID();
    for (int i = 0; i < kills; i++) {
      kill(random, experiment, Files.createDirectory(folder.resolve("store" + i)));
    }
    RunStore server = Backends.open(MlflowServer.shared().root()).runs();
    assertThat(server.search(RunQuery.builder().experiments(experiment).build()).items())
        .hasSize(kills);
  }

  private void kill(Random random, String experiment, Path store) throws Exception {
    String uri = MlflowServer.shared().root();
    Process program =
        ChildJvm.start(ChildJvm.home(), List.of(), LoggingProgram.class, store, uri, experiment);
    String id = firstLine(program);
    Thread.sleep(random.nextInt(1_500)); // the random moment
    program.destroyForcibly().waitFor();
    try (TrackingClient tracking = TrackingClient.create(LoggingProgram.config(store, uri))) {
      assertThat(tracking.awaitDelivery(PATIENCE)).as("%s", tracking.delivery()).isTrue();
      Run here = tracking.get(id);
      RunStore server = Backends.open(uri).runs();
      String remote = tracking.remoteId(id).orElseThrow();
      Run there = server.find(remote).orElseThrow();
      assertThat(there.params()).isEqualTo(here.params());
      assertThat(points(server.metricHistory(remote, "m")))
          .isEqualTo(points(tracking.metricHistory(id, "m")));
      assertThat(server.artifacts(remote, ""))
          .extracting(Artifact::path)
          .containsExactlyInAnyOrderElementsOf(
              tracking.artifacts(id, "").stream().map(Artifact::path).toList());
    }
  }

  private static String firstLine(Process program) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line).matches("[0-9a-f]{32}");
    return line;
  }

  private static List<Metric> points(MetricHistory history) {
    try (Stream<Metric> points = history.stream()) {
      return points.toList();
    }
  }
}
