package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.IntegrityException;
import io.plumbline.NotFoundException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A damaged or hostile file gives an error that names it, and never more")
class DamageTest {
  @TempDir private Path folder;
  private byte[] sound = new byte[0];
  private Path file = Path.of("");

  @BeforeEach
  void write() throws Exception {
    Path log = folder.resolve("log");
    LogSchema schema = LogChild.schema();
    try (PredictionLogWriter writer =
        PredictionLogWriter.open(log, LogOptions.DEFAULT.withBatchRows(100))) {
      for (int i = 0; i < 300; i++) {
        LogChild.fill(writer.row(schema, Sample.START + i), schema, i);
      }
    }
    Path part = PredictionLogReader.parts(log, LogFilter.ALL).get(0);
    sound = Files.readAllBytes(part);
    file = folder.resolve("damaged.arrow");
  }

  private String problem(byte[] bytes) throws Exception {
    Files.write(file, bytes);
    LogFileReport report = LogVerify.verify(file, LogFilter.ALL).get(0);
    if (!report.isSound()) {
      assertThat(report.problem()).contains(file.toString());
    }
    return report.problem();
  }

  @Test
  @DisplayName("A flipped bit is found in every byte of a batch")
  void flippedBits() throws Exception {
    Random random = new Random(5);
    int found = 0;
    int body = 0;
    for (int i = 0; i < 600; i++) {
      byte[] bytes = sound.clone();
      int at = random.nextInt(bytes.length);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      String problem = problem(bytes);
      found += problem.isEmpty() ? 0 : 1;
      body++;
    }
    // What is not found: padding, names and metadata, and what stands in the file twice.
    assertThat(found).isGreaterThan(body / 2);
  }

  @Test
  @DisplayName("Any number anywhere is an error or harmless: no crash, no endless loop, no memory")
  void hostileNumbers() throws Exception {
    Random random = new Random(6);
    int[] numbers = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0, 1 << 30, -16, 7};
    for (int i = 0; i < 1_200; i++) {
      byte[] bytes = sound.clone();
      ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int k = random.nextInt(3); k >= 0; k--) {
        // Half of them in the footer, whose places lead everywhere.
        int range = random.nextBoolean() ? bytes.length : 12_000;
        int at = bytes.length - 4 - random.nextInt(Math.min(range, bytes.length - 8));
        view.putInt(at, numbers[random.nextInt(numbers.length)]);
      }
      problem(bytes);
    }
  }

  @Test
  @DisplayName("A file that is cut off anywhere is no crash")
  void cutOff() throws Exception {
    for (int length = 0; length < sound.length; length += 1 + length / 20) {
      problem(Arrays.copyOf(sound, length));
    }
    assertThat(problem(new byte[0])).contains("does not begin with a schema of Arrow");
    assertThat(problem("hello".getBytes(StandardCharsets.UTF_8))).contains("is damaged");
  }

  @Test
  @DisplayName("A wrong value in a column is told by its checksum")
  void checksum() throws Exception {
    byte[] bytes = sound.clone();
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("note 42note 43");
    bytes[at + 5] = '9';
    assertThat(problem(bytes)).contains("the checksum of the batch at byte").contains("is wrong");
    assertThatThrownBy(
            () -> {
              try (PredictionLogReader reader = PredictionLogReader.open(file, LogFilter.ALL)) {
                reader.next();
              }
            })
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  @DisplayName("A damaged line of JSON is told by its number")
  void jsonLines() throws Exception {
    Path lines = folder.resolve("x.jsonl");
    Files.writeString(lines, "{\"a\": 1}\n{\"a\": 2\n");
    LogFileReport report = LogVerify.verify(lines, LogFilter.ALL).get(0);
    assertThat(report.problem()).contains("x.jsonl is damaged: line 2");
  }

  @Test
  @DisplayName(
      "Lists of different lengths in lines of JSON are told by line, before any room is made")
  void jsonLists() throws Exception {
    Path lines = folder.resolve("x.jsonl");
    String thousands = "[" + "0,".repeat(2_000_000) + "0]";
    String none = "{}\n".repeat(4_000);
    Files.writeString(lines, none + "{\"v\": " + thousands + "}\n" + none);
    long before = thisThread().getCurrentThreadAllocatedBytes();
    LogFileReport report = LogVerify.verify(lines, LogFilter.ALL).get(0);
    assertThat(report.problem()).isEmpty();
    assertThat(thisThread().getCurrentThreadAllocatedBytes() - before).isLessThan(1L << 30);
    Files.writeString(lines, "{\"v\": [1, 2]}\n\n{}\n{\"v\": [1, 2, 3]}\n");
    assertThat(LogVerify.verify(lines, LogFilter.ALL).get(0).problem())
        .contains("x.jsonl is damaged: the column 'v' has lists of 2 values before, and one of 3")
        .endsWith("in line 4");
    Files.writeString(lines, "{\"v\": [1]}\n{\"v\": [true]}\n");
    assertThat(LogVerify.verify(lines, LogFilter.ALL).get(0).problem())
        .contains("x.jsonl is damaged")
        .endsWith("in line 2");
  }

  private static com.sun.management.ThreadMXBean thisThread() {
    return (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisplayName("A damaged _schema.json is named, and keeps no file open")
  void jsonSchema() throws Exception {
    Path lines = folder.resolve("x.jsonl");
    Files.writeString(lines, "{\"a\": 1}\n");
    Files.writeString(folder.resolve("_schema.json"), "{");
    assertThat(LogVerify.verify(lines, LogFilter.ALL).get(0).problem())
        .contains("_schema.json is damaged");
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(open.filter(descriptor -> leadsTo(descriptor, lines))).isEmpty();
    }
  }

  private static boolean leadsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
    } catch (IOException e) {
      return false; // that of the listing itself
    }
  }

  @Test
  @DisplayName("A log that is not there is not found; a column that is not there names the file")
  void notThere() {
    assertThatThrownBy(() -> PredictionLogReader.open(folder.resolve("no"), LogFilter.ALL))
        .isInstanceOf(NotFoundException.class);
    try (PredictionLogReader reader =
        PredictionLogReader.open(folder.resolve("log"), LogFilter.ALL)) {
      LogBatch batch = reader.next();
      assertThat(batch).isNotNull();
      assertThatThrownBy(() -> batch.doubles("nothing"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("there is no column 'nothing' in");
      assertThatThrownBy(() -> batch.doubles("origin"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has no numbers: CATEGORY");
    }
  }
}
