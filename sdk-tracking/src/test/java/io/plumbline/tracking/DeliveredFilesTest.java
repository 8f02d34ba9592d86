package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.ConfigException;
import io.plumbline.DestinationDelivery;
import io.plumbline.Plumbline;
import io.plumbline.TransportException;
import io.plumbline.internal.courier.Courier;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunStore;
import io.plumbline.tck.FaultyBackend;
import io.plumbline.tck.FaultyBackend.When;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Files on their way to a server")
class DeliveredFilesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Plumbline open() {
    return Stores.delivering(folder);
  }

  private FaultyBackend deliver(Plumbline plumbline) {
    FaultyBackend faulty = Stores.server(folder.resolve("there"));
    Stores.deliver(plumbline, faulty);
    return faulty;
  }

  private static void awaitLoss(FaultyBackend faulty, String id) {
    Stores.await(
        "the metric behind the file",
        () -> faulty.runs().find(id).filter(run -> run.metrics().containsKey("loss")).isPresent());
  }

  private static String text(RunStore runs, String id, String path) throws IOException {
    try (InputStream in = runs.openArtifact(id, path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  @DisplayName("hold up no metric, and the run has ended only when they are there")
  void beside() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend faulty = deliver(plumbline);
      Stores.hold(faulty, "putArtifact", release);
      Tracker tracker = tracking.start("files");
      String id = tracker.id();
      tracker.logText("weights", "epoch-1.bin");
      tracker.logMetric("loss", 0.5, 1);
      tracker.finish();
      awaitLoss(faulty, id);
      Run open = faulty.runs().find(id).orElseThrow();
      assertThat(open.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(faulty.runs().artifacts(id, "")).isEmpty();
      assertThat(Stores.delivery(plumbline).runsBehind()).isEqualTo(1);
      release.countDown();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(faulty.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
      assertThat(text(faulty.runs(), id, "epoch-1.bin")).isEqualTo("weights");
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName("arrive after a restart, though all records had arrived before")
  void afterRestart() throws IOException {
    CountDownLatch release = new CountDownLatch(1);
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend faulty = deliver(plumbline);
      Stores.hold(faulty, "putArtifact", release);
      Tracker tracker = tracking.start("files");
      id = tracker.id();
      tracker.logText("weights", "epoch-1.bin");
      tracker.logMetric("loss", 0.5, 1);
      awaitLoss(faulty, id);
      Courier courier = plumbline.engine().couriers().get(0);
      courier.close(); // it ends with the file under way
      tracker.finish();
    } finally {
      release.countDown();
    }
    try (Plumbline again = open()) {
      FaultyBackend faulty = deliver(again);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(text(faulty.runs(), id, "epoch-1.bin")).isEqualTo("weights");
      assertThat(faulty.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  @DisplayName(
      "of one path arrive in their order, and one that is gone or damaged here is rejected")
  void orderAndLoss() throws IOException {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Tracker tracker;
      FaultyBackend faulty = Stores.server(folder.resolve("there"));
      faulty.refuse(() -> new TransportException("away"));
      Stores.deliver(plumbline, faulty);
      tracker = tracking.start("files");
      for (int i = 0; i < 9; i++) {
        tracker.logText("version " + i, "notes.txt");
        tracker.logText("part " + i, "part-" + i + ".txt");
      }
      tracker.logText("gone", "gone.txt");
      tracker.logText("sound", "damaged.txt");
      tracker.finish();
      assertThat(plumbline.flush(PATIENCE)).isTrue();
      Files.delete(content("gone"));
      Path damaged = content("sound");
      assertThat(damaged.toFile().setWritable(true)).isTrue();
      Files.writeString(damaged, "found");
      faulty.accept();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(text(faulty.runs(), tracker.id(), "notes.txt")).isEqualTo("version 8");
      assertThat(faulty.runs().artifacts(tracker.id(), "")).hasSize(10);
      assertThat(Stores.delivery(plumbline).rejected()).isEqualTo(2);
      assertThat(faulty.runs().find(tracker.id()).orElseThrow().status())
          .isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  @DisplayName("that a server can't take as it is set up do not keep the run from ending")
  void notServed() throws IOException {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend faulty = deliver(plumbline);
      faulty.fail(
          "putArtifact",
          1,
          When.BEFORE,
          () -> new ConfigException("tracking.uri", "the code", "no artifacts", "another server"));
      Tracker tracker = tracking.start("files");
      id = tracker.id();
      tracker.logText("weights", "epoch-1.bin");
      tracker.finish();
      Stores.await(
          "the run's end",
          () ->
              faulty.runs().find(id).filter(run -> run.status() == RunStatus.FINISHED).isPresent());
      DestinationDelivery delivery = Stores.delivery(plumbline);
      assertThat(delivery.problem()).contains(id, "no artifacts");
      assertThat(delivery.runsBehind()).isEqualTo(1);
      assertThat(delivery.rejected()).isZero();
      assertThat(faulty.runs().artifacts(id, "")).isEmpty();
    }
    try (Plumbline again = open()) {
      FaultyBackend faulty = deliver(again);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(text(faulty.runs(), id, "epoch-1.bin")).isEqualTo("weights");
    }
  }

  /** Returns where the store keeps a content. */
  private Path content(String content) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("here"))) {
      List<Path> found =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toFile().length() == content.length())
              .filter(file -> read(file).equals(content))
              .toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
