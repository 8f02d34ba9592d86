package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.json.Json;
import io.plumbline.internal.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A segment is read as far as it is whole, and what is not is named")
class SegmentTest {
  @TempDir private Path folder;
  private Path file;
  private byte[] bytes;
  private List<Object> whole;

  /** Takes all records in order: events as text, points as rows; announcements are not records. */
  private static final class Records implements WriterLog.Visitor {
    final List<Object> records = new ArrayList<>();

    @Override
    public void event(JsonObject event) {
      if (!event.has("keys")) {
        records.add(Json.text(event.asMap()));
      }
    }

    @Override
    public void point(int key, double value, long step, long time) {
      records.add(List.of(key, value, step, time));
    }
  }

  private WriterLog log() {
    return new WriterLog(folder, Runs.WRITER);
  }

  private List<Object> records() throws IOException {
    Records records = new Records();
    log().read(records);
    return records.records;
  }

  @BeforeEach
  void write() throws IOException {
    RunWriter run = Runs.writer(JournalOptions.DEFAULT, folder);
    Runs.event(run, Map.of("start", Map.of("time", 5L)), 5);
    run.write(); // or the segment would begin with the key
    KeySlot loss = Runs.key(run, "loss", 0);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 3; j++) {
        run.point(loss, i + j / 4.0, 10L * i + j, 1000 + i, 3L * i + j);
      }
      Runs.event(run, Map.of("tags", Map.of("t", "v" + i)), 6 + i);
    }
    run.write();
    run.abandon();
    file = WriterLog.segment(folder, Runs.WRITER, 1);
    bytes = Files.readAllBytes(file);
    whole = records();
    assertThat(whole).hasSize(1 + 4 * 4);
  }

  /** The offsets where frames begin, and the end. */
  private List<Integer> bounds() {
    List<Integer> bounds = new ArrayList<>();
    int at = Frames.SEGMENT_HEADER;
    while (at < bytes.length) {
      bounds.add(at);
      at += Frames.PREFIX + (int) Frames.INT.get(bytes, at + 4);
    }
    bounds.add(at);
    return bounds;
  }

  @Test
  @DisplayName("A file cut off at any byte gives its whole frames, and the rest is counted as torn")
  void torn() throws IOException {
    List<Integer> bounds = bounds();
    for (int length = 0; length <= bytes.length; length++) {
      Files.write(file, Arrays.copyOf(bytes, length));
      Records records = new Records();
      WriterLog.Report report = log().read(records);
      assertThat(whole.subList(0, records.records.size())).isEqualTo(records.records);
      int cut = length;
      int end = bounds.stream().filter(b -> b <= cut).max(Integer::compare).orElse(0);
      assertThat(report.torn()).isEqualTo(length - end);
      assertThat(report.lost()).isZero();
      assertThat(report.problems()).isEmpty();
      assertThat(report.end().offset()).isEqualTo(end);
    }
  }

  @Test
  @DisplayName(
      "A flipped byte anywhere is named or torn, its frame skipped and counted, the rest read")
  void flipped() throws IOException {
    List<Integer> bounds = bounds();
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x40;
      Files.write(file, damaged);
      Records records = new Records();
      WriterLog.Report report = log().read(records);
      if (at < Frames.SEGMENT_HEADER) {
        assertThat(report.problems()).singleElement().asString().contains("header is damaged");
        assertThat(records.records).isEmpty();
        continue;
      }
      assertThat(whole).containsSubsequence(records.records);
      int frame = frameOf(bounds, at);
      int from = bounds.get(frame);
      int to = bounds.get(frame + 1);
      int gone = whole.size() - records.records.size();
      if (to == bytes.length) {
        assertThat(report.torn()).isEqualTo(to - from);
        assertThat(gone).isEqualTo(1);
      } else if (frame == 1) {
        // The announcement of the only key: its points are there and can't be named.
        assertThat(report.problems())
            .anyMatch(p -> p.contains("from byte " + from + " to " + to))
            .anyMatch(p -> p.contains("12 points belong to keys whose announcement is lost"));
        assertThat(gone).isEqualTo(12);
      } else {
        assertThat(report.problems()).anyMatch(p -> p.contains("from byte " + from + " to " + to));
        assertThat(report.lost()).isEqualTo((long) gone).isPositive();
      }
    }
  }

  private static int frameOf(List<Integer> bounds, int at) {
    int frame = 0;
    while (bounds.get(frame + 1) <= at) {
      frame++;
    }
    return frame;
  }

  @Test
  @DisplayName("Lengths that no file has do not cost memory or time, and do not hide what follows")
  void hostileLengths() throws IOException {
    int frame = bounds().get(3);
    for (int length : new int[] {-1, 0, 15, 16, 1 << 20, Frames.MAX_BODY, Integer.MAX_VALUE}) {
      byte[] damaged = bytes.clone();
      Frames.INT.set(damaged, frame + 4, length);
      Files.write(file, damaged);
      Records records = new Records();
      WriterLog.Report report = log().read(records);
      assertThat(report.lost()).isPositive();
      assertThat(records.records).endsWith(whole.get(whole.size() - 1));
    }
  }

  @Test
  @DisplayName("A file made of nothing but beginnings of frames is given up in bounded time")
  void hostileMagic() throws IOException {
    byte[] hostile = Arrays.copyOf(bytes, Frames.SEGMENT_HEADER + (8 << 20));
    for (int at = Frames.SEGMENT_HEADER; at + 8 <= hostile.length; at += 8) {
      Frames.INT.set(hostile, at, Frames.FRAME_MAGIC);
      Frames.INT.set(hostile, at + 4, 4 << 20);
    }
    Files.write(file, hostile);
    assertThat(log().read(new Records()).torn()).isEqualTo(8 << 20);
  }

  @Test
  @DisplayName("Random bytes behind the header are read without an error")
  void random() throws IOException {
    Random random = new Random(20_130_101);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[random.nextInt(4096)];
      random.nextBytes(noise);
      byte[] all = Arrays.copyOf(bytes, Frames.SEGMENT_HEADER + noise.length);
      System.arraycopy(noise, 0, all, Frames.SEGMENT_HEADER, noise.length);
      Files.write(file, all);
      assertThat(log().read(new Records()).records()).isZero();
    }
  }

  private void append(int type, int count, long ordinal, byte[] body) throws IOException {
    byte[] frame = new byte[Frames.FRAME_HEADER + body.length];
    System.arraycopy(body, 0, frame, Frames.FRAME_HEADER, body.length);
    Frames.seal(new CRC32C(), frame, 0, frame.length, type, count, ordinal);
    byte[] all = Arrays.copyOf(bytes, bytes.length + frame.length);
    System.arraycopy(frame, 0, all, bytes.length, frame.length);
    Files.write(file, all);
  }

  @Test
  @DisplayName("A frame of an unknown optional type is skipped without a word")
  void optional() throws IOException {
    append(0x11, 1, whole.size(), new byte[] {1, 2, 3});
    Records records = new Records();
    assertThat(log().read(records).problems()).isEmpty();
    assertThat(records.records).isEqualTo(whole);
  }

  @Test
  @DisplayName(
      "A frame of an unknown type that must be understood is reported, and the rest is read")
  void mustUnderstand() throws IOException {
    append(0x91, 1, whole.size(), new byte[] {1, 2, 3});
    Records records = new Records();
    assertThat(log().read(records).problems())
        .singleElement()
        .asString()
        .contains("a newer version has written frames");
    assertThat(records.records).isEqualTo(whole);
  }

  @Test
  @DisplayName("Whole frames with nonsense in them are reported, not thrown")
  void nonsense() throws IOException {
    byte[] json = "{\"t\":true".getBytes(StandardCharsets.UTF_8);
    byte[] key =
        "{\"t\":1,\"keys\":[{\"id\":99999999999,\"ring\":0,\"key\":\"k\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    append(Frames.EVENT, 1, whole.size(), json);
    assertThat(log().read(new Records()).problems()).hasSize(1);
    append(Frames.EVENT, 0, whole.size(), key);
    assertThat(log().read(new Records()).problems()).hasSize(1);
    append(Frames.METRICS, 1, whole.size(), new byte[3]);
    assertThat(log().read(new Records()).problems()).hasSize(1);
    append(Frames.METRICS, 500, whole.size(), new byte[30]);
    assertThat(log().read(new Records()).problems()).hasSize(1);
    append(Frames.METRICS, -1, whole.size(), new byte[30]);
    assertThat(log().read(new Records()).problems()).hasSize(1);
    append(Frames.METRICS, 1, Long.MAX_VALUE, new byte[30]);
    assertThat(log().read(new Records()).problems()).hasSize(1);
  }

  @Test
  @DisplayName("A segment of a newer major version is refused by name, and left as it is")
  void newer() throws IOException {
    Frames.INT.set(bytes, 8, 2);
    Frames.INT.set(bytes, 60, Frames.crc(bytes, 0, 60));
    Files.write(file, bytes);
    Records records = new Records();
    assertThat(log().read(records).problems())
        .singleElement()
        .asString()
        .contains(".000001.seg is skipped: its format 2 is newer");
    assertThat(records.records).isEmpty();
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  @DisplayName("A frame that is written twice is read once; one that is nowhere is counted")
  void ordinals() throws IOException {
    List<Integer> bounds = bounds();
    int second = bounds.get(2);
    int third = bounds.get(3);
    byte[] twice = Arrays.copyOf(bytes, bytes.length + third - second);
    System.arraycopy(bytes, second, twice, bytes.length, third - second);
    Files.write(file, twice);
    assertThat(records()).isEqualTo(whole);

    byte[] without = new byte[bytes.length - (third - second)];
    System.arraycopy(bytes, 0, without, 0, second);
    System.arraycopy(bytes, third, without, second, bytes.length - third);
    Files.write(file, without);
    WriterLog.Report report = log().read(new Records());
    assertThat(report.lost()).isEqualTo(3);
    assertThat(report.problems()).singleElement().asString().contains("3 records are lost");

    // The missing frame comes later, in a segment of its own: then nothing is missing.
    byte[] late = new byte[Frames.SEGMENT_HEADER + third - second];
    byte[] header =
        Frames.segmentHeader(2, Long.parseUnsignedLong(Runs.WRITER, 16), 1, 0, new byte[16]);
    System.arraycopy(header, 0, late, 0, header.length);
    System.arraycopy(bytes, second, late, header.length, third - second);
    Files.write(WriterLog.segment(folder, Runs.WRITER, 2), late);
    assertThat(records()).containsExactlyInAnyOrderElementsOf(whole);
    assertThat(log().read(new Records()).problems()).isEmpty();
  }

  @Test
  @DisplayName("A reading that begins behind a summary sees exactly what came later")
  void incremental() throws IOException {
    for (int bound : bounds()) {
      Files.write(file, Arrays.copyOf(bytes, bound));
      Records before = new Records();
      List<WriterLog.Key> keys = new ArrayList<>();
      WriterLog.Report first =
          log()
              .read(
                  new WriterLog.Visitor() {
                    @Override
                    public void key(WriterLog.Key key) {
                      keys.add(key);
                    }

                    @Override
                    public void event(JsonObject event) {
                      before.event(event);
                    }

                    @Override
                    public void point(int key, double value, long step, long time) {
                      before.point(key, value, step, time);
                    }
                  });
      Files.write(file, bytes);
      Records after = new Records();
      log().read(first.end(), keys, after);
      List<Object> both = new ArrayList<>(before.records);
      both.addAll(after.records);
      assertThat(both).isEqualTo(whole);
    }
  }

  @Test
  @DisplayName("File names have ASCII digits in every language")
  void language() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(WriterLog.segment(folder, Runs.WRITER, 12))
          .hasFileName(Runs.WRITER + ".000012.seg");
    } finally {
      Locale.setDefault(before);
    }
  }
}
