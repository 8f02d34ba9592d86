package io.plumbline.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.plumbline.IntegrityException;
import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.LogOptions;
import io.plumbline.tck.ChildJvm;
import io.plumbline.tck.PeerPython;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Zstandard for prediction logs")
class ZstandardTest {
  private static final LogOptions COMPRESSED = LogOptions.DEFAULT.withCompression(new Zstandard(3));

  private static final String SCRIPT = "integrations/zstd/src/test/resources/read_zstd.py";

  /** Arrow's reader needs it. */
  private static final List<String> OPENS = List.of("--add-opens=java.base/java.nio=ALL-UNNAMED");

  @TempDir private Path folder;

  @Test
  @DisplayName("makes files that pyarrow, pandas, polars and duckdb read")
  void python() throws Exception {
    Path unused = Logs.write(folder.resolve("log"), COMPRESSED);
    String expected = " " + Logs.ROWS + " " + Logs.SUM + " EWR JFK LGA";
    assertThat(
            PeerPython.run("drift-readers", System.out::println, SCRIPT, folder.resolve("log"))
                .lines())
        .containsExactly(
            "pyarrow" + expected, "pandas" + expected, "polars" + expected, "duckdb" + expected);
  }

  @Test
  @DisplayName("makes files that Arrow's own library reads, with its own compression")
  void arrow() throws Exception {
    Path part = Logs.write(folder.resolve("log"), COMPRESSED);
    assertThat(ChildJvm.run(ChildJvm.home(), OPENS, ArrowJudge.class, part))
        .contains("arrow " + Logs.ROWS + " " + Logs.SUM + " [EWR, JFK, LGA]");
  }

  @Test
  @DisplayName("is found by readers that nobody has told of it, and saves room")
  void found() throws Exception {
    Path part = Logs.write(folder.resolve("log"), COMPRESSED);
    Path plain = Logs.write(folder.resolve("plain"), LogOptions.DEFAULT);
    assertThat(Logs.sum(folder.resolve("log"), LogFilter.ALL)).isEqualTo(Logs.SUM);
    assertThat(Logs.sum(part, LogFilter.ALL.withCompression(new Zstandard()))).isEqualTo(Logs.SUM);
    assertThat(Files.size(part)).isLessThan(Files.size(plain) / 2);
  }

  @Test
  @DisplayName("works on JDK 25 without a flag, whose one warning names the library")
  void jdk25() throws Exception {
    Path jdk = ChildJvm.jdkOrSkip(25, System.out::println);
    String out = ChildJvm.run(jdk, List.of(), Logs.class, folder.resolve("log"));
    assertThat(out).contains("sum " + Logs.SUM);
    assertThat(out.lines().filter(line -> line.startsWith("WARNING")))
        .allSatisfy(line -> assertThat(line).containsAnyOf("restricted", "System::load", "native"));
    List<String> allowed =
        List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=deny");
    assertThat(ChildJvm.run(jdk, allowed, Logs.class, folder.resolve("quiet")))
        .isEqualTo("sum " + Logs.SUM + System.lineSeparator());
  }

  @Test
  @DisplayName("damaged anywhere is an error that names the file, or no damage at all")
  void damage() throws Exception {
    Path part = Logs.write(folder.resolve("log"), COMPRESSED);
    byte[] sound = Files.readAllBytes(part);
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = sound.clone();
      int at = 8 + random.nextInt(bytes.length - 16);
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(part, bytes);
      try {
        assertThat(Logs.sum(part, LogFilter.ALL)).as("byte %s", at).isEqualTo(Logs.SUM);
      } catch (IntegrityException | IllegalArgumentException e) {
        assertThat(e).as("byte %s", at).hasMessageContaining(part.toString());
      }
    }
  }

  @Test
  @DisplayName("whose buffer is no frame is an error that names the file, also without checksums")
  void noFrame() throws Exception {
    Path part = Logs.write(folder.resolve("log"), COMPRESSED);
    byte[] bytes = Files.readAllBytes(part);
    int magic = 0;
    int frames = 0;
    for (int i = 0; i < bytes.length - 4; i++) {
      if (bytes[i] == 0x28 && bytes[i + 1] == (byte) 0xb5 && bytes[i + 2] == 0x2f) {
        magic = i;
        bytes[i] = 0;
        frames++;
      }
      if (new String(bytes, i, 4, StandardCharsets.ISO_8859_1).equals("crc3")) {
        bytes[i] = 'x'; // the checksum's name: nobody compares it then
      }
    }
    assertThat(frames).isPositive();
    assertThat(magic).isPositive();
    Files.write(part, bytes);
    assertThatThrownBy(() -> Logs.sum(part, LogFilter.ALL))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining(part.toString())
        .hasMessageContaining("no frame of Zstandard");
  }

  @Test
  @DisplayName("makes no more of a bomb than the file says its buffer has")
  void bomb() {
    Zstandard zstd = new Zstandard();
    byte[] bomb = Zstd.compress(new byte[64 << 20]);
    assertThat(bomb.length).isLessThan(16_384);
    assertThatThrownBy(() -> zstd.decompress(bomb, 1_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1000 bytes");
    // The same without a length of its own: the header's flags say that, and the field goes.
    byte[] silent = bomb.clone();
    silent[4] = (byte) (silent[4] & 0x3f & ~0x20);
    assertThatThrownBy(() -> zstd.decompress(silent, 1_000))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("refuses what is no frame, is cut off, or has another length")
  void hostile() {
    Zstandard zstd = new Zstandard();
    byte[] frame =
        Zstd.compress("a text that is compressed".repeat(50).getBytes(StandardCharsets.UTF_8));
    int length = 25 * 50;
    assertThat(zstd.decompress(frame, length)).hasSize(length);
    for (byte[] bad :
        List.of(
            new byte[0],
            new byte[100],
            "hello".getBytes(StandardCharsets.UTF_8),
            Arrays.copyOf(frame, frame.length - 1),
            Arrays.copyOf(frame, 6))) {
      assertThatThrownBy(() -> zstd.decompress(bad, length))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (int other : new int[] {0, 1, length - 1, length + 1}) {
      assertThatThrownBy(() -> zstd.decompress(frame, other))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Zstandard(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 19");
    assertThatThrownBy(() -> new Zstandard(20)).isInstanceOf(IllegalArgumentException.class);
  }
}
