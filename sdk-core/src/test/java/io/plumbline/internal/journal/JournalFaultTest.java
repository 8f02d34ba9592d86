package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Delivery;
import io.plumbline.internal.Time;
import io.plumbline.internal.config.FsyncPolicy;
import io.plumbline.internal.config.RingKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName(
    "Whatever the disk does, callers go on, and what was accepted is there once when it is well again")
class JournalFaultTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String RUN = Runs.RUN;

  @TempDir private Path store;
  private final FaultyDisk disk = new FaultyDisk();
  private @Nullable Journal open;

  private Journal open(JournalOptions options) {
    Journal journal = Journal.open(store, options.on(disk, Time.SYSTEM));
    open = journal;
    return journal;
  }

  private static JournalOptions small() {
    return JournalOptions.DEFAULT
        .withRing(RingKind.MAPPED, 1 << 16)
        .withSizes(1 << 16, 0, 1 << 20)
        .withFsync(FsyncPolicy.INTERVAL, 20_000_000);
  }

  @AfterEach
  void close() {
    if (open != null) {
      open.close(Duration.ofSeconds(10));
    }
  }

  private static Map<String, @Nullable Object> event(String member, Object value) {
    Map<String, @Nullable Object> event = new TreeMap<>();
    event.put(member, value);
    return event;
  }

  private static List<Long> upTo(long n) {
    return LongStream.range(0, n).boxed().toList();
  }

  private static void flush(Journal journal) {
    assertThat(journal.flush(LONG)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(FsyncPolicy.class)
  @DisplayName(
      "Without faults all is read back once, in order, over many segments, under every fsync policy")
  void sound(FsyncPolicy policy) throws IOException {
    Journal journal = open(small().withFsync(policy, 5_000_000));
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    run.event(event("start", Map.of("time", 1L)), true);
    KeySlot a = run.key("a", null, null);
    KeySlot b = run.key("b", null, null);
    for (int i = 0; i < 100_000; i++) {
      while (!journal.log(i % 2 == 0 ? a : b, i, i)) {
        Thread.onSpinWait();
      }
    }
    flush(journal);
    ReadBack live = ReadBack.of(store, RUN);
    assertThat(live.points).hasSize(100_000);
    run.event(event("params", Map.of("lr", "0.1")), true);
    run.close();
    assertThat(journal.close(LONG)).isTrue();
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.torn).isZero();
    assertThat(read.points.stream().map(ReadBack.Point::step).toList()).isEqualTo(upTo(100_000));
    assertThat(read.state.params()).containsExactly(Map.entry("lr", "0.1"));
    assertThat(disk.created.get()).isGreaterThan(5);
    assertThat(disk.open.get()).isZero();
    assertThat(WriterFolder.ids(store)).isEmpty();
  }

  @ParameterizedTest(name = "at most {0} bytes a write")
  @ValueSource(ints = {1, 7, 100})
  @DisplayName("Writes that take only a part are gone on with")
  void partialWrites(int largest) throws IOException {
    disk.largestWrite = largest;
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    for (int i = 0; i < 3_000; i++) {
      while (!journal.log(a, i, i)) { // the ring may be full: one byte a write is slow
        Thread.onSpinWait();
      }
    }
    flush(journal);
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.steps("a")).isEqualTo(upTo(3_000));
  }

  @ParameterizedTest(name = "full after {0} bytes")
  @ValueSource(longs = {0, 1, 63, 64, 65, 100, 300, 5_000, 70_000})
  @DisplayName(
      "A disk that fills up before or during a run: params and lifecycle wait, and all that was accepted is there later")
  void full(long room) throws IOException {
    disk.room.set(room);
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    Receipt start = run.event(event("start", Map.of("time", 1L)), true);
    start.await(Journal.PATIENCE);
    KeySlot a = run.key("a", null, null);
    long accepted = 0;
    for (int i = 0; i < 10_000; i++) {
      accepted += journal.log(a, (double) accepted, accepted) ? 1 : 0;
    }
    Receipt param = run.event(event("params", Map.of("lr", "0.1")), true);
    Receipt end = run.event(statusEvent(), true);
    Patience.until("the problem", () -> journal.delivery().problem() != null);
    Delivery ill = journal.delivery();
    assertThat(ill.problem()).contains("No space left on device");
    assertThat(end.isDone()).isFalse();
    assertThat(ill.pending()).isPositive();
    assertThat(journal.flush(Duration.ofMillis(20))).isFalse();

    disk.room.set(Long.MAX_VALUE);
    flush(journal);
    assertThat(start.isDone() && param.isDone() && end.isDone()).isTrue();
    Delivery well = journal.delivery();
    assertThat(well.problem()).isNull();
    assertThat(well.pending()).isZero();
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.steps("a")).isEqualTo(upTo(accepted));
    assertThat(read.state.params()).containsExactly(Map.entry("lr", "0.1"));
    assertThat(read.state.status()).isEqualTo("FINISHED");
    run.close();
    assertThat(journal.close(LONG)).isTrue();
    long told = ReadBack.of(store, RUN).state.dropped().values().stream().mapToLong(n -> n).sum();
    assertThat(told).isEqualTo(10_000 - accepted);
  }

  private static Map<String, @Nullable Object> statusEvent() {
    Map<String, @Nullable Object> event = new LinkedHashMap<>(event("status", "FINISHED"));
    event.put("time", 9L);
    return event;
  }

  @Test
  @DisplayName(
      "A full ring makes its caller wait once; the rest is dropped at once and counted, until it is half empty")
  void fullRing() throws IOException {
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    disk.room.set(0);
    int capacity = (1 << 16) / Ring.SLOT;
    long accepted = 0;
    int calls = 0;
    while (journal.log(a, (double) accepted, accepted)) {
      accepted++;
      calls++;
    }
    assertThat(accepted).isGreaterThanOrEqualTo(capacity);
    for (int i = 0; i < 100_000; i++) { // 100 ms each would take hours
      assertThat(journal.log(a, 0, 0)).isFalse();
      calls++;
    }
    assertThat(journal.delivery().dropped()).containsExactly(Map.entry("ring full", 100_001L));
    assertThat(calls).isEqualTo(accepted + 100_000);
    disk.room.set(Long.MAX_VALUE);
    Patience.until("room", () -> journal.delivery().written() >= capacity);
    flush(journal);
    Patience.until("an open ring", () -> journal.log(a, -1, -1));
    flush(journal);
    ReadBack read = ReadBack.of(store, RUN);
    List<Long> expected = new ArrayList<>(upTo(accepted));
    expected.add(-1L);
    assertThat(read.steps("a")).isEqualTo(expected);
  }

  @Test
  @DisplayName(
      "A file that fails again and again is given up for a new one, and everything is read once")
  void brokenFile() throws IOException {
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    long n = 0;
    for (int i = 0; i < 20; i++) {
      disk.broken.add(disk.created.get());
      for (int j = 0; j < 100; j++) {
        assertThat(journal.log(a, (double) n, n)).isTrue();
        n++;
      }
      run.event(event("tags", Map.of("t", "v" + i)), true).await(LONG.toNanos());
    }
    flush(journal);
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.points.stream().map(ReadBack.Point::step).sorted().toList()).isEqualTo(upTo(n));
    assertThat(read.state.tags()).containsExactly(Map.entry("t", "v19"));
    assertThat(journal.delivery().problem()).isNull();
  }

  @ParameterizedTest(name = "{0} fsyncs fail")
  @ValueSource(ints = {1, 2, 5})
  @DisplayName(
      "What a failed fsync should have covered is written again in a new segment and read once")
  void failedFsync(int failures) throws IOException {
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    long n = 0;
    for (int round = 0; round < 10; round++) {
      for (int j = 0; j < 2_000; j++) {
        n += journal.log(a, (double) n, n) ? 1 : 0;
      }
      int before = disk.created.get();
      disk.failingForces.set(failures);
      run.event(event("tags", Map.of("t", "v" + round)), true);
      flush(journal);
      assertThat(disk.failingForces.get()).isZero();
      assertThat(disk.created.get()).isGreaterThan(before);
      assertThat(journal.delivery().problem()).isNull();
    }
    run.close();
    assertThat(journal.close(LONG)).isTrue();
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.points.stream().map(ReadBack.Point::step).toList()).isEqualTo(upTo(n));
    assertThat(disk.open.get()).isZero();
  }

  @Test
  @DisplayName(
      "After a failed fsync the old file is not needed: the new segments have all that was not synced")
  void failedFsyncRewrites() throws IOException {
    Journal journal = open(small().withFsync(FsyncPolicy.INTERVAL, Duration.ofHours(1).toNanos()));
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    run.event(event("params", Map.of("lr", "1")), false);
    KeySlot a = run.key("a", null, null);
    for (int j = 0; j < 20_000; j++) { // over several segments, and so several files in one round
      while (!journal.log(a, j, j)) {
        Thread.onSpinWait();
      }
    }
    journal.settle(LONG);
    flush(journal);
    int synced = disk.created.get();
    for (int j = 0; j < 20_000; j++) {
      while (!journal.log(a, j, 20_000 + j)) {
        Thread.onSpinWait();
      }
      if (j == 10_000) {
        disk.failingForces.set(1);
      }
    }
    flush(journal);
    assertThat(disk.failingForces.get()).isZero();
    assertThat(disk.created.get()).isGreaterThan(synced);
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.points.stream().map(ReadBack.Point::step).sorted().toList())
        .isEqualTo(upTo(40_000));
  }

  @Test
  @DisplayName(
      "A disk below its reserve refuses metrics with a reason, keeps params, and takes metrics again")
  void reserve() throws IOException {
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    disk.usable = 1_000;
    Patience.until("a refusal", () -> !journal.log(a, 1, 1));
    assertThat(journal.delivery().dropped()).containsKey("disk full");
    assertThat(journal.delivery().problem()).contains("1000 bytes left").contains("store.reserve");
    assertThat(run.event(event("params", Map.of("p", "1")), true).await(LONG.toNanos())).isTrue();
    disk.usable = 1L << 40;
    Patience.until("an acceptance", () -> journal.log(a, 2, 2));
    assertThat(journal.delivery().problem()).isNull();
  }

  @Test
  @DisplayName("Over its quota the store refuses metrics with a reason, and keeps what it has")
  void quota() throws IOException {
    Journal journal = open(small().withSizes(1 << 16, 1_000, 0));
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    Patience.until("a refusal", () -> !journal.log(a, 1, 1));
    assertThat(journal.delivery().dropped()).containsKey("quota");
    assertThat(journal.delivery().problem()).contains("quota of 1000").contains("store.quota");
    assertThat(run.event(event("params", Map.of("p", "1")), true).await(LONG.toNanos())).isTrue();
  }

  @Test
  @DisplayName(
      "A clock that jumps back an hour changes neither the order of events nor what is read")
  void clock() throws IOException {
    JumpingTime time = new JumpingTime();
    Journal journal = Journal.open(store, small().on(disk, time));
    open = journal;
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    run.event(event("tags", Map.of("t", "before")), true);
    journal.log(a, 0, 0);
    time.ahead = -3_600_000;
    run.event(event("tags", Map.of("t", "after")), true);
    journal.log(a, 1, 1);
    flush(journal);
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.state.tags()).containsExactly(Map.entry("t", "after"));
    assertThat(read.steps("a")).containsExactly(0L, 1L);
    List<Long> stamps = read.events.stream().map(e -> e.longValue("t")).toList();
    assertThat(stamps).isSorted();
    assertThat(WriterFolder.takeOver(store, journal.writer(), small().on(disk, time))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nfs4", "smb3", "cifs", "fuse.sshfs", "btrfs", "zfs", "unknown"})
  @DisplayName(
      "On a network or copy-on-write file system the ring is in memory, and the delivery says why")
  void foreignFileSystem(String type) throws IOException {
    disk.fileSystem = type;
    Journal journal = open(JournalOptions.DEFAULT.withRing(RingKind.AUTO, 1 << 16));
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    for (int i = 0; i < 1_000; i++) {
      assertThat(journal.log(a, i, i)).isTrue();
    }
    flush(journal);
    assertThat(journal.delivery().ring()).startsWith("heap: ").contains(type);
    Path folder = WriterFolder.all(store).resolve(journal.writer());
    assertThat(folder.resolve("ring")).doesNotExist();
    assertThat(folder.resolve("writer.json")).content().contains("\"heap\"");
    assertThat(ReadBack.of(store, RUN).steps("a")).isEqualTo(upTo(1_000));
  }

  @Test
  @DisplayName(
      "On a network file system a writer of another machine lives as long as its heart beats")
  void heartbeat() throws IOException {
    Path writer = Files.createDirectories(WriterFolder.all(store).resolve("00000000000000aa"));
    Path description = writer.resolve("writer.json");
    Files.writeString(
        description,
        "{\"format\":1,\"pid\":1,\"host\":\"elsewhere\",\"started\":1,\"ring\":\"heap\",\"slots\":64}");
    Files.createFile(writer.resolve("lock")); // which nobody here can see to be held
    disk.fileSystem = "nfs4";
    JumpingTime time = new JumpingTime();
    JournalOptions options = small().on(disk, time);
    assertThat(Recovery.recoverAll(store, options)).isEmpty();
    time.ahead = 61_000;
    List<Recovery.Report> reports = Recovery.recoverAll(store, options);
    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).lostAtMost()).isEqualTo(64);
    assertThat(WriterFolder.ids(store)).isEmpty();
  }

  @Test
  @DisplayName("Interrupted callers lose nothing and stay interrupted")
  void interruptedCallers() throws Exception {
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    List<Throwable> wrong = new ArrayList<>();
    Thread caller =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              KeySlot a = run.key("a", null, null);
              for (int i = 0; i < 50_000; i++) {
                while (!journal.log(a, i, i)) {
                  Thread.onSpinWait();
                }
              }
              boolean kept =
                  run.event(event("params", Map.of("p", "1")), true).await(LONG.toNanos());
              if (!kept || !journal.flush(LONG) || !Thread.currentThread().isInterrupted()) {
                wrong.add(new AssertionError("kept " + kept));
              }
            });
    caller.setUncaughtExceptionHandler((t, e) -> wrong.add(e));
    caller.start();
    caller.join();
    assertThat(wrong).isEmpty();
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.steps("a")).isEqualTo(upTo(50_000));
    assertThat(read.state.params()).containsKey("p");
  }

  @RepeatedTest(10)
  @DisplayName("A host that interrupts the journal's own threads does not stop them")
  void interruptedWriter() throws IOException {
    Journal journal = Journal.open(store, small());
    open = journal;
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    KeySlot a = run.key("a", null, null);
    for (int i = 0; i < 20_000; i++) {
      while (!journal.log(a, i, i)) {
        Thread.onSpinWait();
      }
      if (i % 100 == 0) {
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().matches("plumbline-(writer|sync)"))
            .forEach(Thread::interrupt);
      }
    }
    flush(journal);
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.steps("a").stream().sorted().toList()).isEqualTo(upTo(20_000));
    assertThat(journal.close(LONG)).isTrue();
  }

  @Test
  @DisplayName(
      "What a close on a full disk could not write is recovered by the next opening, in the same process")
  void closeOnFullDisk() throws IOException {
    Journal journal = open(small());
    Journal.RunWriterRef run = journal.openRun(RUN, 0);
    run.event(event("params", Map.of("p", "1")), true).await(LONG.toNanos());
    KeySlot a = run.key("a", null, null);
    disk.room.set(0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(journal.log(a, i, i)).isTrue();
    }
    assertThat(journal.close(Duration.ofMillis(300))).isFalse();
    assertThat(journal.log(a, -1, -1)).isFalse();
    assertThat(run.event(event("tags", Map.of("t", "late")), true).await(LONG.toNanos())).isFalse();
    assertThat(WriterFolder.lives(store, journal.writer(), Time.SYSTEM, 1L << 60)).isFalse();
    disk.room.set(Long.MAX_VALUE);
    Journal next = open(small());
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.steps("a")).isEqualTo(upTo(1_000));
    assertThat(WriterFolder.ids(store)).containsExactly(next.writer());
  }

  @Test
  @DisplayName(
      "A run that is opened again in its journal goes on in new segments, with all its keys")
  void reopened() throws IOException {
    Journal journal = open(small());
    long n = 0;
    for (int i = 0; i < 5; i++) {
      Journal.RunWriterRef run = journal.openRun(RUN, 0);
      KeySlot key = run.key("k" + i, null, null);
      KeySlot all = run.key("all", null, null);
      for (int j = 0; j < 10; j++) {
        journal.log(key, j, j);
        journal.log(all, (double) n, n);
        n++;
      }
      run.close().await(LONG.toNanos());
    }
    flush(journal);
    ReadBack read = ReadBack.of(store, RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.steps("all")).isEqualTo(upTo(n));
    for (int i = 0; i < 5; i++) {
      assertThat(read.steps("k" + i)).isEqualTo(upTo(10));
    }
  }

  @Test
  @DisplayName("Thousands of runs opened and closed in one journal keep few files open")
  void manyRuns() throws IOException {
    Journal journal = open(small());
    int most = 0;
    int runs = Attack.scaled(10_000, 500);
    for (int i = 0; i < runs; i++) {
      Journal.RunWriterRef run =
          journal.openRun(String.format(java.util.Locale.ROOT, "%032x", i), 0);
      KeySlot a = run.key("a", null, null);
      journal.log(a, i, i);
      run.event(event("params", Map.of("p", "" + i)), false);
      run.close();
      most = Math.max(most, disk.open.get());
    }
    flush(journal);
    assertThat(most).isLessThan(400);
    assertThat(journal.close(LONG)).isTrue();
    assertThat(disk.open.get()).isZero();
    for (int i = 0; i < runs; i += 97) {
      ReadBack read = ReadBack.of(store, String.format(java.util.Locale.ROOT, "%032x", i));
      assertThat(read.steps("a")).containsExactly((long) i);
      assertThat(read.state.params()).containsEntry("p", "" + i);
    }
  }
}
