package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.Time;
import io.plumbline.internal.config.RingKind;
import io.plumbline.internal.history.MetricStats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A recovery appends what the ring has and the segments have not, once")
class RecoveryTest {
  private static final int WRITTEN = 30;
  private static final int ALL = 50;
  private static final JournalOptions OPTIONS =
      JournalOptions.DEFAULT.withRing(RingKind.MAPPED, 64 * Ring.SLOT).withSizes(1 << 20, 0, 0);

  @TempDir private Path folder;
  private Path dead;
  private String writer;
  private int copies;

  /** A store whose writer has died with 50 points taken, of which 30 are in its segment. */
  @BeforeEach
  void die() throws IOException {
    dead = folder.resolve("dead");
    FaultyDisk disk = new FaultyDisk();
    Journal journal = Journal.open(dead, OPTIONS.on(disk, Time.SYSTEM));
    writer = journal.writer();
    Journal.RunWriterRef run = journal.openRun(Runs.RUN, 0);
    Map<String, @Nullable Object> start = new TreeMap<>();
    start.put("start", Map.of("time", 1L));
    run.event(start, true);
    KeySlot a = run.key("a", null, null);
    log(journal, a, 0, WRITTEN);
    assertThat(journal.flush(Duration.ofSeconds(60))).isTrue();
    disk.room.set(0);
    log(journal, a, WRITTEN, ALL);
    assertThat(journal.close(Duration.ofMillis(100))).isFalse();
  }

