package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Plumbline;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.Sleeper;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend;
import io.plumbline.tck.FaultyBackend;
import io.plumbline.tck.FaultyBackend.When;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Delivery where something is wrong on this side")
class DeliveryMendsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Plumbline open() {
    return Stores.delivering(folder);
  }

  private FaultyBackend there() {
    return Stores.server(folder.resolve("there"));
  }

  @Test
  @DisplayName(
      "A run that was given up is behind, nothing says that it is there, and it is resumed")
  void givenUp() {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail("apply", 1, When.BEFORE, () -> new ServerException(404, "no MLflow is here"));
      Courier courier = Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("given up");
      id = tracker.id();
      tracker.logMetric("loss", 0.5, 1);
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isFalse();
      assertThat(courier.isAtRest()).isTrue();
      assertThat(Stores.delivery(plumbline).runsBehind()).isEqualTo(1);
      assertThat(Stores.delivery(plumbline).health().orElse(""))
          .contains(id)
          .contains("no MLflow is here");
      tracking.run("another", another -> another.logMetric("loss", 0.5, 1));
      Stores.await("the other run", courier::isAtRest);
      assertThat(Stores.delivery(plumbline).health().orElse("")).contains(id);
    }
    try (Plumbline again = open()) {
      FaultyBackend to = there();
      Stores.deliver(again, to);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(to.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  @DisplayName("A run whose file was given up ends without it, and nobody waits for that for ever")
  void fileGivenUp() {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail("putArtifact", 1, When.BEFORE, () -> new ServerException(501, "serves no artifacts"));
      Courier courier = Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("file");
      tracker.logText("weights", "epoch-1.bin");
      tracker.finish();
      Stores.await("the file to be given up", () -> Stores.delivery(plumbline).problem() != null);
      Stores.await("nothing to do", courier::isAtRest);
      assertThat(plumbline.engine().awaitDelivery(Duration.ofMillis(300))).isFalse();
      assertThat(Stores.delivery(plumbline).runsBehind()).isEqualTo(1);
      assertThat(Stores.delivery(plumbline).health().orElse("")).contains("serves no artifacts");
      assertThat(to.runs().find(tracker.id()).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{\"segment\":\"x\"}", "[]", "{\"segment\":99999999999,\"ordinal\":1}"})
  @DisplayName("A damaged note of how far a run has come has it sent again, and hinders no other")
  void damagedNote(String text) throws IOException {
    String first;
    String second;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend away = there();
      away.fail("apply", 1, When.BEFORE, () -> new ServerException.Unauthorized(401, "no"));
      Stores.deliver(plumbline, away);
      first = tracking.run("first", tracker -> tracker.setTag("a", "b")).id();
      second = tracking.run("second", tracker -> tracker.setTag("a", "b")).id();
    }
    try (Stream<Path> files = Files.walk(folder.resolve("here"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("ack.json")).toList()) {
        Files.writeString(file, text);
      }
    }
    try (Plumbline again = open()) {
      FaultyBackend to = there();
      Stores.deliver(again, to);
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      for (String id : List.of(first, second)) {
        assertThat(to.runs().find(id).orElseThrow().tags()).containsEntry("a", "b");
      }
    }
  }

  @Test
  @DisplayName("A run that was erased here is waited for no more")
  void erased() {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend away = there();
      away.refuse(() -> new TransportException("away"));
      Stores.deliver(plumbline, away);
      Tracker tracker = tracking.start("erased");
      tracker.logMetric("loss", 0.5, 1);
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(Duration.ofMillis(300))).isFalse();
      tracking.delete(tracker.id());
      tracking.erase(tracker.id());
      away.accept();
      Stores.await("nothing to be left", () -> Stores.delivery(plumbline).runsBehind() == 0);
    }
  }

  @Test
  @DisplayName("A run whose requests fail holds up no other")
  void alone() throws InterruptedException {
    AtomicLong longest = new AtomicLong();
    AtomicLong failures = new AtomicLong();
    AtomicReference<String> bad = new AtomicReference<>("");
    Sleeper measured =
        nanos -> {
          longest.accumulateAndGet(nanos, Math::max);
          Stores.SHORT.sleep(nanos);
        };
    FaultyBackend to = there();
    Backend failing =
        Stores.applying(
            to,
            (run, updates) -> {
              if (run.equals(bad.get())) {
                failures.incrementAndGet();
                throw new ServerException(500, "broken");
              }
            });
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      plumbline.engine().deliverTo(new Destination("there", "there", failing), measured);
      Tracker broken = tracking.start("broken");
      bad.set(broken.id());
      broken.logMetric("loss", 0.5, 0);
      Stores.await("failures", () -> failures.get() >= 10);
      Tracker good = tracking.start("good");
      for (int i = 0; i < 100_000; i++) {
        good.logMetric("loss", 1.0 / i, i);
      }
      good.finish();
      Stores.await(
          "the good run",
          () ->
              to.runs()
                  .find(good.id())
                  .filter(run -> run.status() == RunStatus.FINISHED)
                  .isPresent());
      assertThat(Duration.ofNanos(longest.get())).isLessThan(Duration.ofSeconds(2));
      bad.set("");
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
    }
  }

  @Test
  @DisplayName("A run whose requests have failed is as fast as any other once one of them succeeds")
  void recovered() {
    AtomicLong slept = new AtomicLong();
    AtomicLong failures = new AtomicLong();
    AtomicBoolean broken = new AtomicBoolean(true);
    Sleeper measured =
        nanos -> {
          slept.addAndGet(nanos);
          Stores.SHORT.sleep(nanos);
        };
    Backend failing =
        Stores.applying(
            there(),
            (run, updates) -> {
              if (broken.get()) {
                failures.incrementAndGet();
                throw new ServerException(500, "broken");
              }
            });
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      plumbline.engine().deliverTo(new Destination("there", "there", failing), measured);
      Tracker tracker = tracking.start("broken");
      tracker.logMetric("loss", 0.5, 0);
      Stores.await("failures", () -> failures.get() >= 12);
      broken.set(false);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      slept.set(0);
      for (int i = 1; i < 20; i++) {
        tracker.logMetric("loss", 0.5, i);
        assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      }
      tracker.finish();
      assertThat(Duration.ofNanos(slept.get())).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  @DisplayName("A run that the server can't make is given up, and the others go on")
  void neverMade() {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail(
          "createRun", 1, When.BEFORE, () -> new ServerException.InvalidRequest(0, "no such name"));
      Stores.deliver(plumbline, to);
      Tracker refused = tracking.start("refused");
      refused.finish();
      Tracker other = tracking.start("other");
      other.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isFalse();
      assertThat(Stores.delivery(plumbline).runsBehind()).isEqualTo(1);
      assertThat(Stores.delivery(plumbline).problem()).contains(refused.id(), "no such name");
      assertThat(to.runs().find(other.id())).isPresent();
    }
  }

  @Test
  @DisplayName("Files that a server can't take are tried once by a program, however many follow")
  void triedOnce() {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      Stores.failAll(to, "putArtifact", () -> new ServerException(501, "no artifacts"));
      Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("file");
      for (int i = 0; i < 5; i++) {
        tracker.logText("weights", "epoch-" + i + ".bin");
        int step = i;
        tracker.logMetric("loss", 0.5, i);
        Stores.await(
            "the metric behind the file",
            () ->
                to.runs()
                    .find(tracker.id())
                    .filter(run -> run.metrics().containsKey("loss"))
                    .filter(run -> run.metrics().values().iterator().next().lastStep() == step)
                    .isPresent());
        Stores.await("the file to be given up", () -> Stores.delivery(plumbline).problem() != null);
      }
      tracker.finish();
      Stores.await(
          "the run's end",
          () -> to.runs().find(tracker.id()).orElseThrow().status() == RunStatus.FINISHED);
      assertThat(to.calls()).containsOnlyOnce("putArtifact");
      assertThat(Stores.delivery(plumbline).runsBehind()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("What a run waits for is said once nothing else is to be done")
  void waitsFor() throws IOException {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      Stores.deliver(plumbline, to);
      Tracker parent = tracking.start("parent");
      id = parent.id();
      Stores.await("the parent", () -> to.runs().find(id).isPresent());
      Stores.failAll(to, "createRun", () -> new TransportException("away"));
      parent.child("child", child -> child.logMetric("loss", 0.5, 0));
      parent.finish();
      Stores.await(
          "the parent's end",
          () -> to.runs().find(id).orElseThrow().status() == RunStatus.FINISHED);
    }
    Path note = folder.resolve("here").resolve("runs").resolve(id).resolve("there.remote.json");
    Files.writeString(note, Files.readString(note).replace("\"address\":\"", "\"address\":\"old "));
    try (Plumbline again = open()) {
      Courier courier = Stores.deliver(again, there());
      Stores.await(
          "nothing to do", () -> Stores.delivery(again).runsBehind() == 1 && courier.isAtRest());
      assertThat(again.engine().awaitDelivery(Duration.ofMillis(300))).isFalse();
      assertThat(Stores.delivery(again).problem())
          .contains("waits for its parent run " + id + ", which is at old ");
    }
  }

  @Test
  @DisplayName("How long the server asks to wait holds for records and files")
  void onePace() {
    Map<String, Long> longest = new ConcurrentHashMap<>();
    Sleeper measured =
        nanos -> {
          longest.merge(Thread.currentThread().getName(), nanos, Math::max);
          Stores.SHORT.sleep(nanos);
        };
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      plumbline.engine().deliverTo(new Destination("there", "there", to), measured);
      Tracker tracker = tracking.start("run");
      Stores.await("the run", () -> to.runs().find(tracker.id()).isPresent());
      to.fail(
          "apply",
          1,
          When.BEFORE,
          () -> new ServerException.RateLimited(429, "busy", Duration.ofMinutes(5)));
      tracker.logMetric("loss", 0.5, 0);
      Stores.await("the refusal", () -> Stores.delivery(plumbline).retries() > 0);
      tracker.logText("weights", "epoch-1.bin");
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(longest).hasSize(2);
      assertThat(longest.values()).allMatch(nanos -> nanos > 290_000_000_000L);
    }
  }
}
