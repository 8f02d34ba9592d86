package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plumbline.internal.config.RingKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The journal is a good guest: it leaves nothing behind and stands what its host does")
class HostAttackTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private static Map<String, @Nullable Object> event(String member, Object value) {
    Map<String, @Nullable Object> event = new TreeMap<>();
    event.put(member, value);
    return event;
  }

  @Test
  @DisplayName(
      "A thousand journals opened and closed leave no thread, no open file and no writer's folder")
  void openClose() throws IOException {
    int cycles = Attack.scaled(1_000, 50);
    cycle(0);
    long threads = threads();
    long files = openFiles();
    for (int i = 1; i <= cycles; i++) {
      cycle(i);
    }
    Patience.until("the end of all threads", () -> threads() <= threads);
    assertThat(openFiles()).isLessThanOrEqualTo(files + 2);
    assertThat(WriterFolder.ids(folder)).isEmpty();
    System.out.println("open and close: " + cycles + " cycles");
  }

  private void cycle(int i) throws IOException {
    Journal journal = Journal.open(folder, JournalOptions.DEFAULT.withRing(RingKind.AUTO, 1 << 14));
    Journal.RunWriterRef run = journal.openRun("run " + i, 0);
    assertThat(journal.log(run.key("a", null, null), i, i)).isTrue();
    run.close();
    assertThat(journal.close(LONG)).isTrue();
    assertThat(ReadBack.of(folder, "run " + i).steps("a")).containsExactly((long) i);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("plumbline-"))
        .count();
  }

  private static long openFiles() throws IOException {
    Path open = Path.of("/proc/self/fd");
    if (!Files.exists(open)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(open)) {
      return all.count();
    }
  }

  /** Mounts a file system of four megabytes, or skips the test with a reason. */
  private Path small() throws Exception {
    Path mounted = Files.createDirectory(folder.resolve("small"));
    int exit = -1;
    String why = "there is no command mount";
    try {
      Process mount =
          new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mounted.toString())
              .redirectErrorStream(true)
              .start();
      why =
          new String(
              mount.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      exit = mount.waitFor();
    } catch (IOException e) {
      why = e.toString();
    }
    if (exit != 0) {
      System.out.println("skipped: no small file system can be mounted: " + why.strip());
      assertThat(System.getenv("CI")).as("in CI it must be possible").isNotEqualTo("true");
    }
    assumeThat(exit).isZero();
    return mounted;
  }

  private static void unmount(Path mounted) throws Exception {
    assertThat(new ProcessBuilder("umount", "-l", mounted.toString()).start().waitFor()).isZero();
  }

  private static Path fill(Path mounted) throws IOException {
    Path filler = mounted.resolve("filler-" + System.nanoTime());
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      return filler; // full
    }
  }

  @Test
  @DisplayName(
      "A file system that is full before, during and after a run: nothing throws, lifecycle survives, and it recovers")
  void full() throws Exception {
    Path mounted = small();
    try {
      Path store = Files.createDirectory(mounted.resolve("store"));
      Path filler = fill(mounted);
      Journal journal =
          Journal.open(store, JournalOptions.DEFAULT.withRing(RingKind.AUTO, 1 << 16));
      Journal.RunWriterRef run = journal.openRun(Runs.RUN, 0);
      Receipt start = run.event(event("start", Map.of("time", 1L)), true);
      KeySlot key = run.key("a", null, null);
      long accepted = log(journal, key, 0, 3_000);
      assertThat(start.isDone()).isFalse();
      Patience.until("the reason", () -> journal.delivery().problem() != null);
      Files.delete(filler);
      assertThat(journal.flush(LONG)).isTrue();
      assertThat(start.isDone()).isTrue();
      Patience.until("room", () -> journal.delivery().problem() == null);
      long first = accepted;
      Patience.until("an acceptance", () -> journal.log(key, (double) first, first));
      accepted = log(journal, key, accepted + 1, 5_000);

      filler = fill(mounted); // during the run
      accepted = log(journal, key, accepted, 100_000);
      Receipt param = run.event(event("params", Map.of("lr", "0.1")), true);
      Patience.until("the reason", () -> journal.delivery().problem() != null);
      Files.delete(filler);
      assertThat(journal.flush(LONG)).isTrue();
      assertThat(param.isDone()).isTrue();

      filler = fill(mounted); // at its end
      Map<String, @Nullable Object> end = event("status", "FINISHED");
      end.put("time", 9L);
      Receipt status = run.event(end, true);
      run.close();
      Files.delete(filler);
      assertThat(journal.close(LONG)).isTrue();
      assertThat(status.isDone()).isTrue();

      ReadBack read = ReadBack.of(store, Runs.RUN);
      assertThat(read.problems).isEmpty();
      assertThat(read.steps("a")).isEqualTo(LongStream.range(0, accepted).boxed().toList());
      assertThat(read.state.params()).containsEntry("lr", "0.1");
      assertThat(read.state.status()).isEqualTo("FINISHED");
    } finally {
      unmount(mounted);
    }
  }

  private static long log(Journal journal, KeySlot key, long from, int calls) {
    long next = from;
    for (int i = 0; i < calls; i++) {
      next += journal.log(key, (double) next, next) ? 1 : 0;
    }
    return next;
  }

  @Test
  @DisplayName(
      "Ten thousand virtual threads log at once on JDK 25, and everything is read back once")
  void virtualThreads() throws Exception {
    Optional<Path> jdk = Attack.jdk(25);
    if (jdk.isEmpty()) {
      System.out.println("skipped: there is no JDK 25 beside this one");
      assertThat(System.getenv("CI")).as("in CI it must be there").isNotEqualTo("true");
    }
    assumeThat(jdk).isPresent();
    Path output = folder.resolve("output.txt");
    Path store = folder.resolve("store");
    Process child = Attack.java(jdk.orElseThrow(), output, VirtualChild.class, store);
    assertThat(child.waitFor(240, TimeUnit.SECONDS)).isTrue();
    assertThat(child.exitValue()).as(Files.readString(output)).isZero();
    ReadBack read = ReadBack.of(store, Runs.RUN);
    assertThat(read.problems).isEmpty();
    assertThat(read.points.stream().map(ReadBack.Point::step).sorted().toList())
        .isEqualTo(
            LongStream.range(0, VirtualChild.THREADS * (long) VirtualChild.EACH).boxed().toList());
    assertThat(read.state.params()).hasSize(VirtualChild.THREADS / 100);
  }
}
