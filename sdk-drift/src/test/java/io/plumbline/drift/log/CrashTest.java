package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.ColumnDrift;
import io.plumbline.drift.Drift;
import io.plumbline.drift.DriftReport;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowCounts;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.tck.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("After a crash, all that was flushed is there")
class CrashTest {
  @TempDir private Path folder;

  private static int scaled(int full, int least) {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    return Math.max(least, (int) Math.round(full * scale));
  }

  private static void write(PredictionLogWriter writer, int from, int to) {
    LogSchema schema = LogChild.schema();
    for (int i = from; i < to; i++) {
      LogChild.fill(writer.row(schema, Sample.START + i), schema, i);
    }
  }

  private static Path openPart(Path log) throws IOException {
    return LogFolders.find(log, LogFolders::isOpenPart).get(0).path();
  }

  @Test
  @DisplayName("kill -9 at any moment: every file opens, and no flushed row is gone")
  void killed() throws Exception {
    long seed = Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
    Random random = new Random(seed);
    int kills = scaled(200, 5);
    long rows = 0;
    List<String> files = new ArrayList<>();
    for (int k = 0; k < kills; k++) {
      Path log = folder.resolve("log-" + k);
      Path told = folder.resolve("told-" + k);
      Process child =
          ChildJvm.start(
              ChildJvm.home(),
              List.of(),
              LogChild.class,
              log,
              told,
              Long.MAX_VALUE,
              20 + random.nextInt(200));
      while (child.isAlive() && (!Files.exists(told) || Files.size(told) < 8)) {
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(300));
      assertThat(child.isAlive()).isTrue();
      child.destroyForcibly();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      long flushed = ByteBuffer.wrap(Files.readAllBytes(told)).getLong();
      PredictionLogWriter.open(log, LogOptions.DEFAULT).close();
      assertThat(LogFolders.find(log, LogFolders::isOpenPart)).isEmpty();
      long kept = LogChild.check(log);
      assertThat(kept).as("seed %s, kill %s", seed, k).isGreaterThanOrEqualTo(flushed);
      rows += kept;
      List<Path> parts = PredictionLogReader.parts(log, LogFilter.ALL);
      files.add(parts.get(parts.size() - 1).toString());
    }
    System.out.printf(
        "kill attack, prediction log: %d kills, seed %d: %d rows, none that was flushed lost%n",
        kills, seed, rows);
    files.add(0, "opens");
    assertThat(OtherReadersTest.ask(files.toArray())).hasLineCount(kills);
  }

