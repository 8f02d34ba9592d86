package io.plumbline.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Windows kept on disk")
class WindowStoreTest {
  private static final Instant START = Instant.parse("2013-04-01T00:00:00Z");
  private static final double[] NUMBERS = IntStream.range(0, 1_000).mapToDouble(i -> i).toArray();
  private static final Profile PROFILE = Profile.builder().add("x", NUMBERS).build();

  @TempDir private Path log;

  private static WindowCounts counts(double... values) {
    ProfileCounter counter = PROFILE.counter();
    counter.countAll(0, values);
    return counter.take();
  }

  private static Windows.Window window(String slice, int hour, WindowCounts counts) {
    Instant from = START.plus(Duration.ofHours(hour));
    return new Windows.Window(slice, counts.between(from, from.plus(Duration.ofHours(1))));
  }

  private KeptWindows read() {
    return WindowStore.of(log).read("flights", "3", PROFILE);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(log)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static double[] numbers(Random random, int count) {
    return random.doubles(count, -50, 1_050).toArray();
  }

  @Test
  @DisplayName("are merged from all writers, in whatever order they came")
  void merged() {
    Random random = new Random(7);
    record Write(int writer, Windows.Window window) {}
    List<Write> writes = new ArrayList<>();
    long rows = 0;
    for (int writer = 0; writer < 4; writer++) {
      for (int hour = 0; hour < 30; hour++) {
        int count = 1 + random.nextInt(20);
        rows += count;
        writes.add(new Write(writer, window(Windows.ALL, hour, counts(numbers(random, count)))));
        writes.add(new Write(writer, window("origin=JFK", hour, counts(1, 2))));
      }
    }
    for (int order = 0; order < 5; order++) {
      Path folder = log.resolve("log" + order);
      // A writer's name is its own; by the order of names files are merged.
      List<WindowWriter> writers =
          IntStream.range(0, 4).mapToObj(i -> WindowWriter.in(folder)).toList();
      Collections.shuffle(writes, random);
      writes.forEach(write -> writers.get(write.writer()).write("flights", "3", write.window()));
      KeptWindows kept = WindowStore.of(folder).read("flights", "3", PROFILE);
      assertThat(kept.problems()).isEmpty();
      assertThat(kept.slices()).containsExactly(Windows.ALL, "origin=JFK");
      assertThat(kept.whole(Windows.ALL).orElseThrow().rows()).isEqualTo(rows);
      assertThat(kept.whole("origin=JFK").orElseThrow().rows()).isEqualTo(240);
      assertThat(kept.tumbling(Windows.ALL, Duration.ofHours(1))).hasSize(30);
      List<WindowCounts> days = kept.tumbling(Windows.ALL, Duration.ofDays(1));
      assertThat(days).hasSize(2);
      assertThat(days.get(0).from()).contains(START);
      assertThat(days.get(0).to()).contains(START.plus(Duration.ofDays(1)));
    }
  }

  @Test
  @DisplayName("are the same, byte for byte, in whatever order their files are found")
  void anyOrder() {
    Random random = new Random(11);
    List<KeptWindows.Kept> files = new ArrayList<>();
    for (int writer = 0; writer < 5; writer++) {
      for (int hour = 0; hour < 20; hour++) {
        WindowCounts counts = window("", hour, counts(numbers(random, 30))).counts();
        files.add(new KeptWindows.Kept(Windows.ALL, "host-" + writer, counts));
      }
    }
    Set<String> whole = new HashSet<>();
    Set<String> days = new HashSet<>();
    for (int order = 0; order < 20; order++) {
      Collections.shuffle(files, random);
      KeptWindows.Builder found = new KeptWindows.Builder();
      files.forEach(found::add);
      KeptWindows kept = found.build();
      whole.add(text(kept.whole(Windows.ALL).orElseThrow()));
      days.add(text(kept.tumbling(Windows.ALL, Duration.ofDays(1)).get(0)));
    }
    assertThat(whole).hasSize(1);
    assertThat(days).hasSize(1);
  }

  private static String text(WindowCounts counts) {
    return new String(counts.toJson(), StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("are replaced by their own writer only, in one step, and leave nothing else behind")
  void replaced() throws IOException {
    WindowWriter first = WindowWriter.in(log);
    WindowWriter second = WindowWriter.in(log);
    first.write("flights", "3", window(Windows.ALL, 0, counts(1)));
    first.write("flights", "3", window(Windows.ALL, 0, counts(1, 2, 3)));
    second.write("flights", "3", window(Windows.ALL, 0, counts(4)));
    assertThat(files()).hasSize(2);
    assertThat(read().whole(Windows.ALL).orElseThrow().rows()).isEqualTo(4);
    assertThat(read().tumbling("none", Duration.ofHours(1))).isEmpty();
    assertThat(WindowStore.of(log).read("flights", "4", PROFILE).isEmpty()).isTrue();
    assertThat(WindowStore.of(log.resolve("nowhere")).read("m", "1", PROFILE).isEmpty()).isTrue();
  }

  @Test
  @DisplayName("are found by day")
  void days() {
    WindowWriter writer = WindowWriter.in(log);
    for (int day = 0; day < 5; day++) {
      writer.write("flights", "3", window(Windows.ALL, 24 * day, counts(day)));
    }
    LocalDate second = LocalDate.parse("2013-04-02");
    KeptWindows two = WindowStore.of(log).read("flights", "3", PROFILE, second, second.plusDays(1));
    assertThat(two.whole(Windows.ALL).orElseThrow().rows()).isEqualTo(2);
  }

  @Test
  @DisplayName("that are damaged, hostile or elsewhere are named, and the rest is read")
  void damaged() throws IOException {
    WindowWriter writer = WindowWriter.in(log);
    for (int hour = 0; hour < 8; hour++) {
      writer.write("flights", "3", window(Windows.ALL, hour, counts(1, 2)));
    }
    List<Path> files = files();
    String sound = Files.readString(files.get(7));
    Files.write(files.get(0), new byte[0]);
    Files.writeString(files.get(1), sound.substring(0, sound.length() / 2));
    Files.writeString(files.get(2), "[".repeat(100_000));
    Files.writeString(files.get(3), sound); // another hour's
    Files.writeString(files.get(4), Files.readString(files.get(4)).replace("flights", "other"));
    Files.writeString(
        files.get(5), Files.readString(files.get(5)).replace("\"n\":2", "\"n\":9007199254740993"));
    Files.writeString(
        files.get(6),
        Files.readString(files.get(6))
            .replaceAll("\"to\":\"[^\"]*\"", "\"to\":\"+999999999-12-31T23:59:59Z\""));
    Path folder = Objects.requireNonNull(files.get(7).getParent());
    Files.write(folder.resolve("window-\u0007.json"), new byte[] {(byte) 0xff, 0});
    Files.createSymbolicLink(folder.resolve("window-x.json"), files.get(7));
    KeptWindows kept = read();
    assertThat(kept.whole(Windows.ALL).orElseThrow().rows()).isEqualTo(2);
    assertThat(kept.problems()).hasSize(8).allSatisfy(p -> assertThat(p).contains(".json: "));
    assertThat(kept.problems().get(0)).startsWith(files.get(0).toString());
    assertThat(String.join("\n", kept.problems()).lines()).hasSize(8);
  }

  @Test
  @DisplayName("of another profile are counted, and not mixed in")
  void otherBins() {
    WindowWriter.in(log).write("flights", "3", window(Windows.ALL, 0, counts(1)));
    Profile other = Profile.builder().add("x", new double[] {1, 2, 3}).build();
    KeptWindows kept = WindowStore.of(log).read("flights", "3", other);
    assertThat(kept.isEmpty()).isTrue();
    assertThat(kept.ofOtherBins()).isEqualTo(1);
    assertThat(kept.problems()).isEmpty();
  }

  @Test
  @DisplayName("have names of any kind, and cannot leave their folder")
  void names() throws IOException {
    WindowWriter writer = WindowWriter.in(log);
    for (String name : List.of("../../x", "a/b", "\u0000", "n".repeat(5_000), "Zürich 🛫")) {
      writer.write(name, "..", window("../" + name, 0, counts(1)));
      KeptWindows kept = WindowStore.of(log).read(name, "..", PROFILE);
      assertThat(kept.problems()).isEmpty();
      assertThat(kept.whole("../" + name).orElseThrow().rows()).isEqualTo(1);
    }
    assertThat(files()).hasSize(5);
  }

  @Test
  @DisplayName(
      "are deleted by age and by size, the oldest first, and so is what was left unfinished")
  void bounds() throws IOException {
    WindowWriter writer = WindowWriter.in(log);
    WindowStore store = WindowStore.of(log);
    assertThat(store.tidy(Duration.ofDays(1), 1)).isZero();
    for (int hour = 0; hour < 10; hour++) {
      writer.write("flights", "3", window(Windows.ALL, hour, counts(hour)));
      Files.setLastModifiedTime(
          files().get(hour), FileTime.from(Instant.now().minus(Duration.ofDays(20 - hour))));
    }
    Path left = Objects.requireNonNull(files().get(0).getParent()).resolve(".x.tmp");
    Files.writeString(left, "half");
    assertThat(store.tidy(null, 0)).isZero();
    assertThat(left).as("it may still be written to").exists();
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    assertThat(store.tidy(Duration.ofHours(24 * 17 - 12), 0)).isEqualTo(4);
    assertThat(left).doesNotExist();
    long one = Files.size(files().get(5));
    assertThat(store.tidy(null, 2 * one + one / 2)).isEqualTo(4);
    assertThat(read().tumbling(Windows.ALL, Duration.ofHours(1)).get(0).from())
        .contains(START.plus(Duration.ofHours(8)));
  }

  @Test
  @DisplayName("that the disk refuses are an error that names the file; what was there stays")
  void refused() throws IOException {
    WindowWriter writer = WindowWriter.in(log);
    writer.write("flights", "3", window(Windows.ALL, 0, counts(1)));
    Path blocked = log.resolve("_windows/_model=blocked");
    Files.writeString(blocked, "a file in the place of a folder");
    assertThatThrownBy(() -> writer.write("blocked", "3", window(Windows.ALL, 0, counts(1))))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("_model=blocked");
    assertThatThrownBy(() -> writer.write("flights", "3", new Windows.Window("", counts(1))))
        .hasMessageContaining("between()");
    assertThat(read().whole(Windows.ALL).orElseThrow().rows()).isEqualTo(1);
  }

  @Test
  @DisplayName("show of private columns their bins, and no value")
  void binned() {
    WindowCounts window = counts(123.25, 700, -5, Double.NaN);
    WindowCounts binned = window.binned(Set.of("x", "unknown"));
    assertThat(binned.column("x").cells()).isEqualTo(window.column("x").cells());
    assertThat(new String(binned.toJson(), StandardCharsets.UTF_8))
        .doesNotContain("123.25")
        .doesNotContain("-5");
    assertThat(binned.column("x").min()).hasValue(0);
    assertThat(WindowCounts.fromJson(binned.toJson(), PROFILE)).isEqualTo(binned);
    assertThat(window.binned(Set.of())).isEqualTo(window);
  }

  // ---- sub-windows

  @Test
  @DisplayName(
      "come from sub-windows that fit into a day, each told of once and again when it grows")
  void changed() {
    Windows windows = Windows.tumbling(PROFILE, Duration.ofMinutes(100), Duration.ZERO, 1);
    count(windows, 0, 5);
    count(windows, 25, 5);
    List<Windows.Window> changed = windows.changed();
    assertThat(changed).hasSize(2);
    assertThat(changed.get(0).counts().to()).contains(START.plus(Duration.ofMinutes(20)));
    assertThat(windows.changed()).isEmpty();
    count(windows, 26, 1);
    assertThat(windows.changed())
        .singleElement()
        .satisfies(window -> assertThat(window.counts().rows()).isEqualTo(6));
    Instant end = START.plus(Duration.ofMinutes(200));
    assertThat(windows.isDue(end)).isTrue();
    assertThat(windows.close(end)).hasSize(1);
    assertThat(windows.isDue(end)).isFalse();
    assertThat(windows.changed()).isEmpty();
  }

  private static void count(Windows windows, int minute, int rows) {
    ProfileCounter counter = windows.counter(START.plus(Duration.ofMinutes(minute)));
    Objects.requireNonNull(counter).countAll(0, new double[rows]);
  }

  @Test
  @DisplayName("let a monitor go on after a restart: drift that began before it has lasted")
  void continuing() {
    double[] moved = IntStream.range(0, 400).mapToDouble(i -> 600 + i).toArray();
    WindowWriter writer = WindowWriter.in(log);
    writer.write("flights", "3", window(Windows.ALL, 0, counts(NUMBERS)));
    writer.write("flights", "3", window(Windows.ALL, 1, counts(moved)));
    WindowCounts next = window(Windows.ALL, 2, counts(moved)).counts();
    assertThat(new DriftMonitor(PROFILE).add(next).verdict()).isEqualTo(Verdict.OK);
    Instant restart = START.plus(Duration.ofHours(2));
    List<WindowCounts> before = read().tumbling(Windows.ALL, Duration.ofHours(1));
    DriftMonitor monitor = DriftMonitor.continuing(PROFILE, before, restart);
    assertThat(monitor.add(next).verdict()).isEqualTo(Verdict.ALERT);
  }

  @Test
  @DisplayName("that were open when the process ended are one with what comes after the restart")
  void openAtRestart() {
    WindowWriter.in(log).write("flights", "3", window(Windows.ALL, 0, counts(1, 2, 3)));
    List<WindowCounts> before = read().tumbling(Windows.ALL, Duration.ofHours(1));
    DriftMonitor monitor =
        DriftMonitor.continuing(PROFILE, before, START.plus(Duration.ofMinutes(30)));
    DriftReport report = monitor.add(window(Windows.ALL, 0, counts(NUMBERS)).counts());
    assertThat(report.window().rows()).isEqualTo(1_003);
    assertThat(report.window().to()).contains(START.plus(Duration.ofHours(1)));
  }
}
