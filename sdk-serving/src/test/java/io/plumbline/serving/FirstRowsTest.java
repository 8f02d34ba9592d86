package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.Profile;
import io.plumbline.drift.SkewGate;
import io.plumbline.drift.SkewGate.State;
import io.plumbline.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The first rows of a version")
class FirstRowsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  /** What was found of which version. */
  private record Judged(int version, SkewGate.Finding finding) {}

  @TempDir private Path folder;
  private final Random random = new Random(3);
  private final List<Judged> judged = new CopyOnWriteArrayList<>();
  private final List<LiveEvent> events = new CopyOnWriteArrayList<>();
  private ModelRegistry registry;

  @BeforeEach
  void open() {
    registry = Served.registry(folder);
    Served.promote(registry, Served.linear(1).with(profile()));
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private static Profile profile() {
    Random random = new Random(1);
    return Profile.builder()
        .add("a", random.doubles(5_000).toArray())
        .add("b", random.doubles(5_000).toArray())
        .build();
  }

  private LiveModel live(LiveEvent.Listener listener) {
    return LiveModel.builder(registry, "models:/flights@champion")
        .loader(new Served.Linear())
        .onEvent(events::add)
        .onEvent(listener)
        .open();
  }

  private PredictionLogger logger(LiveModel model) {
    return PredictionLogger.builder(model)
        .sample(0.01)
        .onFirstRows(
            profile -> SkewGate.against(profile).rows(500),
            (version, finding) -> judged.add(new Judged(version.version(), finding)))
        .open();
  }

  private void predict(LiveModel model, PredictionLogger log, int rows, boolean broken) {
    for (int i = 0; i < rows; i++) {
      double b = broken ? 0 : random.nextDouble();
      double[] said = model.predict("r" + i, new double[] {random.nextDouble(), b});
      assertThat(said).hasSize(1);
    }
    assertThat(log.flush(LONG)).isTrue();
  }

  private Path file() {
    return folder.resolve("store/predictions/_windows/_model=flights/_version=1/first-rows.json");
  }

  private void begunAt(Instant since) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file().getParent()));
    Files.writeString(
        file(),
        "{\"done\":false,\"first_rows\":1,\"rows\":0,\"since\":\""
            + since
            + "\",\"state\":\"WAIT\"}");
  }

  @Test
  @DisplayName(
      "stop a version whose features serving makes in another way, and a listener rolls back")
  void stops() {
    LiveEvent.Listener rollback =
        event -> {
          if (event.kind() == LiveEvent.Kind.SKEW) {
            registry.rollback("flights", "champion", event.reason());
          }
        };
    try (LiveModel model = live(rollback);
        PredictionLogger log = logger(model)) {
      predict(model, log, 600, false);
      Served.await("the verdict", () -> judged.size() == 1);
      assertThat(judged.get(0).version()).isEqualTo(1);
      assertThat(judged.get(0).finding().state()).isEqualTo(State.PASS);
      Served.promote(registry, Served.linear(2).with(profile()));
      assertThat(model.refresh(LONG)).isTrue();
      predict(model, log, 600, true);
      Served.await("the verdict", () -> judged.size() == 2);
      assertThat(judged.get(1).version()).isEqualTo(2);
      assertThat(judged.get(1).finding().state()).isEqualTo(State.STOP);
      assertThat(judged.get(1).finding().reasons()).anyMatch(reason -> reason.startsWith("'b'"));
      Served.await("the way back", () -> model.status().version().orElseThrow().version() == 1);
      assertThat(events)
          .filteredOn(event -> event.kind() == LiveEvent.Kind.SKEW)
          .singleElement()
          .satisfies(event -> assertThat(event.reason()).contains("'b'"));
      predict(model, log, 600, true);
    }
    assertThat(judged).as("a version is judged once").hasSize(2);
  }

  @Test
  @DisplayName("are judged once, also over a restart, and together with those before it")
  void restart() {
    for (int start = 0; start < 3; start++) {
      try (LiveModel model = live(event -> {});
          PredictionLogger log = logger(model)) {
        predict(model, log, 300, false);
      }
    }
    assertThat(judged).hasSize(1);
    assertThat(judged.get(0).finding().rows()).isEqualTo(600);
  }

  @Test
  @DisplayName("are not judged again after a restart when their hour is over")
  void over() throws IOException {
    begunAt(Instant.now().minus(Duration.ofMinutes(61)));
    try (LiveModel model = live(event -> {});
        PredictionLogger log = logger(model)) {
      predict(model, log, 1_000, true);
    }
    assertThat(judged).isEmpty();
  }

  @Test
  @DisplayName("that are too few at the end of the hour are told as such")
  void tooFew() throws IOException {
    begunAt(Instant.now().minus(Duration.ofHours(1)).plusSeconds(8));
    try (LiveModel model = live(event -> {});
        PredictionLogger log = logger(model)) {
      predict(model, log, 50, false);
      Served.await("the end of the hour", () -> judged.size() == 1);
    }
    assertThat(judged.get(0).finding().state()).isEqualTo(State.WAIT);
    assertThat(judged.get(0).finding().rows()).isEqualTo(50);
    assertThat(Files.readString(file())).contains("\"done\":true");
  }

  @Test
  @DisplayName("are judged anew where the file that remembers them is damaged")
  void damaged() throws IOException {
    begunAt(Instant.now());
    Files.writeString(file(), "[[[");
    try (LiveModel model = live(event -> {});
        PredictionLogger log = logger(model)) {
      predict(model, log, 600, false);
      Served.await("the verdict", () -> judged.size() == 1);
    }
    assertThat(judged.get(0).finding().state()).isEqualTo(State.PASS);
  }
}
