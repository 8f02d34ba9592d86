package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.plumbline.StoreException;
import io.plumbline.drift.Profile;
import io.plumbline.drift.ProfileCounter;
import io.plumbline.drift.WindowWriter;
import io.plumbline.drift.Windows;
import io.plumbline.drift.internal.log.LogFolders;
import io.plumbline.drift.internal.log.LogPaths;
import io.plumbline.drift.internal.log.Shipped;
import io.plumbline.internal.Time;
import io.plumbline.internal.journal.Disk;
import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import io.plumbline.model.DataType;
import io.plumbline.model.Feature;
import io.plumbline.model.FeatureSchema;
import io.plumbline.tck.FakeClock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A prediction log's writer")
class WriterTest {
  private static final long DAY = 86_400_000_000L;

  @TempDir private Path folder;
  private final FakeClock clock = new FakeClock(Sample.START / 1_000);
  private final LogSchema schema = LogChild.schema();

  private static void write(PredictionLogWriter writer, LogSchema schema, int from, int to) {
    for (int i = from; i < to; i++) {
      LogChild.fill(writer.row(schema, Sample.START + i), schema, i);
    }
  }

  private List<Path> parts() {
    return PredictionLogReader.parts(folder, LogFilter.ALL);
  }

  private PredictionLogWriter open(LogOptions options, Disk disk) {
    return PredictionLogWriter.open(folder, options, clock, disk);
  }

  @Test
  @DisplayName("closes a part at its size and at its age, and tells the listener of each")
  void rolls() {
    List<Path> told = new ArrayList<>();
    LogOptions options =
        LogOptions.DEFAULT
            .withBatchRows(100)
            .withRoll(60_000, Duration.ofMinutes(5))
            .withPartListener(told::add);
    try (PredictionLogWriter writer = open(options, Disk.REAL)) {
      write(writer, schema, 0, 1_000);
      int bySize = parts().size();
      assertThat(bySize).isGreaterThan(1);
      write(writer, schema, 1_000, 1_010);
      writer.flush();
      assertThat(parts()).hasSize(bySize);
      clock.pass(Duration.ofMinutes(5));
      writer.flush();
      assertThat(parts()).hasSize(bySize + 1);
      assertThat(told).containsExactlyInAnyOrderElementsOf(parts());
      assertThat(writer.stats().rows()).isEqualTo(1_010);
      assertThat(writer.stats().partsClosed()).isEqualTo(bySize + 1);
    }
    assertThat(LogChild.check(folder)).isEqualTo(1_010);
  }

