package io.plumbline.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.ConfigException;
import io.plumbline.IntegrityException;
import io.plumbline.MetricHandle;
import io.plumbline.Plumbline;
import io.plumbline.ServerException;
import io.plumbline.TransportException;
import io.plumbline.internal.courier.Courier;
import io.plumbline.internal.courier.Delivered;
import io.plumbline.model.LoggedModel;
import io.plumbline.model.MetricSummary;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Run;
import io.plumbline.model.RunStatus;
import io.plumbline.spi.Backend;
import io.plumbline.spi.RunUpdate;
import io.plumbline.tck.FaultyBackend;
import io.plumbline.tck.FaultyBackend.When;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Models of runs that go to a server")
class DeliveredModelsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] CONTENT = {4, 2, 4, 2};

  @TempDir private Path folder;

  private Plumbline open() {
    return Stores.delivering(folder);
  }

  private FaultyBackend there() {
    return Stores.server(folder.resolve("there"));
  }

  private static ModelPackage rules() {
    return ModelPackage.of("rules", Map.of()).with(ModelPart.of("r.txt", "text/plain", CONTENT));
  }

  private static Run ended(FaultyBackend to, String id) {
    Stores.await(
        "the run's end",
        () -> to.runs().find(id).filter(run -> run.status() == RunStatus.FINISHED).isPresent());
    return to.runs().find(id).orElseThrow();
  }

  @Test
  @DisplayName("hold up no metrics but those that are theirs, and the run ends when they are there")
  void beside() {
    CountDownLatch release = new CountDownLatch(1);
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      Stores.hold(to, "putModel", release);
      Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("model");
      LoggedModel model = tracker.logModel("m", rules());
      tracker.logMetric("loss", 0.5, 0);
      tracker.metric("auc", model).log(0.75, 1); // in the same batch
      Stores.await(
          "the metric behind the model",
          () ->
              to.runs()
                  .find(tracker.id())
                  .filter(run -> run.metrics().containsKey("loss"))
                  .isPresent());
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(Duration.ofMillis(300))).isFalse();
      Run waiting = to.runs().find(tracker.id()).orElseThrow();
      assertThat(waiting.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(waiting.metrics()).doesNotContainKey("auc");
      release.countDown();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      Run run = to.runs().find(tracker.id()).orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.models()).hasSize(1);
      assertThat(run.metrics()).containsKey("auc");
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName(
      "that a server can't take as it is set up keep the run from nothing, and arrive when it can")
  void notServed() {
    String id;
    LoggedModel model;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail(
          "putModel",
          1,
          When.BEFORE,
          () -> new ConfigException("tracking.uri", "the code", "no artifacts", "another server"));
      Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("model");
      id = tracker.id();
      model = tracker.logModel("m", rules());
      tracker.metric("auc", model).log(0.75, 1);
      tracker.finish();
      Run run = ended(to, id);
      assertThat(run.metrics()).containsKey("auc");
      assertThat(run.models()).isEmpty();
      assertThat(plumbline.engine().awaitDelivery(Duration.ofMillis(300))).isFalse();
      assertThat(Stores.delivery(plumbline).rejected()).isZero();
      assertThat(Stores.delivery(plumbline).runsBehind()).isEqualTo(1);
      assertThat(Stores.delivery(plumbline).problem()).contains(id, "no artifacts");
    }
    try (Plumbline again = open()) {
      FaultyBackend to = there();
      Stores.deliver(again, to);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
      Run run = to.runs().find(id).orElseThrow();
      assertThat(run.models()).extracting(LoggedModel::digest).containsExactly(model.digest());
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(Delivered.model(again.store(), id, model.id(), "there")).isPresent();
    }
  }

  @Test
  @DisplayName("that are refused are kept as such, and their metrics arrive without them")
  void refused() {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail("putModel", 1, When.BEFORE, () -> new IntegrityException("not such a model"));
      Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("model");
      LoggedModel model = tracker.logModel("m", rules());
      MetricHandle auc = tracker.metric("auc", model);
      for (int i = 0; i < 100; i++) {
        auc.log(0.75, i);
      }
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(Stores.delivery(plumbline).rejected()).isEqualTo(1);
      Run run = to.runs().find(tracker.id()).orElseThrow();
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.models()).isEmpty();
      assertThat(run.metrics().values()).singleElement().returns(99L, MetricSummary::lastStep);
    }
  }

  @Test
  @DisplayName("that a program has left are there before what the next one logs of them")
  void left() {
    CountDownLatch release = new CountDownLatch(1);
    List<String> linked = new CopyOnWriteArrayList<>();
    try (Plumbline owner = open();
        TrackingClient tracking = TrackingClient.of(owner)) {
      FaultyBackend to = there();
      Stores.deliver(owner, to);
      Tracker tracker = tracking.start("model");
      String id = tracker.id();
      Stores.await("the run", () -> to.runs().find(id).isPresent());
      LoggedModel model = logAndLeave(id);
      try (Plumbline next = open();
          TrackingClient joining = TrackingClient.of(next)) {
        FaultyBackend slow = there();
        Stores.hold(slow, "putModel", release);
        Backend watched =
            Stores.applying(
                slow,
                (run, updates) -> {
                  for (Object update : updates) {
                    // The left program's "loss" comes again if that ended before its ack.
                    if (update instanceof RunUpdate.LogMetric metric
                        && !metric.key().equals("loss")) {
                      linked.add(metric.key() + " of " + metric.modelId());
                    }
                  }
                });
        Stores.deliver(next, watched);
        Tracker joined = joining.join(id);
        joined.logMetric("free", 0.5, 1);
        joined.metric("auc", model).log(0.75, 1);
        joined.finish();
        Stores.await("what is free", () -> !linked.isEmpty());
        assertThat(next.engine().awaitDelivery(Duration.ofMillis(300))).isFalse();
        release.countDown();
        assertThat(next.engine().awaitDelivery(PATIENCE)).isTrue();
        String there = to.runs().find(id).orElseThrow().models().get(0).id();
        assertThat(linked).containsExactly("free of null", "auc of " + there);
      }
    } finally {
      release.countDown();
    }
  }

  @Test
  @DisplayName("are there once where their run is found again, after it had gone elsewhere")
  void thereAndBack() throws IOException {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      Stores.deliver(plumbline, "http://a", there());
      Tracker tracker = tracking.start("model");
      id = tracker.id();
      tracker.logText("weights", "epoch-1.bin");
      tracker.logModel("m", rules());
      tracker.logModel("n", rules());
      tracker.logModel("n", rules()); // another one that looks the same
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
    }
    try (Plumbline plumbline = open()) {
      FaultyBackend other = Stores.server(folder.resolve("other"));
      Stores.deliver(plumbline, "http://b", other).deliver(id, null);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(ended(other, id).models()).hasSize(3);
    }
    Path note = folder.resolve("here").resolve("runs").resolve(id).resolve("there.remote.json");
    Files.delete(note); // a server that chooses the ids does not know that of the other one
    try (Plumbline plumbline = open()) {
      FaultyBackend to = there();
      Stores.deliver(plumbline, "http://a", to).deliver(id, null);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(ended(to, id).models()).hasSize(3);
      assertThat(to.calls()).doesNotContain("putModel");
    }
  }

  /** A program logs a model into a run, and ends before that has arrived. */
  private LoggedModel logAndLeave(String id) {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      Stores.failAll(to, "putModel", () -> new TransportException("away"));
      Courier courier = Stores.deliver(plumbline, to);
      Tracker joined = tracking.join(id);
      LoggedModel model = joined.logModel("m", rules());
      joined.logMetric("loss", 0.5, 0);
      Stores.await(
          "the metric behind the model",
          () -> to.runs().find(id).filter(run -> run.metrics().containsKey("loss")).isPresent());
      courier.close();
      joined.finish();
      return model;
    }
  }

  @Test
  @DisplayName("that a server blames for a run that was deleted there are not refused for that")
  void deletedThere() throws IOException {
    String id;
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail(
          "putModel", 1, When.BEFORE, () -> new ServerException.InvalidRequest(400, "not active"));
      Courier courier = Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("model");
      id = tracker.id();
      Stores.await("the run", () -> to.runs().find(id).isPresent());
      to.runs().setDeleted(id, true);
      tracker.logModel("m", rules());
      Stores.await("the deletion to be seen", () -> Stores.delivery(plumbline).problem() != null);
      assertThat(Stores.delivery(plumbline).problem()).contains("deleted there");
      courier.close();
    }
    try (Plumbline again = open()) {
      FaultyBackend to = there();
      to.runs().setDeleted(id, false);
      Stores.deliver(again, to).deliver(id, null);
      assertThat(again.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(Stores.delivery(again).rejected()).isZero();
      assertThat(to.runs().find(id).orElseThrow().models()).hasSize(1);
    }
  }

  @Test
  @DisplayName("whose answer was lost are not sent twice")
  void once() {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.fail("putModel", 1, When.AFTER, () -> new TransportException("lost"));
      Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("model");
      tracker.logModel("m", rules());
      tracker.logModel("n", rules());
      tracker.finish();
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(to.runs().find(tracker.id()).orElseThrow().models())
          .extracting(LoggedModel::name)
          .containsExactlyInAnyOrder("m", "n");
    }
  }

  @Test
  @DisplayName("that can't be read now are not rejected: they arrive when they can be")
  void unreadableModel() throws IOException {
    try (Plumbline plumbline = open();
        TrackingClient tracking = TrackingClient.of(plumbline)) {
      FaultyBackend to = there();
      to.refuse(() -> new TransportException("away"));
      Stores.deliver(plumbline, to);
      Tracker tracker = tracking.start("model");
      tracker.logModel(
          "m",
          ModelPackage.of("rules", Map.of())
              .with(ModelPart.of("r.txt", "text/plain", new byte[] {4, 2, 4, 2})));
      tracker.finish();
      Path content = content(4);
      Path aside = folder.resolve("aside");
      Files.move(content, aside);
      Files.createDirectory(content); // opening it fails, as on a disk that is full or tired
      to.accept();
      Stores.await(
          "the failure",
          () -> Stores.delivery(plumbline).health().orElse("").contains("can't be read"));
      Files.delete(content);
      Files.move(aside, content);
      assertThat(plumbline.engine().awaitDelivery(PATIENCE)).isTrue();
      assertThat(Stores.delivery(plumbline).rejected()).isZero();
      assertThat(to.runs().find(tracker.id()).orElseThrow().models()).hasSize(1);
    }
  }

  private Path content(long size) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("here").resolve("blobs"))) {
      return files
          .filter(file -> Files.isRegularFile(file) && file.toFile().length() == size)
          .findFirst()
          .orElseThrow();
    }
  }
}
