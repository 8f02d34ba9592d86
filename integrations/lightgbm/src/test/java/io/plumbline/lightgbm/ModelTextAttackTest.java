package io.plumbline.lightgbm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A damaged text of a model")
class ModelTextAttackTest {
  /** How far the memory of the program may grow, its 256 MiB of heap included. */
  private static final long MAX_RESIDENT_KB = 800_000;

  @TempDir Path folder;

  @Test
  @DisplayName("is refused or predicts, but ends no program, hangs none and takes no memory")
  void harmless() throws Exception {
    int places =
        Math.max(
            25, (int) (500 * Double.parseDouble(System.getProperty("test.attack.scale", "0.05"))));
    long seed = Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
    List<String> texts =
        List.of(Models.binary(), Models.threeClasses(), Models.categorical(), Models.linear());
    for (int i = 0; i < texts.size(); i++) {
      Files.writeString(folder.resolve(i + ".txt"), texts.get(i));
    }
    Path printed = folder.resolve("printed");

    Process child =
        ChildJvm.start(ModelTextAttack.class, folder, Map.of(), folder, texts.size(), places, seed);
    Thread reader = new Thread(() -> copy(child, printed), "attack-output");
    reader.setDaemon(true);
    reader.start();
    boolean ended = child.waitFor(60 + places, TimeUnit.SECONDS);
    child.destroyForcibly();
    reader.join(10_000);

    List<String> lines = Files.readAllLines(printed, StandardCharsets.ISO_8859_1);
    String last = String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    assertThat(ended).as("seed %d hangs: %s", seed, last).isTrue();
    assertThat(child.exitValue()).as("seed %d: %s", seed, last).isZero();
    assertThat(last).as("seed %d", seed).contains("done: ");
    System.out.println("damaged models, seed " + seed + ", " + places + " places, " + last);
    String resident = last.replaceAll("(?s).*peak ([0-9]+) kB.*", "$1");
    if (!resident.equals("0")) {
      assertThat(Long.parseLong(resident)).as("seed %d", seed).isLessThan(MAX_RESIDENT_KB);
    }
  }

  private static void copy(Process child, Path to) {
    try {
      Files.copy(child.getInputStream(), to);
    } catch (IOException e) {
      // The program was ended.
    }
  }
}
