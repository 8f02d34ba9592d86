package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plumbline.internal.config.RingKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 at any moment loses nothing that was accepted")
class KillAttackTest {
  @TempDir private Path folder;

  /** One program that logs into a store until it is killed. */
  private final class Victim {
    final Path store;
    final Path toldFile;
    final ByteBuffer told;
    final Process process;
    final JournalOptions options;

    Victim(Path store, String name, long seed, RingKind ring, Path javaHome, long millis)
        throws IOException {
      this.store = store;
      this.toldFile = folder.resolve(name + ".told");
      this.told = AttackChild.map(toldFile);
      this.options = AttackChild.options(seed, ring);
      this.process =
          Attack.java(
              javaHome,
              folder.resolve("output.txt"),
              AttackChild.class,
              store,
              Runs.RUN,
              toldFile,
              seed,
              ring,
              millis);
    }

    void awaitReady() {
      Patience.until(
          "a program that logs",
          () -> {
            if (!process.isAlive()) {
              throw new AssertionError("the program has died: " + output());
            }
            return told.getInt(AttackChild.READY) == 1;
          });
    }

    void kill() throws InterruptedException {
      process.destroyForcibly();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    long accepted(int thread) {
      return told.getLong(thread * 64);
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @DisplayName(
      "A ring in a file: every accepted point, param and tag is read back once, and the run goes on")
  void mapped() throws Exception {
    long seed = Attack.seed();
    Random random = new Random(seed);
    int kills = Attack.scaled(200, 4);
    long points = 0;
    for (int i = 0; i < kills; i++) {
      points += killed(random.nextLong() >>> 16, RingKind.MAPPED, Attack.javaHome());
    }
    System.out.printf(
        "kill attack, mapped ring: %d kills, seed %d: %d accepted points, none lost, none twice%n",
        kills, seed, points);
  }

  @Test
  @DisplayName("A ring in memory: only the tail is lost, and the recovery says so")
  void heap() throws Exception {
    long seed = Attack.seed();
    Random random = new Random(seed);
    int kills = Attack.scaled(40, 2);
    for (int i = 0; i < kills; i++) {
      killed(random.nextLong() >>> 16, RingKind.HEAP, Attack.javaHome());
    }
    System.out.printf("kill attack, heap ring: %d kills, seed %d%n", kills, seed);
  }

  @Test
  @DisplayName("The same on JDK 25")
  void jdk25() throws Exception {
    Optional<Path> jdk = Attack.jdk(25);
    if (jdk.isEmpty()) {
      System.out.println("skipped: there is no JDK 25 beside this one");
      assertThat(System.getenv("CI")).as("JDK 25 must be there in CI").isNotEqualTo("true");
    }
    assumeThat(jdk).isPresent();
    long seed = Attack.seed();
    Random random = new Random(seed);
    int kills = Attack.scaled(40, 2);
    for (int i = 0; i < kills; i++) {
      killed(random.nextLong() >>> 16, RingKind.MAPPED, jdk.orElseThrow());
    }
    System.out.printf("kill attack, JDK 25: %d kills, seed %d%n", kills, seed);
  }

  /** Starts a program, kills it, and checks what is left; returns how many points that is. */
  private long killed(long seed, RingKind ring, Path javaHome) throws Exception {
    Random random = new Random(seed);
    Path store = folder.resolve("store-" + seed);
    Victim victim = new Victim(store, "victim-" + seed, seed, ring, javaHome, 0);
    try {
      victim.awaitReady();
      LockSupport.parkNanos(random.nextInt(400_000_000));
      victim.kill();
      long points = check(victim, ring);
      goesOn(victim);
      delete(store);
      return points;
    } catch (Exception | Error e) {
      throw new AssertionError("with seed " + seed + " and ring " + ring + ": " + output(), e);
    } finally {
      victim.process.destroyForcibly();
    }
  }

  private static long check(Victim victim, RingKind ring) throws IOException {
    String writer = WriterFolder.ids(victim.store).get(0);
    List<Recovery.Report> reports = Recovery.recoverAll(victim.store, victim.options);
    assertThat(reports).hasSize(1);
    Recovery.Report report = reports.get(0);
    assertThat(report.lostAtMost() > 0).isEqualTo(ring == RingKind.HEAP);
    assertThat(report.damaged()).isZero();
    assertThat(report.unknown()).isZero();
    assertThat(report.problems()).isEmpty();
    assertThat(report.unpublished()).isLessThanOrEqualTo(AttackChild.THREADS);
    assertThat(WriterFolder.ids(victim.store)).isEmpty();
    ReadBack read = ReadBack.of(victim.store, Runs.RUN);
    assertThat(read.problems).isEmpty();
    long lost = 0;
    for (int t = 0; t < AttackChild.THREADS; t++) {
      lost += checkThread(read, victim, t, ring);
    }
    assertThat(lost).as("as the recovery says").isLessThanOrEqualTo(report.lostAtMost());
    long accepted = victim.told.getLong(AttackChild.PARAMS);
    long params = read.state.params().size() + (long) read.state.tags().size();
    assertThat(params).isBetween(accepted, accepted + 1);
    for (long n = 0; n < accepted; n++) {
      assertThat(n % 2 == 0 ? read.state.params() : read.state.tags())
          .containsEntry(writer + n, "v" + n);
    }
    return read.points.size();
  }

  /** Returns how many accepted points of the thread are lost. */
  private static long checkThread(ReadBack read, Victim victim, int thread, RingKind ring) {
    List<ReadBack.Point> own = new ArrayList<>();
    for (ReadBack.Point point : read.points) {
      if (point.key().startsWith("t" + thread)) {
        own.add(point);
      }
    }
    for (int n = 0; n < own.size(); n++) {
      ReadBack.Point point = own.get(n);
      if (point.step() != n
          || point.value() != AttackChild.value(thread, n)
          || !point.key().endsWith("k" + n % AttackChild.KEYS)) {
        throw new AssertionError("point " + n + " of thread " + thread + " is " + point);
      }
    }
    long accepted = victim.accepted(thread);
    if (ring == RingKind.HEAP) {
      assertThat((long) own.size()).isLessThanOrEqualTo(accepted + 1);
    } else {
      assertThat((long) own.size()).isBetween(accepted, accepted + 1);
    }
    return Math.max(0, accepted - own.size());
  }

  private static void goesOn(Victim victim) throws IOException {
    int before = ReadBack.of(victim.store, Runs.RUN).points.size();
    Journal journal = Journal.open(victim.store, victim.options);
    Journal.RunWriterRef run = journal.openRun(Runs.RUN, 0);
    KeySlot key = run.key("after", null, null);
    assertThat(journal.log(key, 1, 2)).isTrue();
    run.close();
    assertThat(journal.close(Duration.ofSeconds(60))).isTrue();
    ReadBack read = ReadBack.of(victim.store, Runs.RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.steps("after")).containsExactly(2L);
    assertThat(read.points).hasSize(before + 1);
  }

  @Test
  @DisplayName("Eight programs in one run at once: all that each has accepted is read back once")
  void eight() throws Exception {
    long seed = Attack.seed();
    Path store = folder.resolve("shared");
    List<Victim> victims = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      victims.add(new Victim(store, "v" + i, seed + i, RingKind.MAPPED, Attack.javaHome(), 1_000));
    }
    for (Victim victim : victims) {
      assertThat(victim.process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(victim.process.exitValue()).as(output()).isZero();
    }
    ReadBack read = ReadBack.of(store, Runs.RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.points).isNotEmpty();
    assertThat(WriterFolder.ids(store)).isEmpty();
    long params = 0;
    for (int t = 0; t < AttackChild.THREADS; t++) {
      long accepted = 0;
      for (Victim victim : victims) {
        accepted += victim.accepted(t);
      }
      String name = "t" + t;
      assertThat(read.points.stream().filter(p -> p.key().startsWith(name)).count())
          .as("seed " + seed)
          .isEqualTo(accepted);
    }
    for (Victim victim : victims) {
      params += victim.told.getLong(AttackChild.PARAMS);
    }
    assertThat((long) read.state.params().size() + read.state.tags().size()).isEqualTo(params);
    System.out.printf("eight programs in one run: seed %d, %d points%n", seed, read.points.size());
  }

  @Test
  @DisplayName(
      "A store that is copied while programs write to it is readable, each point at most once")
  void copied() throws Exception {
    long seed = Attack.seed();
    Path store = folder.resolve("busy");
    Victim victim = new Victim(store, "busy", seed, RingKind.MAPPED, Attack.javaHome(), 0);
    try {
      victim.awaitReady();
      for (int i = 0; i < 5; i++) {
        Path copy = folder.resolve("copy-" + i);
        copy(store, copy);
        for (Recovery.Report report : Recovery.recoverAll(copy, victim.options)) {
          assertThat(report.damaged()).isLessThanOrEqualTo(AttackChild.THREADS);
        }
        ReadBack read = ReadBack.of(copy, Runs.RUN);
        assertThat(new HashSet<>(read.points)).hasSameSizeAs(read.points);
        assertThat(read.state.start()).isNotNull();
        LockSupport.parkNanos(20_000_000);
      }
      victim.kill();
      check(victim, RingKind.MAPPED);
    } finally {
      victim.process.destroyForcibly();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          try {
            Files.copy(file, target);
          } catch (java.nio.file.NoSuchFileException e) {
            // A summary that was replaced meanwhile.
          }
        }
      }
    } catch (java.io.UncheckedIOException e) {
      assertThat(e.getCause()).isInstanceOf(java.nio.file.NoSuchFileException.class);
    }
  }
}