  @Test
  @DisplayName("names a file where the log's folder should be, and what to do")
  void file() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    for (Path log : List.of(file, file.resolve("log"))) {
      assertThatThrownBy(() -> PredictionLogWriter.open(log, LogOptions.DEFAULT))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("the prediction log " + log + " can't be written to: ")
          .hasMessageContaining("'" + file + "' is a file, and a folder must be there")
          .hasMessageContaining("name another folder for the log, or move the file away");
    }
  }

  @Test
  @DisplayName("puts each row into the folder of its event's day, however the days jump")
  void days() {
    int rows = 120;
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, Disk.REAL)) {
      for (int i = 0; i < rows; i++) {
        LogChild.fill(writer.row(schema, Sample.START + (i * 7 % 40) * DAY), schema, i);
      }
    }
    assertThat(LogChild.check(folder)).isEqualTo(rows);
    LocalDate first = LocalDate.of(2025, 6, 1);
    LogFilter oneDay = LogFilter.ALL.between(first.plusDays(3), first.plusDays(3));
    assertThat(PredictionLogReader.parts(folder, oneDay))
        .isNotEmpty()
        .allMatch(part -> part.toString().contains("_date=2025-06-04"));
    assertThatThrownBy(() -> open(LogOptions.DEFAULT, Disk.REAL).row(schema, Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("logs have 0 to 9999");
  }

  @Test
  @DisplayName("keeps several versions open, and begins another part where the schema changes")
  void versions() {
    FeatureSchema features = FeatureSchema.of(Feature.of("x", DataType.DOUBLE));
    LogSchema one = LogSchema.builder("m", "1", features).build();
    LogSchema two = LogSchema.builder("m", "2", features).build();
    LogSchema changed = LogSchema.builder("m", "1", features).score().build();
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, Disk.REAL)) {
      for (int i = 0; i < 90; i++) {
        LogSchema used = i % 2 == 0 ? two : i < 45 ? one : changed;
        RowBatch row = writer.row(used, Sample.START + i);
        row.setText(SystemColumn.REQUEST_ID.position(), "r" + i);
        row.setDouble(used.position("x"), i);
        row.endRow();
        writer.flush();
      }
    }
    assertThat(PredictionLogReader.parts(folder, LogFilter.ALL.withVersion("1"))).hasSize(2);
    assertThat(PredictionLogReader.parts(folder, LogFilter.ALL.withVersion("2"))).hasSize(1);
    assertThat(PredictionLogReader.parts(folder, LogFilter.ALL.withModel("n"))).isEmpty();
  }

  @Test
  @DisplayName("keeps every row and goes on closing parts, whatever the system's clock does")
  void clockJumps() {
    LogOptions options = LogOptions.DEFAULT.withRoll(1 << 20, Duration.ofMinutes(5));
    Duration[] jumps = {
      Duration.ofDays(-400), Duration.ofHours(-1), Duration.ofDays(3_000), Duration.ofDays(-3_000)
    };
    try (PredictionLogWriter writer = open(options, Disk.REAL)) {
      int row = 0;
      for (Duration jump : jumps) {
        write(writer, schema, row, row + 50);
        writer.flush();
        int before = parts().size();
        clock.jump(jump);
        write(writer, schema, row + 50, row + 100);
        writer.flush();
        clock.pass(Duration.ofMinutes(5));
        writer.flush();
        assertThat(parts().size()).as("after a jump by %s", jump).isGreaterThan(before);
        row += 100;
      }
      assertThat(writer.stats().rows()).isEqualTo(400);
    }
    assertThat(LogChild.check(folder)).isEqualTo(400);
    assertThat(parts()).allMatch(part -> part.toString().contains("_date=2025-06-01"));
  }

  @Test
  @DisplayName("keeps a dictionary of many categories, and every one of them is read back")
  void manyCategories() {
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    int rows = (int) (1_000_000 * scale);
    LogSchema wide =
        LogSchema.builder("m", "1", FeatureSchema.of(Feature.context("origin", DataType.STRING)))
            .categories("origin", List.of("EWR", "JFK"))
            .build();
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, Disk.REAL)) {
      for (int i = 0; i < rows; i++) {
        RowBatch row = writer.row(wide, Sample.START + i);
        row.setText(SystemColumn.REQUEST_ID.position(), "r" + i);
        row.setText(wide.position("origin"), i % 2 == 0 ? "JFK" : "category " + i);
        row.endRow();
      }
    }
    int seen = 0;
    try (PredictionLogReader reader = PredictionLogReader.open(folder, LogFilter.ALL)) {
      for (LogBatch batch = reader.next(); batch != null; batch = reader.next()) {
        for (String text : batch.texts("origin")) {
          assertThat(text).isEqualTo(seen % 2 == 0 ? "JFK" : "category " + seen);
          seen++;
        }
      }
    }
    assertThat(seen).isEqualTo(rows);
  }

  @Test
  @DisplayName("deletes what is too old, and the oldest of what is too much, and counts both")
  void housekeeping() throws Exception {
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, Disk.REAL)) {
      for (int part = 0; part < 6; part++) {
        write(writer, schema, part * 100, part * 100 + 100);
        writer.flush();
        clock.pass(Duration.ofMinutes(5));
        writer.flush();
      }
    }
    List<Path> parts = parts();
    assertThat(parts).hasSize(6);
    for (int i = 0; i < 6; i++) {
      long age = Duration.ofDays(6 - i).toMillis();
      Files.setLastModifiedTime(parts.get(i), FileTime.fromMillis(clock.millis() - age));
    }
    long size = Files.size(parts.get(5));
    LogOptions options =
        LogOptions.DEFAULT
            .withRetention(Duration.ofDays(4).plusHours(1))
            .withDiskBudget(2 * size + size / 2);
    try (PredictionLogWriter writer = open(options, Disk.REAL)) {
      assertThat(parts()).containsExactlyElementsOf(parts.subList(4, 6));
      assertThat(writer.stats().partsExpired()).isEqualTo(2);
      assertThat(writer.stats().partsOverBudget()).isEqualTo(2);
    }
  }

  @Test
  @DisplayName(
      "told to keep what was not shipped, deletes that only when the budget leaves nothing else")
  void keepsUnshipped() throws Exception {
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, Disk.REAL)) {
      for (int part = 0; part < 6; part++) {
        write(writer, schema, part * 100, part * 100 + 100);
        writer.flush();
        clock.pass(Duration.ofMinutes(5));
        writer.flush();
      }
    }
    List<Path> parts = parts();
    for (int i = 0; i < 6; i++) {
      long age = Duration.ofDays(60 - i).toMillis();
      Files.setLastModifiedTime(parts.get(i), FileTime.fromMillis(clock.millis() - age));
    }
    Shipped.write(parts.get(1), "run", "path", "digest", 0);
    LogOptions aged = LogOptions.DEFAULT.withRetention(Duration.ofDays(1)).withKeepUnshipped();
    try (PredictionLogWriter writer = open(aged, Disk.REAL)) {
      assertThat(parts()).hasSize(5).doesNotContain(parts.get(1));
      assertThat(Shipped.is(parts.get(1))).as("its note goes with it").isFalse();
      assertThat(writer.stats().partsExpired()).isEqualTo(1);
    }
    Shipped.write(parts.get(4), "run", "path", "digest", 0);
    long size = Files.size(parts.get(5));
    LogOptions tight = LogOptions.DEFAULT.withDiskBudget(3 * size + size / 2).withKeepUnshipped();
    try (PredictionLogWriter writer = open(tight, Disk.REAL)) {
      assertThat(parts()).containsExactly(parts.get(2), parts.get(3), parts.get(5));
      assertThat(writer.stats().partsOverBudget()).isEqualTo(1);
      assertThat(writer.stats().partsUnshipped()).isEqualTo(1);
    }
  }

  /** A disk whose writes fail while it is told so. */
  private static final class FailingDisk implements Disk {
    private long room = Long.MAX_VALUE;
    private Refusal onRefusal = () -> {};

    /** What happens just before an error is thrown. */
    private interface Refusal {
      void run() throws IOException;
    }

    @Override
    public AppendFile create(Path file) throws IOException {
      if (room == 0) {
        throw new IOException("No space left on device");
      }
      AppendFile real = Disk.REAL.create(file);
      return new AppendFile() {
        @Override
        public void write(ByteBuffer buffer) throws IOException {
          if (room < buffer.remaining()) {
            ByteBuffer some = buffer.duplicate();
            some.limit(some.position() + (int) room);
            real.write(some);
            room = 0;
            onRefusal.run();
            throw new IOException("No space left on device");
          }
          room -= buffer.remaining();
          real.write(buffer);
        }

        @Override
        public void force() throws IOException {
          if (room == 0) {
            throw new IOException("No space left on device");
          }
          real.force();
        }

        @Override
        public void close() throws IOException {
          real.close();
        }
      };
    }

    @Override
    public long usable(Path where) {
      return room;
    }

    @Override
    public long total(Path where) {
      return room;
    }

    @Override
    public String fileSystem(Path where) {
      return "ext4";
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName(
      "keeps its rows when the disk refuses at any byte, and has each once when it allows again")
  void refusingDisk(LogOptions.Format format) {
    LogOptions options = LogOptions.DEFAULT.withBatchRows(100).withFormat(format);
    for (int room = 0; room < 60_000; room += 3_571) {
      Path log = folder.resolve("log-" + room);
      FailingDisk disk = new FailingDisk();
      try (PredictionLogWriter writer = PredictionLogWriter.open(log, options, clock, disk)) {
        write(writer, schema, 0, 150);
        writer.flush();
        disk.room = room;
        int written = 150;
        try {
          for (; written < 2_000; written++) {
            LogChild.fill(writer.row(schema, Sample.START + written), schema, written);
          }
          writer.flush();
        } catch (StoreException e) {
          assertThat(e).hasMessageContaining("No space left on device");
        }
        assertThat(writer.stats().failures()).isEqualTo(1);
        assertThatThrownBy(writer::flush).isInstanceOf(StoreException.class);
        disk.room = Long.MAX_VALUE;
        writer.flush();
        write(writer, schema, written, written + 50);
        clock.pass(Duration.ofMinutes(1));
        writer.flush();
        assertThat(writer.stats().partsRepaired()).isEqualTo(1);
        writer.close();
        assertThat(LogChild.check(log)).as("room %s", room).isEqualTo(written + 50);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("has each row once, also if what had arrived of a batch could be cut off only later")
  void cutLater(LogOptions.Format format) throws Exception {
    FailingDisk disk = new FailingDisk();
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT.withFormat(format), disk)) {
      write(writer, schema, 0, 100);
      writer.flush();
      Path day = LogPaths.folder(folder, schema.model(), schema.version(), 20_240);
      Path elsewhere = folder.resolve("elsewhere");
      write(writer, schema, 100, 600);
      disk.room = 30_000;
      disk.onRefusal = () -> Files.move(day, elsewhere);
      assertThatThrownBy(writer::flush).isInstanceOf(StoreException.class);
      Files.move(elsewhere, day);
      disk.room = Long.MAX_VALUE;
      writer.flush();
      clock.pass(Duration.ofMinutes(1));
      writer.flush();
      assertThat(writer.stats().partsRepaired()).isEqualTo(1);
    }
    assertThat(LogChild.check(folder)).isEqualTo(600);
  }

  @Test
  @DisplayName("has another thread tidy up, waits for it at the end only, and asks for it once")
  void tidiesElsewhere() throws Exception {
    List<Runnable> tasks = new ArrayList<>();
    FailingDisk disk = new FailingDisk();
    PredictionLogWriter writer =
        PredictionLogWriter.open(folder, LogOptions.DEFAULT, clock, disk, tasks::add);
    write(writer, schema, 0, 100);
    writer.flush();
    disk.room = 0;
    write(writer, schema, 100, 200);
    assertThatThrownBy(writer::flush).isInstanceOf(StoreException.class);
    disk.room = Long.MAX_VALUE;
    for (int minute = 0; minute < 3; minute++) {
      clock.pass(Duration.ofMinutes(1));
      writer.flush();
    }
    assertThat(tasks).hasSize(1);
    assertThat(writer.stats().partsRepaired()).isZero();
    Thread keeper = new Thread(tasks.get(0));
    keeper.start();
    write(writer, schema, 200, 300); // while it repairs
    writer.flush();
    keeper.join();
    assertThat(writer.stats().partsRepaired()).isEqualTo(1);
    clock.pass(Duration.ofMinutes(1));
    writer.flush();
    assertThat(tasks).hasSize(2);
    writer.close();
    tasks.get(1).run(); // too late: nothing is touched any more
    assertThat(LogChild.check(folder)).isEqualTo(300);
  }

  @Test
  @DisplayName("told to force, has a part's name on the device once after it has begun")
  void forcesNames() {
    LogOptions options = LogOptions.DEFAULT.withRoll(1 << 20, Duration.ofMinutes(5));
    try (PredictionLogWriter writer = open(options, Disk.REAL)) {
      List<Path> synced = new ArrayList<>();
      writer.syncFolder = synced::add;
      write(writer, schema, 0, 10);
      writer.flush();
      assertThat(synced).isEmpty();
      writer.force();
      write(writer, schema, 10, 20);
      writer.force();
      assertThat(synced).singleElement().asString().endsWith("_date=2025-06-01");
      clock.pass(Duration.ofMinutes(5));
      writer.force();
      write(writer, schema, 20, 30);
      writer.force();
      assertThat(synced).hasSize(2);
    }
  }

  @Test
  @DisplayName("makes files and folders for their owner only, also in a folder that all may read")
  void ownersOnly() throws Exception {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Profile profile = Profile.builder().add("x", new double[] {1, 2, 3}).build();
    Windows windows = Windows.tumbling(profile, Duration.ofHours(1), Duration.ZERO, 1);
    ProfileCounter counter = windows.counter(Instant.EPOCH);
    assertThat(counter).isNotNull();
    counter.count(0, 1);
    WindowWriter.in(folder).write("m", "1", windows.changed().get(0));
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, Disk.REAL)) {
      write(writer, schema, 0, 10);
      writer.flush();
      assertOwnersOnly();
      writer.close();
      Shipped.write(parts().get(0), "run", "path", "digest", 0);
    }
    assertOwnersOnly();
    assertThat(Files.getPosixFilePermissions(folder)).hasSize(7); // it is the user's own
  }

  private void assertOwnersOnly() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(path -> !path.equals(folder)).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  @DisplayName("gives rows up when it is told to, and counts them")
  void discards() {
    FailingDisk disk = new FailingDisk();
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, disk)) {
      disk.room = 0;
      write(writer, schema, 0, 10);
      assertThatThrownBy(writer::flush).isInstanceOf(StoreException.class);
      assertThat(writer.discard()).isEqualTo(10);
      writer.flush();
      assertThat(writer.stats().rowsDiscarded()).isEqualTo(10);
    }
    assertThat(parts()).isEmpty();
  }

  @Test
  @DisplayName("on a disk that is really full throws, keeps what is complete, and goes on later")
  void fullDisk() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    boolean mounted = mount(small);
    assumeThat(mounted).isTrue();
    try {
      Path log = small.resolve("log");
      int written = 0;
      try (PredictionLogWriter writer =
          PredictionLogWriter.open(log, LogOptions.DEFAULT, clock, Disk.REAL)) {
        write(writer, schema, 0, 1_000);
        writer.flush();
        Path filler = fill(small);
        written = 1_000;
        boolean full = false;
        while (!full && written < 100_000) {
          try {
            LogChild.fill(writer.row(schema, Sample.START + written), schema, written);
            written++;
            if (written % 100 == 0) {
              writer.flush();
            }
          } catch (StoreException e) {
            full = true;
          }
        }
        assertThat(full).isTrue();
        Files.delete(filler);
        writer.flush();
        clock.pass(Duration.ofMinutes(1));
        writer.flush();
      }
      assertThat(LogChild.check(log)).isEqualTo(written);
    } finally {
      new ProcessBuilder("umount", "-l", small.toString()).start().waitFor();
    }
  }

  private static boolean mount(Path where) throws Exception {
    String why;
    try {
      Process mount =
          new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", where.toString())
              .redirectErrorStream(true)
              .start();
      why = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (mount.waitFor() == 0) {
        return true;
      }
    } catch (IOException e) {
      why = e.toString();
    }
    System.out.println("skipped: no small file system can be mounted: " + why);
    assertThat(System.getenv("CI")).as("in CI it must be possible").isNotEqualTo("true");
    return false;
  }

  private static Path fill(Path where) throws IOException {
    Path filler = where.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      return filler;
    }
  }

  @Test
  @DisplayName("writes names that no file system takes, so that they lead nowhere else")
  void hostileNames() throws Exception {
    FeatureSchema features = FeatureSchema.of(Feature.of("x", DataType.DOUBLE));
    LogSchema hostile =
        LogSchema.builder("a=b %20 ağaç*?" + "é".repeat(200), "../../x", features).build();
    try (PredictionLogWriter writer =
        PredictionLogWriter.open(folder, LogOptions.DEFAULT, Time.SYSTEM, Disk.REAL)) {
      RowBatch row = writer.row(hostile, Sample.START);
      row.setText(SystemColumn.REQUEST_ID.position(), "r");
      row.endRow();
    }
    Path part = parts().get(0);
    assertThat(folder.relativize(part).getNameCount()).isEqualTo(4);
    assertThat(folder.relativize(part).getName(1).toString()).isEqualTo("_version=%2E.%2F..%2Fx");
    LogFilter filter = LogFilter.ALL.withModel(hostile.model()).withVersion("../../x");
    try (PredictionLogReader reader = PredictionLogReader.open(folder, filter)) {
      LogBatch batch = reader.next();
      assertThat(batch).isNotNull();
      assertThat(batch.texts("_model")).containsExactly(hostile.model());
      assertThat(reader.metadata()).containsEntry("plumbline.version", "../../x");
    }
  }

  @Test
  @DisplayName("says in _schema.json what Evidently and NannyML must be told")
  void schemaFile() throws Exception {
    try (PredictionLogWriter writer = open(LogOptions.DEFAULT, Disk.REAL)) {
      write(writer, schema, 0, 1);
    }
    Path file = parts().get(0).resolveSibling("_schema.json");
    JsonObject json = Json.object(Files.readAllBytes(file), "_schema.json");
    JsonObject evidently = json.object("evidently");
    assertThat(evidently.string("id_column")).isEqualTo("_request_id");
    assertThat(evidently.string("timestamp")).isEqualTo("_ts");
    assertThat(evidently.strings("numerical_columns"))
        .contains("temp", "count", "prediction_score")
        .doesNotContain("_latency_us", "_sample_rate");
    assertThat(evidently.strings("categorical_columns")).contains("origin", "flag", "prediction");
    assertThat(evidently.strings("text_columns")).containsExactly("note");
    assertThat(json.object("nannyml").string("y_pred_proba")).isEqualTo("prediction_score");
    assertThat(json.strings("drift_columns"))
        .contains("temp", "origin", "prediction")
        .noneMatch(name -> name.startsWith("_"))
        .doesNotContain("vector");
    assertThat(LogFolders.find(folder, name -> name.endsWith(".tmp"))).isEmpty();
  }
}
