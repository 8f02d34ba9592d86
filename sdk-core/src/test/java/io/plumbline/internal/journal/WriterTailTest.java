package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Whoever follows a writer")
class WriterTailTest {
  private static final int EVENTS = 5;

  @TempDir private Path folder;
  private byte[] bytes;
  private List<String> whole;

  /** Takes all records, each with the ordinal behind it. */
  private static final class Records implements WriterTail.Sink {
    final List<String> records = new ArrayList<>();

    @Override
    public void event(long next, JsonObject event) {
      records.add(next + " " + Json.text(event.asMap()));
    }

    @Override
    public void point(long next, WriterLog.Key key, double value, long step, long time) {
      records.add(next + " " + key.key() + " " + value);
    }
  }

  private List<String> read(int segment, long ordinal) throws IOException {
    Records records = new Records();
    WriterTail tail = new WriterTail(folder, Runs.WRITER, segment, ordinal);
    while (tail.read(records)) {
      tail.pause();
    }
    return records.records;
  }

  private Path segment(int number) {
    return WriterLog.segment(folder, Runs.WRITER, number);
  }

  @BeforeEach
  void write() throws IOException {
    RunWriter run = Runs.writer(JournalOptions.DEFAULT, folder);
    Runs.event(run, Map.of("start", Map.of("time", 5L)), 5);
    run.write(); // or the segment would begin with the key
    KeySlot loss = Runs.key(run, "loss", 0);
    for (int i = 0; i < EVENTS; i++) {
      run.point(loss, i, i, 1000 + i, i);
      Runs.event(run, Map.of("tags", Map.of("t", "v" + i)), 6 + i);
      run.write();
    }
    run.abandon();
    bytes = Files.readAllBytes(segment(1));
    whole = read(1, 0);
    assertThat(whole).hasSize(1 + 2 * EVENTS);
  }

  /** The same frames again in a second segment, as a writer leaves them after a failed fsync. */
  private byte[] again() {
    byte[] again = bytes.clone();
    Frames.INT.set(again, 12, 2);
    Frames.INT.set(again, 60, Frames.crc(again, 0, 60));
    return again;
  }

  @Test
  @DisplayName("gets what is damaged in a segment from the next one that has it again, once")
  void damaged() throws IOException {
    Files.write(segment(2), again());
    assertThat(read(1, 0)).isEqualTo(whole);
    for (int at = Frames.SEGMENT_HEADER; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x40;
      Files.write(segment(1), damaged);
      assertThat(read(1, 0)).as("byte %d", at).isEqualTo(whole);
    }
  }

  @Test
  @DisplayName("gets the rest where no other segment has what is damaged")
  void lost() throws IOException {
    int at = bytes.length / 2;
    byte[] damaged = bytes.clone();
    damaged[at] ^= 0x40;
    Files.write(segment(1), damaged);
    assertThat(read(1, 0)).isSubsetOf(whole).hasSizeBetween(2 * EVENTS - 1, 2 * EVENTS);
  }

  @Test
  @DisplayName("goes on from any record")
  void from() throws IOException {
    Files.write(segment(2), again());
    for (int ordinal = 0; ordinal <= whole.size(); ordinal++) {
      assertThat(read(1, ordinal)).isEqualTo(whole.subList(ordinal, whole.size()));
      assertThat(read(2, ordinal)).isEqualTo(whole.subList(ordinal, whole.size()));
    }
  }
}