  private static void log(Journal journal, KeySlot key, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(journal.log(key, i, i)).isTrue();
    }
  }

  private Path copy() throws IOException {
    Path copy = folder.resolve("copy-" + copies++);
    try (Stream<Path> all = Files.walk(dead)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Files.copy(file, copy.resolve(dead.relativize(file).toString()));
      }
    }
    return copy;
  }

  private Path ring(Path store) {
    return WriterFolder.all(store).resolve(writer).resolve("ring");
  }

  private static List<Long> upTo(long n) {
    return LongStream.range(0, n).boxed().toList();
  }

  private static void complete(Path store) throws IOException {
    ReadBack read = ReadBack.of(store, Runs.RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.steps("a")).isEqualTo(upTo(ALL));
    MetricStats stats = read.state.metrics().get("a");
    assertThat(stats).isNotNull().satisfies(s -> assertThat(s.count()).isEqualTo(ALL));
    assertThat(WriterFolder.ids(store)).isEmpty();
  }

  @Test
  @DisplayName("A dead writer is recovered once, and its folder is gone")
  void once() throws IOException {
    List<Recovery.Report> reports = Recovery.recoverAll(dead, OPTIONS);
    assertThat(reports)
        .containsExactly(new Recovery.Report(writer, ALL - WRITTEN, 0, 0, 0, 0, 0, List.of()));
    complete(dead);
    assertThat(Recovery.recoverAll(dead, OPTIONS)).isEmpty();
  }

  @Test
  @DisplayName(
      "A recovery that stops after any byte is finished by the next one, which may stop too")
  void interrupted() throws IOException {
    Path whole = copy();
    FaultyDisk disk = new FaultyDisk();
    disk.room.set(1 << 20);
    Recovery.recoverAll(whole, OPTIONS.on(disk, Time.SYSTEM));
    long bytes = (1 << 20) - disk.room.get();
    for (long room = 0; room < bytes; room += 3) {
      Path store = copy();
      for (long stop : new long[] {room, bytes - room, room / 2}) {
        FaultyDisk full = new FaultyDisk();
        full.room.set(stop);
        Recovery.recoverAll(store, OPTIONS.on(full, Time.SYSTEM));
      }
      Recovery.recoverAll(store, OPTIONS);
      complete(store);
    }
  }

  @Test
  @DisplayName(
      "A recovery whose fsync fails keeps the ring, and is done again without doubling anything")
  void failedFsync() throws IOException {
    FaultyDisk disk = new FaultyDisk();
    disk.failingForces.set(1);
    List<Recovery.Report> reports = Recovery.recoverAll(dead, OPTIONS.on(disk, Time.SYSTEM));
    assertThat(reports).singleElement().asString().contains("can't be recovered now");
    assertThat(ring(dead)).exists();
    Recovery.recoverAll(dead, OPTIONS);
    complete(dead);
  }

  @Test
  @DisplayName("A segment that was cut off is completed from the ring as far as the ring goes")
  void cutSegments() throws IOException {
    Path segment = WriterLog.segment(dead.resolve("runs").resolve(Runs.RUN), writer, 1);
    byte[] bytes = Files.readAllBytes(segment);
    int announced = 0;
    for (int cut = Frames.SEGMENT_HEADER; cut < bytes.length; cut++) {
      Path store = copy();
      Path copied = WriterLog.segment(store.resolve("runs").resolve(Runs.RUN), writer, 1);
      Files.write(copied, java.util.Arrays.copyOf(bytes, cut));
      Recovery.recoverAll(store, OPTIONS);
      ReadBack read = ReadBack.of(store, Runs.RUN);
      assertThat(read.problems).isEmpty();
      List<Long> steps = read.steps("a");
      assertThat(steps).isIn(upTo(ALL), List.of()); // empty while the key is not announced
      announced += steps.isEmpty() ? 0 : 1;
    }
    assertThat(announced).isPositive();
  }

  @Test
  @DisplayName("A flipped byte anywhere in a ring costs at most its own record, and is counted")
  void flipped() throws IOException {
    byte[] bytes = Files.readAllBytes(ring(dead));
    int step = Attack.scaled(1, 0) == 1 ? 1 : 7; // every byte in full length
    for (int at = 0; at < bytes.length; at += at < 44 || at >= Ring.HEADER ? step : 64) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x10;
      Path store = copy();
      Files.write(ring(store), damaged);
      Recovery.Report report = Recovery.recoverAll(store, OPTIONS).get(0);
      int slot = (at - Ring.HEADER) / Ring.SLOT;
      boolean matters = at >= Ring.HEADER && slot >= WRITTEN && slot < ALL;
      assertThat(report.recovered()).as("byte " + at).isEqualTo(ALL - WRITTEN - (matters ? 1 : 0));
      ReadBack read = ReadBack.of(store, Runs.RUN);
      assertThat(read.problems).isEmpty();
      assertThat(read.points).hasSize(ALL - (matters ? 1 : 0));
      if (matters && slot < ALL - 1) {
        assertThat(report.damaged() + report.unpublished()).as("byte " + at).isEqualTo(1);
      }
      if (report.damaged() > 0) {
        assertThat(report.toString()).contains("1 damaged records of its ring skipped");
        assertThat(store.resolve("damaged").resolve(writer + ".ring")).hasBinaryContent(damaged);
      }
    }
  }

  @Test
  @DisplayName(
      "A place that was claimed and never published is skipped and counted, those behind it are not")
  void unpublished() throws IOException {
    byte[] bytes = Files.readAllBytes(ring(dead));
    Frames.LONG.set(bytes, Ring.HEADER + 40 * Ring.SLOT, 0L);
    Files.write(ring(dead), bytes);
    Recovery.Report report = Recovery.recoverAll(dead, OPTIONS).get(0);
    assertThat(report.unpublished()).isEqualTo(1);
    assertThat(report.recovered()).isEqualTo(ALL - WRITTEN - 1);
    List<Long> expected = upTo(ALL).stream().filter(n -> n != 40).toList();
    assertThat(ReadBack.of(dead, Runs.RUN).steps("a")).isEqualTo(expected);
  }

  @Test
  @DisplayName("A ring that is no ring is told and kept, and the segments stay as they are")
  void noRing() throws IOException {
    Files.write(ring(dead), new byte[100]);
    Recovery.Report report = Recovery.recoverAll(dead, OPTIONS).get(0);
    assertThat(report.problems()).anyMatch(p -> p.contains("length of 100 bytes"));
    assertThat(dead.resolve("damaged").resolve(writer + ".ring")).exists();
    assertThat(ReadBack.of(dead, Runs.RUN).steps("a")).isEqualTo(upTo(WRITTEN));
  }

  @Test
  @DisplayName("A writer without a ring says that its ring was in memory")
  void heap() throws IOException {
    Path missing = copy();
    Files.delete(ring(missing));
    assertThat(Recovery.recoverAll(missing, OPTIONS).get(0).problems())
        .anyMatch(problem -> problem.contains("is missing"));
    Files.delete(ring(dead));
    Path description = ring(dead).resolveSibling("closed.json");
    Files.writeString(description, Files.readString(description).replace("\"mapped\"", "\"heap\""));
    Recovery.Report report = Recovery.recoverAll(dead, OPTIONS).get(0);
    assertThat(report.lostAtMost()).isEqualTo(OPTIONS.ringBytes() / Ring.SLOT);
    assertThat(report.toString())
        .contains("its ring was in memory, so up to " + report.lostAtMost() + " metrics");
  }

  @Test
  @DisplayName("A damaged summary changes nothing that is read or recovered")
  void summary() throws IOException {
    Path runs = dead.resolve("runs").resolve(Runs.RUN);
    for (String nonsense :
        List.of("", "{", "[]", "{\"format\":2}", "{\"format\":1,\"segment\":9}")) {
      Path store = copy();
      Files.writeString(
          RunFolders.summary(store.resolve(dead.relativize(runs).toString()), writer), nonsense);
      Recovery.recoverAll(store, OPTIONS);
      complete(store);
    }
  }

  @Test
  @DisplayName("A living writer is left alone")
  void living() throws IOException {
    Path store = folder.resolve("living");
    Journal journal = Journal.open(store, OPTIONS);
    assertThat(Recovery.recoverAll(store, OPTIONS)).isEmpty();
    assertThat(WriterFolder.lives(store, journal.writer(), Time.SYSTEM, 60_000_000_000L)).isTrue();
    assertThat(journal.close(Duration.ofSeconds(60))).isTrue();
    assertThat(WriterFolder.lives(store, journal.writer(), Time.SYSTEM, 60_000_000_000L)).isFalse();
  }
}
