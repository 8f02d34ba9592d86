package io.plumbline.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.internal.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("docs/store-format.md shows what the code writes")
class StoreFormatTest {
  private static final long NOW = 1_357_034_400_000L;

  @TempDir private Path folder;

  @Test
  @DisplayName("The page's example is, byte by byte, a segment that the code writes")
  void example() throws IOException {
    FakeTime time = new FakeTime();
    time.advance(Duration.ofMillis(NOW));
    RunWriter run = Runs.writer(JournalOptions.DEFAULT.on(Disk.REAL, time), folder);
    Runs.event(run, Map.of("start", Map.of("time", NOW)), NOW);
    run.write();
    KeySlot loss = Runs.key(run, "loss", 0);
    run.point(loss, 0.5, 0, NOW + 7, 0);
    run.point(loss, 0.25, 1, NOW + 9, 1);
    Runs.event(run, Map.of("params", Map.of("lr", "0.1")), NOW + 10);
    run.write();
    run.abandon();
    byte[] bytes = Files.readAllBytes(WriterLog.segment(folder, Runs.WRITER, 1));
    Path page = Path.of(System.getProperty("test.root", ".."), "docs", "store-format.md");
    assertThat(Files.readString(page)).contains("```\n" + dump(bytes) + "```\n");
  }

  private static String dump(byte[] bytes) {
    StringBuilder dump = new StringBuilder();
    for (int at = 0; at < bytes.length; at += 16) {
      StringBuilder hex = new StringBuilder();
      StringBuilder text = new StringBuilder();
      for (int i = at; i < Math.min(at + 16, bytes.length); i++) {
        hex.append(String.format(Locale.ROOT, "%02x ", bytes[i]));
        text.append(bytes[i] >= ' ' && bytes[i] < 127 ? (char) bytes[i] : '.');
      }
      dump.append(String.format(Locale.ROOT, "%04x  %-48s %s%n", at, hex, text));
    }
    return dump.toString().replace(System.lineSeparator(), "\n");
  }
}
