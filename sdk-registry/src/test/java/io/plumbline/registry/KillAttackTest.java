package io.plumbline.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.model.AliasChange;
import io.plumbline.model.ModelPackage;
import io.plumbline.model.ModelRef;
import io.plumbline.model.ModelVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("kill -9 at any moment of a registration, promotion, rollback or fetch")
class KillAttackTest {
  private static final ModelRef CHAMPION = ModelRef.alias("flights", "champion");

  @TempDir private Path folder;

  private Process start(Path place, String told, long seed, String what) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", ".")),
            AttackChild.class.getName(),
            place.toString(),
            folder.resolve(told).toString(),
            String.valueOf(seed),
            what)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("output.txt").toFile()))
        .start();
  }

  @Test
  @DisplayName("leaves no partial model, no torn alias, and loses no line of the history")
  void killed() throws Exception {
    long seed = Long.getLong("test.attack.seed", new Random().nextLong() >>> 16);
    double scale = Double.parseDouble(System.getProperty("test.attack.scale", "0.05"));
    Random random = new Random(seed);
    int kills = Math.max(4, (int) Math.round(100 * scale));
    int versions = 0;
    int changes = 0;
    int fetches = 0;
    for (int i = 0; i < kills; i++) {
      Path place = Files.createDirectories(folder.resolve("place-" + i));
      Process process = start(place, "told-" + i, random.nextLong() >>> 16, "work");
      ByteBuffer told = AttackChild.map(folder.resolve("told-" + i));
      try {
        awaitFirst(process, told);
        LockSupport.parkNanos(random.nextInt(400_000_000));
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      try {
        check(place, told);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("kill " + i + " with seed " + seed + ": " + output(), e);
      }
      versions += told.getInt(AttackChild.VERSIONS);
      changes += told.getInt(AttackChild.CHANGES);
      fetches += told.getInt(AttackChild.FETCHES);
    }
    assertThat(changes).isPositive();
    assertThat(fetches).isPositive();
    System.out.printf(
        "registry kill attack: %d kills, seed %d: %d versions, %d changes of an alias, %d fetches%n",
        kills, seed, versions, changes, fetches);
  }

  private void awaitFirst(Process process, ByteBuffer told) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (told.getInt(AttackChild.FETCHES) == 0) {
      assertThat(process.isAlive()).as(output()).isTrue();
      assertThat(System.nanoTime()).as("the program has not begun").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("output.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void check(Path place, ByteBuffer told) throws IOException {
    try (ModelRegistry registry =
        ModelRegistry.create(
            Models.config(place).set("cache", place.resolve("fresh").toString()).build())) {
      int accepted = told.getInt(AttackChild.VERSIONS);
      int latest = registry.model("flights").latestVersion();
      assertThat(latest).isBetween(accepted, accepted + 1);
      for (int version = 1; version <= latest; version++) {
        ModelVersion found = registry.version("flights", version);
        assertThat(found.digest()).isEqualTo(Models.rules(AttackChild.text(version)).digest());
        registry.fetch(found);
      }
      checkHistory(registry, told.getInt(AttackChild.CHANGES));
      checkCaches(place);
      ModelVersion next =
          registry.register("flights", Models.rules("after"), RegisterOptions.none());
      assertThat(next.version()).isEqualTo(latest + 1);
      registry.promote(next, "champion", "after");
      assertThat(registry.resolve(CHAMPION).version()).isEqualTo(next.version());
    }
  }

  private static void checkHistory(ModelRegistry registry, int accepted) {
    List<AliasChange> history = new ArrayList<>(registry.aliasHistory("flights", "champion"));
    assertThat(history.size()).isBetween(accepted, accepted + 1);
    Collections.reverse(history);
    Integer before = null;
    for (int i = 0; i < history.size(); i++) {
      AliasChange change = history.get(i);
      assertThat(change.reason()).isEqualTo("change " + (i + 1));
      assertThat(change.previous()).isEqualTo(before);
      before = change.version();
    }
    if (before != null) {
      assertThat(registry.resolve(CHAMPION).version()).isEqualTo(before);
    }
  }

  /** Whatever has a model's name is whole, and the last good version can be loaded. */
  private static void checkCaches(Path place) throws IOException {
    for (int i = 0; i < 3; i++) {
      Path cache = place.resolve("caches").resolve(String.valueOf(i));
      Path models = cache.resolve("models");
      if (!Files.isDirectory(models)) {
        continue;
      }
      try (Stream<Path> folders = Files.list(models)) {
        for (Path model : folders.toList()) {
          assertThat(ModelPackage.read(model).digest())
              .isEqualTo(String.valueOf(model.getFileName()));
        }
      }
      try (ModelRegistry offline =
          ModelRegistry.create(Models.config(place).set("cache", cache.toString()).build())) {
        if (Files.isDirectory(cache.resolve("good"))) {
          offline.lastKnownGood(CHAMPION);
        }
      }
    }
  }

  @Test
  @DisplayName(
      "Two programs that race for an alias: each move has one winner, and the other is told")
  void race() throws Exception {
    Path place = folder.resolve("race");
    try (ModelRegistry registry = Models.open(place)) {
      for (int version = 1; version <= 3; version++) {
        registry.register(
            "flights", Models.rules(AttackChild.text(version)), RegisterOptions.none());
      }
      registry.setAlias("flights", "champion", 1, "begin");
      List<Process> programs =
          List.of(start(place, "told-a", 1, "race"), start(place, "told-b", 2, "race"));
      for (Process program : programs) {
        assertThat(program.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).as(output()).isZero();
      }
      int won =
          AttackChild.map(folder.resolve("told-a")).getInt(AttackChild.CHANGES)
              + AttackChild.map(folder.resolve("told-b")).getInt(AttackChild.CHANGES);
      List<AliasChange> history = new ArrayList<>(registry.aliasHistory("flights", "champion"));
      assertThat(history).hasSize(won + 1);
      Collections.reverse(history);
      for (int i = 1; i < history.size(); i++) {
        assertThat(history.get(i).previous()).isEqualTo(history.get(i - 1).version());
      }
      System.out.printf("two programs raced for an alias: %d moves%n", won);
    }
  }
}
