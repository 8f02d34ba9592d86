package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Plumbline;
import io.plumbline.TransportException;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Destination;
import io.plumbline.model.Metric;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.RunStore;
import io.plumbline.tck.FaultyBackend;
import io.plumbline.tck.FaultyBackend.When;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Delivery of a run that has a history: several programs, several places")
class DeliveryHistoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Plumbline open() {
    return Stores.delivering(folder);
  }

  /** Opens what is at a place. */
  private FaultyBackend at(String place) {
    return Stores.server(folder.resolve(place));
  }

  /** Logs a run of which all but the last points arrive, and which does not end there. */
  private String logInPart(FaultyBackend to, String address) {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, address, to);
      Tracker tracker = tracking.start("in part");
      tracker.logText("weights", "epoch-1.bin");
      tracker.logMetric("loss", 0.5, 1);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      to.refuse(() -> new TransportException("away"));
      tracker.logMetric("loss", 0.4, 2);
      tracker.logText("weights", "epoch-2.bin");
      tracker.finish();
      return tracker.id();
    }
  }

  private static void assertWhole(RunStore runs, String id) {
    Run run = runs.find(id).orElseThrow();
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(runs.metricHistory(id, "loss").stream().map(Metric::step)).containsOnly(1L, 2L);
    assertThat(runs.artifacts(id, "")).hasSize(2);
  }

  @Test
  @DisplayName("What went to another server in part goes to the new one whole")
  void anotherServer() {
    String id = logInPart(at("first"), "http://first");
    try (Plumbline again = open()) {
      FaultyBackend second = at("second");
      Stores.deliver(again, "http://second", second);
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      assertWhole(second.runs(), id);
    }
  }

  @Test
  @DisplayName("A server that has moved gets what was left, in the same run")
  void moved() {
    String id = logInPart(at("first"), "http://first");
    try (Plumbline again = open()) {
      FaultyBackend first = at("first");
      first.fail("createRun", 1, When.BEFORE, () -> new IllegalStateException("made again"));
      Stores.deliver(again, "http://first.new", first);
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      assertWhole(first.runs(), id);
    }
  }

  @Test
  @DisplayName("A run that was whole at another server, and is resumed, goes to the new one whole")
  void resumedElsewhere() {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, "http://first", at("first"));
      Tracker tracker = tracking.start("whole");
      id = tracker.id();
      tracker.logText("weights", "epoch-1.bin");
      tracker.logText("weights", "epoch-2.bin");
      tracker.logMetric("loss", 0.5, 1);
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    try (Plumbline again = open();
        TrackingClient tracking = TrackingClient.of(again)) {
      FaultyBackend second = at("second");
      Stores.deliver(again, "http://second", second);
      Tracker tracker = tracking.resume(id, Resume.MUST);
      tracker.logMetric("loss", 0.4, 2);
      tracker.finish();
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      assertWhole(second.runs(), id);
    }
  }

  @Test
  @DisplayName("A run that was whole at another server goes to the new one when it is wanted, once")
  void wholeElsewhere() throws IOException {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, "http://first", at("first"));
      id = tracking.run("whole", tracker -> tracker.logMetric("loss", 0.5, 1)).id();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    try (Plumbline again = open()) {
      FaultyBackend second = at("second");
      Stores.deliver(again, "http://second", second).deliver(id, null);
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      assertThat(second.runs().find(id).orElseThrow().status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  @DisplayName("What another program has made of a run meanwhile is noted still")
  void madeMeanwhile() throws IOException {
    String first;
    String second;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      first = tracking.run("a", tracker -> tracker.logMetric("loss", 0.5, 1)).id();
      second = tracking.run("b", tracker -> tracker.logMetric("loss", 0.5, 1)).id();
    }
    CountDownLatch release = new CountDownLatch(1);
    try (Plumbline slow = open();
        Plumbline quick = open()) {
      FaultyBackend held = at("there");
      Stores.hold(held, "createRun", release);
      Courier courier = Stores.deliver(slow, "http://there", held);
      courier.deliver(first, null);
      Stores.await("the request", () -> held.calls().contains("createRun"));
      courier.deliver(second, null); // noted, and not begun with
      FaultyBackend to = at("there");
      Stores.deliver(quick, "http://there", to).deliver(second, null);
      Stores.await(
          "the run",
          () ->
              to.runs().find(second).filter(run -> run.status() == RunStatus.FINISHED).isPresent());
      Path note =
          folder.resolve("here").resolve("runs").resolve(second).resolve("there.remote.json");
      String made = Files.readString(note);
      assertThat(made).contains("\"run\":\"" + second);
      release.countDown();
      assertThat(slow.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(Files.readString(note)).isEqualTo(made);
      assertThat(to.runs().find(first)).isPresent();
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName("A run that somebody has deleted there is told of once, and sent when it is wanted")
  void deletedThere() throws IOException {
    FaultyBackend first = at("there");
    String id = logInPart(first, "http://there");
    try (Plumbline again = open()) {
      FaultyBackend to = at("there");
      to.runs().setDeleted(id, true);
      Stores.deliver(again, "http://there", to);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isFalse();
      assertThat(Stores.delivery(again).runsBehind()).isEqualTo(1);
      assertThat(Stores.delivery(again).problem())
          .contains(id, "deleted there", "plumbline sync --all");
    }
    try (Plumbline again = open()) {
      FaultyBackend to = at("there");
      Stores.deliver(again, "http://there", to);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(Stores.delivery(again).problem()).isNull();
    }
    try (Plumbline again = open()) {
      FaultyBackend to = at("there");
      to.runs().setDeleted(id, false);
      Stores.deliver(again, "http://there", to).deliver(id, null);
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      assertWhole(to.runs(), id);
    }
  }

  @Test
  @DisplayName("What an earlier program has said of a run arrives before what a later one says")
  void order() {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend away = at("there");
      away.refuse(() -> new TransportException("away"));
      Stores.deliver(plumbline, "http://there", away);
      Tracker tracker = tracking.start("twice");
      id = tracker.id();
      for (int i = 0; i < 20_000; i++) {
        tracker.logMetric("loss", 1.0 / i, i);
      }
      tracker.setTag("stage", "first");
      tracker.fail(new IllegalStateException("the first one"));
    }
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = at("there");
      Tracker tracker = tracking.resume(id, Resume.MUST);
      tracker.logMetric("loss", 0, 20_000);
      tracker.setTag("stage", "second");
      tracker.finish();
      Stores.deliver(plumbline, "http://there", to).follow(id, writer(plumbline));
      assertThat(plumbline.engine().awaitDelivery(PATIENCE))
          .as("%s", Stores.delivery(plumbline))
          .isTrue();
      Run run = to.runs().find(id).orElseThrow();
      assertThat(run.tags()).containsEntry("stage", "second");
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(to.runs().metricHistory(id, "loss").stream()).hasSize(20_001);
    }
  }

  private static String writer(Plumbline plumbline) {
    return java.util.Objects.requireNonNull(plumbline.engine().store()).journal().writer();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"run\":7}"})
  @DisplayName("A damaged note of what a run is called there has it looked for, and sent again")
  void damagedName(String text) throws IOException {
    String id = logInPart(at("there"), "http://there");
    try (Stream<Path> files = Files.walk(folder.resolve("here"))) {
      for (Path file : files.filter(each -> each.toString().endsWith("remote.json")).toList()) {
        Files.writeString(file, text);
      }
    }
    try (Plumbline again = open();
        TrackingClient tracking = TrackingClient.of(again)) {
      FaultyBackend to = at("there");
      Stores.deliver(again, "http://there", to);
      tracking.run("another", tracker -> tracker.logMetric("loss", 0.5, 1));
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      assertWhole(to.runs(), id);
    }
  }

  @Test
  @DisplayName("A run goes under a second name of the same server, and is there once")
  void renamed() throws IOException {
    String id = logInPart(at("there"), "http://there");
    try (Plumbline again = open()) {
      FaultyBackend to = at("there");
      to.fail("createRun", 1, When.BEFORE, () -> new IllegalStateException("made again"));
      Courier courier =
          again.engine().deliverTo(new Destination("other", "http://there", to), Stores.SHORT);
      courier.resume();
      again.engine().awaitDelivery(PATIENCE);
      assertThat(courier.delivers(id)).isFalse();
      courier.deliver(id, null);
      assertThat(again.engine().awaitDelivery(PATIENCE)).as("%s", Stores.delivery(again)).isTrue();
      assertWhole(to.runs(), id);
      assertThat(to.runs().find(id).orElseThrow().deleted()).isFalse();
    }
  }
}
