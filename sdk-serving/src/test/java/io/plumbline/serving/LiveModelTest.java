package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IncompatibleModelException;
import io.plumbline.NotFoundException;
import io.plumbline.model.DataType;
import io.plumbline.model.GoldenRecords;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelVersion;
import io.plumbline.model.Signature;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.registry.RegisterOptions;
import io.plumbline.serving.LiveStatus.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A live model")
class LiveModelTest {
  private static final String CHAMPION = "models:/flights@champion";
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final Served.Linear loader = new Served.Linear();
  private final List<LiveEvent> events = new CopyOnWriteArrayList<>();
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
  }

  @AfterEach
  void close() {
    registry.close();
    assertThat(loader.misuses.get()).as("use after close, or by two at once").isZero();
  }

  private LiveModel.Builder builder() {
    return LiveModel.builder(registry, CHAMPION).loader(loader).onEvent(events::add);
  }

  private static double ask(LiveModel model) {
    return model.predict(new double[] {10, 1})[0];
  }

  private boolean told(LiveEvent.Kind kind, String reason) {
    return events.stream().anyMatch(e -> e.kind() == kind && e.reason().contains(reason));
  }

  @Test
  @DisplayName("serves what its alias points to, and follows it; the old version is closed")
  void follows() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().keepWarm(0).open()) {
      assertThat(ask(model)).isEqualTo(11);
      assertThat(model.status().state()).isEqualTo(State.READY);
      Served.promote(registry, Served.linear(2));
      Served.await("the swap", () -> ask(model) == 21);
      Served.await("the close of the old one", () -> loader.open.get() == 1);
      Served.await(
          "the event", () -> events.stream().anyMatch(e -> e.kind() == LiveEvent.Kind.CLOSED));
      LiveEvent swap =
          events.stream()
              .filter(e -> e.kind() == LiveEvent.Kind.SWAPPED && e.previous() != null)
              .findFirst()
              .orElseThrow();
      assertThat(swap.version()).isEqualTo(registry.version("flights", 2));
      assertThat(String.valueOf(swap.previous())).startsWith("models:/flights/1");
    }
    assertThat(loader.open.get()).isZero();
  }

  @Test
  @DisplayName(
      "keeps one version within a lease, whatever is swapped, and does not close it before")
  void leases() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().keepWarm(0).open()) {
      double[] out = new double[1];
      try (Lease lease = model.lease()) {
        Served.promote(registry, Served.linear(2));
        Served.await("the swap", () -> ask(model) == 21);
        lease.predict(new double[] {10, 1}, out);
        assertThat(out[0]).isEqualTo(11);
        assertThat(lease.version().version()).isEqualTo(1);
        assertThat(loader.open.get()).isEqualTo(2);
        assertThat(model.status().leases()).isEqualTo(1);
      }
      Served.await("the close of the old one", () -> loader.open.get() == 1);
    }
  }

  @Test
  @DisplayName("A lease that was returned can't be used, and returning it again does nothing")
  void returned() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      Lease first = model.lease();
      first.close();
      Lease second = model.lease();
      first.close();
      assertThatThrownBy(() -> first.predict(new double[2], new double[1]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("returned");
      assertThat(model.status().leases()).isEqualTo(1);
      second.close();
      assertThat(model.status().leases()).isZero();
    }
  }

  @Test
  @DisplayName(
      "rejects a version whose golden records do not match, says why, and does not try again")
  void golden() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      ModelPackage wrong =
          Served.linear(3)
              .with(
                  GoldenRecords.of(
                      Served.INPUTS,
                      new double[][] {{1, 2}},
                      List.of("score"),
                      new double[][] {{7}}));
      Served.promote(registry, wrong);
      Served.await("the rejection", () -> !model.status().rejected().isEmpty());
      int loads = loader.loads.get();
      assertThat(ask(model)).isEqualTo(11);
      assertThat(model.status().state()).isEqualTo(State.STALE);
      assertThat(model.status().reason())
          .contains("models:/flights/2 was rejected")
          .contains("golden record 0 expects [7.0], and the model gives [5.0]");
      assertThat(model.refresh(LONG)).isTrue();
      assertThat(loader.loads.get()).as("asked for by a person").isEqualTo(loads + 1);
      Served.promote(registry, Served.linear(4));
      Served.await("the next version", () -> ask(model) == 41);
      assertThat(loader.loads.get()).isEqualTo(loads + 2);
      Served.await("the event", () -> told(LiveEvent.Kind.REJECTED, "golden record 0"));
      assertThat(model.status().state()).isEqualTo(State.READY);
    }
  }

  @Test
  @DisplayName("rolls back to the warm version at once, and stays there until it is unpinned")
  void rollback() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      assertThatThrownBy(() -> model.rollback("nothing to go back to"))
          .isInstanceOf(IllegalStateException.class);
      Served.promote(registry, Served.linear(2));
      Served.await("the swap", () -> ask(model) == 21);
      assertThat(model.rollback("latency").version()).isEqualTo(1);
      assertThat(ask(model)).isEqualTo(11);
      assertThat(model.status().pinned()).isTrue();
      assertThat(model.refresh(LONG)).isTrue();
      assertThat(ask(model)).isEqualTo(11);
      model.unpin();
      Served.await("the alias again", () -> ask(model) == 21);
      assertThat(loader.loads.get()).as("both stayed warm").isEqualTo(2);
    }
  }

  @Test
  @DisplayName("follows a rollback of the alias without loading, from what is warm")
  void aliasRollback() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      Served.promote(registry, Served.linear(2));
      Served.await("the swap", () -> ask(model) == 21);
      registry.rollback("flights", "champion", "latency");
      Served.await("the rollback", () -> ask(model) == 11);
      assertThat(loader.loads.get()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName(
      "leaves a quarantined version for the warm one before it, and serves on if there is none")
  void quarantine() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      ModelVersion two = Served.promote(registry, Served.linear(2));
      Served.await("the swap", () -> ask(model) == 21);
      registry.quarantine(two, "precision fell to 71 %");
      Served.await("the one before", () -> ask(model) == 11);
      Served.await("the state", () -> model.status().state() == State.STALE);
      assertThat(model.status().reason()).contains("precision fell to 71 %");
      registry.quarantine(registry.version("flights", 1), "this too");
      assertThat(model.refresh(LONG)).isTrue();
      assertThat(ask(model)).isEqualTo(11);
    }
  }

  @Test
  @DisplayName("serves on when its alias has gone")
  void aliasGone() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      registry.deleteAlias("flights", "champion", "by mistake");
      Served.await("the state", () -> model.status().state() == State.STALE);
      assertThat(model.status().reason()).contains("no alias 'champion'");
      assertThat(ask(model)).isEqualTo(11);
    }
  }

  // ---- the start

  @Test
  @DisplayName("opens with the last good version when the registry is away, and says so")
  void offline() throws Exception {
    Served.promote(registry, Served.linear(1));
    builder().open().close();
    Path gone = folder.resolve("gone");
    Files.move(folder.resolve("store/registry"), gone);
    Files.createFile(folder.resolve("store/registry")); // which can't be read as a folder
    try (LiveModel model = builder().open()) {
      assertThat(ask(model)).isEqualTo(11);
      assertThat(model.status().state()).isEqualTo(State.STALE);
      Files.delete(folder.resolve("store/registry"));
      Files.move(gone, folder.resolve("store/registry"));
      Served.await("the registry's return", () -> model.status().state() == State.READY);
    }
    try (LiveModel model = builder().start(StartMode.LAST_KNOWN_GOOD).open()) {
      assertThat(ask(model)).isEqualTo(11);
    }
  }

  @Test
  @DisplayName("that can't start says why, and at once if waiting would not help")
  void cannotStart() {
    assertThatThrownBy(() -> builder().start(StartMode.FAIL_FAST).open())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("there is no registered model 'flights'");
    assertThatThrownBy(() -> builder().startTimeout(LONG).open())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("can't be resolved")
        .hasMessageContaining("there is no registered model 'flights'");
    loader.before =
        () -> {
          throw new IllegalArgumentException("half a model");
        };
    Served.promote(registry, Served.linear(1));
    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(IncompatibleModelException.class)
        .hasMessageContaining("half a model");
    assertThat(loader.open.get()).isZero();
  }

  @Test
  @DisplayName("that is lazy opens at once, and its first request waits for a version")
  void lazy() throws Exception {
    try (LiveModel model = builder().start(StartMode.LAZY).startTimeout(LONG).open()) {
      assertThat(model.status().ready()).isFalse();
      double[] answer = new double[1];
      Thread request = new Thread(() -> answer[0] = ask(model));
      request.start();
      Served.promote(registry, Served.linear(1));
      request.join(60_000);
      assertThat(answer[0]).isEqualTo(11);
    }
    try (LiveModel model =
        LiveModel.builder(registry, "models:/flights@nobody")
            .loader(loader)
            .start(StartMode.LAZY)
            .startTimeout(Duration.ofMillis(100))
            .open()) {
      assertThatThrownBy(() -> ask(model))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no alias 'nobody'");
    }
  }

  @Test
  @DisplayName("that was closed refuses requests, and may be closed again")
  void closed() {
    Served.promote(registry, Served.linear(1));
    LiveModel model = builder().open();
    model.close();
    model.close();
    assertThat(model.status().state()).isEqualTo(State.CLOSED);
    assertThatThrownBy(() -> ask(model))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(model::lease).isInstanceOf(IllegalStateException.class);
    assertThat(loader.open.get()).isZero();
  }

  // ---- loaders that misbehave

  @Test
  @DisplayName("leaves a loader that hangs behind, and closes what it brings too late")
  void hangs() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().loadTimeout(Duration.ofMillis(200)).open()) {
      CountDownLatch hanging = new CountDownLatch(1);
      loader.before =
          () -> {
            try {
              hanging.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          };
      Served.promote(registry, Served.linear(2));
      Served.await("the rejection", () -> !model.status().rejected().isEmpty());
      assertThat(model.status().reason()).contains("not loaded within");
      assertThat(ask(model)).isEqualTo(11);
      hanging.countDown();
      Served.await("the late one", () -> loader.loads.get() == 2);
      Served.await("its close", () -> loader.open.get() == 1);
    }
  }

  @Test
  @DisplayName("survives loaders that throw anything, and models that give NaN")
  void throwing() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().open()) {
      for (Throwable thrown :
          List.of(new OutOfMemoryError("no room"), new UnsatisfiedLinkError("no library"))) {
        loader.before =
            () -> {
              throw (Error) thrown;
            };
        Served.promote(registry, Served.linear(thrown.hashCode()));
        Served.await("the rejection", () -> model.status().reason().contains(thrown.getMessage()));
        assertThat(ask(model)).isEqualTo(11);
      }
      loader.before = () -> {};
      ModelPackage nan =
          ModelPackage.of("linear", Map.of("factor", 5.0))
              .with(Served.SIGNATURE)
              .with(
                  GoldenRecords.of(
                      Served.INPUTS,
                      new double[][] {{Double.NaN, 2}},
                      List.of("score"),
                      new double[][] {{7}}));
      Served.promote(registry, nan);
      Served.await("the rejection", () -> model.status().reason().contains("NaN"));
      Served.await("the close of the rejected one", () -> loader.open.get() == 1);
    }
  }

  @Test
  @DisplayName("says for each flavor without a loader what to do")
  void flavors() {
    Map<String, String> hints =
        Map.of(
            "sklearn", "export the model to ONNX",
            "java-serialization", "run code",
            "lightgbm", "io.plumbline:plumbline-lightgbm",
            "onnx", "io.plumbline:plumbline-onnx",
            "rules", "there are loaders for [function, linear]");
    hints.forEach(
        (flavor, hint) -> {
          registry.register(flavor, ModelPackage.of(flavor, Map.of()), RegisterOptions.none());
          assertThatThrownBy(
                  () ->
                      LiveModel.builder(registry, "models:/" + flavor + "/1").loader(loader).open())
              .isInstanceOf(IncompatibleModelException.class)
              .hasMessageContaining("'" + flavor + "'")
              .hasMessageContaining(hint);
        });
  }

  @Test
  @DisplayName(
      "refuses a version over the memory budget, or without golden records if it needs them")
  void conditions() {
    Served.promote(registry, Served.linear(1));
    LiveModel.Builder tiny = builder().memoryBudget(10).startTimeout(LONG);
    assertThatThrownBy(tiny::open)
        .isInstanceOf(IncompatibleModelException.class)
        .hasMessageContaining("over the budget of 10");
    assertThat(loader.loads.get()).as("known before it was loaded").isZero();
    try (LiveModel model = builder().memoryBudget(10_000).requireGolden().open()) {
      loader.memory = 9_500;
      Served.promote(registry, Served.linear(2));
      Served.await("the rejection", () -> model.status().reason().contains("over the budget"));
      Served.promote(
          registry, ModelPackage.of("linear", Map.of("factor", 3.0)).with(Served.SIGNATURE));
      Served.await("the other", () -> model.status().reason().contains("no golden records"));
      assertThat(ask(model)).isEqualTo(11);
      Served.await("the close of the rejected ones", () -> loader.open.get() == 1);
    }
  }

  @Test
  @DisplayName("refuses a version whose signature is not what the model takes and gives")
  void signatures() {
    Signature three = Signature.doubles(List.of("a", "b", "c"), "score");
    Served.promote(registry, ModelPackage.of("linear", Map.of("factor", 1.0)).with(three));
    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(IncompatibleModelException.class)
        .hasMessageContaining("takes 2 numbers")
        .hasMessageContaining("3 inputs: [a, b, c]");
    Signature two =
        Signature.builder()
            .input("a", DataType.DOUBLE)
            .input("b", DataType.DOUBLE)
            .output("x", DataType.DOUBLE)
            .output("y", DataType.DOUBLE)
            .build();
    Served.promote(registry, ModelPackage.of("linear", Map.of("factor", 1.0)).with(two));
    assertThatThrownBy(() -> builder().open())
        .isInstanceOf(IncompatibleModelException.class)
        .hasMessageContaining("gives 1 numbers")
        .hasMessageContaining("[x, y]");
  }

  @Test
  @DisplayName(
      "with the policy for little memory never has two models open, and takes the old one back")
  void littleMemory() {
    Served.promote(registry, Served.linear(1));
    try (LiveModel model = builder().policy(SwapPolicy.RESOURCE).open()) {
      loader.before = () -> assertThat(loader.open.get()).isZero();
      Served.promote(registry, Served.linear(2));
      Served.await("the swap", () -> ask(model) == 21);
      ModelPackage wrong =
          Served.linear(3)
              .with(
                  GoldenRecords.of(
                      Served.INPUTS,
                      new double[][] {{1, 2}},
                      List.of("score"),
                      new double[][] {{7}}));
      Served.promote(registry, wrong);
      Served.await("the rejection", () -> !model.status().rejected().isEmpty());
      assertThat(ask(model)).isEqualTo(21);
      assertThat(loader.open.get()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName(
      "raises an alarm for a lease that is not returned, with the place where it was taken, and closes nothing")
  void alarm() {
    Served.promote(registry, Served.linear(1));
    Lease forgotten;
    try (LiveModel model =
        builder().keepWarm(0).leaseAlarm(Duration.ofMillis(50)).traceLeases().open()) {
      forgotten = model.lease();
      Served.promote(registry, Served.linear(2));
      Served.await("the alarm", () -> told(LiveEvent.Kind.LEASE_ALARM, "1 leases"));
      assertThat(told(LiveEvent.Kind.LEASE_ALARM, "LiveModelTest.alarm")).isTrue();
      double[] out = new double[1];
      forgotten.predict(new double[] {10, 1}, out);
      assertThat(out[0]).isEqualTo(11);
      forgotten.close();
      Served.await("the close", () -> loader.open.get() == 1);
    }
  }

  @Test
  @DisplayName("is a good guest: 100 of them leave no thread, model or temporary file")
  void guests() throws Exception {
    Served.promote(registry, Served.linear(1));
    for (int i = 0; i < 100; i++) {
      try (LiveModel model = builder().open()) {
        assertThat(ask(model)).isEqualTo(11);
      }
    }
    assertThat(loader.open.get()).isZero();
    Served.await(
        "the threads' end",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("plumbline-live")));
    try (var left = Files.list(folder.resolve("store/cache/tmp"))) {
      assertThat(left).isEmpty();
    }
  }
}
