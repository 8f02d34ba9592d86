package io.plumbline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.drift.log.LogFilter;
import io.plumbline.drift.log.PredictionLogReader;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.Artifact;
import io.plumbline.registry.ModelRegistry;
import io.plumbline.spi.Backend;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A prediction log that is shipped")
class ShippingAttackTest {
  @TempDir private Path folder;

  @Test
  @DisplayName("has arrived whole, each row once, after kill -9 at any moment and one more start")
  void killed() throws Exception {
    long seed = Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
    Random random = new Random(seed);
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    int kills = Math.max(3, (int) Math.round(60 * scale));
    long parts = 0;
    long before = 0;
    for (int kill = 0; kill < kills; kill++) {
      Path place = folder.resolve("kill-" + kill);
      try (ModelRegistry registry = Served.registry(place)) {
        Shipping.logged(registry, place);
      }
      ByteBuffer told = kill(place, random);
      long flushed = told.getLong();
      before += told.getLong();
      shipTheRest(place);
      parts += check(place, flushed, "seed " + seed + ", kill " + kill);
    }
    System.out.printf(
        "kill attack, shipped predictions: %d kills, seed %d: %d parts, %d of them shipped by the"
            + " programs that were killed, none lost, none twice%n",
        kills, seed, parts, before);
  }

  private static ByteBuffer kill(Path place, Random random) throws Exception {
    Path told = place.resolve("told");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                "-cp",
                System.getProperty("java.class.path"),
                ShippingChild.class.getName(),
                place.toString(),
                told.toString(),
                Integer.toString(20 + random.nextInt(1_000)))
            .redirectErrorStream(true)
            .redirectOutput(place.resolve("output").toFile())
            .start();
    boolean whileShipping = random.nextInt(4) > 0;
    while (child.isAlive() && !hasBegun(told, whileShipping)) {
      Thread.sleep(1);
    }
    Thread.sleep(random.nextInt(500));
    assertThat(child.isAlive()).as(Files.readString(place.resolve("output"))).isTrue();
    child.destroyForcibly();
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return ByteBuffer.wrap(Files.readAllBytes(told));
  }

  /** Whether rows were flushed, or parts shipped. */
  private static boolean hasBegun(Path told, boolean shipping) throws Exception {
    if (!Files.exists(told) || Files.size(told) < 16) {
      return false;
    }
    return !shipping || ByteBuffer.wrap(Files.readAllBytes(told)).getLong(8) > 0;
  }

  private static void shipTheRest(Path place) {
    try (ModelRegistry registry = Served.registry(place);
        LiveModel model =
            LiveModel.builder(registry, "models:/flights@champion")
                .loader(new Served.Linear())
                .open()) {
      PredictionLogger logger = PredictionLogger.builder(model).ship().open();
      logger.close(); // the courier looks once at least
      assertThat(logger.status().shipping().waiting()).as(logger.toString()).isZero();
      assertThat(logger.status().shipping().failures()).isZero();
    }
  }

  private static List<Path> parts(Path place) {
    return PredictionLogReader.parts(place.resolve("store/predictions"), LogFilter.ALL);
  }

  /** Every part has arrived under its path with its digest; returns how many there are. */
  private static int check(Path place, long flushed, String which) throws Exception {
    Path log = place.resolve("store/predictions");
    List<Path> parts = parts(place);
    try (Backend backend = Shipping.backend(place)) {
      Map<String, Artifact> there = Shipping.artifacts(backend.runs());
      assertThat(there.keySet().stream().filter(path -> !path.endsWith("_schema.json")))
          .as(which)
          .hasSameSizeAs(parts);
      for (Path part : parts) {
        String path = "/predictions/" + log.relativize(part);
        String sha256 = Sha256.of(part).sha256();
        assertThat(there)
            .as(which)
            .anySatisfy(
                (at, artifact) -> {
                  assertThat(at).endsWith(path);
                  assertThat(artifact.sha256()).isEqualTo(sha256);
                });
      }
      List<String> ids = Shipping.ids(backend.runs(), place.resolve("copy"));
      assertThat(ids).as(which).hasSizeGreaterThanOrEqualTo((int) flushed);
      assertThat(ids)
          .as(which)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, ids.size()).mapToObj(i -> "r" + i).toList());
    }
    return parts.size();
  }
}
