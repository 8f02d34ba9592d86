package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Plumbline;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.courier.Courier;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunUpdate;
import io.plumbline.tck.FaultyBackend;
import io.plumbline.tck.FaultyBackend.When;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whoever waits for a delivery")
class DeliveryWaitsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Plumbline open() {
    return Stores.delivering(folder);
  }

  private FaultyBackend there() {
    return Stores.server(folder.resolve("there"));
  }

  /** Logs runs that stay here. */
  private void leave(Consumer<TrackingClient> logging) {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend away = there();
      away.refuse(() -> new TransportException("away"));
      Stores.deliver(plumbline, away);
      logging.accept(tracking);
    }
  }

  private List<String> leave(int count, int points) {
    List<String> ids = new ArrayList<>();
    leave(
        tracking -> {
          for (int i = 0; i < count; i++) {
            Tracker tracker = tracking.start("left");
            for (int step = 0; step < points; step++) {
              tracker.logMetric("loss", 1.0 / step, step);
            }
            tracker.finish();
            ids.add(tracker.id());
          }
        });
    return ids;
  }

  @Test
  @DisplayName("gets what was there then, and not what a busy program adds meanwhile")
  void busy() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      Stores.deliver(
          plumbline,
          Stores.applying(
              to, (run, updates) -> sleep(100))); // longer than the journal takes to have more
      Tracker tracker = tracking.start("busy");
      Thread training =
          new Thread(
              () -> {
                for (long step = 0; !over.get(); step++) {
                  tracker.logMetric("loss", 0.5, step);
                  sleep(1);
                }
              });
      training.start();
      try {
        tracker.logMetric("first", 0.5, 0);
        assertThat(plumbline.engine().awaitDelivery(Duration.ofSeconds(20))).isTrue();
        assertThat(to.runs().metricHistory(tracker.id(), "first").stream()).hasSize(1);
      } finally {
        over.set(true);
        training.join();
        tracker.finish();
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("hears of it, however many wait")
  void many() throws InterruptedException, ExecutionException {
    try (Plumbline plumbline = open()) {
      Courier courier = Stores.deliver(plumbline, there());
      List<CompletableFuture<Boolean>> waits = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        waits.add(
            CompletableFuture.supplyAsync(
                () -> {
                  boolean all = true;
                  for (int n = 0; n < 300; n++) {
                    all &= courier.await(PATIENCE);
                  }
                  return all;
                }));
      }
      for (CompletableFuture<Boolean> wait : waits) {
        assertThat(wait.get()).isTrue();
      }
    }
  }

  @Test
  @DisplayName("hears of a close at once, and does not wait its time out")
  void closed() throws InterruptedException, ExecutionException, TimeoutException {
    leave(1, 1);
    CountDownLatch waiting = new CountDownLatch(1);
    Plumbline plumbline = open();
    FaultyBackend away = there();
    away.refuse(() -> new TransportException("away"));
    Courier courier = Stores.deliver(plumbline, away);
    CompletableFuture<Boolean> wait =
        CompletableFuture.supplyAsync(
            () -> {
              waiting.countDown();
              return courier.await(Duration.ofHours(1));
            });
    waiting.await();
    courier.close();
    assertThat(wait.get(60, TimeUnit.SECONDS)).isFalse();
    plumbline.close();
  }

  @Test
  @DisplayName("in another program gets what one whose credentials are refused has begun with")
  void refused() {
    String id = leave(1, 1).get(0);
    try (Plumbline first = open();
        Plumbline second = open()) {
      FaultyBackend refusing = there();
      refusing.refuse(() -> new ServerException.Unauthorized(401, "who are you?"));
      Stores.deliver(first, refusing);
      Stores.await("the refusal", () -> Stores.delivery(first).stopped());
      FaultyBackend to = there();
      Stores.deliver(second, to);
      assertThat(second.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(to.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  @DisplayName("for the end of a run whose file is given up gets it, whatever happens to the run")
  void givenUpAgain() {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      Stores.failAll(to, "putArtifact", () -> new ServerException(501, "no artifacts"));
      Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("file");
      tracker.logText("weights", "epoch-1.bin");
      Stores.await("the file to be given up", () -> Stores.delivery(plumbline).problem() != null);
      tracking.setTag(tracker.id(), "stage", "late");
      tracker.finish();
      Stores.await(
          "the run's end",
          () -> to.runs().find(tracker.id()).orElseThrow().status() == RunStatus.FINISHED);
    }
  }

  @Test
  @DisplayName("for many runs that were left gets them some at a time, which keeps memory bounded")
  void someAtATime() {
    List<String> ids = leave(60, 2_500);
    Set<String> begun = ConcurrentHashMap.newKeySet();
    AtomicInteger most = new AtomicInteger();
    try (Plumbline plumbline = open()) {
      FaultyBackend to = there();
      Stores.deliver(
          plumbline,
          Stores.applying(
              to,
              (run, updates) -> {
                if (updates.get(0) instanceof RunUpdate.SetStatus) {
                  begun.remove(run);
                } else {
                  begun.add(run);
                  most.accumulateAndGet(begun.size(), Math::max);
                }
              }));
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      for (String id : ids) {
        assertThat(to.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(to.runs().metricHistory(id, "loss").stream()).hasSize(2_500);
      }
      assertThat(most.get()).isBetween(2, 16);
    }
  }

  @Test
  @DisplayName("for children and parents gets them, however many wait for each other")
  void families() {
    List<String> ids = new ArrayList<>();
    leave(
        tracking -> {
          Tracker parent = tracking.start("parent");
          for (int i = 0; i < 40; i++) {
            Tracker child = parent.startChild(RunOptions.named("child " + i));
            child.logText("weights", "epoch-1.bin");
            child.finish();
            ids.add(child.id());
          }
          parent.finish();
          ids.add(parent.id());
        });
    try (Plumbline plumbline = open()) {
      FaultyBackend to = there();
      to.fail("createRun", 1, When.BEFORE, () -> new TransportException("away"));
      Stores.deliver(plumbline, to);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      for (String id : ids) {
        assertThat(to.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
      }
    }
  }

  @Test
  @DisplayName("gets files that are under way, also where something else was given up")
  void filesBesideWhatWasGivenUp() {
    CountDownLatch release = new CountDownLatch(1);
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail("apply", 1, When.BEFORE, () -> new ServerException(404, "no MLflow is here"));
      Stores.hold(to, "putArtifact", release);
      Stores.deliver(plumbline, to);
      tracking.run("given up", tracker -> tracker.logMetric("loss", 0.5, 1));
      Stores.await("what is given up", () -> Stores.delivery(plumbline).problem() != null);
      Tracker tracker = tracking.start("file");
      tracker.logText("weights", "epoch-1.bin");
      Stores.await("the upload", () -> to.calls().contains("putArtifact"));
      Thread later =
          new Thread(
              () -> {
                sleep(1_000);
                release.countDown();
              });
      later.start();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isFalse();
      assertThat(to.runs().artifacts(tracker.id(), "")).hasSize(1);
      tracker.finish();
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName("is told of a run that can't be read, and that it has not arrived")
  void unreadable() throws IOException {
    String id = leave(1, 1).get(0);
    Path runs = folder.resolve("here").resolve("runs");
    String writer;
    try (var files = Files.list(runs.resolve(id))) {
      writer =
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> name.endsWith(".there.lock"))
              .map(name -> name.substring(0, name.length() - ".there.lock".length()))
              .findFirst()
              .orElseThrow();
    }
    Files.writeString(runs.resolve("notes.txt"), "no run, and no reason to say so");
    Path ack = runs.resolve(id).resolve(writer + ".there.ack.json");
    Files.deleteIfExists(ack);
    Files.createDirectory(ack);
    try (Plumbline plumbline = open()) {
      Courier courier = Stores.deliver(plumbline, there());
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isFalse();
      assertThat(Stores.delivery(plumbline).runsBehind()).isEqualTo(1);
      assertThat(Stores.delivery(plumbline).problem()).contains(id, "can't be read");
      Files.delete(ack);
      courier.resume();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
    }
  }
}
