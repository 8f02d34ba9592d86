package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Plumbline;
import io.plumbline.TransportException;
import io.plumbline.internal.Time;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.internal.courier.DeliveryState;
import io.plumbline.internal.courier.DeliveryState.Kind;
import io.plumbline.internal.courier.Destination;
import io.plumbline.internal.journal.WriterLog;
import io.plumbline.internal.journal.WriterTail;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.internal.store.StoreBackup;
import io.plumbline.internal.store.StoreProgress;
import io.plumbline.internal.store.StoreView;
import io.plumbline.tck.FaultyBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What the store says of a delivery, without asking anybody:")
class DeliveryStateTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String URI = "http://there";

  @TempDir private Path folder;

  private Path store;

  @BeforeEach
  void store() {
    store = folder.resolve("here");
  }

  private FaultyBackend there() {
    return Stores.server(folder.resolve("there"));
  }

  private DeliveryState state(String run) {
    return state(store, run);
  }

  private static DeliveryState state(Path store, String run) {
    List<DeliveryState> states = Delivered.states(store, run);
    assertThat(states).hasSize(1);
    return states.get(0);
  }

  private static void assertState(DeliveryState state, Kind kind, long records, long artifacts) {
    assertThat(state.kind()).as("%s", state).isEqualTo(kind);
    assertThat(state.records()).as("%s", state).isEqualTo(records);
    assertThat(state.artifacts()).as("%s", state).isEqualTo(artifacts);
  }

  private void awaitKind(String run, Kind kind) {
    Stores.await(kind + " of run " + run, () -> state(run).kind() == kind);
  }

  /** Counts the records of a run in another way. */
  private long records(String run) throws IOException {
    long records = 0;
    Path runs = store.resolve("runs").resolve(run);
    for (String writer : WriterTail.writers(runs)) {
      records += new WriterLog(runs, writer).read(new Ignoring()).records();
    }
    return records;
  }

  private static final class Ignoring implements WriterLog.Visitor {
    @Override
    public void event(JsonObject event) {}

    @Override
    public void point(int key, double value, long step, long time) {}
  }

  /** Logs a run of which all but three points, a file and its end arrive. */
  private String logInPart(Plumbline plumbline, FaultyBackend to) {
    try (TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, URI, to);
      Tracker tracker = tracking.start("in part");
      tracker.logText("weights", "epoch-1.bin");
      tracker.logMetric("loss", 0.5, 1);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      to.refuse(() -> new TransportException("away"));
      for (int step = 2; step < 5; step++) {
        tracker.logMetric("loss", 1.0 / step, step);
      }
      tracker.logText("more weights", "epoch-2.bin");
      assertThat(plumbline.flush(PATIENCE)).isTrue();
      assertState(state(tracker.id()), Kind.BEHIND, 4, 1);
      tracker.finish();
      assertThat(plumbline.flush(PATIENCE)).isTrue();
      return tracker.id();
    }
  }

  @Test
  @DisplayName("a run that is being logged has arrived so far, and once it has ended, whole")
  void live() {
    try (Plumbline plumbline = Stores.delivering(folder);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, URI, there());
      Tracker tracker = tracking.start("live");
      tracker.logText("weights", "epoch-1.bin");
      tracker.logMetric("loss", 0.5, 1);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      DeliveryState live = state(tracker.id());
      assertState(live, Kind.UP_TO_DATE, 0, 0);
      assertThat(live.destination()).isEqualTo("there");
      assertThat(live.id()).isEqualTo(Delivered.run(store, tracker.id(), "there").orElseThrow());
      assertThat(live.address()).isEqualTo(URI);
      assertThat(live.rejected()).isZero();
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      awaitKind(tracker.id(), Kind.ARRIVED);
      assertState(state(tracker.id()), Kind.ARRIVED, 0, 0);
    }
  }

  @Test
  @DisplayName("of a run of which nothing has arrived, all records and artifacts are behind")
  void nothing() throws IOException {
    String id;
    try (Plumbline plumbline = Stores.delivering(folder);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend away = there();
      away.refuse(() -> new TransportException("away"));
      Stores.deliver(plumbline, URI, away);
      id =
          tracking
              .run(
                  "nothing",
                  tracker -> {
                    tracker.logParam("depth", 6);
                    for (int step = 0; step < 500; step++) {
                      tracker.logMetric("loss", 1.0 / (step + 1), step);
                    }
                    tracker.logText("a", "a.txt");
                    tracker.logText("b", "b.txt");
                  })
              .id();
    }
    DeliveryState state = state(id);
    assertThat(records(id)).isGreaterThan(503);
    assertState(state, Kind.BEHIND, records(id), 2);
    assertThat(state.id()).isNull();
    assertThat(state.address()).isNull();
    assertThat(Delivered.states(store, "no such run")).isEmpty();
  }

  @Test
  @DisplayName(
      "behind is what came after the last that has arrived, until a later program sends it")
  void inPart() {
    String id;
    try (Plumbline plumbline = Stores.delivering(folder)) {
      id = logInPart(plumbline, there());
      assertState(state(id), Kind.BEHIND, 5, 1);
    }
    assertState(state(id), Kind.BEHIND, 5, 1);
    try (Plumbline again = Stores.delivering(folder)) {
      Stores.deliver(again, URI, there());
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    assertState(state(id), Kind.ARRIVED, 0, 0);
  }

  @Test
  @DisplayName("an artifact that is behind is told, though all but the run's end has arrived")
  void file() {
    CountDownLatch release = new CountDownLatch(1);
    try (Plumbline plumbline = Stores.delivering(folder);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      Stores.hold(to, "putArtifact", release);
      Stores.deliver(plumbline, URI, to);
      Tracker tracker = tracking.start("file");
      tracker.logText("weights", "epoch-1.bin");
      tracker.logMetric("loss", 0.5, 1);
      tracker.finish();
      Stores.await("all but the end", () -> state(tracker.id()).records() == 1);
      assertState(state(tracker.id()), Kind.BEHIND, 1, 1);
      release.countDown();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      awaitKind(tracker.id(), Kind.ARRIVED);
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName("what a program that was killed has left is behind, until the next one sends it")
  void crashed() {
    Path crashed = folder.resolve("crashed").resolve("here");
    String id;
    try (Plumbline plumbline = Stores.delivering(folder)) {
      id = logInPart(plumbline, there());
      // A copy of a store in use looks as if its program had been killed.
      StoreView view = StoreView.open(store, Time.SYSTEM, PATIENCE.toNanos());
      StoreBackup.backup(view, crashed, StoreProgress.NONE);
    }
    assertState(state(crashed, id), Kind.BEHIND, 5, 1);
    try (Plumbline again = Stores.delivering(folder.resolve("crashed"))) {
      Stores.deliver(again, URI, there());
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    assertState(state(crashed, id), Kind.ARRIVED, 0, 0);
  }

  @Test
  @DisplayName("what a second program adds to a run that has arrived is behind")
  void second() {
    String id;
    try (Plumbline plumbline = Stores.delivering(folder);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, URI, there());
      id = tracking.run("twice", tracker -> tracker.logMetric("loss", 0.5, 1)).id();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    assertState(state(id), Kind.ARRIVED, 0, 0);
    try (Plumbline plumbline = Stores.delivering(folder);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      tracking.setTag(id, "stage", "second");
    }
    assertState(state(id), Kind.BEHIND, 1, 0);
  }

  @Test
  @DisplayName("what was refused is counted, and has not kept the rest from arriving")
  void refused() throws IOException {
    String id;
    try (Plumbline plumbline = Stores.delivering(folder)) {
      id = logInPart(plumbline, there());
      for (Path content : List.copyOf(files("blobs"))) {
        if (Files.readString(content).equals("more weights")) {
          Files.delete(content);
        }
      }
    }
    try (Plumbline again = Stores.delivering(folder)) {
      Stores.deliver(again, URI, there());
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    assertState(state(id), Kind.ARRIVED, 0, 0);
    assertThat(state(id).rejected()).isEqualTo(1);
    assertThat(Delivered.rejected(store, id, "there")).hasSize(1);
  }

  @Test
  @DisplayName("a run that somebody has deleted there is given up, for that reason")
  void gone() {
    String id;
    try (Plumbline plumbline = Stores.delivering(folder)) {
      id = logInPart(plumbline, there());
    }
    try (Plumbline again = Stores.delivering(folder)) {
      FaultyBackend to = there();
      to.runs().setDeleted(id, true);
      Stores.deliver(again, URI, to);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isFalse();
    }
    assertThat(state(id).kind()).isEqualTo(Kind.GIVEN_UP);
    assertThat(state(id).records()).isEqualTo(5);
    assertThat(state(id).gone()).contains("is deleted there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"segment\":99999999999,\"ordinal\":1}"})
  @DisplayName("what is noted in a file that is damaged has all of it behind")
  void damaged(String text) throws IOException {
    String id;
    try (Plumbline plumbline = Stores.delivering(folder)) {
      id = logInPart(plumbline, there());
    }
    for (Path file : files("runs")) {
      if (file.toString().endsWith(".ack.json")) {
        Files.writeString(file, text);
      }
    }
    assertState(state(id), Kind.BEHIND, records(id), 2);
    assertState(Delivered.unsent(store, id, "there"), Kind.BEHIND, records(id), 2);
    assertState(Delivered.unsent(store, id, "other"), Kind.BEHIND, records(id), 2);
  }

  private List<Path> files(String below) throws IOException {
    try (Stream<Path> files = Files.walk(store.resolve(below))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  @DisplayName("each destination has a state of its own, and a file of another name is none")
  void several() throws IOException {
    String id;
    try (Plumbline plumbline = Stores.delivering(folder);
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, URI, there());
      FaultyBackend away = Stores.server(folder.resolve("audit"));
      away.refuse(() -> new TransportException("away"));
      plumbline.engine().deliverTo(new Destination("audit", "http://audit", away), Stores.SHORT);
      id = tracking.run("two", tracker -> tracker.logMetric("loss", 0.5, 1)).id();
      awaitArrival(id);
    }
    Files.writeString(store.resolve("runs").resolve(id).resolve("no.name.remote.json"), "{}");
    assertThat(Delivered.states(store, id))
        .extracting(DeliveryState::destination)
        .containsExactly("audit", "there");
    assertThat(Delivered.states(store, id))
        .extracting(DeliveryState::kind)
        .containsExactly(Kind.BEHIND, Kind.ARRIVED);
  }

  private void awaitArrival(String id) {
    Stores.await(
        "arrival",
        () -> Delivered.states(store, id).stream().anyMatch(state -> state.kind() == Kind.ARRIVED));
  }
}
