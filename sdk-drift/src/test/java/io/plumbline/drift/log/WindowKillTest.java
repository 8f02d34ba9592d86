package io.plumbline.drift.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.KeptWindows;
import io.plumbline.drift.WindowStore;
import io.plumbline.drift.Windows;
import io.plumbline.tck.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The counts of windows")
class WindowKillTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("are whole after kill -9 at any moment, and have every row that was kept")
  void killed() throws Exception {
    long seed = Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
    Random random = new Random(seed);
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    int kills = Math.max(3, (int) Math.round(100 * scale));
    Path log = folder.resolve("log"); // of all: each has files of its own
    long told = 0;
    for (int kill = 0; kill < kills; kill++) {
      Path says = folder.resolve("told-" + kill);
      Process child = ChildJvm.start(ChildJvm.home(), List.of(), WindowChild.class, log, says);
      while (child.isAlive() && (!Files.exists(says) || Files.size(says) < 8)) {
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(200));
      assertThat(child.isAlive()).isTrue();
      child.destroyForcibly();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      told += ByteBuffer.wrap(Files.readAllBytes(says)).getLong();
      KeptWindows kept = WindowStore.of(log).read("flights", "3", WindowChild.profile());
      assertThat(kept.problems()).as("seed %s, kill %s", seed, kill).isEmpty();
      assertThat(kept.whole(Windows.ALL).orElseThrow().rows())
          .as("seed %s, kill %s", seed, kill)
          .isBetween(told, told + kill + 1);
    }
    System.out.printf(
        "kill attack, counts of windows: %d kills, seed %d: %d rows, none that was kept lost%n",
        kills, seed, told);
  }
}