  @Test
  @DisplayName("A part that is cut off at any byte keeps its complete batches")
  void cutOff() throws Exception {
    Path log = folder.resolve("log");
    byte[] whole;
    List<Long> ends = new ArrayList<>();
    Path open;
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      for (int batch = 0; batch < 8; batch++) {
        write(writer, batch * 200, (batch + 1) * 200);
        writer.flush();
        open = openPart(log);
        ends.add(Files.size(open));
      }
      whole = Files.readAllBytes(openPart(log));
      open = openPart(log);
    }
    Path dead = folder.resolve("dead");
    Path part =
        Files.createDirectories(
                dead.resolve("_model=m").resolve("_version=3").resolve("_date=2025-06-01"))
            .resolve(".part-h-1-0000000000000000-20250601T000000Z-000001.arrow.inprogress");
    Random random = new Random(3);
    for (int i = 0; i < 150; i++) {
      int cut = i < 30 ? whole.length - i : random.nextInt(whole.length);
      Files.write(part, Arrays.copyOf(whole, cut));
      long complete = ends.stream().filter(end -> end <= cut).count();
      List<LogFileReport> reports = LogRepair.repair(dead);
      assertThat(reports).as("cut at %s", cut).hasSize(complete == 0 ? 0 : 1);
      assertThat(Files.exists(part)).isFalse();
      assertThat(LogChild.check(dead)).as("cut at %s", cut).isEqualTo(complete * 200);
      for (LogFileReport report : reports) {
        assertThat(LogVerify.verify(report.path(), LogFilter.ALL).get(0).problem()).isEmpty();
        Files.delete(report.path());
      }
    }
  }

  @Test
  @DisplayName("Zeros or noise at the end, as a power cut leaves them, are cut off, too")
  void noise() throws Exception {
    Path log = folder.resolve("log");
    byte[] whole;
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      write(writer, 0, 300);
      writer.flush();
      int first = (int) Files.size(openPart(log));
      write(writer, 300, 600);
      writer.flush();
      whole = Files.readAllBytes(openPart(log));
      for (int i = first + 2_000; i < whole.length; i++) {
        whole[i] = 0;
      }
    }
    Path dead = folder.resolve("dead");
    Path part =
        Files.createDirectories(dead.resolve("_model=a").resolve("_version=b").resolve("_date=c"))
            .resolve(".part-h-1-0000000000000000-20250601T000000Z-000001.arrow.inprogress");
    Files.write(part, whole);
    assertThat(LogRepair.repair(dead)).hasSize(1);
    assertThat(LogChild.check(dead)).isEqualTo(300);
  }

  @Test
  @DisplayName("A part of a writer that lives is left alone, in this process and in another")
  void livingWriter() throws Exception {
    Path log = folder.resolve("log");
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      write(writer, 0, 100);
      writer.flush();
      Map<Path, String> left = new HashMap<>();
      assertThat(LogRepair.repair(log, left::put)).isEmpty();
      assertThat(left).containsExactly(Map.entry(openPart(log), "this process writes to it"));
      try (PredictionLogWriter second = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
        assertThat(second.stats().partsRepaired()).isZero();
      }
      String out = ChildJvm.run(ChildJvm.home(), List.of(), RepairChild.class, log);
      assertThat(out).contains("repaired 0", "seems to run: it holds the lock " + log);
      write(writer, 100, 200);
    }
    assertThat(LogChild.check(log)).isEqualTo(200);
  }

  /** Repairs a log, and says how many parts it completed. */
  static final class RepairChild {
    private RepairChild() {}

    public static void main(String[] arguments) {
      Path log = Path.of(arguments[0]);
      int repaired = LogRepair.repair(log, (part, why) -> System.out.println(why)).size();
      System.out.println("repaired " + repaired);
    }
  }

  @Test
  @DisplayName("Rows that were flushed are read while their part is still open")
  void openParts() {
    Path log = folder.resolve("log");
    try (PredictionLogWriter writer = PredictionLogWriter.open(log, LogOptions.DEFAULT)) {
      write(writer, 0, 150);
      writer.flush();
      long rows = 0;
      try (PredictionLogReader reader =
          PredictionLogReader.open(log, LogFilter.ALL.withOpenParts())) {
        for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
          rows += batch.rows();
        }
      }
      assertThat(rows).isEqualTo(150);
      assertThat(PredictionLogReader.parts(log, LogFilter.ALL)).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "On JDK 25 with memory access by Unsafe denied, it writes, reads, counts and compares without"
          + " a warning")
  void jdk25() throws Exception {
    Path jdk = ChildJvm.jdkOrSkip(25, System.out::println);
    Path log = folder.resolve("log");
    String out =
        ChildJvm.run(
            jdk,
            List.of("--sun-misc-unsafe-memory-access=deny"),
            LogChild.class,
            log,
            folder.resolve("told"),
            5_000,
            1_000);
    assertThat(out).isEmpty();
    out = ChildJvm.run(jdk, List.of("--sun-misc-unsafe-memory-access=deny"), CheckChild.class, log);
    assertThat(out.strip()).isEqualTo("5000");
    out =
        ChildJvm.run(
            jdk,
            List.of("--sun-misc-unsafe-memory-access=deny"),
            ProfileChild.class,
            folder.resolve("drift.html"));
    assertThat(out.strip()).isEqualTo("ALERT [temp]");
    assertThat(folder.resolve("drift.html")).content().contains("temp");
  }

  /** Makes a profile, stores it, counts a window into it, compares and writes the page. */
  static final class ProfileChild {
    private ProfileChild() {}

    public static void main(String[] arguments) {
      double[] before = new Random(1).doubles(2_000).toArray();
      double[] now = new Random(2).doubles(2_000).map(x -> x * x).toArray();
      Profile made = Profile.builder().add("temp", before).build();
      Profile profile = Profile.fromJson(made.toJson());
      ProfileCounter counter = profile.counter();
      counter.countAll(0, now);
      DriftReport report =
          Drift.compare(profile, WindowCounts.fromJson(counter.take().toJson(), profile));
      report.writeHtml(Path.of(arguments[0]));
      System.out.println(
          report.verdict() + " " + report.alarms().stream().map(ColumnDrift::name).toList());
    }
  }

  /** Reads a log, and says how many rows it has. */
  static final class CheckChild {
    private CheckChild() {}

    public static void main(String[] arguments) {
      System.out.println(LogChild.check(Path.of(arguments[0])));
    }
  }
}
