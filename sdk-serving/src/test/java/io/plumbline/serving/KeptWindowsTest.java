package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.drift.CalibrationMap;
import io.plumbline.drift.Cbpe;
import io.plumbline.drift.KeptWindows;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ScoreHistogram;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.WindowStore;
import io.plumbline.drift.Windows;
import io.plumbline.registry.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The counts of a prediction logger")
class KeptWindowsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant START = Instant.parse("2013-04-01T00:00:00Z");

  @TempDir private Path folder;
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

  static Profile profile() {
    double[] numbers = IntStream.range(0, 1_000).mapToDouble(i -> i / 100.0).toArray();
    return Profile.builder().add("a", numbers).add("b", numbers).build();
  }

  private LiveModel live() {
    return LiveModel.builder(registry, "models:/flights@champion")
        .loader(new Served.Linear())
        .open();
  }

  private Path log() {
    return folder.resolve("store/predictions");
  }

  private KeptWindows read(Profile profile, String version) {
    return WindowStore.of(log()).read("flights", version, profile);
  }

  private static void rows(LiveModel model, PredictionLogger log, int first, int count, int step) {
    try (Lease lease = model.lease()) {
      for (int i = first; i < first + count; i++) {
        log.row(lease, "r" + i)
            .features(new double[] {i % 10, 3.25})
            .slice(i % 4 == 0 ? "JFK" : "LGA")
            .prediction(1)
            .at(START.plusSeconds((long) i * step))
            .commit();
      }
    }
  }

  @Test
  @DisplayName("are on disk with every row, of the past too, when one in a hundred is logged")
  void exact() {
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).sample(0.01).mustLog().open()) {
      rows(model, log, 0, 20_000, 30); // a week in a second
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isLessThan(400);
      assertThat(log.status().uncounted()).isZero();
    }
    KeptWindows kept = read(profile(), "1");
    assertThat(kept.problems()).isEmpty();
    assertThat(kept.slices()).containsExactly(Windows.ALL, "JFK", "LGA");
    List<WindowCounts> hours = kept.tumbling(Windows.ALL, HOUR);
    assertThat(hours).hasSize(167);
    assertThat(hours.subList(0, 166)).allSatisfy(hour -> assertThat(hour.rows()).isEqualTo(120));
    assertThat(kept.whole(Windows.ALL).orElseThrow().rows()).isEqualTo(20_000);
    assertThat(kept.whole("JFK").orElseThrow().rows()).isEqualTo(5_000);
  }

  @Test
  @DisplayName("have the score of every row of a binary model, by decision, whatever is logged")
  void scores() {
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model).binary(0.5).sample(0.01).mustLog().open()) {
      try (Lease lease = model.lease()) {
        for (int i = 0; i < 10_000; i++) {
          log.row(lease, "r" + i)
              .features(new double[] {i % 10, 3.25})
              .prediction(i % 100 / 100.0 + 0.001)
              .at(START.plusSeconds(i))
              .commit();
        }
        log.row(lease, "failed")
            .features(new double[] {1, 3.25})
            .outcome(LogRow.Outcome.ERROR)
            .at(START)
            .commit();
      }
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isLessThan(250);
    }
    WindowCounts whole = read(profile(), "1").whole(Windows.ALL).orElseThrow();
    ScoreHistogram scores = whole.scores().orElseThrow();
    assertThat(scores.rows()).isEqualTo(10_000);
    assertThat(scores.unscored()).isEqualTo(1);
    for (int bin = 0; bin < 100; bin++) {
      assertThat(scores.selected(bin)).isEqualTo(bin < 50 ? 0 : 100);
      assertThat(scores.others(bin)).isEqualTo(bin < 50 ? 100 : 0);
    }
    Cbpe estimate = Cbpe.of(CalibrationMap.identity(), whole);
    assertThat(estimate.value("precision")).isCloseTo(0.75, within(1e-9));
    assertThat(estimate.value("recall")).isCloseTo(0.75, within(1e-9));
  }

  @Test
  @DisplayName("have the rows that came when their windows were over, and those of the future")
  void strays() {
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).sample(0).mustLog().open()) {
      rows(model, log, 0, 3_000, 60); // two days
      rows(model, log, 0, 1_000, 60); // and the first hours once more
      try (Lease lease = model.lease()) {
        log.row(lease, "f").prediction(1).at(Instant.parse("2999-01-01T00:00:30Z")).commit();
      }
      rows(model, log, 3_000, 100, 60);
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().uncounted()).isZero();
    }
    KeptWindows kept = read(profile(), "1");
    List<WindowCounts> hours = kept.tumbling(Windows.ALL, HOUR);
    assertThat(hours.subList(0, 16)).allSatisfy(hour -> assertThat(hour.rows()).isEqualTo(120));
    assertThat(hours.subList(17, 51)).allSatisfy(hour -> assertThat(hour.rows()).isEqualTo(60));
    assertThat(hours.get(hours.size() - 1).from()).contains(Instant.parse("2999-01-01T00:00:00Z"));
    assertThat(kept.whole(Windows.ALL).orElseThrow().rows()).isEqualTo(4_101);
    assertThat(kept.whole("JFK").orElseThrow().rows()).isEqualTo(1_025);
  }

  @Test
  @DisplayName("go on after a restart, and after a swap each version has its own")
  void restarts() {
    for (int start = 0; start < 2; start++) {
      try (LiveModel model = live();
          PredictionLogger log = PredictionLogger.builder(model).open()) {
        rows(model, log, start * 1_000, 1_000, 1);
      }
    }
    Served.promote(registry, Served.linear(2).with(profile()));
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).windows(Duration.ofDays(1)).open()) {
      rows(model, log, 0, 500, 1);
    }
    assertThat(read(profile(), "1").tumbling(Windows.ALL, HOUR).get(0).rows()).isEqualTo(2_000);
    WindowCounts second = read(profile(), "2").whole(Windows.ALL).orElseThrow();
    assertThat(second.rows()).isEqualTo(500);
    assertThat(second.to()).contains(START.plus(Duration.ofDays(1)));
  }

  @Test
  @DisplayName("are on disk within a second of the first row, and then once a minute")
  void openWindows() {
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).open()) {
      double[] said = model.predict("r1", new double[] {1, 2});
      assertThat(said).hasSize(1);
      Served.await("the open window", () -> !read(profile(), "1").isEmpty());
      assertThat(read(profile(), "1").whole(Windows.ALL).orElseThrow().rows()).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("do not show the values of private columns")
  void privacy() throws IOException {
    try (LiveModel model = live();
        PredictionLogger log =
            PredictionLogger.builder(model).privacy("b", Privacy.drop()).open()) {
      rows(model, log, 0, 10, 1);
    }
    String all = "";
    try (Stream<Path> files = Files.walk(log().resolve("_windows"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all += Files.readString(file);
      }
    }
    assertThat(all).contains("\"name\":\"b\"").doesNotContain("3.25");
    assertThat(read(profile(), "1").whole(Windows.ALL).orElseThrow().column("b").rows())
        .isEqualTo(10);
  }

  @Test
  @DisplayName("that the disk refuses cost no request and no row; they are counted, and come later")
  void deadDisk() throws IOException {
    Path windows = log().resolve("_windows");
    Files.createDirectories(log());
    Files.writeString(windows, "a file in the way");
    LogStatus status;
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).open()) {
      rows(model, log, 0, 1_000, 1);
      assertThat(log.flush(LONG)).isTrue();
      assertThat(log.status().logged()).isEqualTo(1_000);
      Files.delete(windows);
      Served.await("the disk's return", () -> !read(profile(), "1").isEmpty());
      Files.move(windows, log().resolve("away"));
      Files.writeString(windows, "a file in the way");
      rows(model, log, 1_000, 1_000, 1);
      log.close();
      status = log.status();
    }
    assertThat(status.logged()).isEqualTo(2_000);
    assertThat(status.windowsLost()).isPositive();
  }

  @Test
  @DisplayName("of a flood of windows are given up, the oldest first, rather than fill the memory")
  void flood() throws IOException {
    Path windows = log().resolve("_windows");
    Files.createDirectories(log());
    Files.writeString(windows, "a file in the way");
    try (LiveModel model = live();
        PredictionLogger log = PredictionLogger.builder(model).open()) {
      for (int i = 0; i < 10; i++) {
        rows(model, log, i * 300, 300, 3_600);
        assertThat(log.flush(LONG)).isTrue();
      }
      Served.await("the loss", () -> log.status().windowsLost() > 1_000);
      assertThat(log.status().logged()).isEqualTo(3_000);
      Files.delete(windows);
    }
    Instant end = START.plus(HOUR.multipliedBy(3_000));
    Served.await("the last window", () -> hours().get(hours().size() - 1).to().get().equals(end));
    assertThat(hours()).hasSizeBetween(100, 512);
  }

  private List<WindowCounts> hours() {
    return read(profile(), "1").tumbling(Windows.ALL, HOUR);
  }
}
