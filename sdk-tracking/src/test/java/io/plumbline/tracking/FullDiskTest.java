package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.plumbline.Plumbline;
import io.plumbline.internal.courier.Destination;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("On a full disk")
class FullDiskTest {
  private Path mounted;
  private boolean isMounted;

  @BeforeEach
  void mount(@TempDir Path folder) throws Exception {
    mounted = Files.createDirectory(folder.resolve("small"));
    String why = "there is no command mount";
    try {
      Process mount =
          new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mounted.toString())
              .redirectErrorStream(true)
              .start();
      why = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      isMounted = mount.waitFor() == 0;
    } catch (IOException e) {
      why = e.toString();
    }
    if (!isMounted) {
      System.out.println("skipped: no small file system can be mounted: " + why);
      assertThat(System.getenv("CI")).as("in CI it must be possible").isNotEqualTo("true");
    }
    assumeTrue(isMounted, why);
  }

  @AfterEach
  void unmount() throws Exception {
    if (isMounted) {
      new ProcessBuilder("umount", "-l", mounted.toString()).start().waitFor();
    }
  }

  private Path fill() throws IOException {
    Path filler = mounted.resolve("filler-" + System.nanoTime());
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      return filler;
    }
  }

  @Test
  @DisplayName(
      "a training goes on, its health says why, and all but what had no room is there later")
  void goesOn() throws Exception {
    try (TrackingClient tracking = Stores.open(mounted)) {
      Tracker tracker = tracking.start("full");
      tracker.logMetric("loss", 1, 0);
      assertThat(tracking.flush(Duration.ofSeconds(30))).isTrue();
      Path filler = fill();
      tracker.logParam("depth", 6);
      for (int i = 1; i <= 100; i++) {
        tracker.logMetric("loss", 1.0 / i, i);
      }
      tracker.logText("x".repeat(100_000), "big.txt");
      tracker.setTag("team", "ops");
      Stores.await("health says why", () -> tracking.delivery().health().isPresent());
      tracker.finish();
      Files.delete(filler);
      Stores.await(
          "everything is written",
          () -> tracking.delivery().pending() == 0 && tracking.delivery().health().isEmpty());
      Run run = tracking.get(tracker.id());
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.params()).containsEntry("depth", "6");
      assertThat(run.tags()).containsEntry("team", "ops");
      long dropped = tracking.delivery().droppedTotal();
      assertThat(tracking.metricHistory(run.id(), "loss").summary().count())
          .isEqualTo(101 - dropped);
      assertThat(run.warnings()).anyMatch(warning -> warning.contains("big.txt"));
      assertThat(tracking.artifacts(run.id(), "")).isEmpty();
    }
  }

  @Test
  @DisplayName("a run starts and ends, and is there when there is room")
  void startsAndEnds() throws Exception {
    Stores.open(mounted).close();
    Path filler = fill();
    Run ended;
    try (TrackingClient tracking = Stores.open(mounted)) {
      ended =
          tracking.run(
              "full",
              tracker -> {
                tracker.logParam("depth", 6);
                tracker.logMetric("loss", 0.5, 0);
              });
      assertThat(ended.status()).isEqualTo(RunStatus.FINISHED);
      Files.delete(filler);
      Stores.await(
          "everything is written",
          () -> tracking.delivery().pending() == 0 && tracking.find(ended.id()).isPresent());
      Run run = tracking.get(ended.id());
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.params()).containsEntry("depth", "6");
    }
  }

  @Test
  @DisplayName("a run that goes to a server starts, too, and arrives there when there is room")
  void startsForServer(@TempDir Path other) throws Exception {
    Stores.open(mounted).close();
    Path filler = fill();
    try (Plumbline plumbline = Plumbline.open(Stores.config(mounted).build());
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Backend server = Stores.server(other.resolve("there"));
      plumbline.engine().deliverTo(new Destination("there", "there", server));
      Tracker tracker = tracking.start("full");
      tracker.logMetric("loss", 0.5, 0);
      tracker.finish();
      Files.delete(filler);
      Stores.await(
          "the run over there",
          () ->
              server
                  .runs()
                  .find(tracker.id())
                  .filter(run -> run.status() == RunStatus.FINISHED)
                  .isPresent());
      // What had no room is dropped and counted, here and there.
      assertThat(server.runs().find(tracker.id()).orElseThrow().metrics().keySet())
          .isEqualTo(tracking.get(tracker.id()).metrics().keySet());
    }
  }
}
